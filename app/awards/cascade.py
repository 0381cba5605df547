"""Who gets which award, by the declared rules and what the plenary chose. Pure.

The awards are given in their order. Where a limit on prizes bars who would have got a place, it
goes on to who comes after; each such step is kept, so that everyone can see it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from app.editions.kinds import AwardKind, PrizeLimit
from app.evaluation.statistics import ranks
from app.workflow import N_, DomainError


@dataclass(frozen=True)
class Contender:
    """A competing proposal, by id, with its agency, its rank, and the names of what it belongs to.

    `rank` is None where fewer judges counted than must; only a choice can then give it an award.
    `means` are those of the criteria by which awards are given, by name.
    """

    proposal_id: int
    agency_id: int
    rank: int | None
    circles: frozenset[str] = frozenset()
    means: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """The rule of one award; `award` names it in what is refused."""

    category_id: int
    kind: AwardKind
    places: int
    award: object
    criterion: str = ""
    only_for: str = ""


@dataclass(frozen=True)
class Decisions:
    """What the plenary decides, by category id.

    `chosen` holds its reasons by proposal id: for an award that it gives, and for the last place
    where contenders are tied (if all of them are chosen, they share it). `places` are the places by
    proposal id where it deviates from the scores.
    """

    chosen: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    places: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """An award given to a proposal: its place in the category if there are places, and why.

    `calculated` is the place that scores give it among those who may have the award.
    """

    category_id: int
    proposal_id: int
    place: int | None
    reason: str
    calculated: int | None


@dataclass(frozen=True)
class PassedOver:
    """Who would have got a place in a category, but holds a prize of another (ids)."""

    category_id: int
    proposal_id: int
    holds: int


@dataclass(frozen=True)
class Awarding:
    """All awards, whom they passed over, and who is tied for a last place, by category id.

    `undecided` are the categories (ids) of whose tie nobody has been chosen. `calculated` are the
    places that scores give to those who may have a prize, by category id and proposal id.
    """

    given: Sequence[Given]
    passed_over: Sequence[PassedOver]
    ties: Mapping[int, Sequence[int]]
    undecided: frozenset[int]
    calculated: Mapping[int, Mapping[int, int]]


def cascade(
    rules: Iterable[Rule],
    contenders: Sequence[Contender],
    decisions: Decisions,
    limit: PrizeLimit,
) -> Awarding:
    """Give the awards in the order of their rules.

    Raise `DomainError` where a decision breaks a rule; a tie that nobody has decided is left open.
    """
    state = _State(contenders, limit)
    for rule in rules:
        own = decisions.chosen.get(rule.category_id, {})
        places = decisions.places.get(rule.category_id, {})
        if rule.kind.is_ranked:
            state.calculate(rule)
        if rule.kind.is_ranked and places:
            state.give_as_decided(rule, places)
        elif rule.kind.is_ranked:
            state.give_by_score(rule, own)
        else:
            state.give_by_choice(rule, own)
    return Awarding(
        state.given, state.passed_over, state.ties, frozenset(state.undecided), state.calculated
    )


def circle_of(rule: Rule, contenders: Iterable[Contender]) -> list[Contender]:
    """Return who may get the award at all."""
    return [own for own in contenders if not rule.only_for or rule.only_for in own.circles]


def in_order(rule: Rule, contenders: Iterable[Contender]) -> list[tuple[Contender, int]]:
    """Return who may get an award by scores, best first, with their places (1, 2, 2, 4)."""
    able = [(own, strength) for own in contenders if (strength := _strength(rule, own)) is not None]
    able.sort(key=lambda pair: (-pair[1], pair[0].proposal_id))
    places = ranks([strength for _, strength in able])
    return [(own, place) for (own, _), place in zip(able, places, strict=True)]


def _strength(rule: Rule, own: Contender) -> Fraction | None:
    if own.rank is None:
        return None
    return Fraction(-own.rank) if rule.kind is AwardKind.RANKING else own.means.get(rule.criterion)


class _State:
    """What has been given so far."""

    def __init__(self, contenders: Sequence[Contender], limit: PrizeLimit) -> None:
        self.contenders, self.limit = contenders, limit
        self.given: list[Given] = []
        self.passed_over: list[PassedOver] = []
        self.ties: dict[int, list[int]] = {}
        self.undecided: set[int] = set()
        self.calculated: dict[int, dict[int, int]] = {}
        self.prize_of: dict[int, int] = {}

    def give_by_score(self, rule: Rule, chosen: Mapping[int, str]) -> None:
        """Give the places to the best who may have a prize; a tie for the last needs a choice."""
        left, place = rule.places, 1
        for equals in _groups(in_order(rule, circle_of(rule, self.contenders))):
            if left <= 0:
                return
            free = [own for own in equals if self._held_by(own) is None]
            self.passed_over += [
                PassedOver(rule.category_id, own.proposal_id, held)
                for own in equals
                if (held := self._held_by(own)) is not None
            ]
            winners = self._among(rule, free, chosen, left)
            for own in winners:
                self._give(rule, own, place, chosen.get(own.proposal_id, ""), place)
            left, place = left - len(winners), place + len(winners)
            if rule.category_id in self.undecided:
                return

    def give_as_decided(self, rule: Rule, decided: Mapping[int, int]) -> None:
        """Give the places as the plenary decided them, beside those that scores give."""
        calculated = self.calculated[rule.category_id]
        known = {own.proposal_id: own for own in self.contenders}
        for proposal_id in decided.keys() & known.keys():
            self._check_free(rule, known[proposal_id])
        _check_places(rule, decided, calculated)
        for proposal_id, place in sorted(decided.items(), key=lambda pair: (pair[1], pair[0])):
            self._check_free(rule, known[proposal_id])
            self._give(rule, known[proposal_id], place, "", calculated[proposal_id])

    def calculate(self, rule: Rule) -> None:
        """Find the places that scores give to those who may still have a prize.

        Whoever is better counts once: by proposal, or by agency where only one of it may have one.
        """
        better: set[int] = set()
        found = self.calculated[rule.category_id] = {}
        for equals in _groups(in_order(rule, circle_of(rule, self.contenders))):
            free = [own for own in equals if self._held_by(own) is None]
            found.update({own.proposal_id: len(better) + 1 for own in free})
            better |= {self._holder(own) or own.proposal_id for own in free}

    def give_by_choice(self, rule: Rule, chosen: Mapping[int, str]) -> None:
        """Give the award to whom the plenary chose, each with a reason."""
        _check_choice(rule, self.contenders, chosen)
        known = {own.proposal_id: own for own in self.contenders}
        for proposal_id, reason in sorted(chosen.items()):
            self._check_free(rule, known[proposal_id])
            self._give(rule, known[proposal_id], None, reason, None)

    def _among(
        self, rule: Rule, free: Sequence[Contender], chosen: Mapping[int, str], left: int
    ) -> Sequence[Contender]:
        """Return who of equals gets a place: all, if there are enough, else whom the plenary chose.

        All of them may share a last place; nobody else of the same agency where that bars them.
        """
        needed = min(left, len({self._holder(own) or own.proposal_id for own in free}))
        if len(free) <= needed:
            return free
        self.ties[rule.category_id] = [own.proposal_id for own in free]
        picked = [own for own in free if own.proposal_id in chosen]
        if not picked:
            self.undecided.add(rule.category_id)
            return []
        alone = len({self._holder(own) or own.proposal_id for own in picked}) == len(picked)
        fits = len(picked) == needed or len(picked) == len(free)
        if not (alone and fits and all(chosen[own.proposal_id] for own in picked)):
            raise DomainError(
                N_(
                    "There is a tie for the last place in “%(category)s”: choose who gets it, "
                    "and give a reason."
                ),
                category=rule.award,
            )
        return picked

    def _check_free(self, rule: Rule, own: Contender) -> None:
        if rule.kind is not AwardKind.MENTION and self._held_by(own) is not None:
            raise DomainError(_MANY[self.limit], category=rule.award)

    def _give(
        self, rule: Rule, own: Contender, place: int | None, reason: str, calculated: int | None
    ) -> None:
        self.given.append(Given(rule.category_id, own.proposal_id, place, reason, calculated))
        holder = self._holder(own)
        if rule.kind is not AwardKind.MENTION and holder is not None:
            self.prize_of[holder] = rule.category_id

    def _held_by(self, own: Contender) -> int | None:
        """Return the category (id) whose prize bars this one from another."""
        holder = self._holder(own)
        return None if holder is None else self.prize_of.get(holder)

    def _holder(self, own: Contender) -> int | None:
        """Return by whom prizes are counted: the proposal or its agency, None without a limit."""
        if self.limit is PrizeLimit.NONE:
            return None
        return own.agency_id if self.limit is PrizeLimit.AGENCY else own.proposal_id


_TOO_MANY = N_("“%(category)s” has no more places than %(places)s.")
_MANY = {
    PrizeLimit.PROPOSAL: N_(
        "“%(category)s”: a proposal can receive only one award, and one that was chosen there has "
        "one already."
    ),
    PrizeLimit.AGENCY: N_(
        "“%(category)s”: an agency can receive only one award, and one that was chosen there has "
        "one already."
    ),
}


def _groups(ordered: Iterable[tuple[Contender, int]]) -> Iterator[list[Contender]]:
    """Return those who share a place together, best first."""
    for _, group in groupby(ordered, key=lambda pair: pair[1]):
        yield [own for own, _ in group]


def _check_places(rule: Rule, decided: Mapping[int, int], calculated: Mapping[int, int]) -> None:
    """Raise `DomainError` unless the decided places run from 1, as in 1, 2, 2, 4, and fit."""
    if len(decided) > rule.places:
        raise DomainError(_TOO_MANY, category=rule.award, places=rule.places)
    if not decided.keys() <= calculated.keys():
        raise DomainError(
            N_("In “%(category)s”, a place can only go to who has one in the ranking."),
            category=rule.award,
        )
    places = sorted(decided.values())
    if places != [1 + sum(other < place for other in places) for place in places]:
        raise DomainError(
            N_(
                "The decided places in “%(category)s” must run from 1 without gaps. After a place "
                "that two share, the next one stays free: 1, 2, 2, 4."
            ),
            category=rule.award,
        )


def _check_choice(rule: Rule, contenders: Sequence[Contender], chosen: Mapping[int, str]) -> None:
    if len(chosen) > rule.places:
        raise DomainError(_TOO_MANY, category=rule.award, places=rule.places)
    if not all(chosen.values()):
        message = N_("Give a written reason for every award you choose.")
        raise DomainError(message, category=rule.award)
    if not chosen.keys() <= {own.proposal_id for own in contenders}:
        raise DomainError(N_("Only a proposal that was presented can receive an award."))
    if not chosen.keys() <= {own.proposal_id for own in circle_of(rule, contenders)}:
        raise DomainError(
            N_("“%(category)s” is only for %(circle)s."),
            category=rule.award,
            circle=rule.only_for,
        )
