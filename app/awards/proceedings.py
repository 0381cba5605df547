"""What stands on record of a plenary: its decisions, who sat in it, agreements, and votes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from app.awards.bodies import BarredMembers, Member, barred_members, members_of
from app.awards.cascade import Awarding, Decisions
from app.awards.deciding import decisions_in
from app.awards.models import Agreement, Attendance, Body, Deviation
from app.awards.queries import Recorded
from app.database import Base
from app.editions.kinds import AwardKind
from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.workflow import N_, DomainError


@dataclass(frozen=True)
class Vote:
    """Why the plenary deviates from the scores, and who (ids of people) was for and against it."""

    reason: str
    in_favour: frozenset[int]
    against: frozenset[int]


@dataclass(frozen=True)
class Proceedings:
    """What a plenary decided, and how it came to it.

    `left_empty` are the categories (ids) that nobody is to get, `present` the members who sat in
    it, by body and id. `agreements` holds what was said against awards of a category (its id) in a
    body that agreed to them; `votes` those on deviations, by category id.
    """

    decisions: Decisions
    tie_reason: str = ""
    left_empty: frozenset[int] = frozenset()
    present: frozenset[tuple[Body, int]] = frozenset()
    agreements: Mapping[tuple[int, Body], str] = field(default_factory=dict)
    votes: Mapping[int, Vote] = field(default_factory=dict)


def as_recorded(recorded: Recorded) -> Proceedings:
    """Return what stands on record of a plenary, as a start for deciding again."""
    return Proceedings(
        decisions_in(recorded.awards, recorded.deviations),
        present=frozenset(
            (own.body, own.person_id) for own in recorded.attendances if own.is_present
        ),
        agreements={(own.category_id, own.body): own.dissent for own in recorded.agreements},
        votes={
            own.category_id: Vote(own.reason, frozenset(own.in_favour), frozenset(own.against))
            for own in recorded.deviations
        },
    )


def check_proceedings(edition: Edition, awarding: Awarding, proceedings: Proceedings) -> None:
    """Raise `DomainError` unless both bodies agreed where they must, and deviations were voted on.

    Nobody decides on a proposal from which a conflict of interest bars them.
    """
    barred, members = barred_members(edition), members_of(edition)
    sitting = [own for own in members if (own.body, own.person_id) in proceedings.present]
    for category in edition.award_categories:
        winners = {own.proposal_id for own in awarding.given if own.category_id == category.id}
        if category.kind is AwardKind.BOTH and winners:
            free = _free_of(winners, sitting, barred)
            _check_agreement(category, proceedings, free)
        if category.id in proceedings.decisions.places:
            moved = moved_in(category, awarding, proceedings.decisions)
            _check_vote(category, moved, proceedings, _free_of(moved, sitting, barred))


def moved_in(category: AwardCategory, awarding: Awarding, decisions: Decisions) -> set[int]:
    """Return the proposals (ids) whose place in the category isn't the one that scores give."""
    decided = decisions.places[category.id]
    by_score = dict(_first_places(category, awarding))
    return {key for key in decided.keys() | by_score if decided.get(key) != by_score.get(key)}


def records_of(edition: Edition, awarding: Awarding, proceedings: Proceedings) -> Iterator[Base]:
    """Yield the rows that keep on record how the plenary came to its decisions."""
    for own in members_of(edition):
        is_present = (own.body, own.person_id) in proceedings.present
        yield Attendance(
            edition_id=edition.id, person_id=own.person_id, body=own.body, is_present=is_present
        )
    given = {own.category_id for own in awarding.given}
    for category in edition.award_categories:
        if category.kind is AwardKind.BOTH and category.id in given:
            for body in Body:
                yield Agreement(
                    edition_id=edition.id,
                    category_id=category.id,
                    body=body,
                    dissent=proceedings.agreements[category.id, body],
                )
        if category.id in proceedings.decisions.places:
            vote = proceedings.votes[category.id]
            yield Deviation(
                edition_id=edition.id,
                category_id=category.id,
                reason=vote.reason,
                calculated=_first_places(category, awarding),
                in_favour=sorted(vote.in_favour),
                against=sorted(vote.against),
            )


def _first_places(category: AwardCategory, awarding: Awarding) -> list[tuple[int, int]]:
    """Return the proposals (ids) and places that scores give, as many as the category has."""
    places = awarding.calculated.get(category.id, {})
    return [(key, place) for key, place in places.items() if place <= category.places]


def _free_of(
    proposals: Collection[int], members: Collection[Member], barred: BarredMembers
) -> list[Member]:
    """Return the members whom no conflict bars from any of these proposals (ids)."""
    leaving = set().union(*(barred.get(key, set()) for key in proposals))
    return [own for own in members if own.person_id not in leaving]


def _check_agreement(
    category: AwardCategory, proceedings: Proceedings, free: Collection[Member]
) -> None:
    for body in Body:
        if (category.id, body) not in proceedings.agreements:
            raise DomainError(
                N_(
                    "“%(category)s” is decided by both bodies: record whether the %(body)s "
                    "agrees. Your choices and text are below, but not saved yet."
                ),
                category=category,
                body=body.label,
            )
        if not any(own.body is body for own in free):
            raise DomainError(
                N_(
                    "“%(category)s” is decided by both bodies, but nobody of the %(body)s is "
                    "recorded as present who has no conflict of interest with a winner."
                ),
                category=category,
                body=body.label,
            )


def _check_vote(
    category: AwardCategory,
    moved: Collection[int],
    proceedings: Proceedings,
    free: Collection[Member],
) -> None:
    vote = proceedings.votes[category.id]
    if not moved:
        raise DomainError(
            N_("The places decided in “%(category)s” are those that the scores give."),
            category=category,
        )
    if not vote.reason:
        raise DomainError(
            N_("Give a written reason why “%(category)s” deviates from the scores."),
            category=category,
        )
    if not vote.in_favour:
        raise DomainError(
            N_(
                "Nobody is recorded as for deviating in “%(category)s”: record who is, or keep the "
                "places that the scores give."
            ),
            category=category,
        )
    if vote.in_favour & vote.against:
        raise DomainError(
            N_("Record who is for and who is against deviating in “%(category)s”, each once."),
            category=category,
        )
    if not vote.in_favour | vote.against <= {own.person_id for own in free}:
        raise DomainError(
            N_(
                "Only who is present and has no conflict of interest with a proposal that moves "
                "can vote on “%(category)s”."
            ),
            category=category,
        )
