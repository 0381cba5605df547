"""The rows of the audit chain. Triggers in the migration refuse changes and deletions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class AuditEntry(Base):
    """One action: its canonical JSON, and the hash that ties it to the entry before."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("edition_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """How long an edition's chain is and how it ends, so that a shortened one is noticed."""

    __tablename__ = "audit_head"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    entries: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditName(Base):
    """A name that stands in an entry as a salted digest; deleted with the person's other data."""

    __tablename__ = "audit_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(80))
    salt: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300))
