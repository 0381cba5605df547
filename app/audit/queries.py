"""Reading the chain."""

from collections.abc import Generator
from contextlib import closing

from sqlalchemy import Select, select

from app.audit.models import AuditEntry
from app.database import db


def last_of(edition_id: int) -> AuditEntry | None:
    """Return the newest entry of the edition's chain: its head."""
    return db.session.scalar(_of(edition_id).order_by(AuditEntry.sequence.desc()).limit(1))


def entry_numbered(edition_id: int, sequence: int) -> AuditEntry | None:
    """Return the edition's entry of this number."""
    return db.session.scalar(_of(edition_id).where(AuditEntry.sequence == sequence))


def chain_of(edition_id: int) -> Generator[AuditEntry, None, None]:
    """Yield the edition's entries from the first to the newest; close it if you stop early."""
    in_order = _of(edition_id).order_by(AuditEntry.sequence)
    with closing(db.session.scalars(in_order.execution_options(yield_per=500))) as entries:
        yield from entries


def newest_first(edition_id: int) -> Select[AuditEntry]:
    """Select the edition's entries, newest first."""
    return _of(edition_id).order_by(AuditEntry.sequence.desc())


def _of(edition_id: int) -> Select[AuditEntry]:
    return select(AuditEntry).where(AuditEntry.edition_id == edition_id)
