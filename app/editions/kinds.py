"""The kinds of roles, stages, sheets, sections, files and agencies. Pure."""

from enum import StrEnum

from app.workflow import N_, Message

HIGHEST_SCORE = 100
MOST_JUDGES = 22
"""The most members a judging team can have, which keeps every mean exact in 64 bits."""


class Role(StrEnum):
    """What a person does in one edition; a person may hold several roles."""

    ORGANISER = "organiser"
    SCREENER = "screener"
    JUDGE = "judge"
    INNOVATOR = "innovator"
    OBSERVER = "observer"

    @property
    def label(self) -> Message:
        """The message that names this role."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.ORGANISER: N_("Organiser"),
    Role.SCREENER: N_("Screener"),
    Role.JUDGE: N_("Judge"),
    Role.INNOVATOR: N_("Innovator"),
    Role.OBSERVER: N_("Observer"),
}


class Stage(StrEnum):
    """A stage of the edition with a window in which it is open."""

    SUBMISSION = "submission"
    SCREENING = "screening"
    PICKING = "picking"
    SCORING = "scoring"

    @property
    def label(self) -> Message:
        """The message that names this stage."""
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.SUBMISSION: N_("Submission of proposals"),
    Stage.SCREENING: N_("Screening"),
    Stage.PICKING: N_("Picking of slots"),
    Stage.SCORING: N_("Scoring"),
}


class SheetKind(StrEnum):
    """What is being scored: the written proposal, or its presentation."""

    DESK = "desk"
    PRESENTATION = "presentation"

    @property
    def label(self) -> Message:
        """The message that names this kind of sheet."""
        return N_("Desk evaluation") if self is SheetKind.DESK else N_("Presentation")


class SectionKind(StrEnum):
    """How a section of the proposal's form is answered."""

    TEXT = "text"
    LINE = "line"
    ONE = "one"
    SEVERAL = "several"

    @property
    def label(self) -> Message:
        """The message that names this kind."""
        return _SECTION_KIND_LABELS[self]

    @property
    def has_options(self) -> bool:
        """Whether it is answered by choosing among options."""
        return self in {SectionKind.ONE, SectionKind.SEVERAL}


_SECTION_KIND_LABELS = {
    SectionKind.TEXT: N_("Text"),
    SectionKind.LINE: N_("One line"),
    SectionKind.ONE: N_("One of the options"),
    SectionKind.SEVERAL: N_("Several options"),
}


class FileKind(StrEnum):
    """Which files a document may be."""

    PDF = "pdf"
    PICTURE = "picture"
    OFFICE = "office"

    @property
    def label(self) -> Message:
        """The message that names what is accepted."""
        return {
            FileKind.PDF: N_("PDF"),
            FileKind.PICTURE: N_("PDF, JPG or PNG"),
            FileKind.OFFICE: N_("PDF, JPG, PNG, DOCX, XLSX or PPTX"),
        }[self]

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


class AgencyOrder(StrEnum):
    """How the presentations of one agency should follow each other."""

    ANY = "any"
    TOGETHER = "together"
    APART = "apart"

    @property
    def label(self) -> Message:
        """The message that names this wish."""
        return {
            AgencyOrder.ANY: N_("As it comes"),
            AgencyOrder.TOGETHER: N_("One after the other"),
            AgencyOrder.APART: N_("Not one after the other"),
        }[self]


class Picking(StrEnum):
    """How finalists come to their slots while picking is open."""

    FIRST_COME = "first_come"
    TURNS = "turns"
    WISHES = "wishes"

    @property
    def label(self) -> Message:
        """The message that names this way."""
        return {
            Picking.FIRST_COME: N_("They pick, first come first served"),
            Picking.TURNS: N_("They pick in turns, in an order drawn by lot"),
            Picking.WISHES: N_("They wish, and the schedule is computed"),
        }[self]


class AgencyKind(StrEnum):
    """The legal kind of a public unit."""

    SETDA = "setda"
    DINAS = "dinas"
    BADAN = "badan"
    KECAMATAN = "kecamatan"
    UPTD = "uptd"
    BUMD = "bumd"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The message that names this kind."""
        return _AGENCY_KIND_LABELS[self]


_AGENCY_KIND_LABELS = {
    AgencyKind.SETDA: N_("Regional secretariat"),
    AgencyKind.DINAS: N_("Agency (Dinas)"),
    AgencyKind.BADAN: N_("Board"),
    AgencyKind.KECAMATAN: N_("District"),
    AgencyKind.UPTD: N_("Technical service unit"),
    AgencyKind.BUMD: N_("Region-owned enterprise"),
    AgencyKind.OTHER: N_("Other unit"),
}
