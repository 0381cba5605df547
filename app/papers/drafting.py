"""Which drafts of a kind there are to be made from the edition as it stands."""

from collections.abc import Callable

from app.editions.models import Edition
from app.papers import (
    awarded,
    days,
    dossier,
    entrants,
    minutes,
    queries,
    score_sheets,
    screening_minutes,
)
from app.papers.confirmed import NOT_YET, ConfirmedResult, confirmed_result_of
from app.papers.draft import Nips, PaperDraft
from app.papers.kinds import PaperKind
from app.papers.writing import Writer
from app.programme.queries import last_version
from app.workflow import Message, NotAllowedNow

OF_RESULT: dict[PaperKind, Callable[[ConfirmedResult, Writer, Nips], list[PaperDraft]]] = {
    PaperKind.MINUTES: minutes.minutes,
    PaperKind.DECREE: awarded.decree,
    PaperKind.CERTIFICATE: awarded.certificates,
    PaperKind.LETTER: entrants.letters,
    PaperKind.SCORE_SHEET: score_sheets.score_sheets,
    PaperKind.DOSSIER: dossier.dossier,
    PaperKind.CEREMONY: awarded.ceremony,
}
OF_EDITION: dict[PaperKind, Callable[[Edition, Writer, Nips], list[PaperDraft]]] = {
    PaperKind.SCREENING_MINUTES: screening_minutes.screening_minutes,
    PaperKind.PROGRAMME: days.programme,
    PaperKind.ATTENDANCE: days.attendance,
    PaperKind.NAME_CARD: days.name_cards,
    PaperKind.LABEL: days.labels,
}


def drafts_of(kind: PaperKind, edition: Edition, writer: Writer, nips: Nips) -> list[PaperDraft]:
    """Return all drafts of this kind; raise `NotAllowedNow` before they can be made."""
    if kind in OF_EDITION:
        return OF_EDITION[kind](edition, writer, nips)
    if not edition.is_confirmed:
        raise NotAllowedNow(NOT_YET, remedy="awards.plenary")
    return OF_RESULT[kind](confirmed_result_of(edition), writer, nips)


def obstacles_in(edition: Edition) -> dict[PaperKind, Message | None]:
    """Return by kind what papers of it wait for, None if they can be made."""
    is_announced = queries.has_announced(edition)
    is_published = last_version(edition) is not None
    waiting: dict[PaperKind, Message | None] = {
        kind: NOT_YET if kind.needs_result and not edition.is_confirmed else None
        for kind in PaperKind
    }
    waiting[PaperKind.SCREENING_MINUTES] = None if is_announced else screening_minutes.NOT_YET
    for kind in (PaperKind.PROGRAMME, PaperKind.ATTENDANCE):
        waiting[kind] = None if is_published else days.NOT_YET
    return waiting
