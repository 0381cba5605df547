"""What a browser asks of the timed pages, and what both applications must show."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlencode

from data import E, Ground
from server import GZIP, Send, plain

READERS = {
    "list": "sekretariat",
    "sheet": "juri-1",
    "save": "juri-1",
    "ranking": "sekretariat",
    "cockpit": "sekretariat",
    "draft": "inovator-27",
}


def asking(send: Send, ground: Ground, name: str, encoding: str = GZIP) -> Callable[[], bytes]:
    """Return a function that asks for the item once and returns the body as sent."""
    headers = {"Accept-Encoding": encoding}
    if name in READERS:
        headers["Cookie"] = ground.cookies[READERS[name]]
    paths = {
        "list": f"{E}/proposals",
        "ranking": f"{E}/ranking",
        "feed": f"{E}/schedule.ics",
        "cockpit": f"{E}/cockpit",
    }
    if name == "save":
        return saving(send, ground.sheet, headers, marks)
    if name == "draft":
        return saving(send, ground.draft, headers, texts)
    path = paths.get(name, ground.sheet)

    def ask() -> bytes:
        status, body, _ = send(path, headers=headers)
        if status != 200:  # noqa: PLR2004 -- HTTP's OK
            raise SystemExit(f"{path} answered {status}.")
        return body

    return ask


Fill = Callable[[str, int], dict[str, str]]
"""Returns what is typed into the fields of a page, different for each number."""


def marks(page: str, number: int) -> dict[str, str]:
    """Return scores and notes for every criterion of a sheet."""
    fields = re.findall(r'name="score_(\d+)"', page)
    scores = {f"score_{field}": str(60 + number % 30) for field in fields}
    notes = {f"note_{field}": "Catatan contoh." for field in fields}
    return scores | notes | {"comment": "Komentar contoh."}


def texts(page: str, number: int) -> dict[str, str]:
    """Return an answer for every text of a draft."""
    fields = re.findall(r'<textarea[^>]*name="(section_\d+)"', page)
    sentence = "Satu kalimat contoh yang sudah lebih panjang. " * 20
    return {"title": f"Judul {number}"} | dict.fromkeys(fields, f"{sentence}{number}")


def saving(send: Send, path: str, headers: dict[str, str], fill: Fill) -> Callable[[], bytes]:
    """Return a function that saves a page's form once, as HTMX does, with new values each time."""
    _, body, answer = send(path, headers=headers)
    page = plain(body)
    headers = headers | {"HX-Request": "true"}
    if answer.get("Set-Cookie"):  # the session now holds the secret that the token belongs to
        headers["Cookie"] = answer["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    state = {"version": version_in(page), "number": time.time_ns() % 30}

    def save() -> bytes:
        state["number"] += 1
        values = {"csrf_token": token[1] if token else "", "version": str(state["version"])}
        form = urlencode(values | fill(page, state["number"]))
        status, body, _ = send(path, form, headers)
        if status != 200:  # noqa: PLR2004 -- HTTP's OK
            raise SystemExit(f"The save answered {status}: {plain(body)[:500]}")
        state["version"] = version_in(plain(body))
        return body

    return save


def version_in(page: str) -> int:
    """Return the version that the page's form began from."""
    return int(re.search(r'name="version" value="(\d+)"', page)[1])


def shown(name: str, text: str) -> list[tuple[str, ...]]:
    """Return what both applications must show: rows, scores, entries."""
    proposals = r'/proposals/(\d+)"()'
    scores = r'<input[^>]*name="score_(\d+)"[^>]*?value="(\d*)"'
    patterns = {
        "list": proposals,
        "ranking": proposals,
        "sheet": scores,
        "feed": r"(UID.*)()",
        "cockpit": r"<strong>(\d+)(?:<span>\s*/\s*(\d+)</span>)?</strong>",
    }
    return re.findall(patterns[name], text) if name in patterns else []
