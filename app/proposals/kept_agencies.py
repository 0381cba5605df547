"""The agencies of a confirmed edition: a copy of its own, which no later reorganisation reaches.

Names and conflicts of the edition stay so those of its time, until its confirmation is taken back.
"""

from collections.abc import Callable

from sqlalchemy import ScalarSelect, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.database import db
from app.editions.models import Edition, Membership
from app.editions.queries import agencies_of
from app.editions.units import Agency
from app.proposals.models import Proposal

Reference = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]

COPIED = ("organisation_id", "code", "name", "kind", "travel_minutes", "can_enter")
REFERENCES: tuple[tuple[Reference, InstrumentedAttribute[int]], ...] = (
    (Proposal.agency_id, Proposal.edition_id),
    (Membership.agency_id, Membership.edition_id),
    (Edition.host_id, Edition.id),
)
"""What refers to an agency within an edition, each with the edition's id."""


def keep_agencies(edition: Edition) -> None:
    """Give the edition, which has just been confirmed, a copy of the organisation's agencies."""
    present = agencies_of(edition.organisation)
    copies = {agency.id: _copy_of(agency, edition) for agency in present}
    db.session.add_all(copies.values())
    db.session.flush()
    for agency in present:
        if agency.parent_id is not None:
            copies[agency.id].parent_id = copies[agency.parent_id].id
    db.session.flush()
    is_its_own = Agency.edition_id == edition.id
    _refer(
        edition,
        lambda agency_id: (
            select(Agency.id).where(is_its_own, Agency.origin_id == agency_id).scalar_subquery()
        ),
    )


def release_agencies(edition: Edition) -> None:
    """Let the edition follow the organisation's agencies again."""
    _refer(
        edition,
        lambda agency_id: select(Agency.origin_id).where(Agency.id == agency_id).scalar_subquery(),
    )
    db.session.execute(delete(Agency).where(Agency.edition_id == edition.id))


def _copy_of(agency: Agency, edition: Edition) -> Agency:
    values = {name: getattr(agency, name) for name in COPIED}
    return Agency(**values, edition_id=edition.id, origin_id=agency.id)


def _refer(edition: Edition, to: Callable[[Reference], ScalarSelect[int | None]]) -> None:
    """Let everything in the edition that refers to an agency refer to this one instead."""
    db.session.flush()
    for reference, edition_id in REFERENCES:
        db.session.execute(
            update(reference.class_)
            .where(edition_id == edition.id, reference.is_not(None))
            .values({reference: to(reference)}),
            execution_options={"synchronize_session": False},
        )
    db.session.expire_all()
