"""What public pages depend on: one statement tells whether anything they may show has changed.

Each action writes an entry in the audit trail of its edition, and what calendars notice raises the
edition's revision; agencies are only ever added. By itself a page changes when a result becomes
public, or final.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true

from app.audit.models import AuditHead
from app.awards.models import Result
from app.awards.publication.models import Decree
from app.database import Moment, db
from app.editions.models import Edition
from app.editions.units import Agency, Organisation
from app.web.shared import State

REVISIONS = 4  # columns of the statement; the others are moments
NOW = bindparam("now", type_=Moment())


def edition_state(*, edition: Edition, now: datetime, **_records: object) -> State:
    """Return the state of the pages of an edition, and of its organisation's others."""
    values = {"now": now, "organisation": edition.organisation_id}
    return _state(OF_ORGANISATION, values, edition.version)


def site_state(*, now: datetime, **_records: object) -> State:
    """Return the state of pages that show every edition."""
    return _state(OF_SITE, {"now": now}, 0)


def _statement(edition: ColumnElement[bool], agency: ColumnElement[bool]) -> Select[object]:
    editions = select(Edition.id).where(edition)
    parts = (
        select(func.sum(AuditHead.entries)).where(AuditHead.edition_id.in_(editions)),
        select(func.sum(Edition.revision)).where(edition),
        select(func.max(Agency.id)).where(agency),
        select(func.count(Organisation.id)),
        select(func.min(Result.publish_at)).where(
            Result.edition_id.in_(editions), Result.publish_at > NOW
        ),
        select(func.min(Decree.final_at)).where(
            Decree.edition_id.in_(editions), Decree.final_at > NOW
        ),
    )
    return select(*(part.scalar_subquery() for part in parts))


OF_SITE = _statement(true(), true())
OF_ORGANISATION = _statement(
    Edition.organisation_id == bindparam("organisation"),
    Agency.organisation_id == bindparam("organisation"),
)


def _state(statement: Select[object], values: dict[str, object], version: int) -> State:
    row: tuple[Any, ...] = tuple(db.session.execute(statement, values).one())
    coming = [moment for moment in row[REVISIONS:] if moment is not None]
    return State((*row[:REVISIONS], version), min(coming, default=None))
