"""Times outside WITA: on every page, in letters, documents, tables and calendars of an edition."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app import clock
from app.accounts.models import SignIn
from app.clock import zone_name
from app.config import Config, UnsafeConfiguration
from app.database import db, transaction
from app.editions.forms import REGIONS, window_form
from app.editions.kinds import Stage
from app.editions.queries import edition_named
from app.mail.models import Letter
from app.proposals.models import Submission
from app.schedule.draft.models import Slot
from app.web.language import clock as time_of_day
from app.web.language import moment, span
from tests.calendars.letters import letters_of
from tests.cast import ask, author_of, drafts, judge, placed, unplaced
from tests.conftest import E
from tests.databases import BASE
from tests.documents import text_of
from tests.factories import the_edition, the_person, the_proposal
from tests.schedule.bookings import book, free, place_of, publish
from tests.test_access import VALUES

NAMES = {"Asia/Jakarta": "WIB", "Asia/Jayapura": "WIT"}
ELSEWHERE = re.compile(r"\bWITA\b|\+08:00|Asia/Makassar")
APART = {f"{E}/settings", f"{E}/mail/1"}
"""The page on which any zone can be chosen, and a letter, which stays as it was sent."""


@pytest.fixture(params=NAMES)
def zone(request) -> ZoneInfo:
    return ZoneInfo(request.param)


@pytest.fixture
def make_app_in(make_app, zone):
    """Make an application at a moment of the demo, whose edition is in the zone."""

    def make(moment: str):
        app = make_app(moment)
        with app.app_context(), transaction(writing=True):
            the_edition().timezone = zone.key
        return app

    return make


def written(start: datetime, zone: ZoneInfo, end: datetime | None = None) -> str:
    """A moment, or a stretch of time, as an Indonesian page says it."""
    until = f"–{end.astimezone(zone):%H.%M}" if end else ""
    return f"{start.astimezone(zone):%H.%M}{until} {NAMES[zone.key]}"


def slot_of(app, number: int) -> tuple[datetime, datetime]:
    slot = place_of(app, number)
    with app.app_context(), transaction(writing=False):
        found = db.session.get_one(Slot, slot)
        return found.starts_at, found.ends_at


def newest_letter(app) -> str:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(Letter.body).order_by(Letter.id.desc()).limit(1))


@pytest.mark.field("empty 1")
def test_an_invitation_says_both_ends_in_the_editions_zone(make_app_in, browse, zone):
    app = make_app_in("picking")
    organiser = browse(app, "sekretariat")
    number = ask(app, unplaced)[0]
    book(organiser, free(organiser)[0], number)
    publish(organiser)
    letter = letters_of(app)[-1]
    start, end = slot_of(app, number)
    assert written(start, zone) in letter.body
    stranger = browse(app)
    link = re.search(r"http://[^/]+(/invitations/\S+)", letter.body)[1]
    assert written(start, zone, end) in stranger.get(link).text
    answers = next(form for form in stranger.get(link).forms.values() if "answer" in form.fields)
    answers.submit("answer", index=0)
    assert written(clock.now(), zone) in stranger.get(link).text


def pages_of(app) -> list[str]:
    """An address of each page of the edition, as far as the demo has what it names."""
    with app.test_request_context(base_url=BASE):
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
        found = [
            app.url_for(rule.endpoint, **{name: VALUES.get(name, 1) for name in rule.arguments})
            for rule in rules
            if "edition" in rule.arguments
        ]
    return [path for path in found if path not in APART]


@pytest.mark.field("empty 1")
@pytest.mark.one_database
@pytest.mark.parametrize("zone", ["Asia/Jayapura"], indirect=True)
def test_no_page_of_an_edition_says_another_zone(make_app_in, browse):
    app = make_app_in("scoring")
    organiser, wrong = browse(app, "sekretariat"), {}
    for path in pages_of(app):
        answer = organiser.get(path)
        is_pdf = answer.content_type == "application/pdf"
        text = text_of(answer.body) if is_pdf else answer.body.decode("utf-8", "replace")
        if answer.status_code >= 500 or ELSEWHERE.search(text):
            wrong[path] = (answer.status_code, ELSEWHERE.findall(text))
    assert wrong == {}


@pytest.mark.field("empty 1")
def test_finalists_read_their_time_on_each_page_alike(make_app_in, browse, zone):
    app = make_app_in("picking")
    number = ask(app, placed)[0]
    start, end = slot_of(app, number)
    letters_of(app)
    author = browse(app, author_of(number))
    both = written(start, zone, end)
    assert both in author.get(f"{E}/proposals/{number}").text
    assert written(start, zone) in author.get(f"{E}/calendar").text
    assert written(start, zone) in author.get("/my-work").text
    assert written(start, zone) in author.get(f"{E}/innovations/{number}").text
    assert both.partition(" ")[0] in author.get(f"{E}/schedule").text
    assert both.partition(" ")[0] in author.get(f"{E}/slots").text


@pytest.mark.field("empty 1")
def test_documents_are_in_the_editions_zone(make_app_in, browse, zone):
    app = make_app_in("scoring")
    organiser = browse(app, "sekretariat")
    number = ask(app, placed)[0]
    start, end = slot_of(app, number)
    with app.app_context(), transaction(writing=False):
        received = db.session.scalar(
            sa.select(Submission.submitted_at).where(
                Submission.proposal_id == the_proposal(number).id
            )
        )
    place = f"{E}/proposals/{number}"
    assert written(received, zone) in text_of(organiser.get(f"{place}/submissions/1.pdf").body)
    assert written(start, zone) in text_of(organiser.get(f"{place}/confirmation.pdf").body)
    day = start.astimezone(zone).date()
    sheet = text_of(organiser.get(f"{E}/schedule/run-sheet.pdf?day={day}").body)
    assert written(start, zone, end).partition(" ")[0] in sheet.replace("\n", "")


@pytest.mark.field("empty 1")
def test_letters_are_in_the_editions_zone(make_app_in, browse, zone):
    app = make_app_in("draft")
    until = datetime(2019, 9, 20, 7, 15, tzinfo=UTC)
    typed = until.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    number = ask(app, drafts)[0]
    path = f"{E}/proposals/drafts/extension"
    sent = {"proposal": str(number), "scope": "marked", "until": typed, "reason": "Listrik padam."}
    assert browse(app, "sekretariat").post(path, sent).status_code == 302
    assert written(until, zone) in newest_letter(app)
    assert written(until, zone) in browse(app, author_of(number)).get("/my-work").text


@pytest.mark.field("empty 1")
def test_tables_give_times_with_the_offset_of_the_editions_zone(make_app_in, browse, zone):
    app = make_app_in("scoring")
    organiser = browse(app, "sekretariat")
    offset = f"{datetime(2019, 10, 5, tzinfo=zone):%z}"
    offset = f"{offset[:3]}:{offset[3:]}"
    for table in ("proposals", "documents", "submissions", "schedule", "published_schedule"):
        rows = json.loads(organiser.get(f"{E}/exports/{table}.json").body)
        times = {
            value for row in rows for key, value in row.items() if key.endswith("_at") and value
        }
        assert times, table
        assert all(value.endswith(offset) for value in times), table
        assert offset in organiser.get(f"{E}/exports/{table}.csv").text


@pytest.mark.field("empty 1")
def test_calendars_are_in_the_editions_zone(make_app_in, browse, zone):
    app = make_app_in("scoring")
    body = browse(app).get(f"{E}/schedule.ics").body
    events = Calendar.from_ical(body).walk("VEVENT")
    starts = {event["DTSTART"].dt.astimezone(UTC) for event in events}
    assert starts == {slot_of(app, number)[0] for number in ask(app, placed)}
    assert {event["DTSTART"].params["TZID"] for event in events} == {zone.key}


@pytest.mark.field("empty 12")
def test_ones_own_sessions_are_in_the_zone_of_ones_newest_edition(make_app_in, browse, zone):
    app = make_app_in("draft")
    person = browse(app, judge)
    with app.app_context(), transaction(writing=False):
        began = db.session.scalar(
            sa.select(SignIn.created_at).where(SignIn.person_id == the_person(judge).id)
        )
    assert written(began, zone) in person.get("/profile").text


@pytest.mark.field("empty 12")
@pytest.mark.one_database
def test_who_has_no_edition_reads_the_zone_of_the_site(make_app, browse):
    app = make_app("draft", zone="Asia/Jayapura")
    admin = browse(app, "admin")
    [since] = admin.get("/profile").html.select("ul.ds-list li")
    assert since.get_text().partition(" – ")[0].endswith(" WIT")
    assert "WIB" not in browse(app).get("/sign-in").text
    letter = admin.post("/mail").headers["Location"]
    assert " WIT " in admin.get(letter).text


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "WIB"])
def test_a_site_has_a_zone_that_exists(zone):
    settings = {"AJANG_SECRET_KEY": "x" * 40, "AJANG_DATA": "var", "AJANG_ZONE": zone}
    if not zone:
        assert Config.from_environment(settings).zone == "Asia/Makassar"
        return
    with pytest.raises(UnsafeConfiguration, match="AJANG_ZONE"):
        Config.from_environment(settings)


@pytest.mark.field("empty 1")
@pytest.mark.one_database
def test_a_time_without_a_zone_is_an_error_outside_an_edition(make_app):
    app, now = make_app("draft"), datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    jakarta = ZoneInfo("Asia/Jakarta")
    with app.test_request_context("/"):
        for write in (moment, time_of_day, lambda value: span(value, value)):
            with pytest.raises(LookupError):
                write(now)
        assert moment(now, jakarta) == "26 November 2026, 08.30 WIB"
        assert moment(now.astimezone(jakarta)) == "26 November 2026, 08.30 WIB"
        assert moment(now, ZoneInfo("Asia/Jayapura")) == "26 November 2026, 10.30 WIT"
        assert moment(now, ZoneInfo("America/New_York")) == "25 November 2026, 20.30 EST"
        assert time_of_day(now, jakarta) == "08.30"
        later = now + timedelta(minutes=25)
        assert span(now, later, jakarta) == "26 November 2026, 08.30–08.55 WIB"
        assert span(now.astimezone(jakarta), later) == "26 November 2026, 08.30–08.55 WIB"
        assert time_of_day(time(8, 30)) == "08.30"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Asia/Makassar", "WITA"),
        ("Asia/Singapore", "UTC+8"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/Sao_Paulo", "UTC−3"),
        ("Europe/London", "GMT"),
    ],
)
def test_a_zone_without_a_name_of_its_own_says_its_offset(zone, name):
    assert zone_name(datetime(2026, 11, 26, tzinfo=ZoneInfo(zone))) == name


@pytest.mark.field("calendars F11")
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2027-03-28T02:30", None),  # clocks go from two to three
        ("2027-03-28T03:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-10-31T02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # the first of two
    ],
)
def test_a_time_that_clocks_skip_is_no_time(make_app, typed, moment):
    app = make_app("draft")
    sent = {"opens_at": "2027-01-01T00:00", "closes_at": typed}
    with app.test_request_context("/", method="POST", data=sent):
        form = window_form(Stage.SUBMISSION, ZoneInfo("Europe/Berlin"))(meta={"csrf": False})
        assert form.validate() is (moment is not None)
        assert form.closes_at.data == moment


@pytest.mark.field("empty 1")
def test_an_edition_can_be_in_any_zone_which_is_found_by_its_city(make_app, browse):
    organiser = browse(make_app("draft"), "sekretariat")
    form = organiser.form(f"{E}/settings")
    offered = [name for name, _, _ in form["timezone"].options]
    assert offered[:3] == ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
    assert len(offered) == len(set(offered)) > 300
    assert {name.partition("/")[0] for name in offered} == set(REGIONS)
    form["timezone"].select(text="Kathmandu")
    assert form.submit().status_code == 302
    assert "13.45 UTC+5:45" in organiser.get(E).text  # when it is 16.00 in Makassar
    assert "Asia/Kathmandu" in organiser.get(f"{E}/windows").text


@pytest.mark.field("empty 1")
def test_a_new_edition_is_in_the_zone_of_the_site(make_app, browse):
    app = make_app("draft", zone="Asia/Jayapura")
    admin = browse(app, "admin")
    edition = {
        "name": "Pameran",
        "name_en": "",
        "slug": "pameran",
        "source": "template:blank",
        "first_day": "2027-03-21",
        "days": "1",
        "organiser": "baru@kota.example",
    }
    assert admin.post("/organisations/1/editions", edition).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert edition_named("pameran").timezone == "Asia/Jayapura"
