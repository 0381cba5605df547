"""Lists by the page: of what a statement selects, and of rows at hand."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.proposals.models import Author, Proposal
from app.web import pages
from app.web.pages import PAGE_SIZE, listing, page_number, paged
from tests.conftest import E

ROWS = range(2 * PAGE_SIZE + 1)


@pytest.mark.parametrize(
    ("asked", "number", "items"),
    [
        (1, 1, ROWS[:PAGE_SIZE]),
        (2, 2, ROWS[PAGE_SIZE : 2 * PAGE_SIZE]),
        (3, 3, ROWS[2 * PAGE_SIZE :]),
        (4, 3, ROWS[2 * PAGE_SIZE :]),
    ],
)
def test_rows_at_hand_come_by_the_page(asked, number, items):
    found = paged(ROWS, asked)
    assert (paged([], asked).items, paged([], asked).page) == ([], 1)
    assert (found.items, found.total, found.pages) == (list(items), len(ROWS), 3)
    assert (found.page, found.has_prev, found.has_next) == (number, number > 1, number < 3)


def test_what_is_joined_or_loaded_along_is_counted_once(make_app):
    with make_app("screening").app_context(), transaction(writing=False):
        agency = sa.orm.joinedload(Proposal.agency)
        has_author = Proposal.id.in_(sa.select(Author.proposal_id))
        statement = sa.select(Proposal).join(Proposal.edition).where(has_author).options(agency)
        ordered = statement.order_by(Proposal.number)
        first, second, beyond = (listing(ordered, number, size=14) for number in (1, 2, 9))
        everything = db.session.scalars(statement.order_by(Proposal.number)).unique().all()
        assert len(everything) == first.total == second.total == 27
        assert first.items + second.items == everything
        assert (beyond.items, beyond.page) == (second.items, 2)


def test_a_page_beyond_the_last_is_the_last_and_a_wrong_number_the_first(make_app, browse):
    organiser = browse(make_app("screening"), "sekretariat")
    assert f'href="{E}/proposals/1"' in organiser.get(f"{E}/proposals").text
    for number in ("99", "9" * 30):
        answer = organiser.get(f"{E}/proposals?page={number}")
        assert answer.status_code == 200
        assert f'href="{E}/proposals/1"' in answer.text
    with organiser.app.test_request_context("/?page=x&other=-3"):
        assert (page_number(), page_number("other")) == (1, 1)


def test_a_list_comes_whole_where_it_is_asked_for(make_app, browse, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_SIZE", 25)
    secretariat = browse(make_app("plenary"), "sekretariat")
    shown = [
        len(secretariat.get(f"{E}/ranking{asked}").html.select("tbody tr:not(.line)"))
        for asked in ("", "?all=1", "?all=yes")
    ]
    assert shown == [25, 27, 25]
    links = secretariat.get(f"{E}/ranking").html.select(".pages a")
    assert links[-1]["href"].endswith("/ranking?all=1")
    assert secretariat.get(f"{E}/ranking?all=1").html.select(".pages") == []
