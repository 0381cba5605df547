"""Everything that is told about a ranking, computed from its sheets as plain values. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from app.editions.kinds import Method, SheetKind
from app.scoring.certainty.agreement import alpha, concordance, intraclass
from app.scoring.certainty.comparisons import borda_shares, schulze_order
from app.scoring.certainty.drift import Drift, drift_of, means_by_day
from app.scoring.certainty.rivals import bias_of, means_of, residuals_of, rivals_of
from app.scoring.certainty.robustness import (
    STEP,
    Contest,
    LineChange,
    ScoredKind,
    line_change,
    reach_of,
    severities_in,
)
from app.scoring.certainty.sample import Draws, draws_of, interval, places_in, sheets_of

DRAWS, DRAWS_OF_MANY, MANY = 2_000, 1_000, 500
MOST_COMPARED = 200
"""Proposals, the first by their places, that are ordered by comparisons of pairs."""

Tell = Callable[[int], None]
"""Is told how far the work has come, in percent."""


@dataclass(frozen=True)
class KindSheets:
    """The sheets of one kind: proposal id, judge id and scores of each; weights and share."""

    kind: SheetKind
    rows: Sequence[tuple[int, int, tuple[float, ...]]]
    criteria: Sequence[int]
    weights: Sequence[float]
    share: float

    @cached_property
    def totals(self) -> list[tuple[int, int, float]]:
        """The weighted total of each sheet, in points, with proposal id and judge id."""
        weights = np.array(self.weights)
        return [
            (proposal, judge, float(np.dot(own, weights))) for proposal, judge, own in self.rows
        ]


@dataclass(frozen=True)
class Question:
    """A complete ranking as plain values; ids are those of proposals and people.

    `places` are those of proposals that have one; `line` is the last place above the line. `quorum`
    is asked of the sheets of presentations. `own` are the competing proposals that a conflict bars
    a judge from, `missing` the sheets of presentations that don't count (proposal, judge). `order`
    and `days` are places in the running order and numbers of days.
    """

    kinds: Sequence[KindSheets]
    places: Mapping[int, int]
    competing: Collection[int]
    line: int
    method: Method
    quorum: Mapping[int, int]
    own: Mapping[int, Collection[int]]
    missing: Sequence[tuple[int, int]]
    order: Mapping[int, int]
    days: Mapping[int, int]
    seed: int

    @cached_property
    def proposals(self) -> list[int]:
        """Every proposal with a sheet, by id."""
        return sorted({row[0] for kind in self.kinds for row in kind.rows})

    @cached_property
    def judges(self) -> list[int]:
        """Everybody with a sheet, by id."""
        return sorted({row[1] for kind in self.kinds for row in kind.rows})


def certainty_of(question: Question, tell: Tell) -> dict[str, Any]:
    """Return what there is to tell, as values that JSON holds; see the functions below."""
    random = np.random.default_rng(question.seed)
    count = DRAWS if len(question.competing) <= MANY else DRAWS_OF_MANY
    draws = {}
    for place, own in enumerate(question.kinds, 1):
        draws[own.kind] = drawn(own, count, random)
        tell(50 * place // len(question.kinds))
    contest = _contest(question)
    now = contest.first(contest.results(), question.line)
    found = {
        "line": question.line,
        "draws": count,
        "seed": question.seed,
        "places": _places(question, draws),
        "judges": {own.kind: judges_of(own, draws[own.kind]) for own in question.kinds},
        "agreement": {own.kind: agreement_of(own) for own in question.kinds},
    }
    tell(60)
    found["without"] = _without(question, contest, now)
    tell(75)
    found["weights"] = _weights(question, contest, now)
    found["missing"] = _missing(question, contest)
    tell(85)
    freed = _freed(question.kinds[-1])
    found |= _compared(question) | _drift(question, freed, random)
    return found | {"rivals": _rivals(question, freed, random)}


def drawn(own: KindSheets, count: int, random: np.random.Generator) -> Draws:
    """Draw `count` possible competitions that would give the sheets of one kind."""
    proposals, judges = places_of(own)
    rows = [(proposals[row[0]], judges[row[1]], row[2]) for row in own.totals]
    return draws_of(sheets_of(rows, len(proposals), len(judges)), count, random)


def places_of(own: KindSheets) -> tuple[dict[int, int], dict[int, int]]:
    """Return where each proposal and each judge of these sheets stands in a sample's columns."""
    return (
        {key: place for place, key in enumerate(sorted({row[0] for row in own.rows}))},
        {key: place for place, key in enumerate(sorted({row[1] for row in own.rows}))},
    )


def _places(question: Question, draws: Mapping[SheetKind, Draws]) -> list[list[Any]]:
    """Return id, chance to be above the line, and the ends of the 90 % interval of the place."""
    ranked = sorted(question.places, key=lambda key: (question.places[key], key))
    results = np.zeros(())
    for own in question.kinds:
        columns, _ = places_of(own)
        results = results + own.share * draws[own.kind].worth[:, [columns[key] for key in ranked]]
    places = places_in(results)
    low, high = interval(places)
    chance = (places <= question.line).mean(axis=0)
    return [
        [key, round(float(chance[at]), 4), int(low[at]), int(high[at])]
        for at, key in enumerate(ranked)
    ]


def judges_of(own: KindSheets, draws: Draws) -> list[list[Any]]:
    """Return id, sheets; severity and its 90 % interval; scatter and its 90 % interval."""
    counts = Counter(row[1] for row in own.rows)
    ends = [*interval(draws.severity), *interval(draws.scatter)]
    severity, scatter = draws.severity.mean(axis=0), draws.scatter.mean(axis=0)
    return [
        [judge, counts[judge]]
        + [
            round(float(column[at]), 2)
            for column in (severity, ends[0], ends[1], scatter, ends[2], ends[3])
        ]
        for judge, at in places_of(own)[1].items()
    ]


def agreement_of(own: KindSheets) -> dict[str, Any]:
    """Return how far judges agree: of proposals that all scored, and (alpha) of all."""
    proposals, judges = places_of(own)
    table = np.full((len(proposals), len(judges)), np.nan)
    for proposal, judge, points in own.totals:
        table[proposals[proposal], judges[judge]] = points
    whole = table[~np.isnan(table).any(axis=1)]
    single = intraclass(whole)
    return {
        "proposals": len(whole),
        "judges": len(judges),
        "one": single and round(single.two_way[0], 3),
        "mean": single and round(single.two_way[1], 3),
        "order": _rounded(concordance(whole)),
        "all": _rounded(alpha(table.T)),
    }


def _without(question: Question, contest: Contest, now: frozenset[int]) -> list[list[Any]]:
    """Return, for each judge of presentations, who would come and go without their sheets.

    None where a proposal would fall below its quorum: that can't be computed.
    """
    hall = [own for own in question.kinds if own.kind is SheetKind.PRESENTATION]
    found: list[list[Any]] = []
    panels: dict[int, set[int]] = {}
    for own in hall:
        for proposal, judge, _ in own.rows:
            panels.setdefault(proposal, set()).add(judge)
    for judge in sorted({row[1] for own in hall for row in own.rows}):
        short = any(
            len(panels.get(key, set()) - {judge}) < question.quorum.get(key, 1)
            for key in question.places
        )
        after = contest.results(without=question.judges.index(judge))
        moved = line_change(now, contest.first(after, question.line))
        found.append([judge, None if short else _ids(question, moved)])
    return found


def _weights(question: Question, contest: Contest, now: frozenset[int]) -> list[list[Any]]:
    """Return criterion id, step in points, and who would come and go, where anybody would."""
    found = []
    for place, own in enumerate(question.kinds):
        for at, criterion in enumerate(own.criteria):
            for step in (STEP, -STEP):
                results = contest.with_weight(place, at, step)
                if results is None:
                    continue
                moved = line_change(now, contest.first(results, question.line))
                if moved.rises:
                    found.append([criterion, step, _ids(question, moved)])
    return found


def _missing(question: Question, contest: Contest) -> list[list[int]]:
    """Return proposal, judge, best and worst place, had the missing sheet been 100 or 0 points."""
    halls = [at for at, own in enumerate(question.kinds) if own.kind is SheetKind.PRESENTATION]
    results = contest.results()
    return [
        [proposal, judge, *reach_of(contest, halls[0], question.proposals.index(proposal), results)]
        for proposal, judge in question.missing
        if halls and proposal in question.places
    ]


def _compared(question: Question) -> dict[str, Any]:
    """Return the shares of comparisons won, and the order by pairs, of the last kind of sheets."""
    own = question.kinds[-1]
    shares = borda_shares(own.totals)
    ranked = sorted(question.places, key=lambda key: (question.places[key], key))
    order = schulze_order(own.totals, ranked[:MOST_COMPARED])
    return {
        "kind": own.kind,
        "borda": [[key, round(shares[key], 4)] for key in ranked if key in shares],
        "schulze": [sorted(group) for group in order],
    }


@dataclass(frozen=True)
class _Freed:
    """Sheets freed of severity: each proposal's mean, and what is left of each judge's sheets."""

    means: Mapping[int, float]
    residuals: Mapping[int, Mapping[int, float]]


def _freed(own: KindSheets) -> _Freed:
    proposals, judges = places_of(own)
    off = severities_in(
        np.array([proposals[row[0]] for row in own.totals]),
        np.array([judges[row[1]] for row in own.totals]),
        np.array([row[2] for row in own.totals]),
        len(proposals),
        len(judges),
    )
    severities = {judge: float(off[at]) for judge, at in judges.items()}
    return _Freed(means_of(own.totals, severities), residuals_of(own.totals, severities))


def _drift(question: Question, freed: _Freed, random: np.random.Generator) -> dict[str, Any]:
    """Return the means of the days, and by how many points values rise over ten presentations.

    Of all presentations, and of each judge against the others, with the chance of as much.
    """
    if question.kinds[-1].kind is not SheetKind.PRESENTATION:
        return {"days": [], "drift": None, "drifts": []}
    competing = {key: freed.means[key] for key in question.places}
    whole = drift_of(competing, question.order, random)
    drifts = [
        [judge, *_figures(found)]
        for judge, left in sorted(freed.residuals.items())
        if (found := drift_of(left, question.order, random))
    ]
    return {
        "days": [round(value, 2) for value in means_by_day(competing, question.days)],
        "drift": whole and _figures(whole),
        "drifts": drifts,
    }


def _figures(found: Drift) -> list[float]:
    return [round(found.points, 2), round(found.chance, 4)]


def _rivals(question: Question, freed: _Freed, random: np.random.Generator) -> list[list[Any]]:
    """Return judge, sheets, points and chance of who scored rivals of their own agency."""
    biases = (
        bias_of(judge, freed.residuals[judge], rivals_of(kin, question.places), random)
        for judge, kin in sorted(question.own.items())
        if judge in freed.residuals
    )
    return [
        [bias.judge, bias.sheets, round(bias.points, 2), round(bias.chance, 4)]
        for bias in biases
        if bias is not None
    ]


def _contest(question: Question) -> Contest:
    proposal = {key: at for at, key in enumerate(question.proposals)}
    judge = {key: at for at, key in enumerate(question.judges)}
    kinds = [
        ScoredKind(
            np.array([proposal[row[0]] for row in own.rows]),
            np.array([judge[row[1]] for row in own.rows]),
            np.array([row[2] for row in own.rows], dtype=np.float64),
            np.array(own.weights, dtype=np.float64),
            own.share,
        )
        for own in question.kinds
    ]
    unplaced = frozenset(at for key, at in proposal.items() if key not in question.places)
    return Contest(kinds, len(proposal), len(judge), question.method, unplaced)


def _ids(question: Question, moved: LineChange) -> list[list[int]]:
    return [[question.proposals[at] for at in side] for side in (moved.rises, moved.falls)]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
