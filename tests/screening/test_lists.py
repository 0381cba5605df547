"""Lists in screening: filters, orders, marks; what a conflict bars from is found by no filter."""

import re

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.parts import Category
from app.evaluation.models import Standing
from app.proposals.models import Proposal
from app.screening.models import EligibilityFinding
from app.web.pages import PAGE_SIZE
from app.workflow import Status
from tests.cast import address, ask, judge, screener, unassigned_to
from tests.conftest import E
from tests.factories import bar, the_person, the_proposal

HTMX = {"HX-Request": "true"}
CHECKED = sa.select(EligibilityFinding.proposal_id)
OPEN = sa.select(Standing.proposal_id).where(~Standing.is_whole, Standing.kind == SheetKind.DESK)


@pytest.fixture
def rule(app) -> dict[str, object]:
    """All proposals to one evaluator."""
    with app.app_context(), transaction(writing=False):
        return {"evaluator": the_person(screener).id, "category": "0"}


def numbers(browser, path: str) -> list[int]:
    """The proposals of a list, in its order."""
    text = browser.get(path).text
    return [int(each) for each in re.findall(r'<td class="code">P-(\d+)</td>', text)]


def entries(app, condition: sa.ColumnElement[bool]) -> dict[int, str]:
    """The numbers and titles of the proposals that meet a condition."""
    rows = sa.select(Proposal.number, Proposal.title).where(condition).order_by(Proposal.number)
    with app.app_context(), transaction(writing=False):
        return dict(db.session.execute(rows).all())


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("show=unchecked", Proposal.id.not_in(CHECKED)),
        ("show=waiting", Proposal.id.in_(OPEN)),
        ("show=not_met", sa.false()),
        ("show=lacking", sa.false()),
        ("show=undecided", sa.true()),
        ("search=donor", Proposal.title.contains("Donor")),
        ("show=unchecked&search=donor", sa.false()),  # its checklist is done
        ("show=nonsense&order=nonsense&category=x", sa.true()),
    ],
)
def test_the_list_shows_what_is_asked_for(app, organiser, query, condition):
    assert numbers(organiser, f"{E}/screening?{query}") == list(entries(app, condition))[:PAGE_SIZE]


def test_orders_and_categories(app, organiser):
    with app.app_context(), transaction(writing=False):
        category = db.session.scalar(sa.select(Category.id).order_by(Category.id).limit(1))
    titles = entries(app, sa.true())
    by_title = numbers(organiser, f"{E}/proposals?order=title")
    assert [titles[number] for number in by_title] == sorted(titles.values())[:PAGE_SIZE]
    of_it = numbers(organiser, f"{E}/proposals?category={category}")
    assert of_it == list(entries(app, Proposal.category_id == category))
    assert numbers(organiser, f"{E}/proposals?order=newest")[0] != 1


def test_htmx_gets_the_list_that_the_page_includes(organiser):
    partial = organiser.get(f"{E}/screening?show=unchecked", headers=HTMX).text
    assert partial.lstrip().startswith('<div id="list"')


def test_marked_ones_get_a_decision_from_the_list_too(organiser):
    fields = {"proposal": ["1", "2"], "scope": "marked", "outcome": "finalist"}
    text = organiser.post(f"{E}/tabulation/preview", fields).text
    assert 'name="numbers" value="1,2"' in text


def test_rule_3_no_filter_finds_what_a_conflict_bars_from(app, organiser, unscored):
    assert unscored in numbers(organiser, f"{E}/screening?show=undecided")
    bar(app, "sekretariat", unscored)
    for show in ("unchecked", "not_met", "lacking", "waiting", "undecided"):
        assert unscored not in numbers(organiser, f"{E}/screening?show={show}")


def test_a_rule_is_shown_before_it_hands_out_and_keeps_conflicts_out(app, organiser, rule):
    before = ask(app, unassigned_to(screener))
    bar(app, screener, before[0])
    page = organiser.post(f"{E}/assignment/rule", rule)
    given, barred = (
        [code.text for code in part.select(".code")] for part in page.html.select("form details")
    )
    assert f"P-{before[0]:03d}" in barred
    assert not set(barred) & set(given)
    assert ask(app, unassigned_to(screener)) == before
    assert organiser.post(f"{E}/assignment/rule/sheets", rule).status_code == 302
    after = ask(app, unassigned_to(screener))
    assert before[0] in after
    assert given == [f"P-{number:03d}" for number in before if number not in after]


def test_a_rule_for_somebody_who_is_no_evaluator_is_422(organiser):
    assert (
        organiser.post(f"{E}/assignment/rule", {"evaluator": 1, "category": "0"}).status_code == 422
    )


def test_people_are_found_by_name_and_role(app, organiser):
    text = organiser.get(f"{E}/people?search=verifikator&role=screener", headers=HTMX).text
    assert text.count("@luwu-utara.example") == 3
    assert address(app, judge) not in text


def test_rule_3_an_organiser_assigns_nobody_to_what_a_conflict_bars_them_from(app, organiser, rule):
    number = ask(app, unassigned_to(screener))[0]
    bar(app, "sekretariat", number)
    assert organiser.post(f"{E}/assignment/rule/sheets", rule).status_code == 302
    assert number in ask(app, unassigned_to(screener))


def test_conflicts_are_found_by_name_title_and_kind(organiser):
    for query, count in (
        ("", 3),
        ("?search=melawan", 1),
        ("?kind=own_unit", 3),
        ("?kind=family", 0),
    ):
        text = organiser.get(f"{E}/conflicts{query}").text
        assert text.count('<span class="code">P-') == count


def test_where_nothing_is_left_the_pages_say_when_it_was_announced(make_app, browse):
    before, after = make_app("draft"), make_app("picking")
    for page in ("screening", "announcement"):
        early = browse(before, "sekretariat").get(f"{E}/{page}").html.main
        assert "telah diumumkan" not in early.text
        late = browse(after, "sekretariat").get(f"{E}/{page}").html.main
        told = "terakhir pada 27 September 2019, 15.00 WITA"
        assert told in " ".join(late.select_one("p.empty").text.split())
        assert not late.select("form, .ds-button")  # nothing to look for, nothing to do
    with after.app_context(), transaction(writing=True):
        the_proposal(5).status = Status.ELIGIBLE
    late = browse(after, "sekretariat")
    assert "Ke seleksi" in late.get(f"{E}/announcement").text  # one is undecided again
    assert late.get(f"{E}/screening?page=9").html.select("form.filters")
    found = late.get(f"{E}/screening?search=x").html.main
    assert "Tidak ada yang cocok" in found.text
    assert found.select("form.filters")
