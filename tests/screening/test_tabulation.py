"""The tabulation: ranks, filters, decisions in bulk, the reserve list, what a conflict hides."""

import re
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.queries import locked_edition
from app.evaluation.models import Sheet, Standing
from app.evaluation.statistics import UNIT, mean, median, spread, to_units
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.screening.models import Decision
from app.workflow import Status
from tests.conftest import SLUG, E
from tests.factories import bar

PAGE = f"{E}/tabulation"
totals = st.integers(0, 100_000_000).map(lambda millionths: Fraction(millionths, 1_000_000))


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def listed(browser, query: str = "") -> list[int]:
    """The numbers of the proposals in the table, in its order."""
    text = browser.get(f"{PAGE}{query}").text
    return [
        int(each) for each in re.findall(r'type="checkbox" name="proposal" value="(\d+)"', text)
    ]


def means(app) -> dict[int, int]:
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(
            sa.select(Proposal.number, Standing.mean)
            .join(Proposal, Proposal.id == Standing.proposal_id)
            .where(Standing.mean.is_not(None), Standing.kind == SheetKind.DESK)
        )
        return dict(rows.all())


def set_mean(app, number: int, points: int, spread_points: int = 0) -> None:
    with app.app_context(), transaction(writing=True):
        standing = db.session.scalars(
            sa.select(Standing)
            .join(Standing.proposal)
            .where(Proposal.number == number, Standing.kind == SheetKind.DESK)
        ).one()
        standing.mean = standing.median = points * UNIT
        standing.spread = spread_points * UNIT
        locked_edition(SLUG).evaluation_revision += 1


def bulk(organiser, outcome: str, *numbers: int, **other: str):
    """Preview a decision on these proposals, then prepare it as the preview's form does."""
    fields = {"proposal": [str(each) for each in numbers], "scope": "marked", "outcome": outcome}
    shown = organiser.post(f"{PAGE}/preview", fields).text
    found = re.search(r'name="numbers" value="([\d,]*)"', shown)
    values = {"outcome": outcome, "reason": "", "correct_until": "", "numbers": found and found[1]}
    return shown, organiser.post(f"{PAGE}/decisions", values | other)


def statuses(app) -> dict[int, Status]:
    with app.app_context(), transaction(writing=False):
        return dict(db.session.execute(sa.select(Proposal.number, Proposal.status)).all())


def test_the_standings_are_those_of_the_sheets(app):
    with app.app_context(), transaction(writing=False):
        for standing in db.session.scalars(sa.select(Standing)):
            points = db.session.scalars(
                sa.select(Sheet.points).where(
                    Sheet.proposal_id == standing.proposal_id,
                    Sheet.kind == standing.kind,
                    Sheet.counts,
                )
            ).all()
            whole = [Fraction(each, 1_000_000) for each in points if each is not None]
            assert standing.sheets_expected == len(points)
            assert standing.sheets_locked == len(whole)
            is_whole = len(whole) == len(points)
            assert standing.mean == (to_units(mean(whole)) if is_whole else None)
            assert standing.median == (to_units(median(whole)) if is_whole else None)
            assert standing.spread == (to_units(spread(whole)) if is_whole else None)


def test_the_highest_mean_comes_first_and_equal_ones_share_their_place(app, organiser):
    known = means(app)
    first, second, third = sorted(known, key=known.__getitem__, reverse=True)[:3]
    assert listed(organiser)[:3] == [first, second, third]
    set_mean(app, second, 99)
    set_mean(app, third, 99)
    set_mean(app, first, 98)
    ranks = re.findall(r'<td class="rank">(\d+|–)</td>', organiser.get(PAGE).text)
    assert ranks[:3] == ["1", "1", "3"]
    assert set(listed(organiser)[:2]) == {second, third}


def test_filters_narrow_the_table(app, organiser):
    known = means(app)
    best = max(known, key=known.__getitem__)
    assert listed(organiser, "?top=1") == [best]
    set_mean(app, best, 50, spread_points=20)
    assert listed(organiser, "?show=disagreement") == [best]
    assert best not in listed(organiser, "?show=missing")
    assert listed(organiser, "?show=nonsense&order=nonsense&top=-1") == listed(organiser)
    with app.app_context(), transaction(writing=False):
        title = db.session.scalar(sa.select(Proposal.title).where(Proposal.number == best))
    assert listed(organiser, f"?search={title}") == [best]


def test_many_are_decided_at_once_after_a_preview_that_changes_nothing(app, organiser):
    chosen = sorted(means(app))[:3]
    shown, answer = bulk(organiser, "finalist", *chosen, 27)
    assert re.search(r"P-027[^<]*: 0 dari 2", shown)
    assert answer.status_code == 302
    with app.app_context(), transaction(writing=False):
        prepared = db.session.scalars(
            sa.select(Proposal.number).join(Decision, Decision.proposal_id == Proposal.id)
        ).all()
    assert sorted(prepared) == chosen
    assert statuses(app)[chosen[0]] is Status.SUBMITTED
    assert sorted(listed(organiser, "?show=prepared")) == chosen


def test_nothing_is_marked_once_screening_is_over(make_app, browse):
    page = browse(make_app("scoring"), "sekretariat").get(PAGE).html
    assert page.select("#list tbody tr")
    assert not page.select("#list [type=checkbox], #list [data-mark]")


def test_a_preview_names_the_decisions_that_it_would_replace(app, organiser):
    first, second, third = sorted(means(app))[:3]
    bulk(organiser, "finalist", first, second)
    shown, _ = bulk(organiser, "finalist", first, second)
    assert "keputusan lain" not in shown
    shown, _ = bulk(organiser, "reserve", second, third)
    assert "1 proposal sudah disiapkan dengan keputusan lain yang akan diganti:" in shown
    assert re.search(rf"<li>P-{second:03d} [^<]+: Finalis</li>", shown)


def test_a_preview_alone_prepares_nothing(app, organiser):
    fields = {"scope": "all", "outcome": "reserve", "show": "all"}
    assert organiser.post(f"{PAGE}/preview", fields).status_code == 200
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0


def test_bad_news_in_bulk_needs_its_reason_and_keeps_the_choice(app, organiser):
    chosen = sorted(means(app))[:2]
    _, answer = bulk(organiser, "not_selected", *chosen)
    assert answer.status_code == 422
    assert f'value="{chosen[0]},{chosen[1]}"' in answer.text
    _, answer = bulk(organiser, "not_selected", *chosen, reason="Di bawah nilai ambang.")
    assert answer.status_code == 302


def test_what_changed_since_the_preview_is_refused_for_all(app, organiser):
    chosen = sorted(means(app))[:2]
    with app.app_context(), transaction(writing=True):
        db.session.execute(
            sa.update(Proposal).where(Proposal.number == chosen[1]).values(status="withdrawn")
        )
    values = {"outcome": "finalist", "reason": "", "correct_until": ""}
    named = values | {"numbers": ",".join(map(str, chosen))}
    assert organiser.post(f"{PAGE}/decisions", named).status_code == 409
    assert listed(organiser, "?show=prepared") == []
    assert organiser.post(f"{PAGE}/decisions", values | {"numbers": "x"}).status_code == 404


def test_the_reserve_list_follows_the_means_and_its_first_moves_up(app, organiser):
    chosen = sorted(means(app))[:3]
    for points, number in enumerate(chosen, 60):
        set_mean(app, number, points)
    bulk(organiser, "reserve", *chosen, reason="Cadangan.")
    assert organiser.post(f"{E}/announcement").status_code == 302
    assert "27 tempat finalis kosong" in organiser.get("/my-work").text
    page = organiser.get(PAGE).text
    assert [int(each) for each in re.findall(r'<li value="(\d+)">', page)] == [1, 2, 3]
    assert organiser.post(f"{E}/proposals/{chosen[0]}/promotion").status_code == 409
    assert organiser.post(f"{E}/proposals/{chosen[2]}/promotion").status_code == 302
    assert statuses(app)[chosen[2]] is Status.FINALIST
    with app.app_context(), transaction(writing=False):
        subject = db.session.scalars(sa.select(Letter.subject).order_by(Letter.id.desc())).first()
    assert "Finalis" in subject
    assert organiser.post(f"{E}/proposals/{chosen[2]}/promotion").status_code == 409


def test_rule_3_a_conflicted_organiser_finds_no_trace_of_the_proposal(app, organiser):
    known = means(app)
    best = max(known, key=known.__getitem__)
    bar(app, "sekretariat", best)
    with app.app_context(), transaction(writing=False):
        title = db.session.scalar(sa.select(Proposal.title).where(Proposal.number == best))
    text = organiser.get(PAGE).text
    assert title not in text
    assert re.findall(r'<td class="rank">(\d+|–)</td>', text)[0] == "1"
    shown, answer = bulk(organiser, "finalist", best)
    assert title not in shown
    assert answer.status_code == 404
    fields = {"scope": "all", "outcome": "finalist"}
    assert title not in organiser.post(f"{PAGE}/preview", fields).text


@given(st.lists(totals, min_size=1, max_size=22))
def test_median_and_spread_lie_within_the_scores(values):
    assert min(values) <= median(values) <= max(values)
    assert spread(values) == max(values) - min(values)
    assert to_units(median(values)) is not None
