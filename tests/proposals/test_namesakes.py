"""Proposals of one title are pointed out to who examines them, and to the agency's own authors."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.database import db, transaction
from app.editions.kinds import Role
from app.web.typed import likeness
from app.workflow import Status
from tests.cast import ask, author_of, drafts, judge, placed, screener, submitted
from tests.conftest import E
from tests.factories import make_member, make_proposal, the_edition, the_proposal

pytestmark = pytest.mark.field("cases 21")

TWIN = "kesraku,  Ke\u0301s\u200bra\u00adku!"
AGAIN = "KESRAKU Késraku"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kesraku", "KESRAKU\u200b"),
        ("Sapa Desa", "“Sapa-Desa”"),
        ("Posyandu é", "posyandu e\u0301."),
        ("Satu\u00a0Pintu", "satu pintu"),
        ("\u3164Layanan\ufe0f", "layanan"),
        ("STRASSE", "straße"),
    ],
)
def test_titles_that_look_the_same_are_alike(one, other):
    assert likeness(one) == likeness(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kesraku", "Kesraku 2"), ("C+", "C"), ("ᨕᨅ", "ᨕᨅᨗ"), ("Sapa", "Sapo")],
)
def test_titles_that_differ_in_a_letter_digit_or_sign_are_not(one, other):
    assert likeness(one) != likeness(other)


@pytest.mark.parametrize("text", ["", " ", "–", "\u200b\u3164", "…!?"])
def test_a_title_of_nothing_is_like_no_other(text):
    assert likeness(text) == ""


def make(app, number: int, title: str, status: Status, *, same_agency: bool = False) -> int:
    """Another proposal of an agency's or, beside it, of another's."""
    with app.app_context(), transaction(writing=True):
        known = the_proposal(number)
        elsewhere = sa.select(type(known.agency)).where(type(known.agency).id != known.agency_id)
        agency = known.agency if same_agency else db.session.scalars(elsewhere).first()
        person = make_member(the_edition(), f"Penulis {status}", Role.INNOVATOR, agency=agency)
        return make_proposal(the_edition(), agency, person, status=status, title=title).number


def retitle(app, number: int, title: str) -> None:
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        proposal.title = title


@pytest.mark.parametrize("page", ["", "/eligibility"])
@pytest.mark.parametrize("who", [screener, "sekretariat", "pengamat"])
def test_who_examines_is_led_to_the_other_one(make_app, browse, page, who):
    app = make_app("screening")
    number = ask(app, submitted)[0]
    retitle(app, number, AGAIN)
    place, reader = f"{E}/proposals/{number}{page}", browse(app, who)
    gone = [make(app, number, TWIN, each) for each in (Status.DRAFT, Status.WITHDRAWN)]
    assert 'id="namesakes"' not in reader.get(place).text
    twin = make(app, number, TWIN, Status.SUBMITTED)
    text = reader.get(place).text
    note = text[text.index('id="namesakes"') :].partition("</div>")[0]
    assert f'href="{E}/proposals/{twin}"' in note
    assert not any(f"/proposals/{each}" in note for each in gone)


@pytest.mark.parametrize("reader", ["author", "judge"])
def test_who_does_not_examine_is_told_of_none(make_app, browse, reader):
    app = make_app("picking")
    number = ask(app, placed)[0]
    retitle(app, number, AGAIN)
    make(app, number, TWIN, Status.FINALIST)
    who = author_of(number) if reader == "author" else judge
    answer = browse(app, who).get(f"{E}/proposals/{number}")
    assert (answer.status_code, 'id="namesakes"' in answer.text) == (200, False)


def test_an_author_is_told_of_another_entry_of_the_agency_alone(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    retitle(app, number, AGAIN)
    place, author = f"{E}/proposals/{number}/submission", browse(app, author_of(number))
    make(app, number, TWIN, Status.SUBMITTED)
    make(app, number, TWIN, Status.WITHDRAWN, same_agency=True)
    note = "proposal lain dengan judul ini"
    assert note not in author.get(place).text
    twin = make(app, number, TWIN, Status.DRAFT, same_agency=True)
    assert f"{note}: P-{twin:03d}" in author.get(place).text


def test_comparing_takes_one_query_however_many_there_are(make_app, browse):
    app = make_app("screening")
    number = ask(app, submitted)[0]
    retitle(app, number, AGAIN)
    reader, place = browse(app, screener), f"{E}/proposals/{number}/eligibility"

    def queries() -> int:
        asked: list[str] = []
        with app.app_context():
            engine = db.engine
        note = lambda *args: asked.append(args[2])  # noqa: E731 -- the listener to take off again
        event.listen(engine, "before_cursor_execute", note)
        reader.get(place)
        event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    reader.get(place)
    before = queries()
    for status in (Status.SUBMITTED, Status.ELIGIBLE, Status.FINALIST):
        make(app, number, TWIN, status)
    assert queries() == before
