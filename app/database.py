"""The database: base class, column types, the engines' rules, and the one place that commits."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CursorResult, DateTime, Enum, Executable, Integer, MetaData, event, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.types import TypeDecorator

from app.config import PATIENCE
from app.workflow import DomainError
from app.writers import TooBusy, wait_for_turn

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:
    import sqlite3 as sqlite  # the interpreter's own, where no newer one is bundled

T = TypeVar("T")

RETRIED_STATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
TIMED_OUT = frozenset({"55P03", "57014"})  # no lock in time, a statement that took too long
ATTEMPTS = 5
LONGEST_STATEMENT, LONGEST_WORK = 30, 600  # seconds, of a request and of worker and migrations
QUEUE = "queue"  # where a connection keeps its place among the writers
LOCKS = "locks"  # where a session keeps which editions it has locked

_commits = 0
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """The base class of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware, UTC, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; refuse a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with at most two places, kept as a whole number of hundredths: exact everywhere."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Store hundredths; refuse a finer value instead of rounding it."""
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != int(hundredths):
            raise ValueError("at most two decimal places")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 -- SQLAlchemy's signature
        """Return the decimal."""
        return None if value is None else Decimal(value) / 100


def choice(values: type[StrEnum], *, name: str) -> Enum:
    """Return the column type of an enumeration: text with a CHECK constraint on both databases."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


SHORT_READS = " ".join(
    f"-c {setting}"
    for setting in (
        "random_page_cost=1.1",
        "jit=off",
        "max_parallel_workers_per_gather=0",
        "enable_mergejoin=off",
    )
)
"""How PostgreSQL plans: a page costs about as much wherever it lies, and statements are short.

None reads two whole tables beside each other, as a merge does for the few rows that are wanted.
"""


def engine_options(url: str, *, patience: float = PATIENCE) -> dict[str, Any]:
    """Return how SQLAlchemy opens `url`; a writer waits `patience` seconds for another one."""
    always = {"hide_parameters": True}  # what people wrote belongs in no log
    if url.startswith("sqlite"):
        return always | {
            "module": sqlite,
            "connect_args": {"timeout": patience, "check_same_thread": False},
            "execution_options": {"patience": patience},
        }
    limits = (
        f"-c lock_timeout={patience * 1000:.0f} -c statement_timeout={LONGEST_STATEMENT * 1000}"
    )
    options = f"{SHORT_READS} {make_url(url).query.get('options', '')} {limits}"
    pool = {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
    return always | pool | {"connect_args": {"options": options}}


def allow_long_work() -> None:
    """Let this process wait longer, and its statements take longer, than a request: the worker."""
    db.engine.update_execution_options(patience=LONGEST_WORK)
    event.listen(db.engine, "connect", lift_limits)
    db.engine.dispose()  # what is connected from here on has the longer limits


def lift_limits(connection: Any, _record: object = None) -> None:  # noqa: ANN401 -- any driver's connection
    """Let a connection's statements take as long as the worker's may."""
    if not isinstance(connection, sqlite.Connection):
        for limit in ("lock_timeout", "statement_timeout"):
            connection.execute(f"SET {limit} = '{LONGEST_WORK}s'")
        connection.commit()


@event.listens_for(Engine, "connect")
def _set_rules(connection: Any, _record: object) -> None:  # noqa: ANN401 -- any driver's connection
    if not isinstance(connection, sqlite.Connection):
        return
    connection.isolation_level = None  # the "begin" event below says how a transaction begins
    for rule in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {rule}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if _writing.get() and (file := connection.engine.url.database):
        patience = connection.get_execution_options().get("patience", PATIENCE)
        connection.info[QUEUE] = wait_for_turn(file, patience=patience)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(Engine, "checkin")
def _leave_queue(_connection: object, record: Any) -> None:  # noqa: ANN401 -- a pool's record
    if turn := record.info.pop(QUEUE, None):
        turn.close()


def insert(table: type[Base]) -> Any:  # noqa: ANN401 -- either dialect's Insert
    """Return the database's own INSERT, which knows ON CONFLICT."""
    if db.session.get_bind().dialect.name == "sqlite":
        return sqlite_dialect.insert(table)
    return postgresql.insert(table)


def columns(statement: Executable, values: dict[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Run a prepared statement of columns, after what is pending, in half the time of the ORM's."""
    db.session.flush()
    return db.session.connection().execute(statement, values)


def is_writing() -> bool:
    """Return whether the current transaction may write."""
    return _writing.get()


@contextmanager
def transaction(*, writing: bool) -> Iterator[None]:
    """Commit what happens inside as one transaction, or nothing; a reading one never commits.

    On SQLite a writing one takes the write lock at its first statement, so that what it reads can't
    change before it writes; a reading one leaves the lock alone. On PostgreSQL the writer of an
    edition locks its row first (`editions.queries.locked_edition`), to the same effect. Raise
    `TooBusy` if somebody else writes for too long.
    """
    token = _writing.set(writing)
    try:
        yield
        if writing:
            db.session.commit()
    except OperationalError as error:
        if _is_timeout(error):
            raise TooBusy from error
        raise
    finally:
        db.session.rollback()  # also returns a failed or read-only connection
        _writing.reset(token)


def _is_timeout(error: OperationalError) -> bool:
    """Return whether another writer was waited for in vain, as only who may write does."""
    cause = error.orig
    is_locked = getattr(cause, "sqlite_errorcode", None) == sqlite.SQLITE_BUSY
    return (is_locked and is_writing()) or getattr(cause, "sqlstate", None) in TIMED_OUT


def hold_lock(edition_id: int) -> None:
    """Note that this transaction holds the lock on the edition's row, or has just inserted it."""
    db.session.info.setdefault(LOCKS, set()).add(edition_id)


def has_lock(edition_id: int) -> bool:
    """Return whether this transaction holds the lock on the edition's row."""
    return edition_id in db.session.info.get(LOCKS, ())


def commits() -> int:
    """Return how many transactions this process has committed: each has changed something."""
    return _commits


@event.listens_for(Session, "after_commit")
def _count_commit(_session: Session) -> None:
    global _commits  # noqa: PLW0603 -- one count for the whole process is what this is
    _commits += 1


@event.listens_for(Session, "after_transaction_end")
def _forget_locks(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(LOCKS, None)


def release() -> None:
    """End the transaction early, before slow work such as hashing a password; a new one follows."""
    db.session.commit()


def keep_and_read() -> None:
    """Commit, then only read from here on, so that others can write while a page is rendered."""
    db.session.commit()
    _writing.set(False)


def undo_and_read() -> None:
    """Undo what has been changed, then only read from here on."""
    db.session.rollback()
    _writing.set(False)


def flush_or(refusal: DomainError) -> None:
    """Flush what has been changed so far; raise `refusal` if a constraint is violated."""
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise refusal from error


def retried(work: Callable[[], T]) -> T:
    """Run `work`, and again after a serialization failure or a deadlock in PostgreSQL."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except OperationalError as error:
            state = getattr(error.orig, "sqlstate", None)
            if state not in RETRIED_STATES or attempt == ATTEMPTS:
                raise
        time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 -- spreads retries, no secret
    raise AssertionError("unreachable: the last attempt returns or raises")
