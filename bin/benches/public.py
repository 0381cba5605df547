"""Times the public face: finding among 50,000 innovations, and readers of schedule and results.

Searching is timed inside the application, on SQLite or, under `bin/postgres.py`, on PostgreSQL;
what counts is the median. Readers ask two gunicorn workers of eight threads over loopback, as many
at once as telephones in a small hall; they share the machine's cores with the server.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from data import SECRET, E, close, our_server
from report import verdict
from server import Server

from app import clock, create_app
from app.config import Config
from app.database import db, transaction
from app.demo import story
from app.demo.moments import MOMENTS
from app.editions.queries import locked_edition
from app.gallery.catalogue.indexing import index_some
from app.gallery.catalogue.models import CatalogueEntry, CatalogueTheme
from app.gallery.catalogue.queries import Search, best_keys, innovations_with, offered
from app.gallery.catalogue.words import indexed
from app.proposals.models import Proposal, SectionText
from app.workflow import Status

WORDS = (
    "pelayanan kesehatan pendidikan keliling warga desa digital antrean perahu sekolah puskesmas "
    "data banjir pasar tani air bersih izin usaha lansia difabel anak ibu hamil pupuk benih ikan "
    "sungai jalan lampu sampah daur ulang pajak aduan dokumen akta nikah cerai mati lahir"
)
SEARCHES = {
    "nothing asked": Search(),
    "a rare word": Search("kata1234"),
    "a word that all have": Search("melayani"),
    "two words": Search("sekolah banjir"),
    "a word and a year": Search("layanan", year=2010),
    "a theme": Search(theme="Tujuan 3"),
    "a word, category, theme": Search("perahu", category="Kategori 3", theme="Tujuan 3"),
    "two letters": Search("pe"),
}
SEARCHED = "/innovations?search=sekolah"
PAGES = {
    "the page": ("/innovations", {}),
    "the page of a search": (SEARCHED, {}),
    "what is found while typing": (SEARCHED, {"HX-Request": "true"}),
}
LONG, AT_ONCE, FIRST = 120, 2_000, 1_000  # words of a text, rows of an INSERT, the first number
SIZE = 24
MOST, FEWEST = 50.0, 1_000.0  # milliseconds of a search, readers a second


def main() -> int:
    """Prepare, measure, print; return 1 if a rule is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--innovations", type=int, default=50_000, help="in the catalogue (50000)")
    parser.add_argument("--rounds", type=int, default=9, help="how often each is timed (9)")
    parser.add_argument("--seconds", type=float, default=8, help="how long readers ask (8)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = prepare(folder)
        readers = {} if is_beside_postgres() else timed_readers(folder, options.seconds)
        with app.app_context():
            fill(options.innovations)
        searches = timed_searches(app, options.rounds)
        close(app)
    for what, figure in searches.items():
        print(f"{what:<40}{figure:>8.1f} ms")
    for what, figure in readers.items():
        print(f"{what:<40}{figure:>8.0f} a second")
    rules = [verdict("a search takes at most 50 ms", searches, MOST)]
    if readers:
        missed = {what: FEWEST / figure for what, figure in readers.items()}
        rules.append(verdict("at least 1,000 readers a second", missed, 1.0))
    return 0 if all(rules) else 1


def is_beside_postgres() -> bool:
    """Return whether a private PostgreSQL is there to be measured."""
    return "AJANG_TEST_POSTGRES" in os.environ


def prepare(folder: Path) -> Flask:
    """Bring the demo to its publication."""
    offset = MOMENTS["published"] - clock.real_now()
    url = os.environ.get("AJANG_TEST_POSTGRES", f"sqlite:///{folder}/ajang.sqlite")
    app = create_app(Config(SECRET, url, folder, demo=True, clock_offset=offset))
    with app.app_context():
        upgrade()
    with app.test_request_context(base_url="http://127.0.0.1"), transaction(writing=True):
        story.play("published")
    with app.app_context():
        while index_some():
            pass
    return app


def fill(count: int) -> None:
    """Add so many innovations with texts of 120 words, in 25 years, 400 agencies, 17 themes."""
    chance, words = random.Random(1), WORDS.split()
    with transaction(writing=True):
        edition = locked_edition(E.rpartition("/")[2])
        known = db.session.scalars(sa.select(Proposal)).first()
        if edition is None or known is None:
            raise SystemExit("There is no demo.")
        common = {"edition_id": edition.id, "agency_id": known.agency_id, "version": 1}
        common |= {"category_id": known.category_id, "status": Status.PRESENTED}
        common |= dict.fromkeys(("created_at", "saved_at", "submitted_at"), clock.now())
        titles = [" ".join(chance.sample(words, 4)) for _ in range(count)]
        numbered = [
            common | {"number": FIRST + place, "title": title} for place, title in enumerate(titles)
        ]
        insert(Proposal, numbered)
        keys = db.session.scalars(
            sa.select(Proposal.id).where(Proposal.number >= FIRST).order_by(Proposal.number)
        ).all()
        texts = [" ".join(chance.choices(words, k=LONG)) for _ in keys]
        section = edition.sections[0].id
        insert(
            SectionText,
            [
                {"proposal_id": key, "section_id": section, "text": text}
                for key, text in zip(keys, texts, strict=True)
            ],
        )
        insert(
            CatalogueEntry,
            [
                {
                    "proposal_id": key,
                    "version": 1,
                    "agreed_at": None,
                    "year": 2000 + place % 25,
                    "agency": f"Dinas {place % 400}",
                    "category": f"Kategori {place % 12}",
                    "title_words": indexed(title),
                    "words": indexed(f"{title} {text} kata{place} pelayanan"),
                }
                for place, (key, title, text) in enumerate(zip(keys, titles, texts, strict=True))
            ],
        )
        themes = [
            {"proposal_id": key, "name": f"Tujuan {key % 17}", "year": 2000 + place % 25}
            for place, key in enumerate(keys)
        ]
        insert(CatalogueTheme, themes)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_sqlite = db.engine.dialect.name == "sqlite"
        connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def insert(table: type, rows: list[dict]) -> None:
    """Insert rows, some at once."""
    for first in range(0, len(rows), AT_ONCE):
        db.session.execute(sa.insert(table), rows[first : first + AT_ONCE])


def timed_searches(app: Flask, rounds: int) -> dict[str, float]:
    """Return the milliseconds that finding and whole pages take."""
    found: dict[str, float] = {}
    with app.app_context():
        for name, search in SEARCHES.items():
            found[f"found: {name}"] = timed(rounds, lambda s=search: first_found(s))
        found["what can be narrowed to"] = timed(rounds, offered)
    client = app.test_client()

    def asked(path: str, headers: dict[str, str]) -> None:
        app.extensions["shared_pages"].clear()  # what can be narrowed to is kept for a minute
        answer = client.get(path, headers=headers, base_url="http://127.0.0.1")
        if answer.status_code != 200:  # noqa: PLR2004 -- HTTP's
            raise SystemExit(f"{path} was refused.")

    for name, page in PAGES.items():
        found[f"{name}, made anew"] = clocked(rounds, lambda p=page: asked(*p))
    return found


def first_found(search: Search) -> list[Proposal]:
    """Find what the first page shows, and how many there are."""
    return innovations_with(best_keys(search, now=clock.now())[:SIZE])


def timed(rounds: int, work: Callable[[], object]) -> float:
    """Return the median of the milliseconds that work takes in a transaction of its own."""

    def alone() -> None:
        with transaction(writing=False):
            db.session.expunge_all()
            work()

    return clocked(rounds, alone)


def clocked(rounds: int, work: Callable[[], object]) -> float:
    """Return the median of the milliseconds that work takes."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def timed_readers(folder: Path, seconds: float) -> dict[str, float]:
    """Return how many readers a second are answered, with the page and with its unchanged 304."""
    found = {}
    server = our_server(folder, MOMENTS["published"] - clock.real_now())
    with running(server):
        for page in ("schedule", "results"):
            path = f"{E}/{page}"
            tag = one(server, path, {}).headers["ETag"]
            found[page] = readers(server, path, {}, seconds)
            found[f"{page}, unchanged"] = readers(server, path, {"If-None-Match": tag}, seconds)
    return found


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Serve as deployed: two workers of eight threads."""
    server.start(workers=2, threads=8)
    try:
        yield
    finally:
        server.stop()


def one(server: Server, path: str, headers: dict[str, str]) -> object:
    """Ask once; return the answer."""
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"} | headers)
    answer = connection.getresponse()
    answer.read()
    return answer


def readers(server: Server, path: str, headers: dict[str, str], seconds: float) -> float:
    """Let eight readers ask as fast as they are answered; return the answers a second."""
    until = time.monotonic() + seconds

    def reader(_number: int) -> int:
        connection, answered = HTTPConnection("127.0.0.1", server.port), 0
        while time.monotonic() < until:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"} | headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 304}:
                raise SystemExit(f"{path}: {answer.status}")
            answered += 1
        return answered

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(reader, range(8))) / seconds


if __name__ == "__main__":
    sys.exit(main())
