"""Lists in screening: filters, orders, marks; what a conflict bars from is found by no filter."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.database import db, transaction
from app.demo import DOMAIN
from app.editions.parts import Category
from app.evaluation.models import Sheet
from app.proposals.models import Proposal
from tests.conftest import E
from tests.factories import bar

HTMX = {"HX-Request": "true"}


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def numbers(browser, path: str) -> list[int]:
    """The proposals of a list, in its order."""
    text = browser.get(path).text
    return [int(each) for each in re.findall(r'<td class="code">P-(\d+)</td>', text)]


def ids(app) -> dict[int, int]:
    with app.app_context(), transaction(writing=False):
        return dict(db.session.execute(sa.select(Proposal.number, Proposal.id)).all())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=unchecked", range(14, 28)),
        ("show=waiting", range(14, 28)),
        ("show=not_met", []),
        ("show=lacking", []),
        ("show=undecided", range(1, 28)),
        ("search=donor", [3]),
        ("show=unchecked&search=donor", []),
        ("show=nonsense&order=nonsense&category=x", range(1, 28)),
    ],
)
def test_the_list_shows_what_is_asked_for(organiser, query, found):
    assert numbers(organiser, f"{E}/screening?{query}") == list(found)[:25]


def test_orders_and_categories(app, organiser):
    with app.app_context(), transaction(writing=False):
        category = db.session.scalar(sa.select(Category.id).order_by(Category.id).limit(1))
        titles = dict(db.session.execute(sa.select(Proposal.number, Proposal.title)).all())
    by_title = numbers(organiser, f"{E}/proposals?order=title")
    assert [titles[each] for each in by_title] == sorted(titles.values())[:25]
    of_it = numbers(organiser, f"{E}/proposals?category={category}")
    assert of_it == list(range(1, 28, 6))
    assert numbers(organiser, f"{E}/proposals?order=newest")[0] != 1


def test_htmx_gets_the_list_that_the_page_includes(organiser):
    partial = organiser.get(f"{E}/screening?show=unchecked", headers=HTMX).text
    assert partial.lstrip().startswith('<div id="list"')


def test_marked_ones_get_a_decision_from_the_list_too(organiser):
    fields = {"proposal": ["1", "2"], "scope": "marked", "outcome": "finalist"}
    text = organiser.post(f"{E}/tabulation/preview", fields).text
    assert 'name="numbers" value="1,2"' in text


def test_rule_3_no_filter_finds_what_a_conflict_bars_from(app, organiser):
    assert 1 in numbers(organiser, f"{E}/screening?show=undecided")
    bar(app, "sekretariat", 1)
    for show in ("unchecked", "not_met", "lacking", "waiting", "undecided"):
        assert 1 not in numbers(organiser, f"{E}/screening?show={show}")


def screener(app) -> int:
    with app.app_context(), transaction(writing=False):
        email = f"verifikator-1@{DOMAIN}"
        return db.session.scalars(sa.select(Person.id).where(Person.email == email)).one()


def sheets(app) -> set[int]:
    with app.app_context(), transaction(writing=False):
        rows = sa.select(Sheet.proposal_id).where(
            Sheet.kind == "desk", Sheet.evaluator_id == screener(app)
        )
        return set(db.session.scalars(rows))


def test_a_rule_is_shown_before_it_hands_out_and_keeps_conflicts_out(app, organiser):
    bar(app, "verifikator-1", 27)
    known, person = ids(app), screener(app)
    before = sheets(app)
    rule = {"evaluator": person, "category": "0"}
    text = organiser.post(f"{E}/assignment/rule", rule).text
    assert "karena konflik kepentingan" in text
    assert sheets(app) == before
    assert organiser.post(f"{E}/assignment/rule/sheets", rule).status_code == 302
    after = sheets(app)
    assert known[27] not in after - before
    assert len(after) > len(before)


def test_a_rule_for_somebody_who_is_no_evaluator_is_422(organiser):
    assert (
        organiser.post(f"{E}/assignment/rule", {"evaluator": 1, "category": "0"}).status_code == 422
    )


def test_people_are_found_by_name_and_role(organiser):
    text = organiser.get(f"{E}/people?search=verifikator&role=screener", headers=HTMX).text
    assert text.count("@luwu-utara.example") == 3
    assert "juri-1@" not in text


def test_rule_3_an_organiser_assigns_nobody_to_what_a_conflict_bars_them_from(app, organiser):
    bar(app, "sekretariat", 27)
    known, person, before = ids(app), screener(app), sheets(app)
    rule = {"evaluator": person, "category": "0"}
    assert organiser.post(f"{E}/assignment/rule/sheets", rule).status_code == 302
    assert known[27] not in sheets(app) - before


def test_conflicts_are_found_by_name_title_and_kind(organiser):
    for query, count in (
        ("", 3),
        ("?search=melawan", 1),
        ("?kind=own_unit", 3),
        ("?kind=family", 0),
    ):
        text = organiser.get(f"{E}/conflicts{query}").text
        assert text.count('<span class="code">P-') == count
