"""Who evaluates what: a transport problem, solved exactly by a linear program. Pure.

Goals, in this order: every proposal gets its evaluators; sheets are spread evenly; evaluators know
the category. The first only takes counting, as an evaluator can have any number of sheets. The
second and third are one sum, since a row that fixed the second would break what makes a linear
program enough: with whole bounds, each corner is whole.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import inf

from app.optimiser import LinearProgram

# Two plans differ by cycles that visit an evaluator at most once and change two of their pairs, so
# twice the number of evaluators plus one would do; HiGHS is faster the further apart the two are.
UNEVEN, STRANGE = 1_000_000.0, 1.0
PRESENT = 0.5  # a column above it counts as 1

Pair = tuple[int, int]  # evaluator id, proposal id


@dataclass(frozen=True)
class AssignmentProblem:
    """What has to be assigned: how many more evaluators each proposal needs, by its id.

    `load` is how many sheets each evaluator has so far; `barred` are pairs ruled out by a conflict
    or because they exist already; `expert` are pairs whose evaluator knows the category.
    """

    need: Mapping[int, int]
    load: Mapping[int, int]
    barred: Collection[Pair]
    expert: Collection[Pair]


@dataclass(frozen=True)
class AssignmentPlan:
    """Who gets what, how many evaluators proposals still lack, and the pairs without expertise."""

    pairs: list[Pair]
    missing: dict[int, int]
    strange: int


def solve_assignment(
    problem: AssignmentProblem, *, has_to_stop: Callable[[], bool] = lambda: False
) -> AssignmentPlan | None:
    """Return the best plan there is, None if it had to stop before finding one."""
    barred, expert = frozenset(problem.barred), frozenset(problem.expert)
    program = LinearProgram(has_to_stop)
    columns = {
        (evaluator, proposal): program.column()
        for proposal in sorted(problem.need)
        for evaluator in sorted(problem.load)
        if (evaluator, proposal) not in barred
    }
    missing = _give_evaluators(program, problem, columns)
    if not columns:
        return AssignmentPlan([], missing, 0)
    uneven = _spread(program, problem, columns)
    strange = {column: STRANGE for pair, column in columns.items() if pair not in expert}
    found = program.minimise(dict.fromkeys(uneven, UNEVEN) | strange)
    if found.values is None:
        return None
    pairs = [pair for pair, column in columns.items() if found.values[column] > PRESENT]
    strangers = sum(pair not in expert for pair in pairs) if expert else 0
    return AssignmentPlan(pairs, missing, strangers)


def _give_evaluators(
    program: LinearProgram, problem: AssignmentProblem, columns: Mapping[Pair, int]
) -> dict[int, int]:
    """Give each proposal the evaluators it needs, or all there are; return how many it lacks."""
    of_proposal: dict[int, list[int]] = {proposal: [] for proposal in sorted(problem.need)}
    for (_, proposal), column in columns.items():
        of_proposal[proposal].append(column)
    missing = {}
    for proposal, own in of_proposal.items():
        count = min(problem.need[proposal], len(own))
        program.row(dict.fromkeys(own, 1.0), at_least=count, at_most=count)
        if count < problem.need[proposal]:
            missing[proposal] = problem.need[proposal] - count
    return missing


def _spread(
    program: LinearProgram, problem: AssignmentProblem, columns: Mapping[Pair, int]
) -> list[int]:
    """Return the columns for how far each evaluator is above and below their share."""
    of_evaluator: dict[int, dict[int, float]] = {
        evaluator: {} for evaluator in sorted(problem.load)
    }
    for (evaluator, _), column in columns.items():
        of_evaluator[evaluator][column] = 1.0
    lowest, highest = _even_share(problem)
    uneven = []
    for evaluator, own in of_evaluator.items():
        more, less = program.column(inf), program.column(inf)
        load = problem.load[evaluator]
        program.row(own | {more: -1.0, less: 1.0}, at_least=lowest - load, at_most=highest - load)
        uneven += [more, less]
    return uneven


def _even_share(problem: AssignmentProblem) -> tuple[int, int]:
    total = sum(problem.need.values()) + sum(problem.load.values())
    lowest = total // len(problem.load)
    return lowest, lowest + bool(total % len(problem.load))
