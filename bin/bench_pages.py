"""Times five pages beside a bare Flask application, and weighs the first load of every page.

Both are served by gunicorn on loopback from one SQLite file, with 27 and with 3,000 proposals. What
counts is the worker's own CPU time, so that a busy machine disturbs little; rounds are interleaved.
"""

import argparse
import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
import bench_bare

from app import clock, create_app, demo
from app.accounts.actions import start_session
from app.accounts.models import Person
from app.config import Config
from app.database import db, transaction
from app.editions.models import SheetKind
from app.proposals.models import Author, Proposal, SectionText
from app.schedule.models import Booking, Slot
from app.scoring.models import Standing
from app.scoring.ranking import UNIT
from app.screening.models import Score, Sheet
from app.workflow import Status

SECRET = "x" * 40
FEW, MANY = 27, 3000
E = "/editions/luwu-utara-2019"
NAMES = ("list", "sheet", "save", "ranking", "feed")
READERS = {"list": "sekretariat", "sheet": "juri-1", "save": "juri-1", "ranking": "sekretariat"}
MOST_OF_BARE, MOST_OF_FEW, MOST_KB = 2.5, 1.5, 100
GZIP, BROWSER = "gzip", "gzip, deflate, br, zstd"
SHOWN = 3  # offenders that a verdict names
WARM_UP, CHUNK, LEAST_CPU, MOST_REQUESTS = 40, 25, 1.0, 5000
FIRST_ID = 10_000  # of the slots and bookings that are added
TICK = os.sysconf("SC_CLK_TCK")
PUBLIC = ("", "/schedule", "/innovations", "/innovations/1", "/agencies", "/results")
ROLES = {
    "organiser": "sekretariat",
    "screener": "verifikator-1",
    "judge": "juri-1",
    "chair": "juri-4",
    "innovator": "inovator-01",
    "observer": "pengamat",
    "administrator": "admin",
}
OWN_PAGES = {
    "organiser": (f"{E}/proposals/1", f"{E}/proposals/1/decision", f"{E}/announcement"),
    "screener": (
        f"{E}/sheets/desk",
        f"{E}/proposals/1/eligibility",
        f"{E}/proposals/1/sheets/desk",
    ),
    "judge": (f"{E}/sheets/presentation",),
    "innovator": (f"{E}/proposals/1",),
    "administrator": ("/organisations", "/organisations/1"),
}


def main() -> int:
    """Prepare, measure, print; 1 where a rule is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed (5)")
    parser.add_argument("--item", choices=NAMES, action="append", help="only this (all)")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the servers are stopped too
    with tempfile.TemporaryDirectory(prefix="ajang-bench-") as name:
        grounds = prepare(Path(name))
        with served(grounds):
            fast = timed(grounds, options.item or NAMES, max(1, options.rounds))
            light = weighed(grounds)
    return 0 if fast and light else 1


# What is served


@dataclass
class Server:
    """One application under gunicorn, with what a client needs to talk to it."""

    application: Flask
    command: list[str]
    folder: Path
    environment: dict[str, str]
    port: int = 0
    process: Any = None
    workers: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start on a free port and wait for the worker."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", *self.command, "--bind"]
        command += [f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", "1"]
        command += ["--threads", "4", "--keep-alive", "30", "--log-level", "warning"]
        self.process = subprocess.Popen(command, cwd=self.folder, env=os.environ | self.environment)
        until = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit("A server did not start; see above.")
            time.sleep(0.1)
        self.workers = children_of(self.process.pid)

    def cpu(self) -> float:
        """Return the seconds of CPU that the worker has used, in user and system mode."""
        ticks = 0
        for pid in self.workers:
            values = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += int(values[11]) + int(values[12])
        return ticks / TICK

    def stop(self) -> None:
        """End the server, if it was started."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                return False
        return bool(children_of(self.process.pid))


@dataclass
class Ground:
    """A database of one size and both applications on it."""

    size: int
    sheet: str
    cookies: dict[str, str]
    ours: Server
    bare: Server

    @property
    def pair(self) -> tuple[Server, Server]:
        """The two that are compared."""
        return self.ours, self.bare


def children_of(parent: int) -> list[int]:
    """Return the processes that `parent` started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text("utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if int(values[1]) == parent:
            found.append(int(stat.parent.name))
    return found


@contextmanager
def served(grounds: list[Ground]) -> Iterator[None]:
    """Serve everything, with the bare application's calendar built; stop all in the end."""
    servers = [server for ground in grounds for server in ground.pair]
    try:
        for server in servers:
            server.start()
        for ground in grounds:
            body = fetch(ground.ours, f"{E}/schedule.ics", encoding="identity")[1]
            packed = fetch(ground.ours, f"{E}/schedule.ics")[1]
            calendar = Path(ground.bare.application.config["CALENDAR"])
            calendar.write_bytes(body)
            calendar.with_name("schedule.ics.gz").write_bytes(packed)
        yield
    finally:
        for server in servers:
            server.stop()


# The data


def prepare(folder: Path) -> list[Ground]:
    """Bring the demo to scoring, once with its own proposals and once with copies."""
    few, many = folder / str(FEW), folder / str(MANY)
    few.mkdir()
    offset = demo.MOMENTS["scoring"] - clock.real_now()
    app = ours_on(few, offset)
    with app.app_context():
        upgrade()
    with app.test_request_context(base_url="http://127.0.0.1"), transaction(writing=True):
        demo.play("scoring")
    with app.app_context(), transaction(writing=True):
        judge = person("juri-1").id
        number = open_sheet_of(judge)
        finish_standings(number)
        cookies = {name: cookie(app, name) for name in ROLES.values()}
    close(app)
    shutil.copytree(few, many)
    app = ours_on(many, offset)
    with app.app_context(), transaction(writing=True):
        add_copies(MANY - FEW)
    close(app)
    sheet = f"{E}/proposals/{number}/sheets/presentation"
    return [
        Ground(size, sheet, cookies, our_server(home, offset), bare_server(home))
        for size, home in ((FEW, few), (MANY, many))
    ]


def ours_on(folder: Path, offset: timedelta) -> Flask:
    """Make Ajang on the database in the folder."""
    url = f"sqlite:///{folder}/ajang.sqlite"
    return create_app(Config(SECRET, url, folder, demo=True, clock_offset=offset))


def our_server(folder: Path, offset: timedelta) -> Server:
    """Return Ajang, not started yet."""
    environment = {
        "AJANG_SECRET_KEY": SECRET,
        "AJANG_DATABASE_URL": f"sqlite:///{folder}/ajang.sqlite",
        "AJANG_DATA": str(folder),
        "AJANG_DEMO": "1",
        "AJANG_HTTPS": "0",
        "AJANG_TRUSTED_HOSTS": "127.0.0.1,localhost",
        "AJANG_CLOCK_OFFSET": str(int(offset.total_seconds())),
    }
    return Server(ours_on(folder, offset), ["wsgi:app"], PROJECT, environment)


def bare_server(folder: Path) -> Server:
    """Return the bare application, not started yet."""
    options = (f"sqlite:///{folder}/ajang.sqlite", SECRET, str(folder / "schedule.ics"))
    factory = f"bench_bare:make_app{options!r}"
    return Server(bench_bare.make_app(*options), [factory], PROJECT / "bin", {})


def close(app: Flask) -> None:
    """Let go of the database, so that its file is whole."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def person(name: str) -> Person:
    """Return an account of the demo."""
    return db.session.scalars(
        sa.select(Person).where(Person.email == f"{name}@{demo.DOMAIN}")
    ).one()


def cookie(app: Flask, name: str) -> str:
    """Open a session and return the cookie that a browser would hold."""
    lifetime = timedelta(days=1)
    token = start_session(person(name), browser="bench", lifetime=lifetime, now=clock.real_now())
    signer = app.session_interface.get_signing_serializer(app)
    return f"session={signer.dumps({'sign_in': token})}"


def open_sheet_of(judge: int) -> int:
    """Return the number of the last proposal that the judge has yet to score."""
    statement = (
        sa.select(Proposal.number)
        .join(Sheet, Sheet.proposal_id == Proposal.id)
        .where(Sheet.evaluator_id == judge, Sheet.kind == SheetKind.PRESENTATION)
        .where(Sheet.locked_at.is_(None))
        .order_by(Proposal.number.desc())
    )
    return db.session.scalars(statement).first()


def finish_standings(except_number: int) -> None:
    """Give all but one a result, so that the ranking shows as many values at either size."""
    found = db.session.scalars(
        sa.select(Standing).join(Standing.proposal).order_by(Proposal.number)
    ).all()
    model = min((each for each in found if each.final), key=lambda each: each.final)
    for place, each in enumerate(found, 1):
        if each.final is None and each.proposal.number != except_number:
            each.sheets_locked = each.sheets_expected
            each.desk, each.presentation = model.desk, model.presentation
            each.final = model.final - place * UNIT // 1000


def add_copies(number_of: int) -> None:
    """Add copies of the presented proposals with all that belongs to them, each in its own slot."""
    models = db.session.scalars(
        sa.select(Proposal).where(Proposal.status == Status.PRESENTED).order_by(Proposal.number)
    ).all()
    new = range(FEW + 1, FEW + 1 + number_of)
    copies = list(zip(new, cycle(models), strict=False))
    titled = ((number, each, f"{each.title} {number}"[:200]) for number, each in copies)
    add(Proposal, (row(each, id=n, number=n, title=title) for n, each, title in titled))
    for table in (Author, SectionText):
        found = {each.id: rows_of(table, each) for each in models}
        add(table, (row(old, proposal_id=n) for n, each in copies for old in found[each.id]))
    worst = db.session.scalar(sa.select(sa.func.min(Standing.final)))
    kept = {each.id: db.session.get_one(Standing, each.id) for each in models}
    results = ((n, kept[each.id], worst - n * UNIT // 1000) for n, each in copies)
    add(Standing, (row(old, proposal_id=n, final=final) for n, old, final in results))
    add_sheets(copies, {each.id: rows_of(Sheet, each) for each in models})
    add_slots(new)


def add_sheets(copies: list[tuple[int, Proposal]], found: dict[int, list[Sheet]]) -> None:
    """Copy the sheets with their scores."""
    numbers = count(db.session.scalar(sa.select(sa.func.max(Sheet.id))) + 1)
    scores = {old.id: list(old.scores) for rows in found.values() for old in rows}
    pairs = [(next(numbers), old, n) for n, model in copies for old in found[model.id]]
    add(Sheet, (row(old, id=sheet_id, proposal_id=n) for sheet_id, old, n in pairs))
    add(Score, (row(each, sheet_id=n) for n, old, _ in pairs for each in scores[old.id]))


def add_slots(proposals: range) -> None:
    """Give each copy a slot after the last one, and its booking."""
    slot = db.session.scalars(sa.select(Slot).order_by(Slot.starts_at.desc())).first()
    booking = db.session.scalars(sa.select(Booking)).first()
    begin, end, step = slot.starts_at, slot.ends_at, timedelta(minutes=30)
    places = [(FIRST_ID + place, place * step, n) for place, n in enumerate(proposals, 1)]
    add(Slot, (row(slot, id=i, starts_at=begin + t, ends_at=end + t) for i, t, _ in places))
    add(Booking, (row(booking, id=i, slot_id=i, proposal_id=n) for i, _, n in places))


def rows_of(table: type[Any], proposal: Proposal) -> list[Any]:
    """Return what belongs to the proposal in a table."""
    return list(db.session.scalars(sa.select(table).where(table.proposal_id == proposal.id)))


def row(record: Any, **changes: object) -> dict[str, object]:
    """Return a record's columns with changes."""
    keys = (attribute.key for attribute in sa.inspect(type(record)).column_attrs)
    return {key: getattr(record, key) for key in keys} | changes


def add(table: type[Any], rows: Iterator[dict[str, object]]) -> None:
    """Insert the rows at once."""
    db.session.execute(sa.insert(table), list(rows))


# Asking

Send = Callable[..., tuple[int, bytes, Any]]


def fetch(
    server: Server, path: str, cookie: str = "", *, encoding: str = GZIP
) -> tuple[int, bytes]:
    """Ask once; return the status and the body as sent."""
    with sender(server) as send:
        status, body, _ = send(path, headers={"Cookie": cookie, "Accept-Encoding": encoding})
    return status, body


@contextmanager
def sender(server: Server) -> Iterator[Send]:
    """Give what sends requests over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def send(path: str, form: str | None = None, headers: dict[str, str] | None = None) -> Any:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request("POST" if form else "GET", path, form, (headers or {}) | kind)
        response = connection.getresponse()
        return response.status, response.read(), response.headers

    try:
        yield send
    finally:
        connection.close()


@contextmanager
def in_process(server: Server) -> Iterator[Send]:
    """Give what asks the application without a server."""
    client = server.application.test_client(use_cookies=False)

    def send(path: str, form: str | None = None, headers: dict[str, str] | None = None) -> Any:
        kind = {"content_type": "application/x-www-form-urlencoded"} if form else {}
        method = "POST" if form else "GET"
        options = {"base_url": "http://127.0.0.1", "headers": headers or {}} | kind
        response = client.open(path, method=method, data=form, **options)
        return response.status_code, response.data, response.headers

    yield send


def asking(send: Send, ground: Ground, name: str, encoding: str = GZIP) -> Callable[[], bytes]:
    """Return what asks for the item once and returns the body as sent."""
    headers = {"Accept-Encoding": encoding}
    if name in READERS:
        headers["Cookie"] = ground.cookies[READERS[name]]
    paths = {"list": f"{E}/proposals", "ranking": f"{E}/ranking", "feed": f"{E}/schedule.ics"}
    if name == "save":
        return saving(send, ground, headers)
    path = paths.get(name, ground.sheet)

    def ask() -> bytes:
        status, body, _ = send(path, headers=headers)
        if status != 200:  # noqa: PLR2004 -- HTTP's OK
            raise SystemExit(f"{path} answered {status}.")
        return body

    return ask


def saving(send: Send, ground: Ground, headers: dict[str, str]) -> Callable[[], bytes]:
    """Return what saves the sheet once, as HTMX does, with new scores and the present version."""
    _, body, answer = send(ground.sheet, headers=headers)
    page = plain(body)
    headers = headers | {"HX-Request": "true"}
    if answer.get("Set-Cookie"):  # the session now holds the secret that the token belongs to
        headers["Cookie"] = answer["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    state = {"version": version_in(page), "score": 60 + time.time_ns() % 30}
    fields = re.findall(r'name="score_(\d+)"', page)

    def save() -> bytes:
        state["score"] = 60 + (state["score"] - 59) % 30
        values = {"csrf_token": token[1] if token else "", "version": state["version"]}
        values |= {f"score_{each}": state["score"] for each in fields}
        values |= {f"note_{each}": "Catatan contoh." for each in fields}
        form = urlencode(values | {"comment": "Komentar contoh."})
        status, body, _ = send(ground.sheet, form, headers)
        if status != 200:  # noqa: PLR2004 -- HTTP's OK
            raise SystemExit(f"The save answered {status}: {plain(body)[:500]}")
        state["version"] = version_in(plain(body))
        return body

    return save


def version_in(page: str) -> int:
    """Return the version that the page's form began from."""
    return int(re.search(r'name="version" value="(\d+)"', page)[1])


def plain(body: bytes) -> str:
    """Return a body's text, unpacked if it was packed."""
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


# Measuring


@dataclass
class Seen:
    """What one application answers for an item: how much, and after how many queries."""

    queries: int
    size: int
    packed: int
    shown: list[tuple[str, ...]]


def timed(grounds: list[Ground], names: tuple[str, ...], rounds: int) -> bool:
    """Time the items in interleaved rounds, print the table and the verdicts."""
    seen = {(name, ground.size): look(ground, name) for name in names for ground in grounds}
    times: dict[tuple[str, int], list[tuple[float, float]]] = {key: [] for key in seen}
    for _ in range(rounds):
        for name in names:
            for ground in grounds:
                ours, bare = (cpu_each(server, ground, name) for server in ground.pair)
                times[name, ground.size].append((ours, bare))
    print_table(seen, times)
    return verdict(
        f"≤ {MOST_OF_BARE} × bare",
        {f"{name} at {size:,}": over_bare(pairs) for (name, size), pairs in times.items()},
        MOST_OF_BARE,
    ) & verdict(
        f"{MANY:,} ≤ {MOST_OF_FEW} × {FEW}",
        {name: growth(times, name) for name in names},
        MOST_OF_FEW,
    )


def look(ground: Ground, name: str) -> tuple[Seen, Seen]:
    """Ask both once warmed up; refuse to compare pages that show different rows."""
    both = seen_of(ground.ours, ground, name), seen_of(ground.bare, ground, name)
    if both[0].shown != both[1].shown or (name != "save" and not both[0].shown):
        raise SystemExit(f"{name} at {ground.size} differs: {both[0].shown} {both[1].shown}")
    return both


def seen_of(server: Server, ground: Ground, name: str) -> Seen:
    """Warm up the server, then see how large an answer is and what it holds."""
    with sender(server) as send:
        ask = asking(send, ground, name)
        packed = [ask() for _ in range(WARM_UP)][-1]
        body = asking(send, ground, name, "identity")()
    return Seen(queries_of(server, ground, name), len(body), len(packed), shown(name, plain(body)))


def shown(name: str, text: str) -> list[tuple[str, ...]]:
    """Return what both applications must show alike: rows, scores, entries."""
    proposals = r'/proposals/(\d+)"()'
    scores = r'<input[^>]*name="score_(\d+)"[^>]*?value="(\d*)"'
    patterns = {"list": proposals, "ranking": proposals, "sheet": scores, "feed": r"(UID.*)()"}
    return re.findall(patterns[name], text) if name in patterns else []


def queries_of(server: Server, ground: Ground, name: str) -> int:
    """Count the statements of one request, without those that begin and end a transaction."""
    with server.application.app_context():
        engine = (db if server is ground.ours else bench_bare.db).engine
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            found.append(statement)

    with in_process(server) as send:
        ask = asking(send, ground, name)
        ask()
        sa.event.listen(engine, "before_cursor_execute", note)
        ask()
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(found)


def cpu_each(server: Server, ground: Ground, name: str) -> float:
    """Return the worker's milliseconds of CPU for one request, over a second of its work."""
    with sender(server) as send:
        ask = asking(send, ground, name)
        for _ in range(CHUNK):
            ask()
        begun, asked, used = server.cpu(), 0, 0.0
        while used < LEAST_CPU and asked < MOST_REQUESTS:
            for _ in range(CHUNK):
                ask()
            asked += CHUNK
            used = server.cpu() - begun
    return 1000 * used / asked


def over_bare(pairs: list[tuple[float, float]]) -> float:
    """Return the median of the rounds' ratios."""
    return statistics.median(ours / bare for ours, bare in pairs)


def growth(times: dict[tuple[str, int], list[tuple[float, float]]], name: str) -> float:
    """Return how much more CPU the many take than the few, as the median of the rounds."""
    pairs = zip(times[name, MANY], times[name, FEW], strict=True)
    return statistics.median(many[0] / few[0] for many, few in pairs)


def print_table(
    seen: dict[tuple[str, int], tuple[Seen, Seen]],
    times: dict[tuple[str, int], list[tuple[float, float]]],
) -> None:
    """Print a row for each item and size."""
    print(
        "\nCPU of the worker in ms per request (medians); ours / bare\n"
        f"{'item':<8}{'rows':>6}{'ours':>8}{'bare':>7}{'ratio':>7}{'min–max':>12}"
        f"{'queries':>9}{'bytes':>18}{'sent (gzip)':>18}{'3000÷27':>9}"
    )
    for (name, size), pairs in times.items():
        ours, bare = seen[name, size]
        ratios = [each / other for each, other in pairs]
        times_ours, times_bare = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(
            f"{name:<8}{size:>6}{times_ours:>8.2f}{times_bare:>7.2f}{over_bare(pairs):>7.2f}"
            f"{f'{min(ratios):.2f}–{max(ratios):.2f}':>12}{f'{ours.queries} / {bare.queries}':>9}"
            f"{f'{ours.size} / {bare.size}':>18}{f'{ours.packed} / {bare.packed}':>18}"
            f"{f'{growth(times, name):.2f}' if size == MANY else '':>9}"
        )


def verdict(rule: str, found: dict[str, float], most: float) -> bool:
    """Print whether the rule is met, and what is furthest from it."""
    over = sorted((key for key in found if found[key] > most), key=found.__getitem__, reverse=True)
    worst = ", ".join(f"{key} {found[key]:.2f}" for key in over[:SHOWN])
    print(f"NOT MET  {rule}: {len(over)} of {len(found)}; {worst}" if over else f"met      {rule}")
    return not over


# Weighing


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
    """Give the public pages, then each role's: its navigation and the pages it works on."""
    public = ["/", "/sign-in", "/password-reset", *(E + each for each in PUBLIC)]
    yield from (("public", path) for path in public)
    for role, name in ROLES.items():
        home = plain(fetch(ground.ours, E, ground.cookies[name])[1])
        navigation = re.search(r'<nav class="edition-nav".*?</nav>', home, re.DOTALL)
        links = re.findall(r'href="([^"]+)"', navigation[0] if navigation else "")
        own = [*OWN_PAGES.get(role, ()), *([ground.sheet] if role == "judge" else [])]
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
    return len(body) + sum(kept[each] for each in files)


if __name__ == "__main__":
    sys.exit(main())
