"""A score sheet's life: assigned, written, locked; reopened only by the chair."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.screening.models import Score, Sheet
from app.screening.standings import update_desk
from app.workflow import N_, Conflict, DomainError, NotAllowedNow

HIGHEST = Decimal(100)


@dataclass(frozen=True)
class Marks:
    """What an evaluator wrote: score and note by criterion id, and a comment on the whole."""

    values: Mapping[int, Decimal | None]
    notes: Mapping[int, str]
    comment: str


class OvertakenSheet(Conflict):
    """The sheet was saved elsewhere since this edit began; nothing of either is lost."""

    def __init__(self) -> None:
        super().__init__(
            N_("This sheet was changed elsewhere since you opened it. Both versions are below.")
        )


def points_of(values: Mapping[int, Decimal], criteria: list[Criterion]) -> int:
    """Return the weighted total in millionths of a point: exact, 0 to 100,000,000.

    A weight has hundredths of a percent, a score hundredths of a point: their product has no
    smaller part than a millionth.
    """
    total = sum((each.weight * values[each.id] for each in criteria), Decimal(0))
    return int(total * 10_000)


def write(
    sheet: Sheet, marks: Marks, criteria: list[Criterion], *, version: int, now: datetime
) -> None:
    """Keep what the evaluator wrote; raise `OvertakenSheet` if it began from an older version."""
    _check_writable(sheet)
    if sheet.version != version:
        if _says(sheet, marks, criteria):
            return  # one's own save by itself was faster than the button
        raise OvertakenSheet
    present = {score.criterion_id: score for score in sheet.scores}
    for criterion in criteria:
        value, note = marks.values.get(criterion.id), marks.notes.get(criterion.id, "")
        if value is not None and not 0 <= value <= HIGHEST:
            raise DomainError(N_("A score lies between 0 and 100."))
        if criterion.id in present:
            present[criterion.id].value, present[criterion.id].note = value, note
        else:
            sheet.scores.append(Score(criterion_id=criterion.id, value=value, note=note))
    sheet.comment = marks.comment
    sheet.saved_at = now
    db.session.flush()


def lock(sheet: Sheet, edition: Edition, *, by: Person, now: datetime) -> None:
    """Submit the sheet: every criterion has its score, and nothing changes any more."""
    _check_writable(sheet)
    criteria = edition.criteria_of(sheet.kind)
    values = {score.criterion_id: score.value for score in sheet.scores if score.value is not None}
    if any(criterion.id not in values for criterion in criteria):
        raise DomainError(N_("Some criteria have no score yet. What you wrote is kept."))
    sheet.points = points_of(values, criteria)
    sheet.locked_at = now
    facts: dict[str, Any] = {
        "kind": sheet.kind,
        "points": sheet.points,
        "scores": {str(key): str(value) for key, value in sorted(values.items())},
    }
    record(edition.id, "sheet.lock", by=by, now=now, subject=_subject(sheet), **facts)
    _update_desk(sheet, edition)


def reopen(sheet: Sheet, edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Open a locked sheet again. The caller has made sure that `by` is the chair."""
    if edition.closed_at is not None:
        raise NotAllowedNow(N_("The result is confirmed: its sheets stand."))
    if not sheet.is_locked:
        raise NotAllowedNow(N_("This sheet is open already."))
    facts: dict[str, Any] = {"kind": sheet.kind}
    sheet.locked_at = sheet.points = None
    subject = _subject(sheet)
    record(edition.id, "sheet.reopen", by=by, now=now, subject=subject, reason=reason, **facts)
    _update_desk(sheet, edition)


def excuse(sheet: Sheet, edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Let an open sheet count no more, for an evaluator who can't write it: one who fell ill."""
    if edition.closed_at is not None:
        raise NotAllowedNow(N_("The result is confirmed: its sheets stand."))
    _check_writable(sheet)
    sheet.is_recused = True
    facts: dict[str, Any] = {"kind": sheet.kind}
    subject = _subject(sheet)
    record(edition.id, "sheet.excuse", by=by, now=now, subject=subject, reason=reason, **facts)
    _update_desk(sheet, edition)


def _says(sheet: Sheet, marks: Marks, criteria: list[Criterion]) -> bool:
    """Tell whether the sheet holds exactly these marks."""
    held = {score.criterion_id: (score.value, score.note) for score in sheet.scores}
    wanted = {
        each.id: (marks.values.get(each.id), marks.notes.get(each.id, "")) for each in criteria
    }
    return held == wanted and sheet.comment == marks.comment


def _check_writable(sheet: Sheet) -> None:
    if sheet.is_recused:
        raise NotAllowedNow(N_("You are recused from this proposal."))
    if sheet.is_locked:
        raise NotAllowedNow(N_("This sheet is locked and can't be changed any more."))


def _update_desk(sheet: Sheet, edition: Edition) -> None:
    db.session.flush()
    if sheet.kind is SheetKind.DESK:
        update_desk(edition.id, [sheet.proposal_id])


def _subject(sheet: Sheet) -> str:
    return f"{sheet.proposal.code} person {sheet.evaluator_id}"
