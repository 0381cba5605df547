"""A confirmed result, changed behind the application's back: every change is found and named."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.audit.chain import canonical, fingerprint, verify_chain
from app.audit.models import AuditEntry, AuditHead
from app.awards.models import Award, ResultFile, Seal
from app.awards.sealing import COUNTED
from app.dashboard.comparison import differences_from_trail
from app.database import Base, Hundredths, Moment, db, transaction
from app.editions.models import Edition
from app.evaluation.models import Score, Sheet
from tests import cast
from tests.clients import Browser
from tests.conftest import E
from tests.factories import the_edition
from tests.plenaries import confirm, prepare

FEW, MANY = 150, 10_000  # random changes in every run, and in a long one
TABLES = [counted.table for counted in COUNTED] + [Seal]
CHAIN = [AuditEntry, AuditHead]


@pytest.fixture
def app(make_app):
    return make_app("published")


def allow_anything() -> None:
    """Drop what the database itself refuses, as whoever owns it could."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        for trigger in ("update", "delete"):
            db.session.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_entry_no_{trigger}"))
    else:
        for trigger in ("update", "delete"):
            name = f"audit_entry_no_{trigger}"
            db.session.execute(sa.text(f"DROP TRIGGER IF EXISTS {name} ON audit_entry"))


def found(edition, held: str) -> bool:
    """Whether `audit verify` finds anything, for who holds the head that was mailed."""
    verdict = verify_chain(edition.id, held=held)
    return not verdict.holds or bool(differences_from_trail(edition))


class OfNoEdition(Exception):
    """A row was inserted that belongs to nothing, and so counts nowhere."""


class Changes:
    """Random changes of the tables that a result rests on, in SQL, each undone afterwards."""

    def __init__(self, edition, rng: random.Random) -> None:
        self.edition, self.rng = edition, rng
        self.rows = {table: self.rows_of(table) for table in (*TABLES, *CHAIN)}

    def rows_of(self, table: type[Base]) -> list[dict]:
        counted = next((own for own in COUNTED if own.table is table), None)
        statement = sa.select(table.__table__)
        if counted:
            statement = statement.where(counted._belongs(self.edition))
        else:
            statement = statement.where(table.edition_id == self.edition.id)
        return [dict(row._mapping) for row in db.session.execute(statement)]

    def make_one(self) -> str:
        """Change something; return what, empty where the database would not have it."""
        table = self.rng.choice([own for own, rows in self.rows.items() if rows])
        row = self.rng.choice(self.rows[table])
        act = self.rng.choice(["update", "update", "delete", "insert"])
        if table is Edition:
            act = "update"  # without its row there is no edition to verify
        try:
            with db.session.begin_nested():
                return f"{table.__tablename__} {getattr(self, act)(table, row)}"
        except (sa.exc.SQLAlchemyError, OfNoEdition):
            return ""

    def update(self, table: type[Base], row: dict) -> str:
        column = self.rng.choice(self.columns_of(table))
        value = other_value(column, row[column.name], self.rng)
        db.session.execute(
            sa.update(table.__table__).where(*self.is_row(table, row)).values({column.name: value})
        )
        return f"{column.name} {row[column.name]!r} → {value!r}"

    def delete(self, table: type[Base], row: dict) -> str:
        db.session.execute(sa.delete(table.__table__).where(*self.is_row(table, row)))
        return f"deleted {[row[own.name] for own in table.__table__.primary_key]}"

    def insert(self, table: type[Base], row: dict) -> str:
        key = list(table.__table__.primary_key)
        other = dict(row)
        for column in self.rng.sample(key, self.rng.randint(1, len(key))):
            if column.name != "edition_id":
                other[column.name] = other_value(column, row[column.name], self.rng)
        if table is AuditEntry:
            other["sequence"] = row["sequence"] + self.rng.choice([0, 1, 1000])
        before = len(self.rows_of(table))
        db.session.execute(sa.insert(table.__table__).values(other))
        if len(self.rows_of(table)) == before:
            raise OfNoEdition
        return f"inserted {other}"

    def columns_of(self, table: type[Base]) -> list[sa.Column]:
        counted = next((own for own in COUNTED if own.table is table), None)
        if counted and counted.columns:
            return [table.__table__.c[own.key] for own in counted.columns]
        ignored = {"id"} if table is AuditEntry else set()
        return [own for own in table.__table__.columns if own.name not in ignored]

    def is_row(self, table: type[Base], row: dict) -> list:
        return [own == row[own.name] for own in table.__table__.primary_key]


def other_value(column: sa.Column, value: object, rng: random.Random) -> object:  # noqa: PLR0911 -- one for each type
    """Another value that the column could hold."""
    if isinstance(column.type, sa.Enum):
        return rng.choice([own for own in column.type.python_type if own != value])
    if isinstance(column.type, Moment):
        return (value or datetime.fromisoformat("2019-10-06T00:00Z")) + timedelta(seconds=1)
    if isinstance(column.type, Hundredths):
        return (value or Decimal(0)) + rng.choice([Decimal("0.01"), Decimal(-1), Decimal(1)])
    if isinstance(column.type, sa.JSON):
        return changed_json(value, rng)
    if isinstance(value, bool) or isinstance(column.type, sa.Boolean):
        return not value
    if isinstance(column.type, sa.Integer):
        return (value or 0) + rng.choice([1, -1, 7])
    return f"{value or ''}x" if rng.random() < 0.5 or not value else f"{value}"[:-1]


def changed_json(value: object, rng: random.Random) -> object:
    if isinstance(value, dict) and value:
        key = rng.choice(sorted(value))
        return {own: held for own, held in value.items() if own != key}
    return [*(value or []), 1]


def count_missed(app, seed: int, changes: int) -> tuple[int, list[str]]:
    """Make so many random changes; return how many the database took, and those not found."""
    missed, made = [], 0
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        held = verify_chain(edition.id).head
        assert not found(edition, held)
        allow_anything()
        random_changes = Changes(edition, random.Random(seed))
        while made < changes:
            undo = db.session.begin_nested()
            if what := random_changes.make_one():
                made += 1
                db.session.expire_all()
                if not found(edition, held):
                    missed.append(what)
            undo.rollback()
            db.session.expire_all()
        assert not found(edition, held)
        db.session.rollback()
    return made, missed


def test_no_random_change_of_what_a_result_rests_on_is_missed(app):
    assert count_missed(app, 20191007, FEW) == (FEW, [])


@pytest.mark.long
def test_of_ten_thousand_random_changes_none_is_missed(app):
    assert count_missed(app, 1, MANY) == (MANY, [])


def rewrite_chain(edition, sequence: int) -> None:
    """Change an entry, and write all that follow anew, the head included."""
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.edition_id == edition.id)
        .order_by(AuditEntry.sequence)
    ).all()
    previous = entries[sequence - 2].hash
    entries[sequence - 1].content = canonical(subject="", reason="lain", facts={})
    for entry in entries[sequence - 1 :]:
        entry.previous_hash = previous
        entry.hash = previous = fingerprint(entry)
    db.session.get_one(AuditHead, edition.id).hash = previous
    db.session.flush()


def test_a_chain_written_anew_is_found_only_by_a_head_that_was_mailed(app):
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        held = verify_chain(edition.id).head
        allow_anything()
        rewrite_chain(edition, 5)
        assert verify_chain(edition.id).holds
        assert not verify_chain(edition.id, held=held).holds
        db.session.rollback()


def test_a_seal_made_anew_is_found(app):
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        sheet = db.session.scalars(sa.select(Sheet)).first()
        sheet.comment = "lain"
        db.session.flush()
        assert [own.values["table"] for own in differences_from_trail(edition)] == ["sheet"]
        own = next(each for each in COUNTED if each.table is Sheet)
        from app.awards.sealing import _digests_of  # noqa: PLC0415 -- as who forges it would

        kept = db.session.get_one(Seal, (edition.id, "sheet"))
        kept.content = _digests_of(own, edition)
        db.session.flush()
        assert [each.values["table"] for each in differences_from_trail(edition)] == ["seal"]
        db.session.rollback()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (Score, {"note": "lain"}),
        (Award, {"reason": "lain"}),
        (ResultFile, {"content": "{}"}),
    ],
)
def test_verify_names_table_and_row(app, table, change):
    with app.app_context(), transaction(writing=True):
        key = db.session.scalars(sa.select(table)).first()
        row = sa.inspect(key).identity
        keys = zip(table.__table__.primary_key, row, strict=True)
        db.session.execute(
            sa.update(table).where(*(own == value for own, value in keys)).values(change)
        )
    result = app.test_cli_runner().invoke(args=["audit", "verify", "luwu-utara-2019"])
    expected = str(row[0]) if table is Score else "/".join(str(part) for part in row)
    said = f"Table {table.__tablename__}, row {expected}: changed since"
    assert (result.exit_code, said in result.output) == (1, True)


def test_what_is_sealed_is_forgotten_when_the_confirmation_is_revoked(make_app, browse):
    app = make_app("plenary")
    organiser, chair = browse(app, "sekretariat"), browse(app, cast.chair)
    prepare(organiser, {"empty": "2"})
    confirm(chair)
    assert sealed(app) == {counted.name for counted in COUNTED}
    chair.post(f"{E}/plenary/confirmation/removal", {"reason": "Salah waktu"})
    assert sealed(app) == set()
    assert verify(organiser)
    prepare(organiser, {"empty": "2"})
    confirm(chair)
    assert verify(organiser)


def sealed(app) -> set[str]:
    with app.app_context(), transaction(writing=False):
        return set(db.session.scalars(sa.select(Seal.table_name)))


def verify(reader: Browser) -> bool:
    """Whether the page of the trail finds everything as it was recorded."""
    verdict = reader.fill(f"{E}/audit", "/audit").html.select_one("main .ds-alert")
    return verdict["data-color"] == "success"
