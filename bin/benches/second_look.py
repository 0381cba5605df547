"""Simulates a second look: extra judges of unknown severity score what lies nearest to the line."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from app.scoring.certainty.robustness import severities_in
from app.scoring.certainty.sample import Sheets
from app.scoring.second_look.choosing import ANCHORS, BAND, NearResult, choice_for, nearest_first

Floats = NDArray[np.float64]

A_JUDGES_SHEETS = BAND + ANCHORS


def adjusted_means_of(sheets: Sheets) -> Floats:
    """Return each proposal's mean of its sheets less their judges' severities."""
    severities = severities_in(
        sheets.proposal, sheets.judge, sheets.points, sheets.proposals, sheets.judges
    )
    freed = sheets.points - severities[sheets.judge]
    counts = np.bincount(sheets.proposal, minlength=sheets.proposals)
    means: Floats = np.bincount(sheets.proposal, freed, minlength=sheets.proposals) / counts
    return means


def asked_of_a_new_judge(sheets: Sheets, first: int) -> Sequence[int]:
    """Return what a judge without a conflict would score, nearest to the line first."""
    counts = np.bincount(sheets.proposal, minlength=sheets.proposals).tolist()
    contenders = [
        NearResult(key, Fraction(value), Fraction(1, counts[key]), counts[key])
        for key, value in enumerate(adjusted_means_of(sheets).tolist())
    ]
    return choice_for(nearest_first(contenders, first), (), A_JUDGES_SHEETS).proposals


def scored_by_a_new_judge(sheets: Sheets, asked: Sequence[int], points: Floats) -> Sheets:
    """Return the sheets with those of one more judge, who gave these points."""
    judge = np.full(len(asked), sheets.judges)
    return Sheets(
        np.concatenate([sheets.proposal, np.array(asked, dtype=np.int64)]),
        np.concatenate([sheets.judge, judge]),
        np.concatenate([sheets.points, points]),
        sheets.proposals,
        sheets.judges + 1,
    )
