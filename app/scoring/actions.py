"""What scoring changes: opening it, judges' sheets, and the standings that follow."""

from datetime import datetime
from fractions import Fraction

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.actions import freeze
from app.editions.kinds import Role, SheetKind, Stage
from app.editions.models import Edition
from app.editions.queries import holders
from app.editions.rules import WHOLE
from app.proposals.models import Proposal
from app.schedule.draft import timetable_of
from app.schedule.publishing import pending
from app.schedule.queries import unplaced_count
from app.scoring import queries
from app.scoring.models import Standing
from app.scoring.ranking import combined
from app.screening import actions as screening
from app.screening import sheets
from app.screening.conflicts import Entry, Evaluator
from app.screening.models import ConflictKind, Score, Sheet
from app.screening.queries import prepared_count
from app.screening.recusals import entries, evaluators
from app.screening.statistics import MOST_SHEETS, mean, to_units
from app.workflow import COMPETING, N_, NotAllowedNow, Step, can_take


def open_scoring(edition: Edition, *, by: Person, now: datetime) -> int:
    """Freeze the rules and give each judge a sheet for each finalist before their panel.

    Return how many sheets there are. Who has a conflict, or can't be there, gets none: recusal is
    the absence of a sheet, so that no mean ever counts it.
    """
    finalists = entries(edition, COMPETING)
    judges = evaluators(edition, Role.JUDGE)
    _check_ready(edition, finalists, judges)
    freeze(edition, by=by, now=now)
    timetable = timetable_of(edition)
    pairs = [
        (proposal_id, judge_id)
        for proposal_id, bench in timetable.benches.items()
        for judge_id in bench.judges
    ]
    unjudged = {each.proposal_id for each in finalists} - {proposal_id for proposal_id, _ in pairs}
    if unjudged:
        raise NotAllowedNow(N_("Some finalists would have no judge, for all have a conflict."))
    kind = SheetKind.PRESENTATION
    db.session.add_all(
        Sheet(proposal_id=proposal_id, evaluator_id=judge_id, kind=kind)
        for proposal_id, judge_id in pairs
    )
    db.session.flush()
    for finalist in finalists:
        proposal = db.session.get_one(Proposal, finalist.proposal_id)
        _check_desk(proposal, edition)
        update_standing(proposal, edition)
    recusals = sorted(f"{proposal_id}:{person_id}" for person_id, proposal_id in timetable.barred)
    record(edition.id, "scoring.open", by=by, now=now, sheets=len(pairs), recused=recusals)
    return len(pairs)


def lock_sheet(sheet: Sheet, edition: Edition, *, by: Person, now: datetime) -> None:
    """Submit a sheet; a presentation that has been scored counts as presented."""
    check_open(sheet.kind, edition, now=now)
    sheets.lock(sheet, edition, by=by, now=now)
    if sheet.kind is SheetKind.PRESENTATION and can_take(sheet.proposal.status, Step.PRESENT):
        sheet.proposal.take(Step.PRESENT)
    _update_if_frozen(sheet.proposal, edition)


def reopen_sheet(sheet: Sheet, edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Open a locked sheet again, as the chair and with a reason; the standing follows."""
    sheets.reopen(sheet, edition, reason=reason, by=by, now=now)
    _update_if_frozen(sheet.proposal, edition)


def excuse_sheet(sheet: Sheet, edition: Edition, *, reason: str, by: Person, now: datetime) -> None:
    """Go on without an open sheet, as the chair and with a reason; the standing follows."""
    _check_others(sheet.proposal, sheet.evaluator)
    sheets.excuse(sheet, edition, reason=reason, by=by, now=now)
    _update_if_frozen(sheet.proposal, edition)


def declare_conflict(
    proposal: Proposal,
    person: Person,
    kind: ConflictKind,
    *,
    reason: str,
    by: Person,
    now: datetime,
) -> None:
    """Declare a conflict; the person's sheets count no more, and the standing follows."""
    if proposal.edition.is_frozen:
        _check_others(proposal, person)
    screening.declare(proposal, person, kind, reason=reason, by=by, now=now)
    proposal.edition.revise(now=now)  # the judge's calendar leaves this presentation out
    _update_if_frozen(proposal, proposal.edition)


def check_open(kind: SheetKind, edition: Edition, *, now: datetime) -> None:
    """Raise `NotAllowedNow` outside the window in which sheets of this kind are written."""
    if not edition.is_open(_stage(kind), now=now):
        raise NotAllowedNow(N_("This stage is not open now. What was saved before is kept."))
    if edition.closed_at is not None:
        raise NotAllowedNow(N_("The result is confirmed: its sheets stand."))


def deadline(kind: SheetKind, edition: Edition) -> datetime | None:
    """Return until when sheets of this kind can be written, if the window is set."""
    window = edition.window(_stage(kind))
    return window.closes_at if window else None


def update_standing(proposal: Proposal, edition: Edition) -> Standing:
    """Compute where the proposal stands from its sheets, exactly, and keep it.

    While a sheet is missing there is no value, so that nobody can read a running average.
    """
    shares = {
        SheetKind.DESK: edition.desk_share,
        SheetKind.PRESENTATION: WHOLE - edition.desk_share,
    }
    counting = [each for each in queries.counting_sheets(proposal) if shares[each.kind]]
    locked = sum(sheet.is_locked for sheet in counting)
    is_whole = locked == len(counting)
    desk, presentation = (_mean_points(counting, kind) if is_whole else None for kind in SheetKind)
    ties = _tie_breakers(proposal, edition) if is_whole else {}
    standing = db.session.get(Standing, proposal.id) or Standing(
        proposal_id=proposal.id, edition_id=edition.id
    )
    standing.sheets_expected = len(counting)
    standing.sheets_locked = locked
    standing.desk, standing.presentation = to_units(desk), to_units(presentation)
    standing.final = to_units(combined(desk, presentation, edition.desk_share))
    standing.tie_1, standing.tie_2 = to_units(ties.get(1)), to_units(ties.get(2))
    db.session.add(standing)
    db.session.flush()
    return standing


def _stage(kind: SheetKind) -> Stage:
    return Stage.SCREENING if kind is SheetKind.DESK else Stage.SCORING


def _check_ready(edition: Edition, finalists: list[Entry], judges: list[Evaluator]) -> None:
    """Raise `NotAllowedNow` unless everything is there that scoring needs."""
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has opened already."))
    if not finalists:
        raise NotAllowedNow(N_("There are no finalists yet."))
    if unplaced_count(edition):
        raise NotAllowedNow(N_("Some finalists have no slot yet. Place them first."))
    if pending(edition):
        raise NotAllowedNow(N_("Publish the schedule first: nobody knows its latest changes yet."))
    if prepared_count(edition):
        raise NotAllowedNow(N_("Some prepared decisions are not announced yet."))
    if not any(each.is_chair for each in holders(edition, Role.JUDGE)):
        raise NotAllowedNow(N_("The judging team has no chair yet."))
    if len(judges) > MOST_SHEETS:
        raise NotAllowedNow(N_("A judging team has at most 22 members."))


def _check_desk(proposal: Proposal, edition: Edition) -> None:
    """Raise `NotAllowedNow` unless the desk evaluation, where it counts, is there as a whole."""
    desk = [each for each in queries.counting_sheets(proposal) if each.kind is SheetKind.DESK]
    if edition.desk_share and not (desk and all(sheet.is_locked for sheet in desk)):
        raise NotAllowedNow(
            N_("The desk evaluation of “%(title)s” is not complete."), title=proposal.title
        )


def _check_others(proposal: Proposal, person: Person) -> None:
    """Raise `NotAllowedNow` where nobody else would be left on a sheet of the person's kind."""
    counting = queries.counting_sheets(proposal)
    for kind in {sheet.kind for sheet in counting if sheet.evaluator_id == person.id}:
        if not any(each.kind is kind and each.evaluator_id != person.id for each in counting):
            raise NotAllowedNow(
                N_("Nobody else scores this proposal. Tell the organiser, who can disqualify it.")
            )


def _update_if_frozen(proposal: Proposal, edition: Edition) -> None:
    if edition.is_frozen:
        update_standing(proposal, edition)


def _mean_points(counting: list[Sheet], kind: SheetKind) -> Fraction | None:
    return mean(
        [
            Fraction(sheet.points, 1_000_000)
            for sheet in counting
            if sheet.kind is kind and sheet.points is not None
        ]
    )


def _tie_breakers(proposal: Proposal, edition: Edition) -> dict[int, Fraction | None]:
    """Return, by their order, the criteria that break ties, desk and presentation combined."""
    scores = queries.scores_by_criterion(proposal)
    means: dict[tuple[SheetKind, int], Fraction | None] = {
        (criterion.kind, criterion.tie_break): _mean_score(scores.get(criterion.id, []))
        for criterion in edition.criteria
        if criterion.tie_break
    }
    return {
        order: _combined_if_both(means, order, edition)
        for order in {criterion.tie_break for criterion in edition.criteria if criterion.tie_break}
    }


def _combined_if_both(
    means: dict[tuple[SheetKind, int], Fraction | None], order: int, edition: Edition
) -> Fraction | None:
    desk, hall = (SheetKind.DESK, order), (SheetKind.PRESENTATION, order)
    if desk in means and hall in means:
        return combined(means[desk], means[hall], edition.desk_share)
    return means.get(hall, means.get(desk))


def _mean_score(scores: list[Score]) -> Fraction | None:
    return mean([Fraction(score.value) for score in scores if score.value is not None])
