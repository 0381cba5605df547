"""The kinds of roles, stages, sheets, sections, files and agencies. Pure."""

from enum import StrEnum
from typing import Self

from app.workflow import N_, Labelled

HIGHEST_SCORE = 100
MOST_JUDGES = 22
"""The most members a judging team can have, which keeps every mean exact in 64 bits."""


class Role(Labelled):
    """What a person does in one edition; a person may hold several roles."""

    ORGANISER = "organiser", N_("Organiser")
    SCREENER = "screener", N_("Screener")
    JUDGE = "judge", N_("Judge")
    INNOVATOR = "innovator", N_("Innovator")
    OBSERVER = "observer", N_("Observer")


class Stage(Labelled):
    """A stage of the edition with a window in which it is open."""

    SUBMISSION = "submission", N_("Proposal submission")
    SCREENING = "screening", N_("Screening")
    PICKING = "picking", N_("Slot selection")
    SCORING = "scoring", N_("Scoring")


class SheetKind(Labelled):
    """What is being scored: the written proposal, or its presentation."""

    DESK = "desk", N_("Desk evaluation")
    PRESENTATION = "presentation", N_("Presentation")


class Method(Labelled):
    """How the final result follows from the sheets."""

    WEIGHTED = "weighted", N_("Weighted mean")
    ADJUSTED = "adjusted", N_("Adjusted mean")

    @property
    def other(self) -> "Method":
        """The method that is computed beside it."""
        return Method.ADJUSTED if self is Method.WEIGHTED else Method.WEIGHTED


class SectionKind(Labelled):
    """How a section of the proposal's form is answered."""

    TEXT = "text", N_("Text")
    LINE = "line", N_("One line")
    ONE = "one", N_("One of the options")
    SEVERAL = "several", N_("Several options")

    @property
    def has_options(self) -> bool:
        """Whether it is answered by choosing among options."""
        return self in {SectionKind.ONE, SectionKind.SEVERAL}


class SheetSize(Labelled):
    """A size of paper, named with its measures."""

    A4 = "a4", N_("A4 (210 × 297 mm)")
    F4 = "f4", N_("F4 (215 × 330 mm)")

    @property
    def millimetres(self) -> tuple[int, int]:
        """Its width and height."""
        return (210, 297) if self is SheetSize.A4 else (215, 330)


class FileKind(Labelled):
    """Which files a document may be."""

    PDF = "pdf", N_("PDF")
    PICTURE = "picture", N_("PDF, JPG or PNG")
    OFFICE = "office", N_("PDF, JPG, PNG, DOCX, XLSX or PPTX")

    @property
    def mimetypes(self) -> dict[str, str]:
        """The suffix of each type that is accepted, by the type."""
        order = list(FileKind)
        accepted = order[: order.index(self) + 1]
        return {mimetype: suffix for kind in accepted for mimetype, suffix in _TYPES[kind].items()}


_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = {
    FileKind.PDF: {"application/pdf": ".pdf"},
    FileKind.PICTURE: {"image/jpeg": ".jpg", "image/png": ".png"},
    FileKind.OFFICE: {
        f"{_OFFICE}wordprocessingml.document": ".docx",
        f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
        f"{_OFFICE}presentationml.presentation": ".pptx",
    },
}


class AgencyOrder(Labelled):
    """How the presentations of one agency should follow each other."""

    ANY = "any", N_("No rule")
    TOGETHER = "together", N_("One after the other")
    APART = "apart", N_("Not one after the other")


class AwardKind(Labelled):
    """By which rule an award is given."""

    RANKING = "ranking", N_("By the ranking")
    CRITERION = "criterion", N_("By the mean of one criterion")
    PLENARY = "plenary", N_("Decided by the plenary")
    BOTH = "both", N_("Decided by committee and judges together")
    MENTION = "mention", N_("Honourable mention")

    @property
    def is_ranked(self) -> bool:
        """Whether scores decide who gets it, not a choice with reasons."""
        return self in {AwardKind.RANKING, AwardKind.CRITERION}


class PrizeLimit(Labelled):
    """Who may get several prizes of an edition; honourable mentions aren't counted."""

    PROPOSAL = "proposal", N_("One prize per proposal")
    AGENCY = "agency", N_("One prize per agency")
    NONE = "none", N_("No limit")


class Picking(Labelled):
    """How finalists come to their slots while picking is open."""

    FIRST_COME = "first_come", N_("They pick, first come, first served")
    TURNS = "turns", N_("They pick in turns, in an order drawn by lot")
    WISHES = "wishes", N_("They give preferences, and the schedule is built automatically")


class AgencyKind(StrEnum):
    """The kinds of public unit with which an organisation begins: those of a regency.

    An organisation can rename them and have others: they are its data.
    """

    indonesian: str
    english: str

    def __new__(cls, value: str, indonesian: str = "", english: str = "") -> Self:
        """Make a member of a code and its names; looking one up by its code needs no names."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.indonesian, member.english = indonesian, english
        return member

    SETDA = "setda", "Sekretariat daerah", "Regional secretariat"
    DINAS = "dinas", "Dinas", "Agency (Dinas)"
    BADAN = "badan", "Badan", "Board"
    KECAMATAN = "kecamatan", "Kecamatan", "District"
    UPTD = "uptd", "UPTD", "Technical service unit"
    BUMD = "bumd", "BUMD", "Region-owned enterprise"
    OTHER = "other", "Unit lain", "Other unit"
