"""What each person must do next, counted across the stages."""

from collections import Counter
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.awards.publication.decrees import can_be_decreed
from app.awards.publication.queries import decree_of, objections_waiting, withdrawal_of
from app.awards.queries import result_of
from app.dashboard.innovator_tasks import innovator_tasks
from app.dashboard.task import Task
from app.editions.kinds import Role, SheetKind, Stage
from app.editions.models import Edition, Membership
from app.editions.queries import chair_of
from app.evaluation.due import next_heard, open_sheets, overdue_of, overdue_sheets
from app.evaluation.models import Look
from app.evaluation.permissions import PLEDGING
from app.evaluation.queries import agreements_waiting
from app.evaluation.recusals import barred_for, evaluator_in
from app.programme.queries import remaining_on
from app.proposals.queries import is_unranked, status_counts, unendorsed
from app.schedule.draft.queries import moved_count, unplaced_count
from app.scoring.queries import is_looked_at_again, judges_of, ranking_of
from app.screening.overview import ScreeningView
from app.screening.queries import SCREENABLE, prepared_count, unchecked_count
from app.workflow import COMPETING, N_, NN_, Status

PREPARE = N_("Prepare the result in the plenary")
AGREE = NN_(
    "Agree or decline: %(count)s request needs a second person",
    "Agree or decline: %(count)s requests need a second person",
)
LOOK_AGAIN = N_("Second look: ask extra judges about what lies near the line, or end it")
WITHDRAW = N_("Agree or decline: the result is to be withdrawn")
CONFIRM = N_("Confirm the result that %(name)s prepared")


def tasks_of(membership: Membership, *, now: datetime) -> list[Task]:
    """Return what this role asks of the person now, in a bounded number of queries."""
    edition, person = membership.edition, membership.person
    slug = {"edition": edition.slug}
    find = {
        Role.INNOVATOR: innovator_tasks,
        Role.SCREENER: _screener,
        Role.JUDGE: _chair if membership.is_chair else _judge,
        Role.ORGANISER: _organiser,
        Role.OBSERVER: lambda *_: [],
    }[membership.role]
    own = _pledge(membership, slug) + _endorsements(membership, slug)
    return own + find(edition, person, slug, now)


def _pledge(membership: Membership, slug: dict[str, Any]) -> list[Task]:
    is_due = membership.role in PLEDGING and membership.pledged_at is None
    if not is_due or membership.edition.is_confirmed:
        return []
    return [Task(N_("Sign the integrity pledge"), {}, "pledge.index", slug)]


def _endorsements(membership: Membership, slug: dict[str, Any]) -> list[Task]:
    """Ask an agency's delegate to endorse what is submitted, and to rank it under a quota."""
    edition, agency_id = membership.edition, membership.agency_id
    if not membership.is_delegate or agency_id is None or edition.is_frozen:
        return []
    tasks = []
    if count := unendorsed(edition, agency_id):
        endorse = NN_(
            "Endorse %(count)s proposal from your agency",
            "Endorse %(count)s proposals from your agency",
        )
        tasks.append(Task(endorse, {"count": count}, "entries.index", slug))
    if is_unranked(edition, agency_id):
        rank = N_("Prioritise your agency's proposals: %(count)s may be submitted")
        values = {"count": edition.agency_quota}
        until = edition.closes(Stage.SUBMISSION)
        tasks.append(Task(rank, values, "entries.index", slug, until))
    return tasks


def _screener(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    return [
        *_checklists(edition, person, slug, now),
        *_sheets(edition, person, slug, SheetKind.DESK, Stage.SCREENING),
    ]


def _checklists(
    edition: Edition, person: Person, slug: dict[str, Any], now: datetime
) -> list[Task]:
    """Ask for the checklists that nobody has completed, while screening is open."""
    if not edition.is_open(Stage.SCREENING, now=now):
        return []
    count = unchecked_count(edition, without=_barred(edition, person))
    text = NN_(
        "Check the eligibility of %(count)s proposal",
        "Check the eligibility of %(count)s proposals",
    )
    url = slug | {"show": ScreeningView.UNCHECKED.value}
    until = edition.closes(Stage.SCREENING)
    return [Task(text, {"count": count}, "screening.index", url, until)] if count else []


def _judge(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    """Ask for the sheets of presentations that are over, say which comes next, ask for the rest."""
    overdue, since = (0, None) if edition.is_confirmed else overdue_of(person, edition, now=now)
    tasks = _sheets(edition, person, slug, SheetKind.PRESENTATION, Stage.SCORING, but=overdue)
    url = slug | {"kind": SheetKind.PRESENTATION.value}
    tasks = [*_next_heard(edition, person, slug, now), *tasks]
    tasks += _second_look_sheets(edition, person, url)
    if not overdue:
        return tasks
    text = NN_(
        "Submit %(count)s score sheet of a presentation that is over",
        "Submit %(count)s score sheets of presentations that are over",
    )
    return [Task(text, {"count": overdue}, "sheets.index", url, since), *tasks]


def _next_heard(
    edition: Edition, person: Person, slug: dict[str, Any], now: datetime
) -> list[Task]:
    """Say which presentation the judge scores next, once they have sheets."""
    found = next_heard(person, edition, now=now) if edition.is_frozen else None
    if found is None or edition.is_confirmed:
        return []
    proposal, starts_at = found
    values = {"title": proposal.title, "moment": starts_at.astimezone(edition.zone)}
    url = slug | {"proposal": proposal.number, "sheet": SheetKind.PRESENTATION.value}
    return [Task(N_("Next to score: “%(title)s”, %(moment)s"), values, "sheets.sheet", url)]


def _second_look_sheets(edition: Edition, person: Person, url: dict[str, Any]) -> list[Task]:
    """Ask an extra judge for the sheets of a second look."""
    if not is_looked_at_again(edition):
        return []
    count = open_sheets(person, edition, SheetKind.PRESENTATION, Look.SECOND)
    text = NN_(
        "Second look: fill in and submit %(count)s score sheet",
        "Second look: fill in and submit %(count)s score sheets",
    )
    return [Task(text, {"count": count}, "sheets.index", url)] if count else []


def _chair(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    tasks = _judge(edition, person, slug, now)
    declared, _ = _waiting(edition)
    if declared:
        tasks.append(Task(AGREE, {"count": declared}, "conflicts.index", slug))
    return [
        *tasks,
        *_missing_sheets(edition, person, slug, now),
        *(task for task in _plenary(edition, person, slug) if task.text == CONFIRM),
        *_after_publication(edition, person, slug),
    ]


def _missing_sheets(
    edition: Edition, chair: Person, slug: dict[str, Any], now: datetime
) -> list[Task]:
    """Tell the chair of other judges' sheets that are missing: only they can go on without one."""
    if not edition.is_frozen or edition.is_confirmed:
        return []
    barred = _barred(edition, chair)
    count = overdue_sheets(edition, by_others_than=chair, without=barred, now=now)
    text = NN_(
        "Remind the other judges, or continue without them: %(count)s score sheet is missing",
        "Remind the other judges, or continue without them: %(count)s score sheets are missing",
    )
    return [Task(text, {"count": count}, "scoring.progress", slug)] if count else []


def _sheets(
    edition: Edition,
    person: Person,
    slug: dict[str, Any],
    kind: SheetKind,
    stage: Stage,
    *,
    but: int = 0,
) -> list[Task]:
    """Ask for the person's open sheets, all `but` so many that were asked for already."""
    count = open_sheets(person, edition, kind) - but
    if count <= 0 or edition.is_confirmed:
        return []
    url = slug | {"kind": kind.value}
    text = NN_(
        "Fill in and submit %(count)s score sheet: %(kind)s",
        "Fill in and submit %(count)s score sheets: %(kind)s",
    )
    values = {"count": count, "kind": kind.label}
    return [Task(text, values, "sheets.index", url, edition.closes(stage))]


def _organiser(edition: Edition, person: Person, slug: dict[str, Any], now: datetime) -> list[Task]:
    counts = Counter(status_counts(edition))
    undecided = sum(counts[status] for status in SCREENABLE)
    finalists_without_slot = unplaced_count(edition)
    tasks = []
    if undecided and not edition.is_open(Stage.SUBMISSION, now=now):
        text = NN_(
            "Screen and decide on %(count)s proposal",
            "Screen and decide on %(count)s proposals",
        )
        until = edition.closes(Stage.SCREENING)
        tasks.append(Task(text, {"count": undecided}, "screening.index", slug, until))
    if prepared := prepared_count(edition):
        text = NN_(
            "Announce %(count)s prepared decision",
            "Announce %(count)s prepared decisions",
        )
        tasks.append(Task(text, {"count": prepared}, "announcement.index", slug))
    if finalists_without_slot:
        text = NN_(
            "%(count)s finalist has no slot yet",
            "%(count)s finalists have no slot yet",
        )
        until = edition.closes(Stage.PICKING)
        tasks.append(Task(text, {"count": finalists_without_slot}, "schedule.slots", slug, until))
    elif not edition.is_confirmed and (changes := moved_count(edition)):
        text = NN_(
            "Publish the schedule: %(count)s presentation is new or has changed",
            "Publish the schedule: %(count)s presentations are new or have changed",
        )
        tasks.append(Task(text, {"count": changes}, "versions.index", slug))
    elif not edition.is_frozen and counts[Status.FINALIST]:
        tasks.append(Task(N_("Open scoring"), {}, "scoring.progress", slug))
    return [
        *_day(edition, slug, now),
        *tasks,
        *_reserve(edition, counts, slug),
        *_agreements(edition, slug),
        *_plenary(edition, person, slug),
        *_to_assign(edition, person, slug),
        *_after_publication(edition, person, slug),
        *_decree(edition, slug, now),
    ]


def _day(edition: Edition, slug: dict[str, Any], now: datetime) -> list[Task]:
    """Ask to run the presentations of today while any is still to come or on."""
    day = now.astimezone(edition.zone).date()
    if edition.is_confirmed or day not in {planned.date for planned in edition.days}:
        return []
    count = remaining_on(edition, day, now=now)
    text = NN_(
        "Run the event day: check-in, beginning, delays; %(count)s presentation is left",
        "Run the event day: check-in, beginning, delays; %(count)s presentations are left",
    )
    return [Task(text, {"count": count}, "day.index", slug)] if count else []


def _agreements(edition: Edition, slug: dict[str, Any]) -> list[Task]:
    """Ask for agreement to what the chair can't do, or declare, alone."""
    _, count = _waiting(edition)
    return [Task(AGREE, {"count": count}, "scoring.progress", slug)] if count else []


def _waiting(edition: Edition) -> tuple[int, int]:
    return (0, 0) if edition.is_confirmed else agreements_waiting(edition, chair_of(edition))


def _reserve(edition: Edition, counts: Counter[Status], slug: dict[str, Any]) -> list[Task]:
    """Ask to move the reserve list up while a finalist's place is free."""
    if edition.is_frozen or not counts[Status.RESERVE]:
        return []
    free = edition.finalists - sum(counts[status] for status in COMPETING)
    text = NN_(
        "%(count)s finalist place is free: fill it from the reserve list",
        "%(count)s finalist places are free: fill them from the reserve list",
    )
    return [Task(text, {"count": free}, "tabulation.index", slug)] if free > 0 else []


def _plenary(edition: Edition, person: Person, slug: dict[str, Any]) -> list[Task]:
    """Ask for the result to be prepared, then for somebody else to confirm it.

    Nobody is asked who would be refused: while sheets are missing, or for a conflict of interest.
    """
    if not edition.is_frozen or edition.is_confirmed:
        return []
    if not ranking_of(edition).is_complete or _barred(edition, person):
        return []
    if is_looked_at_again(edition):
        is_judge = person.id in judges_of(edition)
        return [] if is_judge else [Task(LOOK_AGAIN, {}, "second_look.index", slug)]
    result = result_of(edition)
    if result is None or result.evaluation_revision != edition.evaluation_revision:
        return [Task(PREPARE, {}, "awards.plenary", slug)]
    if result.prepared_by_id == person.id:
        return []
    return [Task(CONFIRM, {"name": result.prepared_by.name}, "awards.plenary", slug)]


def _barred(edition: Edition, person: Person) -> set[int]:
    """Return the ids of the competing proposals that a conflict bars the person from."""
    return barred_for(evaluator_in(edition, person), edition, COMPETING)


def _to_assign(edition: Edition, person: Person, slug: dict[str, Any]) -> list[Task]:
    """Ask for objections to be assigned."""
    count, _ = objections_waiting(edition, person) if edition.objection_days else (0, 0)
    text = NN_(
        "Assign %(count)s objection to somebody without a conflict of interest",
        "Assign %(count)s objections to somebody without a conflict of interest",
    )
    return [Task(text, {"count": count}, "objections.index", slug)] if count else []


def _after_publication(edition: Edition, person: Person, slug: dict[str, Any]) -> list[Task]:
    """Ask for answers to objections, and for agreement to withdraw a result."""
    if not edition.is_confirmed:
        return []
    _, count = objections_waiting(edition, person) if edition.objection_days else (0, 0)
    text = NN_(
        "Answer %(count)s objection",
        "Answer %(count)s objections",
    )
    tasks = [Task(text, {"count": count}, "objections.index", slug)] if count else []
    asked = withdrawal_of(edition)
    if asked is not None and asked.asked_by_id != person.id:
        tasks.append(Task(WITHDRAW, {}, "decree.index", slug))
    return tasks


def _decree(edition: Edition, slug: dict[str, Any], now: datetime) -> list[Task]:
    """Ask for the decree once it can be recorded."""
    if not edition.is_confirmed or decree_of(edition) is not None:
        return []
    if not can_be_decreed(edition, now=now):
        return []
    return [Task(N_("Record the decree that makes the result final"), {}, "decree.index", slug)]
