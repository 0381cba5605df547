"""Going through the checklists of proposals one after the other."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.screening.models import EligibilityFinding, Finding
from tests.cast import ask, screener, submitted
from tests.clients import names_of
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal

GAPS = (1, 4, -1)


@pytest.fixture
def app(make_app):
    """The checklists of three proposals are empty, those of all others are whole."""
    app = make_app("screening")
    numbers = ask(app, submitted)
    with app.app_context(), transaction(writing=True):
        who, items = the_person(screener), the_edition().eligibility_items
        db.session.execute(sa.delete(EligibilityFinding))
        db.session.add_all(
            EligibilityFinding(
                proposal_id=the_proposal(number).id,
                item_id=item.id,
                finding=Finding.MEETS,
                person_id=who.id,
                found_at=clock.now(),
            )
            for number in {*numbers} - {numbers[place] for place in GAPS}
            for item in items
        )
    return app


@pytest.fixture
def examiner(app, browse):
    return browse(app, screener)


def path_of(number: int) -> str:
    return f"{E}/proposals/{number}/eligibility"


def find(examiner, number: int, lines: int | None = None):
    """Find the first lines, or all, to be met; where that leads."""
    names = names_of(examiner.form(path_of(number)), "finding_")[:lines]
    answer = examiner.post(path_of(number), dict.fromkeys(names, "meets"))
    assert answer.status_code == 302
    return answer.headers["Location"].removeprefix("http://localhost")


def test_a_checked_proposal_leads_to_the_next_one_with_gaps_and_the_last_to_the_list(app, examiner):
    numbers = ask(app, submitted)
    first, second, last = (numbers[place] for place in GAPS)
    assert find(examiner, second) == path_of(last)
    assert find(examiner, last, lines=3) == path_of(last)
    assert "3 dari 13 diperiksa" in examiner.get(path_of(last)).text
    assert find(examiner, last) == path_of(first)
    assert find(examiner, first) == f"{E}/screening"
    assert "begitu juga semua proposal lainnya" in examiner.get(f"{E}/screening").text


def test_the_neighbours_are_at_hand_and_the_ends_have_one(app, examiner):
    numbers = ask(app, submitted)
    pages = {number: examiner.get(path_of(number)).text for number in numbers[:3]}
    found = {
        number: re.findall(r"proposals/(\d+)/eligibility\">(?:← )?P-", page)
        for number, page in pages.items()
    }
    assert found == {
        numbers[0]: [str(numbers[1])],
        numbers[1]: [str(numbers[0]), str(numbers[2])],
        numbers[2]: [str(numbers[1]), str(numbers[3])],
    }
