"""How heavy the first load of each page is, with all its static files."""

import re
from collections.abc import Iterator

from data import FEW, MANY, ROLES, E, Ground
from report import verdict
from server import GZIP, fetch, plain

BROWSER = "gzip, deflate, br, zstd"
MOST_KB = 100
PUBLIC = (
    *("", "/schedule", "/wall", "/innovations", "/innovations/1", "/innovations/1/replication"),
    *("/agencies", "/results", "/results/recount", "/privacy"),
)
SCHEDULE = ("arrangement", "panels", "absences", "day", "schedule/plan", "schedule/warnings")
VERSIONS = ("schedule/versions", "schedule/versions/1", "slots/turns")
OWN_PAGES = {
    "organiser": (
        *(f"{E}/{path}" for path in (*SCHEDULE, *VERSIONS)),
        f"{E}/proposals/1",
        f"{E}/proposals/1/decision",
        f"{E}/announcement",
        f"{E}/assignment",
        f"{E}/proposals/drafts",
        f"{E}/pledge",
    ),
    "screener": (
        f"{E}/sheets/desk",
        f"{E}/proposals/1/eligibility",
    ),
    "judge": (f"{E}/sheets/presentation",),
    "innovator": (f"{E}/proposals/1",),
    "administrator": ("/organisations", "/organisations/1"),
}


def weighed(grounds: list[Ground]) -> bool:
    """Print how many bytes the first load of each page is, with all its static files."""
    weights: dict[str, list[float]] = {}
    for encoding in (GZIP, BROWSER):
        for ground in grounds:
            kept: dict[str, int] = {}
            for role, path in pages_of(ground):
                size = weight(
                    ground, path, ground.cookies.get(ROLES.get(role, ""), ""), encoding, kept
                )
                weights.setdefault(f"{role} {path}", []).append(size / 1000)
    print(f"\nFirst load in kB as sent, static files included\n{'':<62}{GZIP:>16}{'browser':>16}")
    print(f"{'':<62}" + f"{FEW:>8}{MANY:>8}" * 2)
    for page, sizes in weights.items():
        print(f"{page.replace(E, '…'):<62}" + "".join(f"{size:>8.1f}" for size in sizes))
    middle = len(grounds)
    worst = {page.replace(E, "…"): max(sizes[:middle]) for page, sizes in weights.items()}
    asked = {page.replace(E, "…"): max(sizes[middle:]) for page, sizes in weights.items()}
    print(f"browser: Accept-Encoding: {BROWSER}")
    return verdict(f"first load ≤ {MOST_KB} kB, {GZIP}", worst, MOST_KB) & verdict(
        f"first load ≤ {MOST_KB} kB, browser", asked, MOST_KB
    )


def pages_of(ground: Ground) -> Iterator[tuple[str, str]]:
    """Yield the public pages, then each role's: its navigation and the pages it works on."""
    site = ("/", "/innovations", "/verification", "/sign-in", "/password-reset")
    public = [*site, *(E + path for path in PUBLIC)]
    yield from (("public", path) for path in public)
    for role, name in ROLES.items():
        home = plain(fetch(ground.ours, E, ground.cookies[name])[1])
        navigation = re.search(r'<nav class="edition-nav".*?</nav>', home, re.DOTALL)
        links = re.findall(r'href="([^"]+)"', navigation[0] if navigation else "")
        own = [*OWN_PAGES.get(role, ()), *([ground.sheet] if role == "judge" else [])]
        if role == "screener":
            sheets = plain(fetch(ground.ours, f"{E}/sheets/desk", ground.cookies[name])[1])
            own += re.findall(r'href="([^"]+/sheets/desk)"', sheets)[:1]
        paths = dict.fromkeys(["/my-work", "/profile", *links, *own])
        yield from ((role, path) for path in paths if path not in public)


def weight(ground: Ground, path: str, cookie: str, encoding: str, kept: dict[str, int]) -> int:
    """Return the bytes of the page and of the files it names, each asked for once."""
    status, body = fetch(ground.ours, path, cookie, encoding=encoding)
    if status not in {200, 403}:
        raise SystemExit(f"{path} answered {status}.")
    text = plain(fetch(ground.ours, path, cookie, encoding="identity")[1])
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', text))
    for file in files - kept.keys():
        kept[file] = len(fetch(ground.ours, file, encoding=encoding)[1])
    return len(body) + sum(kept[file] for file in files)
