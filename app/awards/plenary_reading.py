"""What the plenary's page shows: the line, the places as they fill up, and what is still open."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from app.awards import queries
from app.awards.anonymity import Outermost, guessable
from app.awards.bodies import BarredMembers, Member, members_of
from app.awards.cascade import Awarding, Contender, Decisions, Given, cascade, circle_of
from app.awards.deciding import contenders_in, rules_in, without
from app.awards.models import Agreement, Award, Body
from app.awards.proceedings import Proceedings
from app.awards.queries import Recorded
from app.awards.reading import DeviationLine, deviation_lines
from app.editions.kinds import AwardKind, PrizeLimit, SheetKind
from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.proposals.models import Proposal
from app.scoring.certainty.asking import chances_in, is_unsure
from app.scoring.ranking import Ranked
from app.workflow import N_, DomainError, Message


@dataclass(frozen=True)
class Board:
    """An award as the plenary sees it before deciding.

    `given` is who gets it, by scores or decisions; `passed_over` who would have got a place but
    holds a prize of another award; `tied` who share a last place, for the plenary to decide;
    `candidates` from whom it chooses, if it does, else all who could get a place, with the
    places that scores give by proposal id in `calculated`.
    """

    category: AwardCategory
    given: Sequence[Given]
    passed_over: Sequence[tuple[int, AwardCategory]]
    tied: Sequence[Ranked]
    is_undecided: bool
    candidates: Sequence[Ranked]
    calculated: Mapping[int, int]

    @property
    def free_places(self) -> int:
        """How many places nobody has got yet."""
        return self.category.places - len(self.given)


@dataclass(frozen=True)
class Boards:
    """All awards as they would be given, and which rule the decisions break, if they do."""

    of_awards: Sequence[Board]
    refusal: DomainError | None


def boards_of(edition: Edition, lines: Sequence[Ranked], decisions: Decisions) -> Boards:
    """Return what scores and decisions give, award by award, from a complete ranking.

    Decisions that break a rule count for nothing; reasons may still be missing.
    """
    rules, contenders = rules_in(edition), contenders_in(edition, lines)
    try:
        whole = _with_reasons(decisions)
        awarding, refusal = cascade(rules, contenders, whole, edition.prize_limit), None
    except DomainError as error:
        awarding = cascade(rules, contenders, Decisions(), edition.prize_limit)
        refusal = error
    return Boards(_boards(edition, lines, contenders, awarding), refusal)


def _boards(
    edition: Edition,
    lines: Sequence[Ranked],
    contenders: Sequence[Contender],
    awarding: Awarding,
) -> list[Board]:
    named = {own.id: own for own in edition.award_categories}
    known = {line.proposal_id: line for line in lines}
    winning: set[int] = set()
    boards = []
    for rule in rules_in(edition):
        able = {own.proposal_id for own in circle_of(rule, contenders)}
        if rule.kind is not AwardKind.MENTION and edition.prize_limit is not PrizeLimit.NONE:
            able -= winning
            winning |= {
                given.proposal_id
                for given in awarding.given
                if given.category_id == rule.category_id
            }
        calculated = awarding.calculated.get(rule.category_id, {})
        boards.append(
            Board(
                named[rule.category_id],
                [given for given in awarding.given if given.category_id == rule.category_id],
                [
                    (over.proposal_id, named[over.holds])
                    for over in awarding.passed_over
                    if over.category_id == rule.category_id
                ],
                [known[key] for key in awarding.ties.get(rule.category_id, ())],
                rule.category_id in awarding.undecided,
                [
                    line
                    for line in lines
                    if line.proposal_id in (calculated if rule.kind.is_ranked else able)
                ],
                calculated,
            )
        )
    return boards


def _with_reasons(decisions: Decisions) -> Decisions:
    """Return the decisions as if those without a reason had one."""
    chosen = {
        category: {key: reason or "–" for key, reason in own.items()}
        for category, own in decisions.chosen.items()
    }
    return replace(decisions, chosen=chosen)


@dataclass(frozen=True)
class AwardChange:
    """What an award would come to without some proposals: who gets it then, who gains and loses it.

    `gains` and `loses` are ids; `is_tied` says that a last place is undecided.
    """

    category: AwardCategory
    given: Sequence[Given]
    gains: frozenset[int]
    loses: frozenset[int]
    is_tied: bool


def changes_without(
    edition: Edition, lines: Sequence[Ranked], gone: Collection[int], decisions: Decisions
) -> list[AwardChange]:
    """Return what the awards that scores give come to if these proposals (ids) don't compete.

    `decisions` are those prepared so far; those on who is gone fall away, and so do the places by
    which the plenary deviated from scores.
    """
    left = {
        category: {key: reason for key, reason in own.items() if key not in gone}
        for category, own in decisions.chosen.items()
    }
    return changes_between(edition, lines, without(lines, gone), decisions, Decisions(left))


def changes_between(
    edition: Edition,
    lines: Sequence[Ranked],
    others: Sequence[Ranked],
    decisions: Decisions,
    left: Decisions,
) -> list[AwardChange]:
    """Return what the awards that scores give come to with `others` in place of these lines."""
    now = {
        board.category.id: {own.proposal_id for own in board.given}
        for board in boards_of(edition, lines, decisions).of_awards
    }
    changes = []
    for board in boards_of(edition, others, left).of_awards:
        if board.category.is_ranked:
            then = {own.proposal_id for own in board.given}
            before = now[board.category.id]
            gains, loses = frozenset(then - before), frozenset(before - then)
            changes.append(
                AwardChange(board.category, board.given, gains, loses, board.is_undecided)
            )
    return changes


@dataclass(frozen=True)
class PlenaryLine:
    """A line of the ranking as the plenary sees it.

    `chance` is that to belong above the line, None where it isn't known; `leaving` names who has a
    conflict of interest with the proposal, and so leaves when it is decided on.
    """

    ranked: Ranked
    chance: float | None
    leaving: Sequence[str]
    awards: Sequence[AwardCategory]

    @property
    def is_unsure(self) -> bool:
        """Whether it lies too close to the line to be told from others."""
        return self.chance is not None and is_unsure(self.chance)


def plenary_lines(
    edition: Edition,
    lines: Sequence[Ranked],
    boards: Boards,
    members: Collection[Member],
    barred: BarredMembers,
) -> list[PlenaryLine]:
    """Return the ranking with what the plenary must know of each line."""
    chances = chances_in(edition) or {}
    names = {own.person_id: own.name for own in members}
    awards: dict[int, list[AwardCategory]] = defaultdict(list)
    for board in boards.of_awards:
        for own in board.given:
            awards[own.proposal_id].append(board.category)
    return [
        PlenaryLine(
            line,
            chances.get(line.proposal_id),
            sorted(names[key] for key in barred.get(line.proposal_id, ()) if key in names),
            awards[line.proposal_id],
        )
        for line in lines
    ]


@dataclass(frozen=True)
class OpenPoint:
    """Something that the plenary has yet to settle, as a message and its values."""

    message: Message
    values: Mapping[str, Any]


def open_points(boards: Boards, proceedings: Proceedings) -> list[OpenPoint]:
    """Return what is still open in each award, in their order; first, which rule is broken."""
    refusal = boards.refusal
    broken = [OpenPoint(refusal.message, refusal.values)] if refusal else []
    return broken + [
        OpenPoint(message, {"category": board.category} | values)
        for board in boards.of_awards
        for message, values in _open_in(board, proceedings)
    ]


def _open_in(board: Board, proceedings: Proceedings) -> Iterator[tuple[Message, dict[str, Any]]]:
    category = board.category
    if board.is_undecided:
        yield N_("“%(category)s”: a tie for the last place"), {}
    elif board.free_places > 0 and category.kind is not AwardKind.MENTION:
        yield (
            N_("“%(category)s” has places free: %(free)s of %(places)s"),
            {"free": board.free_places, "places": category.places},
        )
    if not all(proceedings.decisions.chosen.get(category.id, {}).values()):
        yield N_("“%(category)s”: a reason is missing"), {}
    if category.kind is AwardKind.BOTH and board.given:
        for body in Body:
            if (category.id, body) not in proceedings.agreements:
                yield N_("“%(category)s”: the %(body)s has not agreed"), {"body": body.label}
    vote = proceedings.votes.get(category.id)
    if vote is not None and not (vote.reason and vote.in_favour):
        yield N_("“%(category)s”: reason or votes of the deviation are missing"), {}


@dataclass(frozen=True)
class BodyLine:
    """A body as it sat in the plenary, by names."""

    body: Body
    present: Sequence[str]
    absent: Sequence[str]


def body_lines(recorded: Recorded) -> list[BodyLine]:
    """Return who of each body sat in the plenary that is on record, and who didn't."""
    return [
        BodyLine(
            body,
            [own.person.name for own in rows if own.is_present],
            [own.person.name for own in rows if not own.is_present],
        )
        for body in Body
        if (rows := [own for own in recorded.attendances if own.body is body])
    ]


@dataclass(frozen=True)
class PlenaryView:
    """All that the plenary's page shows to whoever may look at its ranking."""

    lines: Sequence[PlenaryLine]
    members: Sequence[Member]
    barred: BarredMembers
    boards: Boards
    open_points: Sequence[OpenPoint]
    awards: Sequence[Award]
    deviations: Mapping[int, DeviationLine]
    bodies: Sequence[BodyLine]
    agreements: Mapping[int, Sequence[Agreement]]

    @property
    def leaving(self) -> set[int]:
        """All (ids of people) who leave for one of its lines."""
        return set().union(*self.barred.values())

    def barred_candidates(self, member: Member, board: Board) -> list[int]:
        """Return the award's candidates (ids) on whose places the member can't vote."""
        ids = (line.proposal_id for line in board.candidates)
        return [key for key in ids if member.person_id in self.barred.get(key, ())]


def plenary_view(
    edition: Edition,
    ranking: Sequence[Ranked],
    recorded: Recorded,
    barred: BarredMembers,
    so_far: Proceedings,
) -> PlenaryView:
    """Return what the page shows of a ranking, with what is decided `so_far`."""
    boards, members = boards_of(edition, ranking, so_far.decisions), members_of(edition)
    agreements: dict[int, list[Agreement]] = defaultdict(list)
    for own in recorded.agreements:
        agreements[own.category_id].append(own)
    return PlenaryView(
        plenary_lines(edition, ranking, boards, members, barred),
        members,
        barred,
        boards,
        open_points(boards, so_far),
        recorded.awards,
        deviation_lines(edition, recorded.awards, recorded.deviations),
        body_lines(recorded),
        agreements,
    )


@dataclass(frozen=True)
class GuessableLine:
    """What readers of the finer public file could guess, by titles and names."""

    few: Sequence[str]
    outermost: Sequence[tuple[str, Outermost]]


def guessable_in(
    edition: Edition, proposals: Mapping[int, Proposal], view: PlenaryView
) -> GuessableLine | None:
    """Return whose presentation sheets the finer public file would tell, None if nobody's."""
    weights = [own.weight for own in edition.criteria_of(SheetKind.PRESENTATION)]
    totals: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for row in queries.counting_rows(edition):
        if row.kind is SheetKind.PRESENTATION and row.proposal_id in proposals:
            pairs = zip(row.values, weights, strict=True)
            total = sum((value * Fraction(weight) for value, weight in pairs), Fraction(0))
            totals[row.proposal_id][row.evaluator_id] = total
    names = {own.person_id: own.name for own in view.members if own.body is Body.JUDGES}
    found = guessable(totals, view.leaving & names.keys())
    if found is None:
        return None
    return GuessableLine(
        [proposals[key].title for key in found.few],
        [(names[own.judge_id], own) for own in found.outermost],
    )
