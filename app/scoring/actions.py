"""Opening scoring: the rules freeze, and each judge gets their sheets."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.actions import freeze_rules
from app.editions.kinds import MOST_JUDGES, Role, SheetKind
from app.editions.models import Edition
from app.editions.queries import holders
from app.evaluation.conflicts import Entry, Evaluator
from app.evaluation.models import Sheet
from app.evaluation.queries import standings_of
from app.evaluation.recusals import entries_in, evaluators_in
from app.evaluation.standings import update_standings
from app.mail import outbox
from app.proposals.models import Proposal
from app.schedule.arranging.publishing import pending_changes
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.queries import unplaced_count
from app.screening.queries import prepared_count
from app.workflow import COMPETING, N_, NN_, NotAllowedNow


def open_scoring(edition: Edition, *, link: str | None = None, by: Person, now: datetime) -> int:
    """Freeze the rules and give each judge a sheet for each finalist before their panel.

    Return how many sheets there are. Judges with a conflict, or who can't be there, get none. A
    letter with the `link`, if there is one, tells the others.
    """
    finalists = entries_in(edition, COMPETING)
    judges = evaluators_in(edition, Role.JUDGE)
    _check_ready(edition, finalists, judges)
    freeze_rules(edition, by=by, now=now)
    timetable = timetable_of(edition)
    pairs = [
        (proposal_id, judge_id)
        for proposal_id, bench in timetable.benches.items()
        for judge_id in bench.judges
    ]
    unjudged = {finalist.proposal_id for finalist in finalists} - {
        proposal_id for proposal_id, _ in pairs
    }
    if unjudged:
        raise NotAllowedNow(
            N_("Some finalists would have no judge, because every judge has a conflict.")
        )
    kind = SheetKind.PRESENTATION
    db.session.add_all(
        Sheet(proposal_id=proposal_id, evaluator_id=judge_id, kind=kind)
        for proposal_id, judge_id in pairs
    )
    db.session.flush()
    _check_desk(finalists, edition)
    update_standings(edition.id, {proposal_id for proposal_id, _ in pairs}, kind)
    recusals = sorted(f"{proposal_id}:{person_id}" for person_id, proposal_id in timetable.barred)
    record(edition.id, "scoring.open", by=by, now=now, sheets=len(pairs), recused=recusals)
    if link is not None:
        _tell_judges(Counter(judge_id for _, judge_id in pairs), edition, link=link, now=now)
    return len(pairs)


def _tell_judges(counts: Mapping[int, int], edition: Edition, *, link: str, now: datetime) -> None:
    """Tell each judge (by id) how many sheets they have."""
    for judge_id, count in sorted(counts.items()):
        person = db.session.get_one(Person, judge_id)
        outbox.queue_letter(
            person,
            subject=N_("Scoring is open: %(edition)s"),
            body=NN_(
                "Hello %(name)s,\n\nScoring of the presentations of %(edition)s is open. You "
                "have %(count)s score sheet; fill it in and submit it once its presentation "
                "has begun:\n\n%(link)s",
                "Hello %(name)s,\n\nScoring of the presentations of %(edition)s is open. You "
                "have %(count)s score sheets; fill in and submit each one once its "
                "presentation has begun:\n\n%(link)s",
            ),
            values={"name": person.name, "edition": edition, "count": count, "link": link},
            edition_id=edition.id,
            now=now,
        )


def _check_ready(edition: Edition, finalists: list[Entry], judges: list[Evaluator]) -> None:
    """Raise `NotAllowedNow` unless everything that scoring needs is there."""
    if edition.is_frozen:
        raise NotAllowedNow(N_("Scoring has already opened."))
    if not finalists:
        raise NotAllowedNow(N_("There are no finalists yet."), remedy="tabulation.index")
    if unplaced_count(edition):
        raise NotAllowedNow(
            N_("Some finalists have no slot yet. Give them one first."), remedy="arrangement.index"
        )
    if pending_changes(edition):
        raise NotAllowedNow(
            N_("Publish the schedule first: its latest changes are not published yet."),
            remedy="versions.index",
        )
    if prepared_count(edition):
        raise NotAllowedNow(
            N_("Some prepared decisions have not been announced yet."), remedy="announcement.index"
        )
    if not any(holder.is_chair for holder in holders(edition, Role.JUDGE)):
        raise NotAllowedNow(N_("The judging team has no chair yet."), remedy="people.index")
    if len(judges) > MOST_JUDGES:
        raise NotAllowedNow(
            N_("A judging team can have at most %(count)s members."), count=MOST_JUDGES
        )


def _check_desk(finalists: list[Entry], edition: Edition) -> None:
    """Raise `NotAllowedNow` unless the desk evaluation, where it counts, is complete."""
    if not edition.desk_share:
        return
    proposals = [db.session.get_one(Proposal, finalist.proposal_id) for finalist in finalists]
    standings = standings_of(proposals, SheetKind.DESK)
    for proposal in proposals:
        if proposal.id not in standings or not standings[proposal.id].is_whole:
            raise NotAllowedNow(
                N_("The desk evaluation of “%(title)s” is not complete."),
                remedy="scoring.progress",
                title=proposal.title,
            )
