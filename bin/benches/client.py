"""What a browser asks of the timed pages, and what both applications must show."""

import re
import time
from collections.abc import Callable
from urllib.parse import urlencode

from data import E, Ground
from server import GZIP, Send, plain

READERS = {"list": "sekretariat", "sheet": "juri-1", "save": "juri-1", "ranking": "sekretariat"}


def asking(send: Send, ground: Ground, name: str, encoding: str = GZIP) -> Callable[[], bytes]:
    """Return a function that asks for the item once and returns the body as sent."""
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
    """Return a function that saves the sheet once, as HTMX does, with new scores each time."""
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
        values |= {f"score_{field}": state["score"] for field in fields}
        values |= {f"note_{field}": "Catatan contoh." for field in fields}
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


def shown(name: str, text: str) -> list[tuple[str, ...]]:
    """Return what both applications must show: rows, scores, entries."""
    proposals = r'/proposals/(\d+)"()'
    scores = r'<input[^>]*name="score_(\d+)"[^>]*?value="(\d*)"'
    patterns = {"list": proposals, "ranking": proposals, "sheet": scores, "feed": r"(UID.*)()"}
    return re.findall(patterns[name], text) if name in patterns else []
