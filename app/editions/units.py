"""Organisations and how they show themselves, the kinds of their units, their tree of agencies."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.editions.parts import Named


class Organisation(Base):
    """A government that runs competitions: a regency, a city, a province."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)

    kinds: Mapped[list["UnitKind"]] = relationship(
        order_by="UnitKind.position", cascade="all, delete-orphan"
    )


class Branding(Base):
    """How an organisation shows itself: what is empty is shown in Ajang's own way.

    `emblem` is a square PNG for pictures of pages, `small_emblem` one for their head; `colour` is
    that of the head, as “#rrggbb”, on which white can be read.
    """

    __tablename__ = "branding"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    emblem: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    small_emblem: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    emblem_sha256: Mapped[str] = mapped_column(String(64), default="")
    colour: Mapped[str] = mapped_column(String(7), default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    privacy: Mapped[str] = mapped_column(Text, default="")
    privacy_en: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    accessibility_en: Mapped[str] = mapped_column(Text, default="")


class UnitKind(Named, Base):
    """A kind of unit in an organisation: Dinas, Kecamatan, or a primary school.

    Tables that are taken in and out name it by its `code`.
    """

    __tablename__ = "agency_kind"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(32))


class Agency(Base):
    """A public unit in the organisation's tree: its parent stands above it.

    One that only gives judges or hosts, and so can't enter innovations, isn't asked for any. A
    confirmed edition has a copy of each as it was then, with the `edition_id` and the `origin_id`.
    """

    __tablename__ = "agency"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        Index(
            "uq_agency_code",
            "organisation_id",
            "code",
            unique=True,
            sqlite_where=text("edition_id IS NULL"),
            postgresql_where=text("edition_id IS NULL"),
        ),
        ForeignKeyConstraint(
            ["organisation_id", "kind"],
            ["agency_kind.organisation_id", "agency_kind.code"],
            onupdate="CASCADE",
        ),
        CheckConstraint("parent_id <> id", name="not_own_parent"),
        CheckConstraint("travel_minutes BETWEEN 0 AND 1440", name="travel_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(32))
    travel_minutes: Mapped[int] = mapped_column(default=0, server_default="0")  # to the venue
    can_enter: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", use_alter=True))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)

    organisation: Mapped[Organisation] = relationship()

    @property
    def facts(self) -> tuple[object, ...]:
        """What of it can be changed."""
        return self.name, self.kind, self.parent_id, self.travel_minutes, self.can_enter
