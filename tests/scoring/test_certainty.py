"""How sure a ranking is: published values, intervals that hold, and who may read what."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from app.database import transaction
from app.editions.kinds import Method, SheetKind
from app.evaluation.adjustment import Rating, adjustment_of
from app.scoring.certainty.agreement import alpha, concordance, intraclass
from app.scoring.certainty.comparisons import borda_shares, schulze_order
from app.scoring.certainty.computing import KindSheets, Question, certainty_of
from app.scoring.certainty.drift import drift_of, means_by_day
from app.scoring.certainty.rivals import bias_of, residuals_of, rivals_of
from app.scoring.certainty.robustness import severities_in
from app.scoring.certainty.sample import draws_of, interval, places_in, sheets_of
from tests.cast import chair, judge, recused_judge
from tests.conftest import E
from tests.factories import bar, the_edition

SHROUT = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Six targets, four judges (Shrout and Fleiss 1979, table 2)."""

KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Four observers, twelve units (Krippendorff, “Computing … Alpha-Reliability”, 2011)."""

APPLICANTS = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
"""Three judges rank six applicants (Siegel, “Nonparametric Statistics”, 1956, table 9.5)."""

BALLOTS = {
    "ACBED": 5,
    "ADECB": 5,
    "BEDAC": 8,
    "CABED": 3,
    "CAEBD": 7,
    "CBADE": 2,
    "DCEBA": 7,
    "EBADC": 8,
}
"""45 voters, five candidates (Schulze 2011, example 1)."""

CERTAINTY = f"{E}/ranking/certainty"


def test_intraclass_correlations_are_the_published_ones():
    found = intraclass(np.array(SHROUT, dtype=float))
    figures = [*found.one_way, *found.two_way, *found.fixed]
    assert [round(value, 2) for value in figures] == [0.17, 0.44, 0.29, 0.62, 0.71, 0.91]


def test_alpha_is_the_published_one():
    table = np.array(KRIPPENDORFF, dtype=float)  # None becomes NaN
    assert round(alpha(table), 3) == 0.849
    assert alpha(np.full((3, 4), 7.0)) is None


def test_concordance_is_the_published_one_and_one_where_all_agree():
    assert round(concordance(np.array(APPLICANTS, dtype=float).T), 2) == 0.16
    assert concordance(np.array([[1, 5], [2, 6], [2, 6], [9, 9]], dtype=float)) == 1


def test_the_order_by_pairs_is_the_published_one():
    voters = [ballot for ballot, count in BALLOTS.items() for _ in range(count)]
    scores = [
        (ord(candidate), voter, -float(ballot.index(candidate)))
        for voter, ballot in enumerate(voters)
        for candidate in ballot
    ]
    order = schulze_order(scores, [ord(candidate) for candidate in "ABCDE"])
    assert [{chr(candidate) for candidate in group} for group in order] == [*map(set, "EACBD")]


def test_pairs_without_a_judge_are_undecided_and_ties_are_half_a_win():
    scores = [(1, 1, 9.0), (2, 1, 8.0), (3, 2, 7.0), (4, 2, 7.0)]
    assert borda_shares(scores) == {1: 1, 2: 0, 3: 0.5, 4: 0.5}
    assert schulze_order(scores, [1, 2, 3, 4]) == [{1}, {2, 3, 4}]


def test_severities_in_floating_point_are_the_exact_ones():
    rows = [(0, 0, 80.5), (0, 1, 71.25), (1, 1, 60.0), (1, 2, 66.5), (2, 0, 90.0), (2, 2, 85.0)]
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    exact = adjustment_of([Rating(one, other, (Fraction(value),)) for one, other, value in rows])
    found = severities_in(*columns, 3, 3)
    assert np.allclose(found, [float(exact.severities[place][0]) for place in range(3)])


def contest(random, *, judges: int = 6, panel: int = 5, noise: float = 6.0):
    """27 proposals, each before some judges: what they are worth, severities, sheets."""
    severity, worth = random.normal(0, 5, judges), random.normal(75, 6, 27)
    rows = [
        (proposal, who, worth[proposal] + severity[who] + random.normal(0, noise))
        for proposal in range(27)
        for who in random.choice(judges, panel, replace=False)
    ]
    return worth, severity - severity.mean(), sheets_of(rows, 27, judges)


def test_nine_of_ten_intervals_hold_what_they_are_of():
    random = np.random.default_rng(7)
    held, severe, expected, happened = [], [], [], []
    for _ in range(60):
        worth, severity, sheets = contest(random)
        draws = draws_of(sheets, 400, random)
        places = places_in(draws.worth)
        true = places_in(worth[None, :])[0]
        low, high = interval(places)
        held.append(((low <= true) & (true <= high)).mean())
        low, high = interval(draws.severity)
        severe.append(((low <= severity) & (severity <= high)).mean())
        expected.append((places <= 7).mean(axis=0))
        happened.append(true <= 7)
    assert 0.88 <= np.mean(held) <= 0.97
    assert 0.85 <= np.mean(severe) <= 0.95
    middling = (np.array(expected) > 0.3) & (np.array(expected) < 0.7)
    assert abs(np.array(happened)[middling].mean() - np.array(expected)[middling].mean()) < 0.08


def question(rows, **changes) -> Question:
    """One kind of sheet with one criterion, all of whose proposals compete."""
    points = {}
    for proposal, _, (value,) in rows:
        points.setdefault(proposal, []).append(value)
    order = sorted(points, key=lambda key: (-np.mean(points[key]), key))
    values = {
        "kinds": [KindSheets(SheetKind.PRESENTATION, rows, [1], [1.0], 1.0)],
        "places": {key: place for place, key in enumerate(order, 1)},
        "competing": order,
        "line": 2,
        "method": Method.WEIGHTED,
        "quorum": dict.fromkeys(order, 1),
        "own": {},
        "missing": [],
        "order": {key: place for place, key in enumerate(order)},
        "days": dict.fromkeys(order, 0),
        "seed": 1,
    }
    return Question(**(values | changes))


def rows_of(table) -> list[tuple[int, int, tuple[float]]]:
    return [
        (proposal, who, (float(value),))
        for proposal, row in table.items()
        for who, value in row.items()
    ]


CLOSE = rows_of(
    {
        1: {1: 90, 2: 92, 3: 91},
        2: {1: 80, 2: 82, 3: 80},
        3: {1: 78, 2: 84, 3: 79},
        4: {1: 50, 2: 52, 3: 55},
        5: {1: 40, 2: 47, 3: 41},
    }
)


def test_the_same_seed_gives_the_same_and_json_holds_it():
    first, second = (certainty_of(question(CLOSE), lambda _percent: None) for _ in range(2))
    assert first == second
    chances = {key: chance for key, chance, _, _ in first["places"]}
    assert chances[1] > 0.99
    assert 0.2 < chances[2] < 0.8
    assert chances[5] < 0.01


def test_without_a_judge_the_line_may_move_or_nothing_can_be_told():
    found = certainty_of(question(CLOSE), lambda _percent: None)
    moved = dict(found["without"])
    assert moved[1] == [[3], [2]]
    assert moved[2] == [[], []]
    short = certainty_of(question(CLOSE, quorum={1: 3}), lambda _percent: None)
    assert {change for _, change in short["without"]} == {None}


def test_a_missing_sheet_moves_a_place_at_most_so_far():
    rows = [row for row in CLOSE if row[:2] != (4, 3)]
    found = certainty_of(question(rows, missing=[(4, 3)]), lambda _percent: None)
    assert found["missing"] == [[4, 3, 4, 5]]


def test_rivals_are_near_ones_own_and_bias_is_what_is_left():
    places = {key: key for key in range(1, 11)}
    assert rivals_of([5], places) == {2, 3, 4, 6, 7, 8}
    marks = [(key, who, 80.0 - key + who) for key, who in product(range(1, 11), (1, 2, 3))]
    harsh = [(key, who, value - 6 * (who == 1 and key in {4, 6})) for key, who, value in marks]
    columns = [np.array(column) for column in zip(*harsh, strict=True)]
    off = severities_in(*columns, 11, 4)
    left = residuals_of(harsh, dict(enumerate(off)))
    bias = bias_of(1, left[1], {4, 6}, np.random.default_rng(1))
    assert bias.points < -2
    assert bias.chance < 0.05


def test_a_judge_who_grows_strict_is_told_from_the_others():
    order = {key: key for key in range(20)}
    steady = {key: (-1.0) ** key for key in range(20)}
    falling = {key: 5 - key / 2 for key in range(20)}
    random = np.random.default_rng(1)
    assert drift_of(steady, order, random).chance > 0.3
    found = drift_of(falling, order, random)
    assert found.points == pytest.approx(-5)
    assert found.chance < 0.01
    assert drift_of({1: 1.0, 2: 2.0}, order, random) is None
    assert means_by_day({1: 80.0, 2: 90.0, 3: 60.0}, {1: 0, 2: 0, 3: 1}) == [85, 60]


@pytest.fixture
def app(make_app):
    return make_app("plenary")


def work(app) -> None:
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exception is None, result.exc_info


def test_the_organiser_asks_the_worker_and_the_page_tells_who_is_too_close(app, browse):
    organiser = browse(app, "sekretariat")
    assert "Belum dihitung" in browse(app, judge).get(CERTAINTY).text
    organiser.fill(CERTAINTY, CERTAINTY)
    assert 'hx-trigger="every 1s"' in organiser.get(CERTAINTY).text
    work(app)
    page = organiser.get(CERTAINTY)
    assert "Terlalu dekat untuk dibedakan: P-007 Gelisha; P-008 Smart BUMDes." in page.text
    assert len(page.html.select('h2:-soup-contains("7 peringkat pertama") ~ div tbody tr')) == 27
    assert "Hitung sekarang" not in page.text


def test_only_the_chair_reads_what_judges_give_rivals(app, browse):
    browse(app, "sekretariat").post(CERTAINTY)
    work(app)
    seen = {who: browse(app, who).get(CERTAINTY).text for who in ("sekretariat", chair)}
    assert "Pesaing perangkat daerah juri sendiri" in seen[chair]
    assert "Pesaing perangkat daerah juri sendiri" not in seen["sekretariat"]


def test_who_has_a_conflict_reads_nothing_of_it(app, browse):
    browse(app, "sekretariat").post(CERTAINTY)
    work(app)
    bar(app, "sekretariat", 20)
    for who in ("sekretariat", recused_judge):
        answer = browse(app, who).get(CERTAINTY)
        assert answer.status_code == 403
        assert "P-0" not in answer.html.main.text
        assert not browse(app, who).get(f"{E}/ranking/method").html.select("main table")


def test_what_was_found_for_another_state_says_so(app, browse):
    organiser = browse(app, "sekretariat")
    organiser.post(CERTAINTY)
    work(app)
    with app.app_context(), transaction(writing=True):
        the_edition().evaluation_revision += 1
    page = organiser.get(CERTAINTY).text
    assert "Peringkat telah berubah sejak perhitungan ini." in page
    assert "Hitung sekarang" in page


def test_before_every_sheet_is_in_there_is_nothing_to_compute(make_app, browse):
    organiser = browse(make_app("scoring"), "sekretariat")
    assert organiser.post(CERTAINTY).status_code == 409
    assert "setelah semua lembar penilaian dikirim" in organiser.get(CERTAINTY).text
