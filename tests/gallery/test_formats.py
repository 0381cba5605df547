"""The published schedule as other programs read it: frab's XML and JSON, plain JSON, CSV, Atom."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from schedule_convert.importers.frab_xml import FrabXmlImporter

from app.database import db, transaction
from app.gallery.formats.frab import schedule_json, schedule_xml
from app.gallery.formats.programme import Programme, PublishedTalk
from tests import cast
from tests.conftest import E
from tests.factories import the_proposal

FORMATS = (
    "schedule.xml",
    "schedule.json",
    "presentations.json",
    "presentations.csv",
    "schedule.atom",
)
ATOM = {"atom": "http://www.w3.org/2005/Atom"}
HOSTILE = "=1+1 <b>&amp;\"' ]]> \u202eאב 😀"


@pytest.fixture
def app(make_app):
    return make_app("published")


@pytest.fixture
def stranger(app, browse):
    return browse(app)


def presented(stranger) -> list[tuple[str, str]]:
    """Title and start of each presentation, as the calendar says them."""
    entries = Calendar.from_ical(stranger.get(f"{E}/schedule.ics").body).walk("VEVENT")
    return sorted((str(each["summary"]), each["dtstart"].dt.isoformat()) for each in entries)


def test_every_format_holds_what_the_calendar_holds(stranger):
    expected = presented(stranger)
    assert len(expected) == 27
    plain = stranger.get(f"{E}/presentations.json").json["presentations"]
    assert (
        sorted((each["title"], f"{each['start'][:16]}:00{each['start'][16:]}") for each in plain)
        == expected
    )
    rows = csv.DictReader(io.StringIO(stranger.get(f"{E}/presentations.csv").text.lstrip("\ufeff")))
    assert [dict(row) for row in rows] == plain
    days = stranger.get(f"{E}/schedule.json").json["schedule"]["conference"]["days"]
    events = [each for day in days for room in day["rooms"].values() for each in room]
    assert sorted((each["title"], each["date"]) for each in events) == expected
    feed = ET.fromstring(stranger.get(f"{E}/schedule.atom").body)
    changes = feed.findtext("atom:entry/atom:content", namespaces=ATOM).splitlines()
    assert sorted(line.partition(": ")[0] for line in changes) == [title for title, _ in expected]


def test_a_public_reader_of_the_format_reads_schedule_xml(stranger):
    read = FrabXmlImporter().parse(io.BytesIO(stranger.get(f"{E}/schedule.xml").body))
    assert read.title == "Kompetisi Inovasi Pelayanan Publik Kabupaten Luwu Utara 2019"
    assert {day.isoformat() for day in read.days} == {"2019-10-05", "2019-10-06"}
    assert sorted(each.title for each in read.events) == [title for title, _ in presented(stranger)]
    assert {each.duration for each in read.events} == {30}
    assert (
        len({each.guid for each in read.events}) == len({each.slug for each in read.events}) == 27
    )
    assert not any(each.speakers for each in read.events)


def test_pages_of_other_sites_may_read_the_formats_and_no_page_of_ours(stranger):
    for name in FORMATS:
        for _ in range(2):  # made, and from memory
            answer = stranger.get(f"{E}/{name}")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    page = stranger.get(f"{E}/schedule")
    assert "Access-Control-Allow-Origin" not in page.headers
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_nothing_personal_is_in_any_format(app, stranger):
    with app.app_context(), transaction(writing=False):
        people = [person.name for person in the_proposal(1).authors]
        people += [person.email for person in the_proposal(1).authors]
    people += [cast.address(app, cast.judge), cast.address(app, cast.chair), "Juri", "Kepala Badan"]
    for name in FORMATS:
        text = stranger.get(f"{E}/{name}").text
        assert [each for each in people if each in text] == []


@pytest.mark.parametrize("moment", ["draft", "screening"])
def test_nothing_is_there_before_a_schedule_is_published(make_app, browse, moment):
    stranger = browse(make_app(moment))
    assert {stranger.get(f"{E}/{name}").status_code for name in FORMATS[:2]} == {404}
    assert stranger.get(f"{E}/presentations.json").json["presentations"] == []
    assert len(stranger.get(f"{E}/presentations.csv").text.splitlines()) == 1
    feed = ET.fromstring(stranger.get(f"{E}/schedule.atom").body)
    assert feed.find("atom:entry", ATOM) is None


def test_hostile_titles_stay_text(app, stranger):
    with app.app_context(), transaction(writing=True):
        the_proposal(1).title = HOSTILE
        db.session.flush()
    read = FrabXmlImporter().parse(io.BytesIO(stranger.get(f"{E}/schedule.xml").body))
    assert HOSTILE in {each.title for each in read.events}
    titles = {
        each["title"] for each in stranger.get(f"{E}/presentations.json").json["presentations"]
    }
    assert HOSTILE in titles
    assert f",\"'{HOSTILE[:4]}" in stranger.get(f"{E}/presentations.csv").text


def test_characters_that_xml_can_not_hold_are_left_out():
    begins = datetime(2019, 10, 5, 8, tzinfo=UTC)
    talk = PublishedTalk(
        1,
        "P-001",
        "a\x0bb\uffff",
        "\ud800",
        "",
        "",
        "R\x00",
        begins,
        begins + timedelta(minutes=90),
        "http://x/1",
    )
    programme = Programme("e", "E", "O", "", ZoneInfo("UTC"), "http://x", 1, begins, [talk])
    assert ET.fromstring(schedule_xml(programme)).findtext("day/room/event/title") == "ab"
    event = schedule_json(programme)["schedule"]["conference"]["days"][0]["rooms"]["R\x00"][0]
    assert (event["duration"], json.loads(json.dumps(event["title"]))) == ("01:30", "a\x0bb\uffff")
