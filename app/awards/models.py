"""The plenary's result: its awards, who sat there, what they agreed to, and where they deviated."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.editions.parts import AwardCategory
from app.proposals.models import Proposal
from app.workflow import N_, Labelled


class Result(Base):
    """The result of an edition: prepared by one person, confirmed by another, then public.

    `noted_at` is when the worker recorded that it had become public. `evaluation_revision` is the
    edition's when it was prepared: every sheet stands as it did then.
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
    noted_at: Mapped[datetime | None] = mapped_column(Moment)
    evaluation_revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(default=1)

    prepared_by: Mapped[Person] = relationship(foreign_keys=prepared_by_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own form

    def is_public(self, now: datetime) -> bool:
        """Return whether everyone may see the result at `now`."""
        return self.publish_at is not None and self.publish_at <= now


class Award(Base):
    """One award: by rank, or chosen by the plenary with a reason.

    `rank` is its place in the category, `calculated` the one that scores give it: another one where
    the plenary deviated.
    """

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("category_id", "proposal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("result.edition_id", ondelete="CASCADE"))
    category_id: Mapped[int] = mapped_column(ForeignKey("award_category.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    rank: Mapped[int | None]
    calculated: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    category: Mapped[AwardCategory] = relationship()
    proposal: Mapped[Proposal] = relationship()

    @property
    def deviates(self) -> bool:
        """Whether the plenary decided another place than the scores give."""
        return self.rank != self.calculated


class Body(Labelled):
    """One of the two bodies that sit in the plenary."""

    COMMITTEE = "committee", N_("Selection committee")
    JUDGES = "judges", N_("Judging team")


class Attendance(Base):
    """Whether a member of a body sat in the plenary."""

    __tablename__ = "attendance"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    body: Mapped[Body] = mapped_column(choice(Body, name="body"), primary_key=True)
    is_present: Mapped[bool]

    person: Mapped[Person] = relationship()


class Agreement(Base):
    """That a body agreed to the awards of a category; with what some said against it, if any."""

    __tablename__ = "agreement"

    category_id: Mapped[int] = mapped_column(ForeignKey("award_category.id"), primary_key=True)
    body: Mapped[Body] = mapped_column(choice(Body, name="body"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), index=True
    )
    dissent: Mapped[str] = mapped_column(Text, default="")

    category: Mapped[AwardCategory] = relationship()


class Deviation(Base):
    """That the plenary decided the places of a category otherwise than scores give them.

    `calculated` holds pairs of a proposal (id) and the place that scores give it, as many as the
    category has; `in_favour` and `against` are ids of people.
    """

    __tablename__ = "deviation"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    category_id: Mapped[int] = mapped_column(ForeignKey("award_category.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(Text)
    calculated: Mapped[list[tuple[int, int]]] = mapped_column(JSON)
    in_favour: Mapped[list[int]] = mapped_column(JSON)
    against: Mapped[list[int]] = mapped_column(JSON)

    category: Mapped[AwardCategory] = relationship()


class Readership(Labelled):
    """For whom a file of the result is made."""

    PUBLIC = "public", N_("For everyone")
    FULL = "full", N_("For judges, chair and observers")


class Disclosure(Labelled):
    """How much of each proposal's scores the public file holds."""

    SHEETS = "sheets", N_("Each proposal's sheets, in no order and without names")
    MEANS = "means", N_("Only the mean of each criterion")


class ResultFile(Base):
    """A file from which a confirmed result can be recomputed, as it was then, and its SHA-256."""

    __tablename__ = "result_file"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), primary_key=True
    )
    scope: Mapped[Readership] = mapped_column(choice(Readership, name="scope"), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), index=True)


class Seal(Base):
    """Digests of the rows of one table that a confirmed result rests on, by the rows' keys."""

    __tablename__ = "seal"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("result.edition_id", ondelete="CASCADE"), primary_key=True
    )
    table_name: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, str]] = mapped_column(JSON)
