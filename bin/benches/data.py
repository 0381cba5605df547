"""The databases that are measured: the demo at scoring, with its own proposals and with copies."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any

import bare
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from server import Server, fetch
from sqlalchemy.orm import contains_eager

from app import clock, create_app
from app.accounts.actions import start_session
from app.accounts.models import Person
from app.config import Config
from app.database import db, transaction
from app.demo import story
from app.demo.moments import DOMAIN, MOMENTS
from app.editions.kinds import SheetKind, Stage
from app.evaluation.models import Score, Sheet, Standing
from app.evaluation.statistics import UNIT
from app.programme.models import Appearance
from app.proposals.models import Author, Proposal, SectionText
from app.schedule.draft.models import Booking, Slot
from app.workflow import Status

PROJECT = Path(__file__).resolve().parent.parent.parent
SECRET = "x" * 40
FEW, MANY = 27, 3000
E = "/editions/luwu-utara-2019"
FIRST_ID = 10_000  # of the slots and bookings that are added
ROLES = {
    "organiser": "sekretariat",
    "screener": "verifikator-1",
    "judge": "juri-1",
    "chair": "juri-4",
    "innovator": "inovator-01",
    "writer": "inovator-27",
    "observer": "pengamat",
    "administrator": "admin",
}


@dataclass
class Ground:
    """A database of one size and both applications on it."""

    size: int
    sheet: str
    draft: str
    cookies: dict[str, str]
    ours: Server
    bare: Server

    @property
    def pair(self) -> tuple[Server, Server]:
        """The two that are compared."""
        return self.ours, self.bare


@contextmanager
def served(grounds: list[Ground]) -> Iterator[None]:
    """Serve everything, with the bare application's calendar built; stop all of it at the end."""
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


def prepare(folder: Path) -> list[Ground]:
    """Bring the demo to scoring, once with its own proposals and once with copies."""
    few, many = folder / str(FEW), folder / str(MANY)
    few.mkdir()
    offset = MOMENTS["scoring"] - clock.real_now()
    app = ours_on(few, offset)
    with app.app_context():
        upgrade()
    with app.test_request_context(base_url="http://127.0.0.1"), transaction(writing=True):
        story.play("scoring")
    with app.app_context(), transaction(writing=True):
        judge = person("juri-1").id
        number = open_sheet_of(judge)
        finish_standings(number)
        draft = make_draft()
        cookies = {name: cookie(app, name) for name in ROLES.values()}
    close(app)
    shutil.copytree(few, many)
    app = ours_on(many, offset)
    with app.app_context(), transaction(writing=True):
        add_copies(MANY - FEW)
    close(app)
    sheet = f"{E}/proposals/{number}/sheets/presentation"
    draft_path = f"{E}/proposals/{draft}/draft"
    return [
        Ground(size, sheet, draft_path, cookies, our_server(home, offset), bare_server(home))
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
    factory = f"bare:make_app{options!r}"
    return Server(bare.make_app(*options), [factory], PROJECT / "bin" / "benches", {})


def close(app: Flask) -> None:
    """Close the database, so that its file is complete."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def person(name: str) -> Person:
    """Return an account of the demo."""
    return db.session.scalars(sa.select(Person).where(Person.email == f"{name}@{DOMAIN}")).one()


def cookie(app: Flask, name: str) -> str:
    """Open a session and return the cookie that a browser would hold."""
    lifetime = timedelta(days=1)
    token = start_session(person(name), browser="bench", lifetime=lifetime, now=clock.real_now())
    signer = app.session_interface.get_signing_serializer(app)
    secret = hashlib.sha1(os.urandom(64), usedforsecurity=False).hexdigest()  # as Flask-WTF does
    values = {"sign_in": token, "csrf_token": secret, "_fresh": False}  # as after a first answer
    return f"session={signer.dumps(values)}"


def open_sheet_of(judge: int) -> int:
    """Return the number of the first presentation that the judge has yet to score: it has begun."""
    statement = (
        sa.select(Proposal.number)
        .join(Sheet, Sheet.proposal_id == Proposal.id)
        .where(Sheet.evaluator_id == judge, Sheet.kind == SheetKind.PRESENTATION)
        .where(Sheet.locked_at.is_(None))
        .join(Appearance, Appearance.proposal_id == Proposal.id)
        .order_by(Appearance.starts_at)
    )
    return db.session.scalars(statement).first()


def make_draft() -> int:
    """Let the last proposal be written again, as if submission were open; return its number."""
    proposal = db.session.scalars(sa.select(Proposal).order_by(Proposal.number.desc())).first()
    proposal.status, proposal.submitted_at = Status.DRAFT, None
    window = proposal.edition.window(Stage.SUBMISSION)
    window.closes_at = clock.now() + timedelta(days=1)
    return proposal.number


def finish_standings(except_number: int) -> None:
    """Give all but one a result, so that the ranking shows as many values at both sizes.

    Every reading comes to the same mean, so that the presentations alone decide the order: the
    bare application ranks by one column.
    """
    found = db.session.scalars(
        sa.select(Standing)
        .join(Standing.proposal)
        .options(contains_eager(Standing.proposal))
        .order_by(Proposal.number)
    ).all()
    best = max(standing.mean for standing in found if standing.mean)
    for place, standing in enumerate(found, 1):
        is_desk = standing.kind is SheetKind.DESK
        if is_desk or standing.proposal.number != except_number:
            standing.sheets_locked, standing.spread = standing.sheets_expected, 0
            standing.mean = standing.median = best - (not is_desk) * place * UNIT // 1000
        else:
            standing.mean = standing.median = standing.spread = None


def add_copies(number_of: int) -> None:
    """Add copies of the presented proposals with all that belongs to them, each in its own slot."""
    models = db.session.scalars(
        sa.select(Proposal).where(Proposal.status == Status.PRESENTED).order_by(Proposal.number)
    ).all()
    new = range(FEW + 1, FEW + 1 + number_of)
    copies = list(zip(new, cycle(models), strict=False))
    titled = ((number, model, f"{model.title} {number}"[:200]) for number, model in copies)
    add(
        Proposal,
        (row(model, id=number, number=number, title=title) for number, model, title in titled),
    )
    found = {model.id: rows_of(SectionText, model) for model in models}
    add(
        SectionText,
        (row(record, proposal_id=number) for number, model in copies for record in found[model.id]),
    )
    authors = db.session.scalars(sa.select(Author).order_by(Author.person_id)).all()
    add(Author, (row(author, proposal_id=number) for number, author in zip(new, cycle(authors))))
    kept = {model.id: rows_of(Standing, model) for model in models}
    worst = sa.select(Standing.kind, sa.func.min(Standing.mean)).group_by(Standing.kind)
    means = dict(db.session.execute(worst).tuples().all())
    add(
        Standing,
        (
            row(
                standing,
                proposal_id=number,
                mean=standing.mean and means[standing.kind] - number * UNIT // 1000,
            )
            for number, model in copies
            for standing in kept[model.id]
        ),
    )
    add_sheets(copies, {model.id: rows_of(Sheet, model) for model in models})
    add_slots(new)


def add_sheets(copies: list[tuple[int, Proposal]], found: dict[int, list[Sheet]]) -> None:
    """Copy the sheets with their scores."""
    sheet_ids = count(db.session.scalar(sa.select(sa.func.max(Sheet.id))) + 1)
    scores = {sheet.id: list(sheet.scores) for sheets in found.values() for sheet in sheets}
    added = [
        (next(sheet_ids), sheet, number) for number, model in copies for sheet in found[model.id]
    ]
    add(Sheet, (row(sheet, id=sheet_id, proposal_id=number) for sheet_id, sheet, number in added))
    add(
        Score,
        (
            row(score, sheet_id=sheet_id)
            for sheet_id, sheet, _ in added
            for score in scores[sheet.id]
        ),
    )


def add_slots(proposals: range) -> None:
    """Give each copy a slot after the last one, and its booking."""
    slot = db.session.scalars(sa.select(Slot).order_by(Slot.starts_at.desc())).first()
    booking = db.session.scalars(sa.select(Booking)).first()
    begin, end, step = slot.starts_at, slot.ends_at, timedelta(minutes=30)
    places = [(FIRST_ID + place, place * step, number) for place, number in enumerate(proposals, 1)]
    add(
        Slot,
        (
            row(slot, id=slot_id, starts_at=begin + after, ends_at=end + after)
            for slot_id, after, _ in places
        ),
    )
    add(
        Booking,
        (
            row(booking, id=slot_id, slot_id=slot_id, proposal_id=number)
            for slot_id, _, number in places
        ),
    )
    held = db.session.scalars(sa.select(Appearance)).first()
    add(
        Appearance,
        (
            row(held, proposal_id=number, starts_at=begin + after, ends_at=end + after)
            for _, after, number in places
        ),
    )


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
