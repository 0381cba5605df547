"""Eligibility findings, decisions and remarks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.proposals.models import Proposal
from app.workflow import N_, Labelled, Step


class Finding(Labelled):
    """What a screener finds on one line of the eligibility checklist."""

    MEETS = "meets", N_("Meets")
    FAILS = "fails", N_("Does not meet")
    NEEDS_CORRECTION = "needs_correction", N_("Needs correction")

    @property
    def is_unmet(self) -> bool:
        """Whether the requirement is not met as it stands."""
        return self is not Finding.MEETS


class Outcome(Labelled):
    """What the committee decides on a proposal in screening."""

    ELIGIBLE = "eligible", N_("Eligible")
    FINALIST = "finalist", N_("Finalist")
    RESERVE = "reserve", N_("Reserve")
    NOT_SELECTED = "not_selected", N_("Not selected")
    INELIGIBLE = "ineligible", N_("Not eligible")
    RETURNED = "returned", N_("Returned for correction")

    @property
    def step(self) -> Step:
        """The step that announcing this outcome takes."""
        return {
            Outcome.ELIGIBLE: Step.FIND_ELIGIBLE,
            Outcome.FINALIST: Step.SELECT,
            Outcome.RESERVE: Step.HOLD_IN_RESERVE,
            Outcome.NOT_SELECTED: Step.NOT_SELECT,
            Outcome.INELIGIBLE: Step.FIND_INELIGIBLE,
            Outcome.RETURNED: Step.RETURN_FOR_CORRECTION,
        }[self]


class EligibilityFinding(Base):
    """The finding on one checklist line of one proposal, with its note."""

    __tablename__ = "eligibility_finding"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("eligibility_item.id"), primary_key=True, index=True
    )
    finding: Mapped[Finding] = mapped_column(choice(Finding, name="finding"))
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    found_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()


class Decision(Base):
    """What the committee decided on a proposal: prepared privately, announced with the others."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "uq_decision_prepared",
            "proposal_id",
            unique=True,
            sqlite_where=text("announced_at IS NULL"),
            postgresql_where=text("announced_at IS NULL"),
        ),
        CheckConstraint("outcome IN ('finalist', 'eligible') OR reason <> ''", name="has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, name="outcome"))
    reason: Mapped[str] = mapped_column(Text, default="")
    correct_until: Mapped[datetime | None] = mapped_column(Moment)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment)
    announced_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)  # it no longer holds
    letter: Mapped[str] = mapped_column(Text, default="", server_default="")  # instead of the usual

    proposal: Mapped[Proposal] = relationship()
    prepared_by: Mapped[Person] = relationship()


class Remark(Base):
    """What an evaluator or organiser says in the discussion of a proposal."""

    __tablename__ = "remark"
    __table_args__ = (CheckConstraint("text <> ''", name="has_text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship()
