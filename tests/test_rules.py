"""Rules that hold across the stages: 1 (time), 10 (light pages), 11 (nothing personal in public).

The other tests of a rule stand with their stage and are named after it: `-k rule_3` finds them.
"""

import gzip
import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.database import db, transaction
from app.editions.kinds import Stage
from app.editions.models import Edition, Membership
from app.editions.parts import Window
from app.proposals.completeness import closing_day, latest_start
from tests.cast import ask, author_of, drafts
from tests.clients import Page
from tests.conftest import E

NIP = re.compile(r"\b\d{8} ?\d{6} ?\d ?\d{3}\b")
PUBLIC = [
    "/",
    E,
    *(f"{E}/{name}" for name in ("schedule", "innovations", "innovations/1", "agencies")),
    *(f"{E}/{name}" for name in ("results", "schedule.ics", "innovations/1.ics")),
]


@pytest.mark.parametrize(
    ("zone", "closing"),
    [("Asia/Jakarta", date(2026, 9, 15)), ("Asia/Makassar", date(2026, 9, 16))],
)
def test_rule_1_the_closing_day_is_that_of_the_editions_zone(zone, closing):
    moment = datetime(2026, 9, 16, 0, 30, tzinfo=ZoneInfo("Asia/Makassar"))
    window = Window(stage=Stage.SUBMISSION, opens_at=moment, closes_at=moment)
    assert closing_day(Edition(timezone=zone, windows=[window])) == closing


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 9, 16), 0, date(2026, 9, 16)),
        (date(2026, 9, 16), 12, date(2025, 9, 16)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 2, date(2025, 11, 15)),
    ],
)
def test_rule_1_months_are_counted_back_to_the_same_day_or_the_months_last(day, months, before):
    moment = datetime.combine(day, time(12), ZoneInfo("Asia/Makassar"))
    window = Window(stage=Stage.SUBMISSION, opens_at=moment, closes_at=moment)
    edition = Edition(timezone="Asia/Makassar", windows=[window], minimum_age_months=months)
    assert latest_start(edition) == before


def test_rule_1_an_edition_stands_in_makassar_unless_it_says_otherwise(make_app):
    with make_app("draft").app_context(), transaction(writing=False):
        assert Edition.__table__.c.timezone.default.arg == "Asia/Makassar"
        assert db.session.scalars(sa.select(Edition)).one().timezone == "Asia/Makassar"


def weight(page: Page) -> int:
    assert page.status_code == 200
    return len(gzip.compress(page.body))


@pytest.mark.parametrize(
    ("who", "path"),
    [(None, "schedule"), ("sekretariat", "proposals"), ("sekretariat", "settings/sections")],
)
def test_rule_10_a_page_is_light_on_a_weak_connection(make_app, browse, who, path):
    page = browse(make_app("draft"), who).get(f"{E}/{path}")
    assert weight(page) < 15_000


@pytest.mark.parametrize("path", ["draft", "documents"])
def test_rule_10_a_page_of_a_draft_is_light_on_a_weak_connection(make_app, browse, path):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    page = browse(app, author_of(number)).get(f"{E}/proposals/{number}/{path}")
    assert weight(page) < 15_000


def test_rule_11_nothing_personal_stands_in_a_public_page_or_feed(make_app, browse):
    app = make_app("published")
    number, telephone = "19800101 200501 1 001", "0812-3456-7890"
    with app.app_context(), transaction(writing=True):
        people = [each for each in db.session.scalars(sa.select(Person)) if not each.is_site_admin]
        db.session.execute(sa.update(Membership).values(title=f"NIP {number}, telp. {telephone}"))
        secrets = {each.email for each in people} | {each.name for each in people}
        titles = {number, telephone}
    organiser, stranger = browse(app, "sekretariat"), browse(app)
    shown = organiser.get(f"{E}/people").text
    assert number in shown
    assert any(each in shown for each in secrets)
    for page in PUBLIC:
        text = stranger.get(page).text
        assert not [each for each in secrets | titles if each in text], page
        assert not NIP.search(text), page
