"""What finalists claim while they pick: holds, queues, swaps, turns and wishes, as rows."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Moment
from app.proposals.models import Proposal
from app.schedule.draft.models import Slot

OPEN = text("settled_at IS NULL")


class Hold(Base):
    """A slot kept for a proposal for a short while: to confirm a pick, or offered from the queue.

    It holds until `until` and no longer, whether or not the row has been cleared away.
    """

    __tablename__ = "hold"

    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), unique=True)
    until: Mapped[datetime] = mapped_column(Moment, index=True)
    is_offer: Mapped[bool] = mapped_column(default=False)

    slot: Mapped[Slot] = relationship()
    proposal: Mapped[Proposal] = relationship()


class Waiting(Base):
    """A proposal in the queue for a slot that is taken; the longest wait is offered it first."""

    __tablename__ = "waiting"

    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(Moment)

    slot: Mapped[Slot] = relationship()
    proposal: Mapped[Proposal] = relationship()


class Swap(Base):
    """One finalist asks another to change places; it is open until somebody settles it.

    It is about the two slots named: once either proposal has moved, it can't be accepted any more.
    """

    __tablename__ = "swap"
    __table_args__ = (
        CheckConstraint("asking_id <> asked_id", name="two_proposals"),
        Index(
            "uq_swap_open",
            "asking_id",
            "asked_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asking_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    asking_slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    asked_slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    is_accepted: Mapped[bool] = mapped_column(default=False)

    asking: Mapped[Proposal] = relationship(foreign_keys=asking_id)
    asked: Mapped[Proposal] = relationship(foreign_keys=asked_id)
    asking_slot: Mapped[Slot] = relationship(foreign_keys=asking_slot_id)
    asked_slot: Mapped[Slot] = relationship(foreign_keys=asked_slot_id)


class Draw(Base):
    """The lot that decides the order of the finalists' turns.

    The digest of the seed is public before it is known who takes part; the seed itself from the
    draw on, so that anybody can recompute the order.
    """

    __tablename__ = "draw"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    seed: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(Moment)
    drawn_at: Mapped[datetime | None] = mapped_column(Moment)


class Turn(Base):
    """When a finalist may begin to pick."""

    __tablename__ = "turn"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    place: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(Moment)

    proposal: Mapped[Proposal] = relationship()
