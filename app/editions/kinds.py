"""The kinds of roles, stages, sheets and agencies. Pure."""

from enum import StrEnum

from app.workflow import N_, Message


class Role(StrEnum):
    """What a person is in one edition; a person may hold several."""

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
