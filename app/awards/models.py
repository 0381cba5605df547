"""The plenary's result and the awards in it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment
from app.editions.parts import AwardCategory
from app.proposals.models import Proposal


class Result(Base):
    """The result of an edition: prepared by one person, confirmed by another, then public.

    `evaluation_revision` is the edition's when it was prepared: every sheet stands as it did then.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> prepared_by_id", name="two_people"),
        CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)"
            " AND (confirmed_at IS NULL) = (publish_at IS NULL)",
            name="confirmed_with_time",
        ),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    publish_at: Mapped[datetime | None] = mapped_column(Moment)
    evaluation_revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(default=1)

    prepared_by: Mapped[Person] = relationship(foreign_keys=prepared_by_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

    def is_public(self, now: datetime) -> bool:
        """Return whether everyone may see the result at `now`."""
        return self.publish_at is not None and self.publish_at <= now


class Award(Base):
    """One award: by rank, or chosen by the plenary with a reason."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("category_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("result.edition_id", ondelete="CASCADE"))
    category_id: Mapped[int] = mapped_column(ForeignKey("award_category.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    rank: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    category: Mapped[AwardCategory] = relationship()
    proposal: Mapped[Proposal] = relationship()
