"""How papers begin and end where the edition has not worded it otherwise. Pure."""

from app.papers.kinds import PaperKind
from app.workflow import N_, Message

OPENINGS = {
    PaperKind.SCREENING_MINUTES: N_(
        "On this day, {day}, the selection committee of {edition} screened the proposals "
        "submitted and decided what follows."
    ),
    PaperKind.MINUTES: N_(
        "On this day, {day}, the plenary of {edition} met in {venue} and decided what follows. "
        "What stands here was taken from the sealed record of the competition."
    ),
    PaperKind.LETTER: N_("{edition} has ended. This is what the judges made of your innovation."),
}
CLOSINGS = {
    PaperKind.SCREENING_MINUTES: N_(
        "These minutes were made truthfully, to be used as they should be."
    ),
    PaperKind.MINUTES: N_("These minutes were made truthfully, to be used as they should be."),
    PaperKind.LETTER: N_("We hope to see your innovation grow, and you again."),
}
NOTHING = Message("")


def opening_of(kind: PaperKind) -> Message:
    """Return how a kind of paper usually begins, empty if at once with what it tells."""
    return OPENINGS.get(kind, NOTHING)


def closing_of(kind: PaperKind) -> Message:
    """Return how a kind of paper usually ends."""
    return CLOSINGS.get(kind, NOTHING)
