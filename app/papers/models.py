"""Papers as they were made, their files, and how an edition wants them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Moment, choice
from app.editions.kinds import SheetSize
from app.papers.kinds import Copy, PaperKind

STANDS = text("replaced_at IS NULL")


class Stationery(Base):
    """What an edition's papers are printed on and dated with, and its emblem (PNG)."""

    __tablename__ = "stationery"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    size: Mapped[SheetSize] = mapped_column(choice(SheetSize, name="size"), default=SheetSize.A4)
    place: Mapped[str] = mapped_column(String(100), default="")  # where papers are signed
    emblem: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    emblem_sha256: Mapped[str] = mapped_column(String(64), default="")


class Signatory(Base):
    """Who signs papers, under a letterhead of their own."""

    __tablename__ = "signatory"
    __table_args__ = (
        UniqueConstraint("edition_id", "capacity"),
        CheckConstraint("capacity <> '' AND name <> ''", name="is_named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    capacity: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    rank: Mapped[str] = mapped_column(String(100), default="")
    nip: Mapped[str] = mapped_column(String(32), default="")
    head: Mapped[str] = mapped_column(Text, default="")  # a line each; the first ones large
    address: Mapped[str] = mapped_column(String(300), default="")
    has_emblem: Mapped[bool] = mapped_column(default=True)


class PaperRule(Base):
    """How an edition wants a kind of paper: who signs it, its number, its wording, its copies."""

    __tablename__ = "paper_rule"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind, name="kind"), primary_key=True)
    signatory_id: Mapped[int | None] = mapped_column(
        ForeignKey("signatory.id", ondelete="SET NULL"), index=True
    )
    code: Mapped[str] = mapped_column(String(60), default="")
    pattern: Mapped[str] = mapped_column(String(120), default="")
    opening: Mapped[str] = mapped_column(Text, default="")
    closing: Mapped[str] = mapped_column(Text, default="")
    opening_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    closing_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    copies: Mapped[str] = mapped_column(Text, default="")  # who gets a copy, a line each

    signatory: Mapped[Signatory | None] = relationship()


class Paper(Base):
    """A document as it was made: all that its PDF is set from, and the SHA-256 of that.

    `subject` is what it is about among those of its kind, such as “proposal 12”. `basis` tells the
    head of the audit trail when it was made. One made anew replaces it and keeps its number.
    """

    __tablename__ = "paper"
    __table_args__ = (
        Index(
            "uq_paper_standing",
            "edition_id",
            "kind",
            "subject",
            "language",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index(
            "uq_paper_number",
            "edition_id",
            "kind",
            "serial",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
        Index("ix_paper_digest", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    kind: Mapped[PaperKind] = mapped_column(choice(PaperKind, name="kind"))
    subject: Mapped[str] = mapped_column(String(64), default="")
    title: Mapped[str] = mapped_column(String(600))
    name: Mapped[str] = mapped_column(String(400))  # within its kind, in lists and archives
    language: Mapped[str] = mapped_column(String(5))
    serial: Mapped[int | None]
    number: Mapped[str] = mapped_column(Text, default="")
    template: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(64))
    refusal: Mapped[str] = mapped_column(Text, default="")  # why no PDF could be made of it
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    replaced_at: Mapped[datetime | None] = mapped_column(Moment)

    made_by: Mapped[Person] = relationship()
    files: Mapped[list["PaperFile"]] = relationship(
        order_by="PaperFile.copy", cascade="all, delete-orphan"
    )

    @property
    def code(self) -> str:
        """What is typed at the page of verification: the beginning of the digest."""
        return self.digest[:16]

    def file(self, copy: Copy) -> "PaperFile | None":
        """Return its file of this kind, if there is one."""
        return next((file for file in self.files if file.copy is copy), None)


class PaperFile(Base):
    """A PDF of a paper and its SHA-256: as made, scanned, or signed electronically."""

    __tablename__ = "paper_file"

    paper_id: Mapped[int] = mapped_column(
        ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True
    )
    copy: Mapped[Copy] = mapped_column(choice(Copy, name="copy"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)

    added_by: Mapped[Person | None] = relationship()
