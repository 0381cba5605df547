"""What the plenary changes: the result is prepared, confirmed by a second person, published."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Person
from app.audit.chain import head_of, record
from app.awards import queries
from app.awards.bodies import BarredMembers, barred_members
from app.awards.deciding import awarding_of, awards_for, check_winners, still_holds
from app.awards.letters import (
    LinkTo,
    ask_to_confirm,
    send_published_head,
    send_receipts,
    tell_of_result,
)
from app.awards.models import (
    Agreement,
    Attendance,
    Award,
    Deviation,
    Disclosure,
    Result,
    ResultFile,
)
from app.awards.proceedings import Proceedings, check_proceedings, records_of
from app.awards.result_files import write_files
from app.awards.sealing import seal, unseal
from app.awards.shown import digest_of
from app.awards.telling import told_of
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.evaluation.recusing import recuse_conflicted
from app.mail.models import Letter
from app.proposals.kept_agencies import keep_agencies, release_agencies
from app.scoring.queries import is_looked_at_again, judges_of, ranking_of
from app.scoring.ranking import Ranking
from app.scoring.results import MOST_AT_ONCE, keep_places, sheets_in
from app.workflow import N_, DomainError, NotAllowedNow, Overtaken


class Links(NamedTuple):
    """Whole addresses for the letters of a confirmation."""

    feedback: LinkTo
    receipts: Callable[[Edition], str]


@dataclass(frozen=True)
class Confirmation:
    """How a result is confirmed: what the public file holds, and when everyone may see it.

    `seen` is the digest of what was shown (`shown.digest_of`).
    """

    seen: str
    disclosure: Disclosure
    publish_at: datetime


def prepare_result(
    edition: Edition,
    proceedings: Proceedings,
    *,
    seen: str,
    link: str | None = None,
    by: Person,
    now: datetime,
) -> Result:
    """Prepare the result: ranked awards follow from the ranking, unless the plenary deviated.

    `seen` is the digest of what was shown (`shown.digest_of`): what somebody else has prepared
    meanwhile is not overwritten unseen. A letter with the `link`, if there is one, asks those who
    can to confirm it. Raise `NotAllowedNow` while a sheet is missing.
    """
    result = queries.result_of(edition)
    if result is not None and result.confirmed_at is not None:
        raise NotAllowedNow(N_("The result has already been confirmed."))
    shown = digest_of(edition)
    ranking = _ranking_to_decide_on(edition, by=by, now=now)
    if seen != shown:
        raise Overtaken(
            N_(
                "The ranking, or what is prepared, has changed since you opened this page. It now "
                "shows both; your choices and text are below, but not saved yet."
            )
        )
    awarding = awarding_of(edition, ranking.lines, proceedings.decisions)
    awards = awards_for(edition, awarding)
    check_winners(edition, awards, proceedings.left_empty)
    check_proceedings(edition, awarding, proceedings)
    if result is None:
        result = Result(edition_id=edition.id)
        db.session.add(result)
    result.prepared_by_id, result.prepared_at = by.id, now
    result.evaluation_revision = edition.evaluation_revision
    flag_modified(result, "prepared_at")  # another version, even within the same moment
    db.session.flush()
    for table in (Award, Attendance, Agreement, Deviation):
        db.session.execute(delete(table).where(table.edition_id == edition.id))
    db.session.add_all([*awards, *records_of(edition, awarding, proceedings)])
    db.session.flush()
    _record_prepared(edition, proceedings, by=by, now=now)
    if link is not None:
        ask_to_confirm(confirmers(edition), edition, link=link, by=by, now=now)
    return result


def check_confirmation(
    result: Result, edition: Edition, asked: Confirmation, *, by: Person, now: datetime
) -> None:
    """Raise `DomainError` unless the result can be confirmed so by this person.

    What has been prepared anew, or rests on sheets that have changed since, is refused.
    """
    if result.confirmed_at is not None:
        raise NotAllowedNow(N_("The result has already been confirmed."))
    if result.prepared_by_id == by.id:
        raise DomainError(
            N_("The person who prepared the result can't confirm it: a second person must.")
        )
    if asked.seen != digest_of(edition):
        raise Overtaken(
            N_("The result has been prepared again since you opened it. Read it again.")
        )
    if result.evaluation_revision != edition.evaluation_revision or not still_holds(edition):
        raise Overtaken(
            N_("The ranking has changed since the result was prepared. Prepare it again.")
        )
    if asked.publish_at < now:
        raise DomainError(N_("The publication time is in the past. Choose a later time."))


def confirm_result(
    result: Result,
    edition: Edition,
    asked: Confirmation,
    *,
    links: Links,
    by: Person,
    now: datetime,
) -> None:
    """Confirm what somebody else prepared, and set when everyone may see it."""
    check_confirmation(result, edition, asked, by=by, now=now)
    result.confirmed_by_id, result.confirmed_at = by.id, now
    result.publish_at = asked.publish_at
    files = write_files(edition, asked.disclosure, head=head_of(edition.id))
    db.session.add_all(files)
    edition.closed_at = now
    keep_agencies(edition)
    digests = {own.scope.value: own.digest for own in files}
    entry = record(
        edition.id,
        "result.confirm",
        by=by,
        now=now,
        publish_at=str(asked.publish_at),
        seen=asked.seen,
        files=digests,
        seal=seal(edition),
    )
    told = told_of(edition)
    tell_of_result(edition, told, due_at=asked.publish_at, link_to=links.feedback, now=now)
    send_receipts(edition, entry.hash, link=links.receipts(edition), now=now)


def unconfirm_result(
    result: Result, edition: Edition, *, reason: str, by: Person, now: datetime
) -> None:
    """Take the confirmation back, only before publication; waiting letters are deleted."""
    if result.publish_at is None or result.publish_at <= now:
        raise NotAllowedNow(N_("A confirmation can be revoked only until the result is published."))
    db.session.execute(
        delete(Letter).where(
            Letter.edition_id == edition.id,
            Letter.due_at == result.publish_at,
            Letter.delivered_at.is_(None),
        )
    )
    reopen_result(result, edition)
    record(edition.id, "result.unconfirm", by=by, now=now, reason=reason)
    recuse_conflicted(edition, by=by, now=now)  # what changed meanwhile was let be


def note_publications(*, now: datetime) -> int:
    """Record, as the worker, which results have become public, and mail the judges the head.

    Return of how many.
    """
    with transaction(writing=False):
        slugs = queries.slugs_of_unnoted(now=now)
    for slug in slugs:
        with transaction(writing=True):
            edition = locked_edition(slug)
            result = queries.result_of(edition) if edition else None
            if edition and result and result.is_public(now) and result.noted_at is None:
                result.noted_at = now
                entry = record(edition.id, "result.publish", by=None, now=now)
                send_published_head(edition, entry.hash, now=now)
    return len(slugs)


def reopen_result(result: Result, edition: Edition) -> None:
    """Let the result be prepared anew: its files and its seal go, its awards stay as a start."""
    db.session.execute(delete(ResultFile).where(ResultFile.edition_id == edition.id))
    unseal(edition)
    result.confirmed_by_id = result.confirmed_at = result.publish_at = result.noted_at = None
    edition.closed_at = None
    release_agencies(edition)


def confirmers(edition: Edition) -> list[Person]:
    """Return who may confirm a prepared result that stands as it was prepared, none otherwise."""
    if edition.is_confirmed or edition.placed_revision != edition.evaluation_revision:
        return []
    result = queries.result_of(edition)
    if result is None or result.evaluation_revision != edition.evaluation_revision:
        return []
    return [
        person
        for person in _unbarred(edition, barred_members(edition))
        if person.id != result.prepared_by_id
    ]


def lacks_people(edition: Edition, result: Result | None, barred: BarredMembers) -> bool:
    """Return whether conflicts leave too few people to prepare the result and to confirm it."""
    free = {person.id for person in _unbarred(edition, barred)}
    if is_looked_at_again(edition):
        free -= judges_of(edition)  # who judges can't run the second look
        return not free
    if result is not None:
        return free <= {result.prepared_by_id}
    organisers = {row.id for row in queries.holders_by_name(edition, {Role.ORGANISER})}
    return free.isdisjoint(organisers) or len(free) == 1


def _ranking_to_decide_on(edition: Edition, *, by: Person, now: datetime) -> Ranking:
    """Return the complete ranking; raise `NotAllowedNow` while it isn't, or is looked at again."""
    recuse_conflicted(edition, by=by, now=now)
    if sheets_in(edition) <= MOST_AT_ONCE:
        keep_places(edition)
    ranking = ranking_of(edition)
    if ranking.is_waiting:
        raise NotAllowedNow(N_("The places are being computed. Try again in a moment."))
    if not ranking.is_complete:
        raise NotAllowedNow(
            N_("The ranking is provisional: some score sheets are still missing."),
            remedy="scoring.progress",
        )
    if is_looked_at_again(edition):
        raise NotAllowedNow(
            N_("The second look, which is part of the method, has not ended yet."),
            remedy="second_look.index",
        )
    return ranking


def _record_prepared(
    edition: Edition, proceedings: Proceedings, *, by: Person, now: datetime
) -> None:
    recorded = queries.recorded_in(edition)
    record(
        edition.id,
        "result.prepare",
        by=by,
        now=now,
        reason=proceedings.tie_reason,
        awards=[
            [award.category_id, award.proposal_id, award.rank, award.reason]
            for award in recorded.awards
        ],
        present=[[own.body, own.person_id] for own in recorded.attendances if own.is_present],
        agreements=[[own.category_id, own.body, own.dissent] for own in recorded.agreements],
        deviations=[
            [own.category_id, own.reason, own.calculated, own.in_favour, own.against]
            for own in recorded.deviations
        ],
    )


def _unbarred(edition: Edition, barred: BarredMembers) -> list[Person]:
    """Return the chair and the organisers, except whom a conflict bars from the ranking."""
    leaving = set().union(*barred.values())
    return [person for person in queries.entitled(edition) if person.id not in leaving]
