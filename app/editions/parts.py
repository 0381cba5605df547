"""What an edition consists of: its windows, form, criteria, days, rooms and awards, as rows."""

import datetime as dt
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Hundredths, Moment, choice
from app.editions.kinds import AwardKind, FileKind, SectionKind, SheetKind, Stage

LAST_MINUTE = dt.time(23, 59)  # of a day


class Window(Base):
    """When a stage is open: from `opens_at` until just before `closes_at`."""

    __tablename__ = "window"
    __table_args__ = (
        UniqueConstraint("edition_id", "stage"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    stage: Mapped[Stage] = mapped_column(choice(Stage, name="stage"))
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)


class Named:
    """What has a name in two languages and a position within its list."""

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")


class Category(Named, Base):
    """A field of innovation in which proposals compete."""

    __tablename__ = "category"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )


class Option(NamedTuple):
    """One of the answers that a section offers."""

    name: str
    name_en: str = ""


class Section(Named, Base):
    """A part of the proposal's form.

    `options` has one per line, “Indonesian | English”. With `only_if`, it is a part of the form
    only if an earlier section has this answer: “section: option”.
    """

    __tablename__ = "section"
    __table_args__ = (CheckConstraint("word_limit BETWEEN 1 AND 5000", name="word_limit"),)

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )
    guidance: Mapped[str] = mapped_column(Text, default="")
    guidance_en: Mapped[str] = mapped_column(Text, default="")
    word_limit: Mapped[int]
    kind: Mapped[SectionKind] = mapped_column(
        choice(SectionKind, name="kind"), default=SectionKind.TEXT, server_default="text"
    )
    options: Mapped[str] = mapped_column(Text, default="", server_default="")
    only_if: Mapped[str] = mapped_column(String(700), default="", server_default="")
    is_required: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    @property
    def offered(self) -> list[Option]:
        """The options, in order."""
        return options_in(self.options)

    def chosen(self, answered: str) -> list[Option]:
        """Return the options that an answer names, one per line, even if no longer offered."""
        offered = {option.name: option for option in self.offered}
        return [offered.get(name, Option(name)) for name in answered.splitlines()]


def answer(section: str, option: str) -> str:
    """Return an answer as `Section.only_if` names it; `showAsked` in ajang.js does too."""
    return f"{section}: {option}"


def options_in(written: str) -> list[Option]:
    """Read options, one per line, “Indonesian | English”."""
    pairs = (line.partition("|") for line in written.splitlines() if line.strip())
    return [Option(" ".join(name.split()), " ".join(english.split())) for name, _, english in pairs]


class EligibilityItem(Named, Base):
    """One line of the eligibility checklist."""

    __tablename__ = "eligibility_item"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )


class Criterion(Named, Base):
    """What a sheet scores, with its weight; the weights of a kind total exactly 100."""

    __tablename__ = "criterion"
    __table_args__ = (
        CheckConstraint("weight BETWEEN 1 AND 10000", name="weight"),
        UniqueConstraint("edition_id", "kind", "tie_break"),
    )

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[SheetKind] = mapped_column(choice(SheetKind, name="kind"))
    guidance: Mapped[str] = mapped_column(Text, default="", server_default="")  # what it looks at
    guidance_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    weight: Mapped[Decimal] = mapped_column(Hundredths)
    tie_break: Mapped[int | None]  # 1 decides a tie first, then 2, 3 …


class DocumentRequirement(Named, Base):
    """A document that a proposal needs or may have: which types, how large, how many files."""

    __tablename__ = "document_requirement"
    __table_args__ = (
        CheckConstraint("megabytes BETWEEN 1 AND 10", name="megabytes"),
        CheckConstraint("most BETWEEN 1 AND 20", name="most"),
    )

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )
    is_required: Mapped[bool] = mapped_column(default=True)
    accepts: Mapped[FileKind] = mapped_column(
        choice(FileKind, name="accepts"), default=FileKind.PDF, server_default="pdf"
    )
    megabytes: Mapped[int] = mapped_column(default=2, server_default="2")  # of each file, at most
    most: Mapped[int] = mapped_column(default=1, server_default="1")


class PresentationDay(Base):
    """A day of presentations, from `starts_at` to `ends_at` in the edition's zone."""

    __tablename__ = "presentation_day"
    __table_args__ = (
        UniqueConstraint("edition_id", "date"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    date: Mapped[dt.date]
    starts_at: Mapped[dt.time]
    ends_at: Mapped[dt.time]


@dataclass(frozen=True)
class Pause:
    """When a break begins and ends on one day, in the edition's zone."""

    starts_at: dt.time
    ends_at: dt.time


class Break(Base):
    """A pause of every presentation day: coffee, lunch, prayer.

    It may begin from `earliest` to `latest` on a day where that makes a better schedule.
    """

    __tablename__ = "break"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    starts_at: Mapped[dt.time]
    ends_at: Mapped[dt.time]
    earliest: Mapped[dt.time | None]
    latest: Mapped[dt.time | None]

    moves: Mapped[list["MovedBreak"]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def can_move(self) -> bool:
        """Whether it may begin at another time on some days."""
        return self.earliest is not None or self.latest is not None

    def allows(self, start: dt.time) -> bool:
        """Return whether it may begin then."""
        earliest, latest = self.earliest or self.starts_at, self.latest or self.starts_at
        return earliest <= start <= latest

    def on(self, day: dt.date, start: dt.time | None = None) -> Pause:
        """Return when it begins and ends on the day, or would if it began at `start`."""
        moved = {move.day: move.starts_at for move in self.moves}
        begins = start or moved.get(day, self.starts_at)
        if not self.allows(begins):
            begins = self.starts_at
        shift = dt.datetime.combine(day, begins) - dt.datetime.combine(day, self.starts_at)
        ends = min(
            dt.datetime.combine(day, self.ends_at) + shift, dt.datetime.combine(day, LAST_MINUTE)
        )
        return Pause(begins, ends.time())


class MovedBreak(Base):
    """The time at which a break begins on one day, instead of its usual one."""

    __tablename__ = "moved_break"

    break_id: Mapped[int] = mapped_column(
        ForeignKey("break.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    starts_at: Mapped[dt.time]


class Room(Named, Base):
    """A room for presentations; several are used side by side."""

    __tablename__ = "room"

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )


class AwardCategory(Named, Base):
    """Awards given by one rule: by scores (the Top 7), or chosen with reasons (participatory).

    The order of the categories is their precedence. Where only some may get it, `only_for` is the
    name of their category of innovation or of their kind of unit; `criterion` is the name of the
    criterion by whose mean it is given.
    """

    __tablename__ = "award_category"
    __table_args__ = (
        CheckConstraint("places BETWEEN 1 AND 100", name="places"),
        CheckConstraint("kind <> 'criterion' OR criterion <> ''", name="has_criterion"),
    )

    edition_id: Mapped[int] = mapped_column(
        ForeignKey("edition.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AwardKind] = mapped_column(choice(AwardKind, name="kind"))
    places: Mapped[int]
    criterion: Mapped[str] = mapped_column(String(300), default="", server_default="")
    only_for: Mapped[str] = mapped_column(String(300), default="", server_default="")

    @property
    def is_ranked(self) -> bool:
        """Whether scores decide who gets it."""
        return self.kind.is_ranked
