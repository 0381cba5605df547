"""What proposals may be worth, given all sheets: a sample of possible competitions. Pure.

A sheet's points are what its proposal is worth, plus how severe its judge is, plus chance. What
proposals are worth is spread around a mean like a bell; of the severities nothing is assumed. The
sample is drawn from the posterior itself, without a chain: the share of the variance that lies
between proposals on a grid (each share equally likely beforehand), then the variance of chance,
then severities, then what each proposal is worth.

Source: Box and Tiao, “Bayesian Inference in Statistical Analysis”, 1973, chapters 5 and 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARES = 100
"""Steps of the grid on which the share of variance between proposals is drawn."""


@dataclass(frozen=True)
class Sheets:
    """The sheets of one kind as columns: places of proposal and judge, and points."""

    proposal: NDArray[np.int64]
    judge: NDArray[np.int64]
    points: Floats
    proposals: int
    judges: int


@dataclass(frozen=True)
class Draws:
    """Possible values in points: worth (draws by proposals) and severity (draws by judges).

    `scatter` is how far each judge's sheets lie from what these give (draws by judges), a standard
    deviation.
    """

    worth: Floats
    severity: Floats
    scatter: Floats


@dataclass(frozen=True)
class _Fit:
    """The sheets' equations at one share of variance between proposals."""

    ratio: float  # of the variance between proposals to that of chance
    centre: Floats  # of each judge's level
    root: Floats  # Cholesky factor of the equations' matrix
    rest: float  # sum of squares that they leave
    likelihood: float  # its logarithm


def draws_of(sheets: Sheets, count: int, random: np.random.Generator) -> Draws:
    """Draw `count` possible competitions that would give these sheets.

    Raise `ValueError` unless there are more sheets than judges.
    """
    if len(sheets.points) <= sheets.judges:
        raise ValueError("too few sheets to tell chance from severity")
    incidence = np.zeros((sheets.proposals, sheets.judges))
    np.add.at(incidence, (sheets.proposal, sheets.judge), 1)
    shares = (np.arange(SHARES) + 0.5) / SHARES
    fits = [_fit(sheets, incidence, share / (1 - share)) for share in shares]
    logs = np.array([fit.likelihood for fit in fits])
    chances = np.exp(logs - logs.max())
    picked = np.bincount(random.choice(SHARES, size=count, p=chances / chances.sum()))
    drawn = [
        _drawn(sheets, incidence, fits[place], int(times), random)
        for place, times in enumerate(picked)
        if times
    ]
    worth, severity, scatter = (np.concatenate(columns) for columns in zip(*drawn, strict=True))
    return Draws(worth, severity, scatter)


def _fit(sheets: Sheets, incidence: Floats, ratio: float) -> _Fit:
    sums = np.bincount(sheets.proposal, sheets.points, minlength=sheets.proposals)
    sizes = incidence.sum(axis=1)
    pull = ratio / (1 + sizes * ratio)
    matrix = np.diag(incidence.sum(axis=0)) - (incidence.T * pull) @ incidence
    right = np.bincount(sheets.judge, sheets.points, minlength=sheets.judges)
    right = right - incidence.T @ (pull * sums)
    root = np.linalg.cholesky(matrix)
    centre = np.linalg.solve(matrix, right)
    rest = float((sheets.points**2).sum() - (pull * sums**2).sum() - centre @ right)
    freedom = len(sheets.points) - sheets.judges
    likelihood = -0.5 * float(
        np.log1p(sizes * ratio).sum()
        + 2 * np.log(np.diag(root)).sum()
        + freedom * np.log(max(rest, 1e-12))
    )
    return _Fit(ratio, centre, root, max(rest, 1e-12), likelihood)


def _drawn(
    sheets: Sheets, incidence: Floats, fit: _Fit, count: int, random: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    freedom = len(sheets.points) - sheets.judges
    chance = np.sqrt(fit.rest / random.chisquare(freedom, size=(count, 1)))
    noise = random.standard_normal((sheets.judges, count))
    levels = fit.centre + chance * np.linalg.solve(fit.root.T, noise).T
    sums = np.bincount(sheets.proposal, sheets.points, minlength=sheets.proposals)
    pull = fit.ratio / (1 + incidence.sum(axis=1) * fit.ratio)
    above = (sums - levels @ incidence.T) * pull
    above += chance * np.sqrt(pull) * random.standard_normal(above.shape)
    middle = levels.mean(axis=1, keepdims=True)
    return middle + above, levels - middle, _scatter(sheets, above, levels)


def _scatter(sheets: Sheets, above: Floats, levels: Floats) -> Floats:
    """Return the root mean square of what is left of each judge's sheets, in each draw."""
    counts = np.bincount(sheets.judge, minlength=sheets.judges)
    found = np.empty_like(levels)
    for draw, (own, level) in enumerate(zip(above, levels, strict=True)):
        left = sheets.points - own[sheets.proposal] - level[sheets.judge]
        squares = np.bincount(sheets.judge, left**2, minlength=sheets.judges)
        found[draw] = np.sqrt(squares / counts)
    return found


def places_in(results: Floats) -> NDArray[np.int64]:
    """Return each proposal's place in each draw (draws by proposals), 1 for the best."""
    order = np.argsort(-results, axis=1, kind="stable")
    places = np.empty_like(order)
    ranks = np.broadcast_to(np.arange(1, results.shape[1] + 1), results.shape)
    np.put_along_axis(places, order, ranks, axis=1)
    return places


def interval(values: Floats | NDArray[np.int64], share: float = 0.9) -> tuple[Floats, Floats]:
    """Return the ends, over the draws, between which the middle `share` of each column lies."""
    ends = [(1 - share) / 2, (1 + share) / 2]
    low, high = np.quantile(values, ends, axis=0, method="inverted_cdf")
    return low, high


def sheets_of(rows: Sequence[tuple[int, int, float]], proposals: int, judges: int) -> Sheets:
    """Return the sheets of rows of a proposal's place, a judge's place, and points."""
    columns = list(zip(*rows, strict=True))
    return Sheets(
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float64),
        proposals,
        judges,
    )
