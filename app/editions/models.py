"""An edition with everything its organiser can set, and the roles that people have in it."""

import datetime as dt
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.database import Base, Hundredths, Moment, choice
from app.editions.kinds import (
    MOST_JUDGES,
    AgencyOrder,
    AwardKind,
    Method,
    Picking,
    PrizeLimit,
    Role,
    SheetKind,
    Stage,
)
from app.editions.parts import (
    AwardCategory,
    Break,
    Category,
    Criterion,
    DocumentRequirement,
    EligibilityItem,
    Option,
    PresentationDay,
    Room,
    Section,
    Window,
    answer,
)
from app.editions.units import Agency, Organisation


class Edition(Base):
    """One year's competition.

    Its criteria are final from `settled_at`, when the first sheet is handed out; all its rules
    from `frozen_at`, when scoring opens; its sheets from `closed_at`, when the result is
    confirmed. Desk sheets that lie `disagreement` points apart ask for a discussion; a desk mean
    below `passing_grade`, if there is one, does not pass. `version` counts changes of the settings,
    for edits in two tabs; `revision` counts what calendars must notice, last at `revised_at`, and
    `evaluation_revision` each change that may move a place; `placed_revision` is the one of the
    places that are kept, null while there are none. `method_rule` is the rule of the legal basis
    that the adjusted mean needs; with it the edition may declare a `second_look_budget` of so many
    extra sheets near the line. `last_deleted` is the highest number of a draft that was deleted,
    so that no other proposal gets it. `calendar_key` tells its
    calendar entries from those of other deployments; it is empty where some went out before there
    were keys.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("desk_share BETWEEN 0 AND 100", name="desk_share"),
        CheckConstraint("finalists >= 1", name="finalists"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),
        CheckConstraint("screeners_each BETWEEN 2 AND 9", name="screeners_each"),
        CheckConstraint("passing_grade BETWEEN 0 AND 10000", name="passing_grade"),
        CheckConstraint("disagreement BETWEEN 1 AND 100", name="disagreement"),
        CheckConstraint("agency_quota >= 1", name="agency_quota"),
        CheckConstraint("attachments_mb BETWEEN 1 AND 200", name="attachments_mb"),
        CheckConstraint(f"quorum BETWEEN 1 AND {MOST_JUDGES}", name="quorum"),
        CheckConstraint("turn_minutes BETWEEN 1 AND 1440", name="turn_minutes"),
        CheckConstraint("second_look_budget BETWEEN 0 AND 500", name="second_look_budget"),
        CheckConstraint("objection_days BETWEEN 0 AND 60", name="objection_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    calendar_key: Mapped[str] = mapped_column(String(12), default="", server_default="")
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Makassar")
    venue: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(300), default="", server_default="")
    story: Mapped[str] = mapped_column(Text, default="", server_default="")  # what it is about
    story_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    unit_word: Mapped[str] = mapped_column(  # what its units are called: schools, districts
        String(60), default="Perangkat daerah", server_default="Perangkat daerah"
    )
    unit_word_en: Mapped[str] = mapped_column(String(60), default="Agency", server_default="Agency")
    units_word_en: Mapped[str] = mapped_column(
        String(60), default="Agencies", server_default="Agencies"
    )
    shows_coverage: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    coverage_title: Mapped[str] = mapped_column(String(100), default="", server_default="")
    coverage_title_en: Mapped[str] = mapped_column(String(100), default="", server_default="")
    award_ceremony: Mapped[dt.date | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    minimum_age_months: Mapped[int] = mapped_column(default=12)
    agency_quota: Mapped[int | None]  # how many entries an agency may submit
    video_is_required: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    attachments_mb: Mapped[int] = mapped_column(default=20, server_default="20")  # of one proposal
    pledge: Mapped[str] = mapped_column(Text, default="", server_default="")
    pledge_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    shows_averages: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    shows_comments: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    screeners_each: Mapped[int] = mapped_column(default=2)
    finalists: Mapped[int] = mapped_column(default=27)
    passing_grade: Mapped[Decimal | None] = mapped_column(Hundredths)
    disagreement: Mapped[int] = mapped_column(default=20, server_default="20")
    desk_share: Mapped[int] = mapped_column(default=40)
    method: Mapped[Method] = mapped_column(
        choice(Method, name="method"), default=Method.WEIGHTED, server_default="weighted"
    )
    method_rule: Mapped[str] = mapped_column(Text, default="", server_default="")
    second_look_budget: Mapped[int] = mapped_column(default=0, server_default="0")
    prize_limit: Mapped[PrizeLimit] = mapped_column(
        choice(PrizeLimit, name="prize_limit"),
        default=PrizeLimit.PROPOSAL,
        server_default="proposal",
    )
    objection_days: Mapped[int] = mapped_column(  # to object to a published result; 0: never
        default=0, server_default="0"
    )
    video_minutes: Mapped[int] = mapped_column(default=3)
    talk_minutes: Mapped[int] = mapped_column(default=7)
    question_minutes: Mapped[int] = mapped_column(default=15)
    changeover_minutes: Mapped[int] = mapped_column(default=5)
    slot_minutes: Mapped[int] = mapped_column(default=30)
    quorum: Mapped[int] = mapped_column(default=3, server_default="3")  # of the judging team
    picking: Mapped[Picking] = mapped_column(
        choice(Picking, name="picking"), default=Picking.FIRST_COME, server_default="first_come"
    )
    turn_minutes: Mapped[int] = mapped_column(
        default=30, server_default="30"
    )  # from one to the next
    agency_order: Mapped[AgencyOrder] = mapped_column(
        choice(AgencyOrder, name="agency_order"), default=AgencyOrder.ANY, server_default="any"
    )
    earliest_departure: Mapped[dt.time] = mapped_column(
        default=dt.time(6), server_default=text("'06:00:00'")
    )
    most_a_day: Mapped[int | None]  # presentations that a judge hears on one day
    goal_order: Mapped[list[str]] = mapped_column(  # of a computed schedule; the usual one if empty
        JSON, default=list, server_default=text("'[]'")
    )
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)
    evaluation_revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    placed_revision: Mapped[int | None]
    last_deleted: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    revised_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    host: Mapped[Agency | None] = relationship(foreign_keys=host_id)
    windows: Mapped[list[Window]] = relationship(
        order_by="Window.opens_at, Window.id", cascade="all, delete-orphan"
    )
    categories: Mapped[list[Category]] = relationship(
        order_by="Category.position", cascade="all, delete-orphan"
    )
    sections: Mapped[list[Section]] = relationship(
        order_by="Section.position", cascade="all, delete-orphan"
    )
    eligibility_items: Mapped[list[EligibilityItem]] = relationship(
        order_by="EligibilityItem.position", cascade="all, delete-orphan"
    )
    criteria: Mapped[list[Criterion]] = relationship(
        order_by="Criterion.kind, Criterion.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list[DocumentRequirement]] = relationship(
        order_by="DocumentRequirement.position", cascade="all, delete-orphan"
    )
    days: Mapped[list[PresentationDay]] = relationship(
        order_by="PresentationDay.date", cascade="all, delete-orphan"
    )
    rooms: Mapped[list[Room]] = relationship(
        order_by="Room.position, Room.id", cascade="all, delete-orphan"
    )
    breaks: Mapped[list[Break]] = relationship(
        order_by="Break.starts_at", cascade="all, delete-orphan"
    )
    award_categories: Mapped[list[AwardCategory]] = relationship(
        order_by="AwardCategory.position", cascade="all, delete-orphan"
    )

    @property
    def zone(self) -> ZoneInfo:
        """The edition's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def units_word(self) -> str:
        """The word for several units, which Indonesian doesn't change."""
        return self.unit_word

    @property
    def last_awarded_place(self) -> int:
        """The last place of the ranking that gets an award, 0 if none does."""
        return sum(
            award.places
            for award in self.award_categories
            if award.kind is AwardKind.RANKING and not award.only_for
        )

    @property
    def is_frozen(self) -> bool:
        """Whether scoring has opened, which makes the rules final."""
        return self.frozen_at is not None

    @property
    def is_confirmed(self) -> bool:
        """Whether the result is confirmed, which makes sheets and schedule final."""
        return self.closed_at is not None

    @property
    def tree(self) -> int | None:
        """Which tree of agencies is its own, by `Agency.edition_id`: a copy once confirmed."""
        return self.id if self.is_confirmed else None

    @property
    def calendar_domain(self) -> str:
        """What the UIDs of its calendar entries end with."""
        return ".".join(part for part in (self.slug, self.calendar_key, "ajang") if part)

    def revise(self, *, now: datetime) -> None:
        """Note a change that calendars must notice."""
        self.revision += 1
        self.revised_at = now

    def window(self, stage: Stage) -> Window | None:
        """Return the window of `stage`, if one is set."""
        return next((window for window in self.windows if window.stage == stage), None)

    def closes(self, stage: Stage) -> datetime | None:
        """Return when `stage` closes, if a window is set for it."""
        window = self.window(stage)
        return window.closes_at if window else None

    @property
    def spans(self) -> dict[Stage, tuple[datetime, datetime]]:
        """When each stage that has a window opens and closes."""
        return {window.stage: (window.opens_at, window.closes_at) for window in self.windows}

    def is_open(self, stage: Stage, *, now: datetime) -> bool:
        """Return whether `stage` is open at `now`."""
        window = self.window(stage)
        return window is not None and window.opens_at <= now < window.closes_at

    def condition_of(self, section: Section) -> tuple[Section, Option] | None:
        """Return the earlier section and the answer that make `section` a part of the form."""
        pairs = ((earlier, option) for earlier in self.sections for option in earlier.offered)
        matching = (pair for pair in pairs if answer(pair[0].name, pair[1].name) == section.only_if)
        return next(matching, None)

    def criteria_of(self, kind: SheetKind) -> list[Criterion]:
        """Return the criteria of `kind` in their order."""
        return [criterion for criterion in self.criteria if criterion.kind is kind]


class Membership(Base):
    """A role of a person in an edition, with the agency they act for."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("edition_id", "person_id", "role"),
        CheckConstraint("role = 'judge' OR NOT is_chair", name="only_a_judge_is_chair"),
        CheckConstraint(
            "role = 'innovator' OR NOT is_delegate", name="only_an_innovator_is_delegate"
        ),
        CheckConstraint(
            "role NOT IN ('judge', 'innovator') OR agency_id IS NOT NULL", name="has_agency"
        ),
        Index(
            "uq_membership_chair",
            "edition_id",
            unique=True,
            sqlite_where=text("is_chair"),
            postgresql_where=text("is_chair"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, name="role"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    is_chair: Mapped[bool] = mapped_column(default=False)
    is_delegate: Mapped[bool] = mapped_column(  # endorses the entries of the whole agency
        default=False, server_default=text("false")
    )
    is_from_authorship: Mapped[bool] = mapped_column(  # came with being made a co-author
        default=False, server_default=text("false")
    )
    pledged_at: Mapped[datetime | None] = mapped_column(Moment)  # when the pledge was signed

    person: Mapped[Person] = relationship()
    agency: Mapped[Agency | None] = relationship()
    edition: Mapped[Edition] = relationship()
    categories: Mapped[list[Category]] = relationship(
        secondary="expertise", order_by=Category.position
    )

    @property
    def known(self) -> tuple[str, ...]:
        """The names of the categories that an evaluator knows."""
        return tuple(category.name for category in self.categories)


class Expertise(Base):
    """A category that an evaluator knows."""

    __tablename__ = "expertise"

    membership_id: Mapped[int] = mapped_column(
        ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True
    )
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), primary_key=True, index=True
    )
