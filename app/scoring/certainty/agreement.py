"""How far judges agree: intraclass correlations, Kendall's W, Krippendorff's alpha. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 2  # proposals, and judges, between which agreement can be measured


@dataclass(frozen=True)
class Intraclass:
    """Intraclass correlations of one judge and of the mean of all, for three kinds of panels.

    `one_way`: other judges for each proposal; `two_way`: these judges stand for any; `fixed`: only
    these judges matter, and how severe they are does not count.
    """

    one_way: tuple[float, float]
    two_way: tuple[float, float]
    fixed: tuple[float, float]


def intraclass(table: Floats) -> Intraclass | None:
    """Return the correlations of a complete table (proposals by judges); None of too small a one.

    Source: Shrout and Fleiss, “Intraclass Correlations: Uses in Assessing Rater Reliability”,
    Psychological Bulletin 86 (1979); theirs are called (1,1) (1,k), (2,1) (2,k), (3,1) (3,k).
    """
    rows, columns = table.shape
    if rows < FEWEST or columns < FEWEST:
        return None
    middle = table.mean()
    between = columns * ((table.mean(axis=1) - middle) ** 2).sum() / (rows - 1)
    judges = rows * ((table.mean(axis=0) - middle) ** 2).sum() / (columns - 1)
    whole = ((table - middle) ** 2).sum()
    left = whole - between * (rows - 1) - judges * (columns - 1)
    error = left / ((rows - 1) * (columns - 1))
    within = (whole - between * (rows - 1)) / (rows * (columns - 1))
    if between == 0:
        return None
    return Intraclass(
        (
            float((between - within) / (between + (columns - 1) * within)),
            float((between - within) / between),
        ),
        (
            float(
                (between - error)
                / (between + (columns - 1) * error + columns * (judges - error) / rows)
            ),
            float((between - error) / (between + (judges - error) / rows)),
        ),
        (
            float((between - error) / (between + (columns - 1) * error)),
            float((between - error) / between),
        ),
    )


def concordance(table: Floats) -> float | None:
    """Return Kendall's W of a complete table (proposals by judges), corrected for ties.

    1 where all judges have the same order, 0 where their orders have nothing in common. Source:
    Kendall and Gibbons, “Rank Correlation Methods”, 5th edition, 1990, chapter 6.
    """
    rows, columns = table.shape
    if rows < FEWEST or columns < FEWEST:
        return None
    ranks = np.column_stack([_mid_ranks(column) for column in table.T])
    sums = ranks.sum(axis=1)
    spread = ((sums - sums.mean()) ** 2).sum()
    ties = sum(_ties(column) for column in table.T)
    most = columns**2 * (rows**3 - rows) / 12 - columns * ties / 12
    return float(spread / most) if most else None


def alpha(table: Floats) -> float | None:
    """Return Krippendorff's alpha of points (judges by proposals, NaN where there is no sheet).

    It can be computed of any panels; None where no proposal has two sheets, or all points are the
    same. Source: Krippendorff, “Computing Krippendorff's Alpha-Reliability”, 2011, with the
    difference of an interval scale: sums of squares then stand for the matrix of coincidences,
    which has a row and a column for each value that occurs.
    """
    paired = table[:, (~np.isnan(table)).sum(axis=0) >= FEWEST]
    values = paired[~np.isnan(paired)]
    if values.size == 0 or np.ptp(values) == 0:
        return None
    sizes = (~np.isnan(paired)).sum(axis=0)
    squares = np.nansum((paired - np.nanmean(paired, axis=0)) ** 2, axis=0)
    within = (sizes * squares / (sizes - 1)).sum()
    overall = values.size * ((values - values.mean()) ** 2).sum() / (values.size - 1)
    return float(1 - within / overall)


def _mid_ranks(values: Floats) -> Floats:
    """Return the rank of each value, 1 for the lowest; equal ones share the mean of theirs."""
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    return ((2 * ends - counts + 1) / 2)[where]


def _ties(values: Floats) -> float:
    counts = np.unique(values, return_counts=True)[1]
    return float((counts.astype(np.float64) ** 3 - counts).sum())
