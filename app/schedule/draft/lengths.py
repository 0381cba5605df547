"""Which presentations need two slots in a row, and which slots follow each other."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.database import db
from app.editions.models import Edition
from app.schedule.draft.models import LongPresentation, Slot


def long_ones(proposals: Collection[int]) -> set[int]:
    """Return those of these proposals (ids) whose presentations need two slots."""
    long = select(LongPresentation.proposal_id)
    return set(db.session.scalars(long.where(LongPresentation.proposal_id.in_(proposals))))


def following_slots(edition: Edition, slot_ids: Collection[int]) -> dict[int, int]:
    """Return the slot that begins in the same room as each of these ends, by their ids."""
    after = aliased(Slot)
    rows = db.session.execute(
        select(Slot.id, after.id)
        .join(
            after,
            (after.edition_id == Slot.edition_id)
            & after.room_id.is_not_distinct_from(Slot.room_id)
            & (after.starts_at == Slot.ends_at)
            & after.removed_at.is_(None),
        )
        .where(Slot.edition_id == edition.id, Slot.id.in_(slot_ids), Slot.removed_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}
