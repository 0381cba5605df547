"""A score sheet's life: assigned, written, locked; reopened or excused only by the chair."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.accounts.models import Person
from app.audit.chain import record
from app.audit.models import AuditEntry
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import HIGHEST_SCORE, SheetKind, Stage
from app.editions.models import Edition
from app.editions.parts import Criterion
from app.evaluation.heads import send_head_after_last_lock
from app.evaluation.models import Participation, Score, Sheet
from app.evaluation.queries import counting_sheets
from app.evaluation.standings import update_standings
from app.evaluation.statistics import MILLION
from app.programme.queries import Timing, timing_of
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken, Step, can_take, check_reason


@dataclass(frozen=True)
class Marks:
    """What an evaluator wrote: score and note by criterion id, and an overall comment."""

    values: Mapping[int, Decimal | None]
    notes: Mapping[int, str]
    comment: str


def marks_on(sheet: Sheet, criteria: list[Criterion]) -> Marks:
    """Return what is saved on the sheet: None for a score that is missing, "" for a note."""
    values: dict[int, Decimal | None] = {criterion.id: None for criterion in criteria}
    notes = {criterion.id: "" for criterion in criteria}
    for score in sheet.scores:
        values[score.criterion_id], notes[score.criterion_id] = score.value, score.note
    return Marks(values, notes, sheet.comment)


class OvertakenSheet(Overtaken):
    """The sheet was saved elsewhere since this edit began; neither version is lost."""

    def __init__(self) -> None:
        super().__init__(
            N_("This sheet was changed elsewhere since you opened it. Both versions are below.")
        )


def points_of(values: Mapping[int, Decimal], criteria: list[Criterion]) -> int:
    """Return the weighted total in millionths of a point: exact, 0 to 100,000,000.

    A weight is exact to a hundredth of a percent, a score to a hundredth of a point, and so their
    product to a millionth.
    """
    weighted = (criterion.weight * values[criterion.id] for criterion in criteria)
    return int(sum(weighted, Decimal(0)) * MILLION / 100)


@dataclass(frozen=True)
class SoFar:
    """How far a sheet has come: criteria scored of all, and points of as many possible, exact."""

    scored: int
    criteria: int
    points: Decimal
    possible: Decimal


def so_far(sheet: Sheet, criteria: list[Criterion]) -> SoFar:
    """Return what the scores on a sheet come to, while some may still be missing."""
    values = {score.criterion_id: score.value for score in sheet.scores if score.value is not None}
    scored = [criterion for criterion in criteria if criterion.id in values]
    weighted = (criterion.weight * values[criterion.id] for criterion in scored)
    return SoFar(
        len(scored),
        len(criteria),
        sum(weighted, Decimal(0)) / 100,
        sum((criterion.weight for criterion in scored), Decimal(0)),
    )


def write_sheet(
    sheet: Sheet, marks: Marks, criteria: list[Criterion], *, version: int, now: datetime
) -> None:
    """Save the evaluator's marks; raise `OvertakenSheet` if they began from an older version."""
    _check_writing_open(sheet, sheet.proposal.edition, now=now)
    _check_writable(sheet)
    if sheet.version != version:
        if _says(sheet, marks, criteria):
            return  # the automatic save was faster than the button
        raise OvertakenSheet
    present = {score.criterion_id: score for score in sheet.scores}
    for criterion in criteria:
        value, note = marks.values.get(criterion.id), marks.notes.get(criterion.id, "")
        if value is not None and not 0 <= value <= HIGHEST_SCORE:
            raise DomainError(N_("A score must be between 0 and 100."))
        if criterion.id in present:
            present[criterion.id].value, present[criterion.id].note = value, note
        else:
            sheet.scores.append(Score(criterion_id=criterion.id, value=value, note=note))
    sheet.comment = marks.comment
    sheet.saved_at = now
    db.session.flush()


def lock_sheet(sheet: Sheet, edition: Edition, *, by: Person, now: datetime) -> None:
    """Submit the sheet: every criterion needs a score, and nothing can change afterwards.

    A presentation that has been scored counts as presented.
    """
    _check_writing_open(sheet, edition, now=now)
    _check_writable(sheet)
    if sheet.kind is SheetKind.PRESENTATION and not sheet.is_second_look:
        _check_held(sheet, now=now)
    criteria = edition.criteria_of(sheet.kind)
    values = {score.criterion_id: score.value for score in sheet.scores if score.value is not None}
    if any(criterion.id not in values for criterion in criteria):
        raise DomainError(N_("Some criteria have no score yet. What you wrote is kept."))
    sheet.points = points_of(values, criteria)
    sheet.locked_at = now
    scores = {str(criterion_id): str(value) for criterion_id, value in sorted(values.items())}
    entry = _record(
        sheet, edition, "sheet.lock", by=by, now=now, points=sheet.points, scores=scores
    )
    send_head_after_last_lock(edition, entry.hash, now=now)
    if sheet.kind is SheetKind.PRESENTATION and can_take(sheet.proposal.status, Step.PRESENT):
        sheet.proposal.take(Step.PRESENT)


def reopen_sheet(sheet: Sheet, edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Reopen a judge's locked sheet. The caller has made sure that `by` is the chair."""
    _check_of_presentation(sheet)
    check_unconfirmed(edition, SHEETS_STAND)
    check_reason(reason)
    if not sheet.is_locked:
        raise NotAllowedNow(N_("This score sheet is already open."))
    sheet.locked_at = sheet.points = None
    sheet.reopened_at = now
    _record(sheet, edition, "sheet.reopen", by=by, now=now, reason=reason)


def excuse_sheet(sheet: Sheet, edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Stop counting an open sheet whose judge can't write it, for example when ill."""
    _check_of_presentation(sheet)
    check_others_left(sheet.proposal, sheet.evaluator)
    check_unconfirmed(edition, SHEETS_STAND)
    check_reason(reason)
    _check_writable(sheet)
    sheet.participation = Participation.EXCUSED
    _record(sheet, edition, "sheet.excuse", by=by, now=now, reason=reason)


def writing_deadline(kind: SheetKind, edition: Edition) -> datetime | None:
    """Return when writing sheets of this kind ends, None if no window is set."""
    window = edition.window(_stage_of(kind))
    return window.closes_at if window else None


def check_others_left(proposal: Proposal, person: Person) -> None:
    """Raise `NotAllowedNow` if the person is the only evaluator on a kind of sheet."""
    for kind in SheetKind:
        evaluators = {sheet.evaluator_id for sheet in counting_sheets(proposal, kind)}
        if evaluators == {person.id}:
            raise NotAllowedNow(
                N_(
                    "Nobody else is scoring this proposal. Tell the organiser, who can "
                    "disqualify it."
                )
            )


def _check_writing_open(sheet: Sheet, edition: Edition, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless sheets of this kind, and this one, can be written now.

    A presentation is scored once it has begun (rule 13 of the domain); what has been begun goes on,
    but is not submitted if nobody came.
    A sheet of a second look is there only as long as it is waited for, whatever the stage.
    """
    if sheet.is_second_look:
        check_unconfirmed(edition, SHEETS_STAND)
        return
    if not edition.is_open(_stage_of(sheet.kind), now=now):
        raise NotAllowedNow(N_("This stage is not open now. What was saved before is kept."))
    check_unconfirmed(edition, SHEETS_STAND)
    if sheet.kind is SheetKind.PRESENTATION and not sheet.saved_at:
        _check_held(sheet, now=now)


def _check_held(sheet: Sheet, *, now: datetime) -> None:
    """Raise `NotAllowedNow` unless the presentation has begun and somebody came to give it.

    A sheet that has been begun doesn't ask again when: the schedule may have changed since.
    """
    timing = timing_of(sheet.proposal, now=now)
    if timing is None:
        if not sheet.saved_at:
            raise NotAllowedNow(N_("This presentation is not on the published schedule."))
        return
    if timing.is_missed:
        raise NotAllowedNow(
            N_(
                "It is on record that nobody came to present this. The organiser takes that back "
                "by checking them in. What you typed stays on this device."
            )
        )
    if not timing.has_begun and not sheet.saved_at:
        raise NotAllowedNow(
            N_(
                "The presentation begins on %(moment)s and can be scored from then on. What "
                "you type before then stays on this device."
            ),
            moment=timing.starts_at,
        )


def waits_for(sheet: Sheet, *, now: datetime) -> Timing | None:
    """Return the presentation that an open sheet waits for: it hasn't begun, or nobody came."""
    if sheet.kind is SheetKind.DESK or sheet.is_second_look or sheet.is_locked:
        return None
    timing = timing_of(sheet.proposal, now=now)
    if timing is None or timing.is_missed:
        return timing
    return None if timing.has_begun or sheet.saved_at else timing


def _stage_of(kind: SheetKind) -> Stage:
    return Stage.SCREENING if kind is SheetKind.DESK else Stage.SCORING


def _says(sheet: Sheet, marks: Marks, criteria: list[Criterion]) -> bool:
    """Return whether the sheet holds exactly these marks."""
    wanted = Marks(
        {criterion.id: marks.values.get(criterion.id) for criterion in criteria},
        {criterion.id: marks.notes.get(criterion.id, "") for criterion in criteria},
        marks.comment,
    )
    return marks_on(sheet, criteria) == wanted


def _check_of_presentation(sheet: Sheet) -> None:
    if sheet.kind is SheetKind.DESK:
        raise NotAllowedNow(N_("A desk sheet that has been submitted can't be reopened."))


def _check_writable(sheet: Sheet) -> None:
    if not sheet.counts:
        raise NotAllowedNow(N_("You are recused from this proposal."))
    if sheet.is_locked:
        raise NotAllowedNow(N_("This score sheet is locked and can no longer be changed."))


def _record(
    sheet: Sheet, edition: Edition, action: str, *, by: Person, now: datetime, **facts: Any
) -> AuditEntry:
    """Record in the audit trail what happened to the sheet, and update its standing."""
    subject = f"{sheet.proposal.code} person {sheet.evaluator_id}"
    about: dict[str, Any] = {"subject": subject, "kind": sheet.kind, "look": sheet.look}
    entry = record(edition.id, action, by=by, now=now, **about, **facts)
    update_standings(edition.id, [sheet.proposal_id], sheet.kind)
    return entry
