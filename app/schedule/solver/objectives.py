"""The goals as sums of a model's columns; some add columns and rows of their own. Pure.

What a goal counts is defined in `goals`; here it is restated for a linear program, never counting
more than that for talks left to the pool.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from app.editions.kinds import AgencyOrder
from app.optimiser import Terms
from app.schedule.draft.timetable import PanelSeats, Sitting, Talk, shares
from app.schedule.solver import goals
from app.schedule.solver.calls import Pair
from app.schedule.solver.goals import Aim, Goal
from app.schedule.solver.model import Model

Sum = tuple[dict[int, float], int]  # coefficient by column, and a constant


def express(model: Model, aim: Aim, *, taken: int) -> Sum:
    """Return the aim as a sum of columns; `taken` is how many sittings will be."""
    goal, rank = aim
    if goal is Goal.WISHES:
        return _wishes(model, rank), 0
    if goal is Goal.UNBALANCED:
        return _beyond_share(model, model.timetable.sittings_on.values(), taken), 0
    if goal is Goal.UNEVEN:
        return _beyond_share(model, goals.in_rooms(model.timetable), taken), 0
    if goal is Goal.NEIGHBOURS:
        return _neighbours(model)
    return _SUMS[goal](model), 0


def _of_pairs(model: Model, cost: Callable[[Talk, Sitting], int]) -> dict[int, float]:
    talk_of, sitting_of = model.timetable.talk_of, model.timetable.sitting_of
    costs = {
        column: float(cost(talk_of[talk], sitting_of[sitting]))
        for (talk, sitting), column in model.chosen.items()
    }
    return {column: value for column, value in costs.items() if value}


def _unplaced(model: Model) -> dict[int, float]:
    return dict.fromkeys(model.out.values(), 1.0)


def _without_quorum(model: Model) -> dict[int, float]:
    timetable = model.timetable

    def lacks(talk: Talk, sitting: Sitting) -> bool:
        panel = timetable.panels[sitting.panel_id]
        fillable = goals.fillable(timetable, panel)
        return not panel.alternates and timetable.lacking(talk, sitting) > fillable

    return _of_pairs(model, lacks) | model.calls.without_quorum()


def _early(model: Model) -> dict[int, float]:
    return _of_pairs(model, model.timetable.has_to_rise_early)


def _moved(model: Model) -> dict[int, float]:
    was = model.problem.was
    gone = [way[talk] for way in (model.out, model.elsewhere) for talk in was if talk in way]
    moves = _of_pairs(model, lambda talk, there: was.get(talk.id, there.id) != there.id)
    return moves | dict.fromkeys(gone, 1.0)


def _affected(model: Model) -> dict[int, float]:
    was, timetable = model.problem.was, model.timetable
    moves = _of_pairs(
        model,
        lambda talk, there: goals.affected(timetable, talk, was.get(talk.id, there.id), there.id),
    )
    lost = {
        model.out[talk]: float(goals.affected(timetable, timetable.talk_of[talk], old, None))
        for talk, old in was.items()
        if talk in model.out
    }
    return moves | lost | _affected_in_pool(model)


def _affected_in_pool(model: Model) -> dict[int, float]:
    """Count the presenters for a talk left to the pool, the new panel for a sitting it takes.

    The old panel isn't counted: it is often the same. A talk that had no sitting moves nobody.
    """
    panels = model.timetable.panels.values()
    judges = {judge for panel in panels for judge in panel.members}
    nobody = -max((len(panel.members) for panel in panels), default=0)
    talks = {
        column: float(
            len(model.timetable.talk_of[talk].presenters - judges)
            if talk in model.problem.was
            else nobody
        )
        for talk, column in model.elsewhere.items()
    }
    if model.longer:
        return talks  # a sitting that continues another concerns nobody else
    return talks | {
        column: float(len(_panel(model, model.timetable.sitting_of[there]).members))
        for there, column in model.pooled.items()
    }


def _wishes(model: Model, rank: int) -> dict[int, float]:
    timetable = model.timetable
    terms = _of_pairs(model, lambda talk, there: goals.rank_in(timetable, talk, there.id) == rank)
    ways = (model.out, model.elsewhere)
    missing = [talk for talk, wishes in timetable.wishes.items() if len(wishes) + 1 == rank]
    return terms | {way[talk]: 1.0 for way in ways for talk in missing if talk in way}


def _beyond_share(
    model: Model, parts: Collection[Sequence[Sitting]], total: int
) -> dict[int, float]:
    """Sum how far the sittings taken of each part are over or under its share."""
    terms: dict[int, float] = {}
    for sittings, (fewest, most) in shares(parts, total):
        taken = {model.taken[sitting.id]: 1.0 for sitting in sittings}
        over, under = model.program.column(len(sittings)), model.program.column(fewest)
        model.program.row(taken | {over: -1.0}, at_most=most)
        model.program.row(taken | {under: 1.0}, at_least=fewest)
        terms |= {over: 1.0, under: 1.0}
    return terms


def _overload(model: Model) -> dict[int, float]:
    """Sum how many talks beyond the most each judge hears on a day."""
    terms: dict[int, float] = {}
    most = model.timetable.most_a_day
    for day, judges in goals.judge_days(model.timetable).items():
        if most is not None and len(day) > most:
            over = model.program.column(len(day))
            taken = {model.taken[sitting]: 1.0 for sitting in sorted(day)}
            model.program.row(taken | {over: -1.0}, at_most=most)
            terms[over] = float(judges)
    return terms


def _idle(model: Model) -> dict[int, float]:
    """Sum the panels of which no sitting is taken; those without anybody yet may stay so."""
    terms: dict[int, float] = {}
    for panel_id, sittings in goals.panels_at_work(model.timetable).items():
        panel = model.timetable.panels[panel_id]
        if panel.members or panel.alternates:
            idle = model.program.column(is_whole=True)
            taken = {model.taken[sitting.id]: 1.0 for sitting in sittings}
            model.program.row(taken | {idle: 1.0}, at_least=1)
            terms[idle] = 1.0
    return terms


def _waiting(model: Model) -> dict[int, float]:
    """Sum the sittings that are idle: not taken, between the first and the last one that is.

    A room's day opens at most once, so its open sittings, taken or idle, are contiguous.
    """
    program, terms = model.program, dict[int, float]()
    for sittings in goals.in_rooms(model.timetable):
        idle = {sitting.id: program.column() for sitting in sittings}
        opened = [program.column() for _ in sittings]
        program.row(dict.fromkeys(opened, 1.0), at_most=1)
        before: Mapping[int, float] = {}
        for sitting, opening in zip(sittings, opened, strict=True):
            is_open = {model.taken[sitting.id]: 1.0, idle[sitting.id]: 1.0}
            program.row(is_open, at_most=1)
            program.row(is_open | _times(before, -1) | {opening: -1.0}, at_most=0)
            before = is_open
            terms[idle[sitting.id]] = float(goals.size_of(_panel(model, sitting)))
    return terms


def _walkouts(model: Model) -> dict[int, float]:
    """Sum how often a judge who sat through a talk has to leave for a later one of the session."""
    terms: dict[int, float] = {}
    hidden = _hidden(model) if model.pooled else {}
    for session in goals.in_sessions(model.timetable):
        for judge, stretch in goals.attended(model.timetable, session):
            barred = [_barred(model, judge, sitting) for sitting in stretch]
            if any(barred[1:]):
                unknown = [hidden.get((judge, sitting), {}) for sitting in stretch]
                terms |= _leavings(model, stretch, barred, unknown)
    return terms


def _hidden(model: Model) -> dict[tuple[int, int], dict[int, float]]:
    """Return columns that say which of the pool's sittings hide a talk that a judge is barred from.

    For each judge no more of them are one than there are such talks in the pool.
    """
    found: dict[tuple[int, int], dict[int, float]] = {}
    sits = model.problem.sittings_of
    judges = {judge for panel in model.timetable.panels.values() for judge in panel.members}
    for judge in sorted(judges):
        barred = [
            talk.id
            for talk in model.timetable.talks
            if goals.is_barred(model.timetable, judge, talk)
        ]
        columns = (
            {sitting.id: model.program.column() for sitting in sits.get(judge, ())}
            if barred
            else {}
        )
        for sitting, column in columns.items():
            model.program.row({column: 1.0, model.pooled[sitting]: -1.0}, at_most=0)
            found[judge, sitting] = {column: 1.0}
        pool = {model.elsewhere[talk]: -1.0 for talk in barred if talk in model.elsewhere}
        model.program.row(dict.fromkeys(columns.values(), 1.0) | pool, at_most=0)
    return found


def _barred(model: Model, judge: int, sitting: int) -> dict[int, float]:
    return {
        column: 1.0
        for talk, column in model.in_sitting[sitting]
        if goals.is_barred(model.timetable, judge, model.timetable.talk_of[talk])
    }


def _leavings(
    model: Model,
    stretch: list[int],
    barred: list[dict[int, float]],
    unknown: list[dict[int, float]],
) -> Terms:
    """Track whether the judge is inside: from a talk they hear until one they are barred from."""
    program, terms, inside_before = model.program, dict[int, float](), None
    for sitting, out, perhaps_out in zip(stretch, barred, unknown, strict=True):
        inside, without = program.column(), _times(out | perhaps_out, -1)
        program.row(without | {model.taken[sitting]: 1.0, inside: -1.0}, at_most=0)
        if inside_before is not None:
            program.row(without | {inside_before: 1.0, inside: -1.0}, at_most=0)
            if out:
                leaving = program.column()
                program.row(out | {inside_before: 1.0, leaving: -1.0}, at_most=1)
                terms[leaving] = 1.0
        inside_before = inside
    return terms


def _neighbours(model: Model) -> Sum:
    """Count pairs of an agency in successive sittings; if together, those its chain lacks."""
    is_together = model.timetable.order is AgencyOrder.TOGETHER
    if is_together and model.pooled:
        return {}, 0  # which of the pool's talks would be neighbours is unknown
    counts = Counter(talk.agency_id for talk in model.timetable.talks)
    several = {agency for agency, count in counts.items() if count > 1}
    pairs: dict[int, float] = {}
    for session in goals.in_sessions(model.timetable):
        for before, after in pairwise(session):
            one = _by_agency(model, _ending(model, before), several)
            other = _by_agency(model, _beginning(model, after), several)
            for agency in sorted(one.keys() & other.keys()):
                pairs[_beside(model, one[agency], other[agency], is_wished=is_together)] = 1.0
    if is_together:
        return _times(pairs, -1), goals.longest_chains(model.timetable)
    return pairs, 0


def _beginning(model: Model, sitting: Sitting) -> list[Pair]:
    """Return the talks that can begin in the sitting, each with its column."""
    found = model.in_sitting[sitting.id]
    return [(talk, column) for talk, column in found if column == model.chosen_at(talk, sitting.id)]


def _ending(model: Model, sitting: Sitting) -> list[Pair]:
    """Return the talks that can end with the sitting, each with its column."""
    found = model.in_sitting[sitting.id]
    return [
        (talk, column)
        for talk, column in found
        if not model.timetable.talk_of[talk].is_long
        or column != model.chosen_at(talk, sitting.id)
        or not model.timetable.fits(model.timetable.talk_of[talk], sitting)
    ]


def _by_agency(
    model: Model, found: list[Pair], agencies: Collection[int]
) -> dict[int, dict[int, float]]:
    """Return the columns of each agency's talks among these, as terms."""
    by_agency: dict[int, dict[int, float]] = defaultdict(dict)
    for talk, column in found:
        agency = model.timetable.talk_of[talk].agency_id
        if agency in agencies:
            by_agency[agency][column] = 1.0
    return by_agency


def _beside(model: Model, one: Terms, other: Terms, *, is_wished: bool) -> int:
    """Return a column that is one only if both are chosen, or if not wished, whenever they are."""
    pair = model.program.column()
    if is_wished:
        model.program.row(_times(one, -1) | {pair: 1.0}, at_most=0)
        model.program.row(_times(other, -1) | {pair: 1.0}, at_most=0)
    else:
        model.program.row({**one, **other, pair: -1.0}, at_most=1)
    return pair


def _panel(model: Model, sitting: Sitting) -> PanelSeats:
    return model.timetable.panels[sitting.panel_id]


def _times(terms: Terms, factor: float) -> dict[int, float]:
    return {column: factor * value for column, value in terms.items()}


_SUMS: dict[Goal, Callable[[Model], dict[int, float]]] = {
    Goal.UNPLACED: _unplaced,
    Goal.WITHOUT_QUORUM: _without_quorum,
    Goal.MOVED: _moved,
    Goal.AFFECTED: _affected,
    Goal.OVERLOAD: _overload,
    Goal.EARLY: _early,
    Goal.IDLE: _idle,
    Goal.WAITING: _waiting,
    Goal.WALKOUTS: _walkouts,
}
