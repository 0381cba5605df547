"""The tables of what became of innovations, and of when that was asked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment, choice
from app.workflow import N_, Labelled


class Afterwards(Labelled):
    """What became of an innovation."""

    CONTINUES = "continues", N_("Continues")
    STOPPED = "stopped", N_("Stopped")


class FollowUp(Base):
    """What its authors say, in a year, became of an innovation.

    `replicated_in` names where it was replicated, one place a line.
    """

    __tablename__ = "follow_up"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[Afterwards] = mapped_column(choice(Afterwards, name="state"))
    replicated_in: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def facts(self) -> tuple[str, ...]:
        """What it says, to be compared with what somebody has seen."""
        return (self.state.value, self.replicated_in, self.note)

    @property
    def places(self) -> list[str]:
        """Where it was replicated."""
        return [place for place in map(str.strip, self.replicated_in.splitlines()) if place]


class FollowUpCall(Base):
    """When an edition's authors were asked, in a year, what became of their innovations."""

    __tablename__ = "follow_up_call"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    called_at: Mapped[datetime] = mapped_column(Moment)
