"""Assigning evaluators to proposals: computed by the worker, reviewed, then applied or dropped."""

import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db, transaction
from app.editions.actions import check_weights, settle_criteria
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition, Expertise, Membership
from app.editions.queries import holders
from app.evaluation import recusals
from app.evaluation.models import Sheet
from app.evaluation.queries import sheets_by_proposal, standings_of
from app.evaluation.standings import update_standings
from app.jobs import queue
from app.jobs.models import Job, JobState
from app.jobs.worker import Report, Stopped
from app.mail import outbox
from app.proposals.models import Proposal
from app.screening import queries
from app.screening.actions import check_screening
from app.screening.solver import AssignmentPlan, AssignmentProblem, Pair, solve_assignment
from app.workflow import N_, NN_, DomainError, NotAllowedNow

KIND = "assignment"
EVENLY = "sheet.assign_evenly"
READ, SOLVED, SECONDS_EXPECTED = 10, 95, 10.0
PAUSE = 0.5  # seconds between two checks whether to stop


def request_assignment(edition: Edition, *, by: Person, now: datetime) -> Job:
    """Ask the worker to compute who should evaluate what."""
    check_screening(edition, now=now)
    check_weights(edition)
    return queue.put_job(KIND, edition.id, by_id=by.id, now=now)


def propose_assignment(edition_id: int, report: Report) -> dict[str, Any]:
    """Compute, in the worker, who should evaluate what; the result waits for review."""
    with transaction(writing=False):
        problem = problem_of(db.session.get_one(Edition, edition_id))
    report(READ)
    plan = solve_assignment(problem, has_to_stop=_stopping(report))
    if plan is None:
        report(SOLVED)  # raises if a stop was requested
        raise DomainError(N_("No assignment was found."))
    return {"pairs": plan.pairs, "missing": list(plan.missing.items()), "strange": plan.strange}


def problem_of(edition: Edition) -> AssignmentProblem:
    """Return what the edition has to assign, in a bounded number of queries."""
    proposals = list(db.session.scalars(queries.screened(edition)))
    sheets = sheets_by_proposal(proposals, SheetKind.DESK)
    load = {evaluator.person_id: 0 for evaluator in recusals.evaluators_in(edition, Role.SCREENER)}
    if not load:
        raise DomainError(
            N_("There are no evaluators yet: give someone the role of screener."),
            remedy="people.index",
        )
    barred = set(recusals.conflicts_by_pair(edition, {Role.SCREENER}, queries.SCREENABLE))
    for proposal_id, own in sheets.items():
        barred |= {(sheet.evaluator_id, proposal_id) for sheet in own}
        for sheet in own:
            if sheet.evaluator_id in load:
                load[sheet.evaluator_id] += 1
    barred |= _read_by_organisers(edition, load.keys(), proposals)
    need = {
        proposal.id: max(0, edition.screeners_each - len(sheets.get(proposal.id, ())))
        for proposal in proposals
    }
    return AssignmentProblem(need, load, barred, _expert_pairs(edition, proposals))


def _read_by_organisers(
    edition: Edition, evaluators: Collection[int], proposals: list[Proposal]
) -> set[Pair]:
    """Return the pairs of an organiser who also evaluates and a proposal whose scores they see."""
    organisers = {holder.person_id for holder in holders(edition, Role.ORGANISER)} & set(evaluators)
    if not organisers:
        return set()
    standings = standings_of(proposals, SheetKind.DESK)
    whole = [
        proposal.id
        for proposal in proposals
        if proposal.id in standings and standings[proposal.id].is_whole
    ]
    return {(organiser_id, proposal_id) for organiser_id in organisers for proposal_id in whole}


@dataclass(frozen=True)
class Share:
    """How many sheets one evaluator has, and how many they would get."""

    person: Person
    present: int
    added: int


@dataclass(frozen=True)
class AssignmentPreview:
    """What applying a plan would do: evaluators' shares, and what proposals would still lack."""

    shares: list[Share]
    lacking: list[tuple[Proposal, int]]
    strange: int

    @property
    def sheets(self) -> int:
        """How many sheets would be handed out."""
        return sum(share.added for share in self.shares)


def preview_assignment(job: Job, edition: Edition) -> AssignmentPreview:
    """Return what applying the job's plan would do."""
    result = job.result or {}
    added = Counter(evaluator_id for evaluator_id, _ in result.get("pairs", ()))
    present = dict(
        db.session.execute(
            select(Sheet.evaluator_id, func.count())
            .join(Sheet.proposal)
            .where(Proposal.edition_id == edition.id, Sheet.kind == SheetKind.DESK)
            .group_by(Sheet.evaluator_id)
            .order_by(Sheet.evaluator_id)
        ).all()
    )
    people = [holder.person for holder in holders(edition, Role.SCREENER)]
    lack = dict(result.get("missing", ()))
    lacking = db.session.scalars(
        select(Proposal).where(Proposal.id.in_(lack)).order_by(Proposal.number)
    )
    return AssignmentPreview(
        [Share(person, present.get(person.id, 0), added[person.id]) for person in people],
        [(proposal, lack[proposal.id]) for proposal in lacking],
        result.get("strange", 0),
    )


def apply_assignment(job: Job, edition: Edition, *, link: str, by: Person, now: datetime) -> int:
    """Hand out the sheets that the job proposes; return how many.

    Conflicts are derived again, and sheets assigned meanwhile stay: such pairs are left out.
    """
    if job.state is not JobState.DONE or job.result is None:
        raise NotAllowedNow(N_("There is no assignment to use."))
    made = _hand_out(
        [(evaluator_id, proposal_id) for evaluator_id, proposal_id in job.result["pairs"]],
        edition,
        EVENLY,
        by=by,
        now=now,
    )
    job.state = JobState.USED
    _tell_evaluators(made, edition, link=link, now=now)
    return len(made)


@dataclass(frozen=True)
class RuleOutcome:
    """What a rule would do: of which proposals it hands out a sheet, and which it leaves out."""

    evaluator_id: int
    given: list[Proposal]
    barred: list[Proposal]
    present: int

    @property
    def pairs(self) -> list[Pair]:
        """The sheets that are handed out."""
        return [(self.evaluator_id, proposal.id) for proposal in self.given]


def by_rule(
    edition: Edition, chosen: Person, category_id: int | None, *, without: Collection[int]
) -> RuleOutcome:
    """Return what giving somebody every proposal in a category (None: all) would do.

    `without` are proposals (ids) that a conflict bars the organiser from: another one assigns them.
    """
    proposals = [
        proposal
        for proposal in db.session.scalars(queries.screened(edition))
        if proposal.id not in without and category_id in {None, proposal.category_id}
    ]
    conflicts = recusals.barred_for(
        recusals.evaluator_in(edition, chosen), edition, queries.SCREENABLE
    )
    sheets = sheets_by_proposal(proposals, SheetKind.DESK)
    has_one = {
        proposal_id
        for proposal_id, own in sheets.items()
        if any(sheet.evaluator_id == chosen.id for sheet in own)
    }
    return RuleOutcome(
        chosen.id,
        given=[proposal for proposal in proposals if proposal.id not in has_one | conflicts],
        barred=[proposal for proposal in proposals if proposal.id in conflicts],
        present=len(has_one),
    )


def assign_by_rule(
    edition: Edition,
    chosen: Person,
    category_id: int | None,
    *,
    without: Collection[int],
    link: str,
    by: Person,
    now: datetime,
) -> int:
    """Hand out all the sheets that `by_rule` finds; return how many."""
    pairs = by_rule(edition, chosen, category_id, without=without).pairs
    made = _hand_out(pairs, edition, "sheet.assign_by_rule", by=by, now=now)
    _tell_evaluators(made, edition, link=link, now=now)
    return len(made)


def assign_now(edition: Edition, *, by: Person, now: datetime) -> int:
    """Compute and apply at once, for few proposals as in a demo; return how many sheets."""
    plan = solve_assignment(problem_of(edition)) or AssignmentPlan([], {}, 0)
    return len(_hand_out(plan.pairs, edition, EVENLY, by=by, now=now))


def _hand_out(
    pairs: list[Pair], edition: Edition, action: str, *, by: Person, now: datetime
) -> list[Pair]:
    """Hand out those of the sheets that are still possible and wanted, and return them."""
    check_screening(edition, now=now)
    settle_criteria(edition, by=by, now=now)
    problem = problem_of(edition)
    possible = [
        (evaluator_id, proposal_id)
        for evaluator_id, proposal_id in pairs
        if proposal_id in problem.need
        and evaluator_id in problem.load
        and (evaluator_id, proposal_id) not in problem.barred
    ]
    kind = SheetKind.DESK
    db.session.add_all(
        Sheet(proposal_id=proposal_id, evaluator_id=evaluator_id, kind=kind)
        for evaluator_id, proposal_id in possible
    )
    update_standings(edition.id, {proposal_id for _, proposal_id in possible}, SheetKind.DESK)
    record(edition.id, action, by=by, now=now, sheets=len(possible))
    return possible


def _tell_evaluators(made: list[Pair], edition: Edition, *, link: str, now: datetime) -> None:
    """Tell each evaluator how many sheets they have been given; `link` leads to them."""
    counts = Counter(evaluator_id for evaluator_id, _ in made)
    for evaluator_id, count in sorted(counts.items()):
        person = db.session.get_one(Person, evaluator_id)
        outbox.queue_letter(
            person,
            subject=N_("Desk sheets for you: %(edition)s"),
            body=NN_(
                "Hello %(name)s,\n\nYou have been given %(count)s desk sheet in %(edition)s. "
                "Fill it in and submit it here:\n\n%(link)s",
                "Hello %(name)s,\n\nYou have been given %(count)s desk sheets in %(edition)s. "
                "Fill them in and submit them here:\n\n%(link)s",
            ),
            values={"name": person.name, "count": count, "edition": edition, "link": link},
            edition_id=edition.id,
            now=now,
        )


def _expert_pairs(edition: Edition, proposals: list[Proposal]) -> set[Pair]:
    rows = db.session.execute(
        select(Membership.person_id, Expertise.category_id)
        .join(Expertise, Expertise.membership_id == Membership.id)
        .where(Membership.edition_id == edition.id, Membership.role == Role.SCREENER)
        .order_by(Membership.person_id, Expertise.category_id)
    )
    known = {(person_id, category_id) for person_id, category_id in rows}
    people = {person_id for person_id, _ in known}
    return {
        (person_id, proposal.id)
        for proposal in proposals
        for person_id in people
        if (person_id, proposal.category_id) in known
    }


def _stopping(report: Report) -> Callable[[], bool]:
    """Return the solver's check whether to stop; it also reports progress twice a second."""
    begun = looked = time.monotonic()

    def has_to_stop() -> bool:
        nonlocal looked
        now = time.monotonic()
        if now - looked < PAUSE:
            return False
        looked = now
        share = min(1.0, (now - begun) / SECONDS_EXPECTED)
        return _wants_stop(report, READ + int((SOLVED - READ) * share))

    return has_to_stop


def _wants_stop(report: Report, percent: int) -> bool:
    try:
        report(percent)
    except Stopped:
        return True
    return False
