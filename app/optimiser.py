"""A linear program, in whole numbers or not, that grows goal by goal; solved by HiGHS. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

Terms = Mapping[int, float]  # coefficient by column

FEASIBLE = 2  # HiGHS's code for a primal solution that satisfies every row
NEARLY_ONE = 1 - 1e-6  # whole values closer than this are the same


@dataclass(frozen=True)
class Solution:
    """The value of each column, None if no solution was found; no sum is below `bound`."""

    values: list[float] | None
    bound: float


@dataclass
class _Waiting:
    """Columns and rows that HiGHS has not been given yet."""

    uppers: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[float, float]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    coefficients: list[float] = field(default_factory=list)


class LinearProgram:
    """Columns from 0 up to a bound, rows between bounds, one objective after the other.

    `has_to_stop` is asked repeatedly during a run. Once it says so, a program with whole columns
    gives the best solution so far; one without gives none, since only its best one is a corner of
    what is possible.
    """

    def __init__(self, has_to_stop: Callable[[], bool]) -> None:
        self.width = 0
        self._has_whole = False
        self._waiting = _Waiting()
        self._costly: Iterable[int] = ()
        self._solver = _silent_solver()
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._solver.setOptionValue("mip_abs_gap", NEARLY_ONE)
        self._solver.cbSimplexInterrupt += lambda event: event.interrupt(has_to_stop())
        self._solver.cbMipInterrupt += lambda event: event.interrupt(has_to_stop())

    def column(self, upper: float = 1.0, *, is_whole: bool = False) -> int:
        """Add a column and return its number."""
        if is_whole:
            self._has_whole = True
            self._waiting.whole.append(self.width)
        self._waiting.uppers.append(upper)
        self.width += 1
        return self.width - 1

    def row(self, terms: Terms, *, at_least: float = -inf, at_most: float = inf) -> None:
        """Add a row that keeps the sum of the terms between two bounds."""
        self._waiting.rows.append((at_least, at_most))
        self._waiting.starts.append(len(self._waiting.indices))
        self._waiting.indices.extend(terms.keys())
        self._waiting.coefficients.extend(terms.values())

    def minimise(
        self,
        terms: Terms,
        *,
        start: Terms | None = None,
        seconds: float = inf,
        target: float = -inf,
    ) -> Solution:
        """Look for the lowest sum of the terms, or for one no higher than `target`.

        `start` gives the whole columns of a known plan.
        """
        self._pass_on()
        self._price(dict.fromkeys(self._costly, 0.0) | dict(terms))
        self._costly = list(terms)
        self._solver.setOptionValue("time_limit", seconds)
        self._solver.setOptionValue("objective_target", target + (1 - NEARLY_ONE))
        found = self._run(start)
        if self._has_missed_target(terms, found, target):
            self._solver.setOptionValue("objective_target", -inf)
            found = self._run(start)
        if self._has_kept_start(terms, found):
            self._solver.setOptionValue("presolve", "off")
            found = self._run(start)
            self._solver.setOptionValue("presolve", "choose")
        return found

    def _run(self, start: Terms | None) -> Solution:
        import numpy as np  # noqa: PLC0415 -- large, and only the worker needs it

        if start:
            columns = np.array(list(start), dtype=np.int32)
            self._solver.setSolution(len(start), columns, np.array(list(start.values())))
        self._solver.run()
        info, solution = self._solver.getInfo(), self._solver.getSolution()
        if self._has_whole:
            is_found = solution.value_valid and info.primal_solution_status == FEASIBLE
            bound = info.mip_dual_bound
        else:
            is_found = self._is_optimal()
            bound = info.objective_function_value if is_found else -inf
        return Solution(list(solution.col_value) if is_found else None, bound)

    def _has_kept_start(self, terms: Terms, found: Solution) -> bool:
        """Return whether HiGHS calls the start optimal though the bound is lower.

        Version 1.16 does so if presolve alone solves the problem.
        """
        if found.values is None or not self._is_optimal():
            return False
        value = sum(weight * found.values[column] for column, weight in terms.items())
        return value - found.bound > NEARLY_ONE

    def _has_missed_target(self, terms: Terms, found: Solution, target: float) -> bool:
        """Return whether HiGHS stopped at the target though the value found is above it.

        Version 1.16 does so where presolve took a constant out of the objective.
        """
        import highspy  # noqa: PLC0415 -- large, and only the worker needs it

        is_reached = self._solver.getModelStatus() == highspy.HighsModelStatus.kObjectiveTarget
        if found.values is None or not is_reached:
            return False
        value = sum(weight * found.values[column] for column, weight in terms.items())
        return value > target + 1 - NEARLY_ONE

    def _is_optimal(self) -> bool:
        import highspy  # noqa: PLC0415 -- large, and only the worker needs it

        return bool(self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _price(self, terms: Terms) -> None:
        import numpy as np  # noqa: PLC0415 -- large, and only the worker needs it

        columns = np.array(list(terms), dtype=np.int32)
        self._solver.changeColsCost(len(columns), columns, np.array(list(terms.values()), float))

    def _pass_on(self) -> None:
        """Give HiGHS the waiting columns and rows."""
        import highspy  # noqa: PLC0415 -- large, and only the worker needs it
        import numpy as np  # noqa: PLC0415 -- large, and only the worker needs it

        new, self._waiting = self._waiting, _Waiting()
        count, none = len(new.uppers), np.array([], dtype=np.int32)
        zeros, uppers = np.zeros(count), np.array(new.uppers, dtype=float)
        if count:
            self._solver.addCols(count, zeros, zeros, uppers, 0, none, none, np.array([], float))
        if new.whole:
            kinds = np.full(len(new.whole), highspy.HighsVarType.kInteger.value, dtype=np.uint8)
            whole = np.array(new.whole, dtype=np.int32)
            self._solver.changeColsIntegrality(len(whole), whole, kinds)
        if new.rows:
            lower, upper = np.array(new.rows, dtype=float).T.copy()
            starts, indices = np.array(new.starts, np.int32), np.array(new.indices, np.int32)
            coefficients = np.array(new.coefficients, dtype=float)
            self._solver.addRows(
                len(lower), lower, upper, len(indices), starts, indices, coefficients
            )


def _silent_solver() -> Any:  # noqa: ANN401 -- HiGHS has no types
    import highspy  # noqa: PLC0415 -- large, and only the worker needs it

    class Silent(highspy.Highs):
        """HiGHS, silenced before its first call, which prints a banner."""

        def enableCallbacks(self) -> None:  # noqa: N802 -- HiGHS's own name
            self.silent()
            super().enableCallbacks()  # type: ignore[no-untyped-call]  # HiGHS has none

    return Silent()  # type: ignore[no-untyped-call]  # HiGHS has none
