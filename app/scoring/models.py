"""Where each proposal stands, kept up to date as sheets are locked."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.proposals.models import Proposal


class Standing(Base):
    """The exact result so far of one proposal in the running.

    Points are whole numbers of 1/`statistics.UNIT` of a point: exact, and sortable by the database.
    A mean runs over the sheets of evaluators who are not recused, null while one is missing.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_order", "edition_id", "final", "tie_1", "tie_2", "proposal_id"),
        CheckConstraint("sheets_locked BETWEEN 0 AND sheets_expected", name="locked_at_most_all"),
    )

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    sheets_expected: Mapped[int]
    sheets_locked: Mapped[int]
    desk: Mapped[int | None] = mapped_column(BigInteger)
    presentation: Mapped[int | None] = mapped_column(BigInteger)
    final: Mapped[int | None] = mapped_column(BigInteger)
    tie_1: Mapped[int | None] = mapped_column(BigInteger)
    tie_2: Mapped[int | None] = mapped_column(BigInteger)

    proposal: Mapped[Proposal] = relationship()
