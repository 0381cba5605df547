"""Who evaluates what: a transport problem, solved exactly by HiGHS. Pure.

Goals in this order: everyone gets their evaluators; the sheets are spread evenly; the evaluators
know the category. Each weighs so much more than the next that no sum of the latter outweighs it.
With whole bounds the corners of such a problem are whole, so a linear solver suffices.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

MISSING, UNEVEN, STRANGE = 1_000_000.0, 10_000.0, 1.0
PRESENT = 0.5  # a variable above it is one

Pair = tuple[int, int]  # evaluator id, proposal id


@dataclass(frozen=True)
class AssignmentProblem:
    """What is to be assigned: how many more evaluators each proposal needs, by its id.

    `load` is how many sheets each evaluator has so far; `barred` are the pairs that must not be, by
    a conflict or because they are already; `expert` those
    in which the evaluator knows the category.
    """

    need: Mapping[int, int]
    load: Mapping[int, int]
    barred: Collection[Pair]
    expert: Collection[Pair]


@dataclass(frozen=True)
class AssignmentPlan:
    """Who gets what, what some proposals still lack, and how many pairs are strange."""

    pairs: list[Pair]
    missing: dict[int, int]
    strange: int


def solve(
    problem: AssignmentProblem, *, has_to_stop: Callable[[], bool] = lambda: False
) -> AssignmentPlan | None:
    """Return the best plan there is, None where it had to stop before one was found."""
    proposals, evaluators = sorted(problem.need), sorted(problem.load)
    barred = frozenset(problem.barred)
    possible = [
        (evaluator, proposal)
        for proposal in proposals
        for evaluator in evaluators
        if (evaluator, proposal) not in barred
    ]
    if not possible:
        return AssignmentPlan([], {each: need for each, need in problem.need.items() if need}, 0)
    values = _optimum(problem, proposals, evaluators, possible, has_to_stop)
    if values is None:
        return None
    pairs = [pair for pair, value in zip(possible, values, strict=True) if value > PRESENT]
    given = dict.fromkeys(proposals, 0)
    for _, proposal in pairs:
        given[proposal] += 1
    missing = {each: problem.need[each] - given[each] for each in proposals}
    expert = frozenset(problem.expert)
    strange = sum(1 for pair in pairs if pair not in expert) if expert else 0
    return AssignmentPlan(pairs, {each: lack for each, lack in missing.items() if lack}, strange)


def _optimum(
    problem: AssignmentProblem,
    proposals: list[int],
    evaluators: list[int],
    possible: list[Pair],
    has_to_stop: Callable[[], bool],
) -> list[float] | None:
    """Return for each possible pair whether it is in the plan, 1 or 0.

    Columns: the pairs, then what each proposal lacks, then by how much each evaluator has more and
    less than an even share. Rows: each proposal's need, each evaluator's load.
    """
    import highspy  # noqa: PLC0415 -- large, and only the worker needs it
    import numpy as np  # noqa: PLC0415

    row_of = {each: row for row, each in enumerate(proposals)}
    load_row = {each: len(proposals) + row for row, each in enumerate(evaluators)}
    expert = frozenset(problem.expert)
    need = np.array([problem.need[each] for each in proposals], dtype=float)
    load = np.array([problem.load[each] for each in evaluators], dtype=float)
    lowest, highest = _even_share(problem)
    count, lacks, loads = len(possible), len(proposals), len(evaluators)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count + lacks + 2 * loads, lacks + loads
    strange = [0.0 if pair in expert else STRANGE for pair in possible]
    model.col_cost_ = np.array(strange + [MISSING] * lacks + [UNEVEN] * 2 * loads)
    model.col_lower_ = np.zeros(model.num_col_)
    unbounded = np.full(2 * loads, highspy.kHighsInf)
    model.col_upper_ = np.concatenate([np.ones(count), need, unbounded])
    model.row_lower_ = np.concatenate([need, lowest - load])
    model.row_upper_ = np.concatenate([need, highest - load])
    rows = [row for who, what in possible for row in (row_of[what], load_row[who])]
    slack = list(range(lacks + loads)) + list(range(lacks, lacks + loads))
    signs = [1.0] * (2 * count + lacks) + [-1.0] * loads + [1.0] * loads
    starts = [*range(0, 2 * count, 2), *range(2 * count, 2 * count + lacks + 2 * loads + 1)]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(rows + slack, dtype=np.int32)
    model.a_matrix_.value_ = np.array(signs)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # HiGHS has none
    solver.silent()
    solver.cbSimplexInterrupt += lambda event: event.interrupt(has_to_stop())
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return list(solver.getSolution().col_value)[:count]


def _even_share(problem: AssignmentProblem) -> tuple[int, int]:
    total = sum(problem.need.values()) + sum(problem.load.values())
    lowest = total // len(problem.load)
    return lowest, lowest + bool(total % len(problem.load))
