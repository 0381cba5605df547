"""Times screening at 27, 300 and 3,000 proposals, and the automatic assignment of evaluators.

What counts is the CPU time of the worker for a request, over HTTP on gunicorn, in interleaved
rounds; the assignment is the work of the job, from reading to its result.
"""

import argparse
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from data import E, add, add_sheets, close, cookie, our_server, ours_on, person, row, rows_of
from report import verdict
from server import Send, Server, in_process, plain, sender

from app import clock
from app.accounts.models import Person
from app.database import db, transaction
from app.demo import story
from app.demo.moments import DOMAIN, MOMENTS
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition, Membership
from app.evaluation.models import Sheet, Standing
from app.evaluation.statistics import UNIT
from app.proposals.models import Author, Proposal, SectionText
from app.screening import assignments

SIZES = (27, 300, 3000)
EVALUATORS = (3, 20, 100)
MOST_OF_FEW, MOST_SECONDS = 1.5, 10.0
CHUNK, LEAST_CPU, WARM_UP = 20, 0.6, 20


@dataclass
class Ground:
    """Ajang on a database of one size, with the organiser's cookie and a proposal to look at."""

    size: int
    server: Server
    cookie: str
    number: int


def main() -> int:
    """Prepare, measure, print; return 1 if a rule is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (3)")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the servers are stopped too
    with tempfile.TemporaryDirectory(prefix="ajang-bench-") as name:
        grounds = prepare(Path(name))
        try:
            for ground in grounds:
                ground.server.start()
            is_even = timed(grounds, options.rounds)
        finally:
            for ground in grounds:
                ground.server.stop()
        is_fast = assigned(grounds[-1])
    return 0 if is_even and is_fast else 1


def prepare(folder: Path) -> list[Ground]:
    """Bring the demo to screening, once with its own proposals and twice with copies."""
    first = folder / str(SIZES[0])
    first.mkdir()
    offset = MOMENTS["screening"] - clock.real_now()
    app = ours_on(first, offset)
    with app.app_context():
        upgrade()
    with app.test_request_context(base_url="http://127.0.0.1"), transaction(writing=True):
        story.play("screening")
    with app.app_context(), transaction(writing=True):
        value = cookie(app, "sekretariat")
    close(app)
    grounds = []
    for size in SIZES:
        home = folder / str(size)
        if size != SIZES[0]:
            shutil.copytree(first, home)
            app = ours_on(home, offset)
            with app.app_context(), transaction(writing=True):
                add_copies(size)
            close(app)
        grounds.append(Ground(size, our_server(home, offset), value, 1))
    return grounds


def add_copies(size: int) -> None:
    """Add copies of the proposals that have all their desk sheets, each a little lower."""
    models = db.session.scalars(
        sa.select(Proposal)
        .join(Standing, Standing.proposal_id == Proposal.id)
        .where(Standing.mean.is_not(None), Standing.kind == SheetKind.DESK)
        .order_by(Proposal.number)
    ).all()
    copies = list(zip(range(SIZES[0] + 1, size + 1), cycle(models), strict=False))
    add(
        Proposal,
        (
            row(model, id=number, number=number, title=f"{model.title} {number}")
            for number, model in copies
        ),
    )
    for table in (Author, SectionText):
        found = {model.id: rows_of(table, model) for model in models}
        add(
            table,
            (
                row(record, proposal_id=number)
                for number, model in copies
                for record in found[model.id]
            ),
        )
    kept = {model.id: db.session.get_one(Standing, (model.id, SheetKind.DESK)) for model in models}
    lower = count(1)
    standings = (
        row(
            kept[model.id],
            proposal_id=number,
            mean=kept[model.id].mean - next(lower) * UNIT // 1000,
        )
        for number, model in copies
    )
    add(Standing, standings)
    add_sheets(copies, {model.id: rows_of(Sheet, model) for model in models})


# Asking


def asking(send: Send, ground: Ground, name: str) -> Callable[[], bytes]:
    """Return a function that asks for the item once and returns the body as sent."""
    headers = {"Cookie": ground.cookie, "Accept-Encoding": "gzip"}
    paths = {
        "table": f"{E}/tabulation",
        "filtered": f"{E}/tabulation?show=undecided&order=spread",
        "screening": f"{E}/screening",
        "narrowed": f"{E}/screening?show=waiting&order=agency",
        "proposals": f"{E}/proposals?order=title",
        "discussion": f"{E}/proposals/{ground.number}/discussion",
        "decision": f"{E}/proposals/{ground.number}/decision",
        "save": f"{E}/proposals/{ground.number}/eligibility",
    }
    path = paths[name]
    form = checklist(send, path, headers) if name == "save" else None

    def ask() -> bytes:
        status, body, _ = send(path, form, headers)
        if status not in {200, 302}:
            raise SystemExit(f"{path} answered {status}.")
        return body

    return ask


def checklist(send: Send, path: str, headers: dict[str, str]) -> str:
    """Return the findings that a save sends."""
    page = plain(send(path, None, headers)[1])
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    lines = set(re.findall(r'name="(finding_\d+)"', page))
    return urlencode({"csrf_token": token} | dict.fromkeys(sorted(lines), "meets"))


NAMES = (
    *("table", "filtered", "screening", "narrowed", "proposals"),
    *("discussion", "decision", "save"),
)


def timed(grounds: list[Ground], rounds: int) -> bool:
    """Time the pages in interleaved rounds, print the table and the verdict."""
    times: dict[tuple[str, int], list[float]] = {
        (name, ground.size): [] for name in NAMES for ground in grounds
    }
    for _ in range(rounds):
        for name in NAMES:
            for ground in grounds:
                times[name, ground.size].append(cpu_each(ground, name))
    heads = f"{'page':<12}{'rows':>6}{'ms':>8}{'queries':>9}{'bytes':>9}{'÷ 27':>7}"
    print(f"\nCPU of the worker in ms per request (medians)\n{heads}")
    growth = {}
    for name in NAMES:
        for ground in grounds:
            median = statistics.median(times[name, ground.size])
            pairs = zip(times[name, ground.size], times[name, SIZES[0]], strict=True)
            ratio = statistics.median(many / few for many, few in pairs)
            growth[f"{name} at {ground.size:,}"] = ratio
            queries, size = looked_at(ground, name)
            print(f"{name:<12}{ground.size:>6}{median:>8.2f}{queries:>9}{size:>9}{ratio:>7.2f}")
    return verdict(f"3,000 ≤ {MOST_OF_FEW} × 27", growth, MOST_OF_FEW)


def cpu_each(ground: Ground, name: str) -> float:
    """Return the worker's milliseconds of CPU for one request."""
    with sender(ground.server) as send:
        ask = asking(send, ground, name)
        for _ in range(WARM_UP):
            ask()
        begun, asked, used = ground.server.cpu(), 0, 0.0
        while used < LEAST_CPU:
            for _ in range(CHUNK):
                ask()
            asked += CHUNK
            used = ground.server.cpu() - begun
    return 1000 * used / asked


def looked_at(ground: Ground, name: str) -> tuple[int, int]:
    """Return how many statements one request takes and how many bytes its answer has."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            found.append(statement)

    with ground.server.application.app_context():
        engine = db.engine
    with in_process(ground.server) as send:
        ask = asking(send, ground, name)
        ask()
        sa.event.listen(engine, "before_cursor_execute", note)
        size = len(ask())
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(found), size


# Assigning


def assigned(ground: Ground) -> bool:
    """Time the job that assigns evaluators to 3,000 proposals again, with few and many of them."""
    app = ground.server.application
    found = {}
    print(f"\nAssignment of {ground.size:,} proposals: seconds from reading to the plan")
    for number_of in EVALUATORS:
        with app.app_context(), transaction(writing=True):
            db.session.execute(sa.delete(assignments.Sheet).where(Sheet.locked_at.is_(None)))
            edition = db.session.scalars(sa.select(Edition)).one()
            edition.screeners_each = 4
            add_evaluators(edition, number_of)
            edition_id = edition.id
        begun = time.perf_counter()
        with app.app_context():
            plan = assignments.propose_assignment(edition_id, lambda _percent: None)
        found[f"{number_of} evaluators"] = seconds = time.perf_counter() - begun
        print(f"{number_of:>4} evaluators{seconds:>8.2f} s, {len(plan['pairs']):,} sheets")
    return verdict(f"assignment ≤ {MOST_SECONDS} s", found, MOST_SECONDS)


def add_evaluators(edition: Edition, number_of: int) -> None:
    """Give the edition `number_of` screeners."""
    role = Membership.role == Role.SCREENER
    there = db.session.scalar(
        sa.select(sa.func.count()).where(Membership.edition_id == edition.id, role)
    )
    model = person("verifikator-1")
    for number in range(there, number_of):
        new = Person(
            **row(model, id=None, email=f"penilai-{number}@{DOMAIN}", name=f"Penilai {number}")
        )
        db.session.add(new)
        db.session.flush()
        db.session.add(Membership(edition_id=edition.id, person_id=new.id, role=Role.SCREENER))


if __name__ == "__main__":
    sys.exit(main())
