"""Feeds over HTTP: whose entries, which changes, which address still works."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from icalendar import Calendar, Event

from app import clock
from app.calendars.serving import last_modified
from app.database import transaction
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.roles import grant_role
from tests.cast import ask, author_of, judge, judges, other_judge, own_entries, placed, unplaced
from tests.clients import Browser
from tests.conftest import E
from tests.databases import BASE
from tests.factories import the_edition, the_person, the_proposal
from tests.schedule.bookings import publish


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def everything(app) -> set[int]:
    """The finalists of the published schedule: all who have a slot."""
    return set(ask(app, placed))


@pytest.fixture
def stranger(app, browse) -> Browser:
    return browse(app)


def events(answer) -> dict[int, Event]:
    """The entries of a calendar by the numbers of the proposals."""
    found = Calendar.from_ical(answer.body).walk("VEVENT")
    return {int(event["URL"].rpartition("/")[2]): event for event in found}


def numbers(answer) -> set[int]:
    """Whose presentations a calendar holds."""
    return set(events(answer))


def address(browser) -> str:
    text = browser.post(f"{E}/calendar").text
    return re.search(r'value="http://[^/]+(/feeds/[^"]+)"', text)[1]


def test_each_feed_holds_what_belongs_to_its_person(app, browse, stranger, number, everything):
    def feed_of(who) -> set[int]:
        return numbers(stranger.get(address(browse(app, who))))

    assert numbers(stranger.get(f"{E}/schedule.ics")) == everything
    assert feed_of("sekretariat") == everything
    assert feed_of(judge) == everything
    assert feed_of(author_of(number)) == {number}
    assert feed_of(author_of(ask(app, unplaced)[0])) == set()


def test_rule_3_a_judges_calendar_leaves_out_what_a_conflict_bars_them_from(
    app, browse, stranger, number, everything
):
    barred = {who: set(ask(app, own_entries(who))) for who in ask(app, judges)}
    assert any(barred.values())
    addresses = {who: address(browse(app, who)) for who in barred}
    found = {who: numbers(stranger.get(place)) for who, place in addresses.items()}
    assert found == {who: everything - hidden for who, hidden in barred.items()}
    declaration = {"kind": "family", "reason": "Saudara kandung pengusul"}
    declared = browse(app, judge).post(f"{E}/proposals/{number}/conflict", declaration)
    assert declared.status_code == 302
    assert numbers(stranger.get(addresses[ask(app, judge)])) == everything - {number}


def test_an_address_has_256_bits_and_is_stored_as_a_hash_only(app, browse, stranger, counted):
    path = address(browse(app, judge))
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) >= 43  # 256 bits in base64
    with counted(app) as count:
        stranger.get(path)
    assert not any(token in statement for statement in count.statements)


def test_a_new_address_ends_the_old_one_and_stopping_ends_both(app, browse, stranger):
    browser = browse(app, judge)
    first, second = address(browser), address(browser)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    browser.post(f"{E}/calendar/removal")
    assert stranger.get(second).status_code == 404


def test_without_a_change_it_is_304_and_after_one_it_is_new_with_a_higher_sequence(
    stranger, organiser, number
):
    first = stranger.get(f"{E}/schedule.ics")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert stranger.get(f"{E}/schedule.ics", headers=tag).status_code == 304

    slots = organiser.get(f"{E}/slots").text
    empty = re.search(r'class="slot free" id="slot-(\d+)"', slots)[1]
    assert organiser.post(f"{E}/slots/{empty}/booking", {"proposal": number}).status_code == 302
    assert stranger.get(f"{E}/schedule.ics", headers=tag).status_code == 304
    assert publish(organiser).status_code == 302

    changed = stranger.get(f"{E}/schedule.ics", headers=tag)
    assert changed.status_code == 200
    before, after = events(first)[number], events(changed)[number]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTART"].dt != before["DTSTART"].dt


def test_a_single_presentation_has_its_own_file(app, stranger, number):
    [event] = events(stranger.get(f"{E}/innovations/{number}.ics")).values()
    with app.app_context(), transaction(writing=False):
        assert str(event["SUMMARY"]) == the_proposal(number).title
    without_slot = ask(app, unplaced)[0]
    assert stranger.get(f"{E}/innovations/{without_slot}.ics").status_code == 404


def test_a_packed_calendar_holds_the_same(app, stranger):
    plain = stranger.get(f"{E}/schedule.ics").body
    accepted = {"Accept-Encoding": "gzip"}
    packed = app.test_client().get(f"{E}/schedule.ics", base_url=BASE, headers=accepted)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain


def test_a_change_of_venue_reaches_every_entry_with_a_higher_sequence(stranger, organiser):
    def entries() -> dict[str, tuple[int, str]]:
        found = events(stranger.get(f"{E}/schedule.ics")).values()
        return {str(each["UID"]): (each["SEQUENCE"], str(each["LOCATION"])) for each in found}

    before = entries()
    assert organiser.fill(f"{E}/settings", venue="Aula Kantor Bupati").status_code == 302
    assert entries() == before
    assert publish(organiser).status_code == 302
    moved = {
        uid: (sequence + 1, "Ruang pemaparan, Aula Kantor Bupati")
        for uid, (sequence, _) in before.items()
    }
    assert entries() == moved


def test_a_persons_alarm_rings_in_their_feed_and_stays_with_a_new_address(app, browse):
    browser, other = browse(app, judge), browse(app, other_judge)
    assert browser.post(f"{E}/calendar/alarm", {"minutes": "60"}).status_code == 409
    place, others = address(browser), address(other)
    assert "VALARM" not in browser.get(place).text
    assert browser.post(f"{E}/calendar/alarm", {"minutes": "60"}).status_code == 302
    assert "TRIGGER:-PT1H" in browser.get(place).text
    assert "VALARM" not in other.get(others).text
    assert browser.post(f"{E}/calendar/alarm", {"minutes": "7"}).status_code == 422
    assert "TRIGGER:-PT1H" in browser.get(address(browser)).text


def test_a_feed_of_a_day_a_room_a_category_or_an_agency_holds_only_that(
    app, stranger, number, everything
):
    def of(query: str) -> set[int]:
        return numbers(stranger.get(f"{E}/schedule.ics?{query}"))

    first, second = of("day=2019-10-05"), of("day=2019-10-06")
    assert len(first) == len(second) == len(everything) // 2
    assert first | second == everything
    assert of("room=1") == everything
    assert of("room=99") == set()
    categories = [of(f"category={place}") for place in range(1, 7)]
    assert set().union(*categories) == everything
    assert sum(map(len, categories)) == len(everything)
    with app.app_context(), transaction(writing=False):
        agency = the_proposal(number).agency_id
    assert number in of(f"agency={agency}") < everything
    assert of("day=tomorrow&room=x&category=&agency=-1") == everything


def test_who_has_several_roles_can_have_the_calendar_of_one(
    app, browse, stranger, number, everything
):
    author = author_of(number)
    with app.app_context(), transaction(writing=True):
        edition, person = the_edition(), the_person(author)
        organiser = the_person("sekretariat")
        grant_role(edition, person, Role.OBSERVER, by=organiser, now=clock.now())
    place = address(browse(app, author))
    assert numbers(stranger.get(place)) == everything
    assert numbers(stranger.get(f"{place}?role=innovator")) == {number}
    assert numbers(stranger.get(f"{place}?role=observer")) == everything
    assert numbers(stranger.get(f"{place}?role=judge")) == set()


def test_a_reader_that_knows_only_dates_gets_304_until_something_changes(
    stranger, organiser, number
):
    first = stranger.get(f"{E}/schedule.ics")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}

    def again():
        return stranger.get(f"{E}/schedule.ics", headers=since)

    assert again().status_code == 304
    organiser.post(f"{E}/proposals/{number}/slot/removal")
    publish(organiser)
    assert again().status_code == 200
    clock.shift(clock.now() - clock.real_now() + timedelta(seconds=2))
    first, last = (
        parsedate_to_datetime(each.headers["Last-Modified"]) for each in (first, again())
    )
    assert last > first


def test_within_the_second_of_a_change_there_is_no_date_for_it_may_change_again():
    now = datetime(2019, 10, 5, 1, 2, 3, 400, tzinfo=UTC)
    edition = Edition(revised_at=now.replace(microsecond=200))
    assert last_modified(edition, now=now) is None
    assert last_modified(edition, now=now + timedelta(seconds=1)) == now.replace(microsecond=0)


def test_a_judges_calendar_follows_their_panel(app, browse, stranger, organiser, everything):
    place = address(browse(app, judge))
    assert numbers(stranger.get(place)) == everything
    page = organiser.get(f"{E}/panels").text
    room = re.search(r'<option value="(\d+)">Ruang pemaparan', page)[1]
    members = re.findall(r'name="members" value="(\d+)"', page)
    with app.app_context(), transaction(writing=False):
        members.remove(str(the_person(judge).id))
    fields = {"name": "A", "name_en": "", "room_id": room, "day": "2019-10-06"}
    fields |= {"seats": "5", "quorum": "3", "members": members}
    assert organiser.post(f"{E}/panels", fields).status_code == 302
    assert numbers(stranger.get(place)) == everything
    assert publish(organiser).status_code == 302
    first_day = f"{E}/schedule.ics?day=2019-10-05"
    assert numbers(stranger.get(place)) == numbers(stranger.get(first_day))
