"""Which papers there are, on which sheets they are printed, and who hands in which copy. Pure."""

from app.workflow import N_, Labelled


class PaperKind(Labelled):
    """An official document of an edition."""

    SCREENING_MINUTES = "screening_minutes", N_("Minutes of the screening")
    MINUTES = "minutes", N_("Minutes of the plenary")
    DECREE = "decree", N_("Draft of the decree")
    CERTIFICATE = "certificate", N_("Certificates")
    LETTER = "letter", N_("Letters to entrants")
    SCORE_SHEET = "score_sheet", N_("Score sheets for signature")
    DOSSIER = "dossier", N_("Dossier for the regent")
    PROGRAMME = "programme", N_("Programme of the days")
    CEREMONY = "ceremony", N_("Programme of the award ceremony")
    ATTENDANCE = "attendance", N_("Attendance lists")
    NAME_CARD = "name_card", N_("Name cards")
    LABEL = "label", N_("Labels for folders")

    @property
    def prefix(self) -> str:
        """What its number begins with unless the edition says otherwise."""
        return _PREFIXES.get(self, "")

    @property
    def is_numbered(self) -> bool:
        """Whether it carries a number of its own."""
        return self in _PREFIXES

    @property
    def is_signed(self) -> bool:
        """Whether somebody of those who sign puts a name under it."""
        return self in _SIGNED

    @property
    def needs_result(self) -> bool:
        """Whether it tells a result, and so waits for the confirmation."""
        return self not in _BEFORE_THE_RESULT


_PREFIXES = {
    PaperKind.SCREENING_MINUTES: "BA",
    PaperKind.MINUTES: "BA",
    PaperKind.CERTIFICATE: "PIAGAM",
    PaperKind.LETTER: "B",
}
_SIGNED = {
    PaperKind.SCREENING_MINUTES,
    PaperKind.MINUTES,
    PaperKind.DECREE,
    PaperKind.CERTIFICATE,
    PaperKind.LETTER,
    PaperKind.DOSSIER,
}
_BEFORE_THE_RESULT = {
    PaperKind.SCREENING_MINUTES,
    PaperKind.PROGRAMME,
    PaperKind.ATTENDANCE,
    PaperKind.NAME_CARD,
    PaperKind.LABEL,
}


class Copy(Labelled):
    """A file of a paper: as it was made, scanned with signatures, or signed electronically."""

    ORIGINAL = "original", N_("As it was made")
    SCAN = "scan", N_("Scan of the signed paper")
    SIGNED = "signed", N_("Signed electronically")
