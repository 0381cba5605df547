"""The kinds of roles, stages, sheets, sections, files and agencies. Pure."""

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

    SUBMISSION = "submission", N_("Submission of proposals")
    SCREENING = "screening", N_("Screening")
    PICKING = "picking", N_("Picking of slots")
    SCORING = "scoring", N_("Scoring")


class SheetKind(Labelled):
    """What is being scored: the written proposal, or its presentation."""

    DESK = "desk", N_("Desk evaluation")
    PRESENTATION = "presentation", N_("Presentation")


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

    ANY = "any", N_("As it comes")
    TOGETHER = "together", N_("One after the other")
    APART = "apart", N_("Not one after the other")


class Picking(Labelled):
    """How finalists come to their slots while picking is open."""

    FIRST_COME = "first_come", N_("They pick, first come first served")
    TURNS = "turns", N_("They pick in turns, in an order drawn by lot")
    WISHES = "wishes", N_("They wish, and the schedule is computed")


class AgencyKind(Labelled):
    """The legal kind of a public unit."""

    SETDA = "setda", N_("Regional secretariat")
    DINAS = "dinas", N_("Agency (Dinas)")
    BADAN = "badan", N_("Board")
    KECAMATAN = "kecamatan", N_("District")
    UPTD = "uptd", N_("Technical service unit")
    BUMD = "bumd", N_("Region-owned enterprise")
    OTHER = "other", N_("Other unit")
