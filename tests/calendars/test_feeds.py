"""Feeds over HTTP: whose entries, which changes, which address still works."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app import clock
from app.accounts.models import Person
from app.calendars.serving import last_modified
from app.database import db, transaction
from app.demo import DOMAIN
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.editions.roles import grant_role
from app.proposals.models import Proposal
from tests.conftest import SLUG, E
from tests.databases import BASE
from tests.schedule.bookings import publish


@pytest.fixture
def app(make_app):
    return make_app("picking")


def titles(answer) -> set[str]:
    return {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.body).walk("VEVENT")}


def address(browser) -> str:
    text = browser.post(f"{E}/calendar").text
    return re.search(r'value="http://[^/]+(/feeds/[^"]+)"', text)[1]


def test_each_feed_holds_what_belongs_to_its_person(app, browse):
    everything = titles(browse(app).get(f"{E}/schedule.ics"))
    stranger = browse(app)

    def feed_of(name: str) -> set[str]:
        return titles(stranger.get(address(browse(app, name))))

    assert len(everything) == 20
    assert feed_of("sekretariat") == everything
    assert feed_of("juri-1") == everything
    assert feed_of("inovator-01") == {"Kesraku"}
    assert feed_of("inovator-27") == set()


def test_rule_3_a_judges_calendar_leaves_out_what_a_conflict_bars_them_from(app, browse):
    everything, stranger = titles(browse(app).get(f"{E}/schedule.ics")), browse(app)
    barred = {
        "juri-5": {"Penjaga Jumpa Berlian", "Melawan Lupa"},
        "juri-2": {"Gelisha"},
        "juri-1": set(),
    }
    addresses = {name: address(browse(app, name)) for name in barred}
    found = {name: titles(stranger.get(place)) for name, place in addresses.items()}
    assert found == {name: everything - hidden for name, hidden in barred.items()}
    declaration = {"kind": "family", "reason": "Saudara kandung pengusul"}
    judge = browse(app, "juri-1")
    assert judge.post(f"{E}/proposals/1/conflict", declaration).status_code == 302
    assert titles(stranger.get(addresses["juri-1"])) == everything - {"Kesraku"}


def test_an_address_has_256_bits_and_is_stored_as_a_hash_only(app, browse, counted):
    path = address(browse(app, "juri-1"))
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) >= 43  # 256 bits in base64
    with counted(app) as count:
        browse(app).get(path)
    assert not any(token in statement for statement in count.statements)


def test_a_new_address_ends_the_old_one_and_stopping_ends_both(app, browse):
    judge, stranger = browse(app, "juri-1"), browse(app)
    first = address(judge)
    second = address(judge)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200
    judge.post(f"{E}/calendar/removal")
    assert stranger.get(second).status_code == 404


def test_without_a_change_it_is_304_and_after_one_it_is_new_with_a_higher_sequence(app, browse):
    stranger, organiser = browse(app), browse(app, "sekretariat")
    first = stranger.get(f"{E}/schedule.ics")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert stranger.get(f"{E}/schedule.ics", headers=tag).status_code == 304

    slots = organiser.get(f"{E}/slots").text
    empty = re.search(r'class="slot free" id="slot-(\d+)"', slots)[1]
    assert organiser.post(f"{E}/slots/{empty}/booking", {"proposal": 1}).status_code == 302
    assert stranger.get(f"{E}/schedule.ics", headers=tag).status_code == 304
    assert publish(organiser).status_code == 302

    changed = stranger.get(f"{E}/schedule.ics", headers=tag)
    assert changed.status_code == 200

    def event(answer):
        found = Calendar.from_ical(answer.body).walk("VEVENT")
        return next(each for each in found if str(each["SUMMARY"]) == "Kesraku")

    assert event(changed)["UID"] == event(first)["UID"]
    assert event(changed)["SEQUENCE"] == event(first)["SEQUENCE"] + 1
    assert event(changed)["DTSTART"].dt != event(first)["DTSTART"].dt


def test_a_single_presentation_has_its_own_file(app, browse):
    assert titles(browse(app).get(f"{E}/innovations/1.ics")) == {"Kesraku"}
    assert browse(app).get(f"{E}/innovations/27.ics").status_code == 404


def test_a_packed_calendar_holds_the_same(app, browse):
    stranger = browse(app)
    plain = stranger.get(f"{E}/schedule.ics").body
    accepted = {"Accept-Encoding": "gzip"}
    packed = app.test_client().get(f"{E}/schedule.ics", base_url=BASE, headers=accepted)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain


def test_a_change_of_venue_reaches_every_entry_with_a_higher_sequence(app, browse):
    organiser, stranger = browse(app, "sekretariat"), browse(app)

    def entries() -> dict[str, tuple[int, str]]:
        found = Calendar.from_ical(stranger.get(f"{E}/schedule.ics").body).walk("VEVENT")
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
    judge, other = browse(app, "juri-1"), browse(app, "juri-2")
    assert judge.post(f"{E}/calendar/alarm", {"minutes": "60"}).status_code == 409
    place, others = address(judge), address(other)
    assert "VALARM" not in judge.get(place).text
    assert judge.post(f"{E}/calendar/alarm", {"minutes": "60"}).status_code == 302
    assert "TRIGGER:-PT1H" in judge.get(place).text
    assert "VALARM" not in other.get(others).text
    assert judge.post(f"{E}/calendar/alarm", {"minutes": "7"}).status_code == 422
    assert "TRIGGER:-PT1H" in judge.get(address(judge)).text


def test_a_feed_of_a_day_a_room_a_category_or_an_agency_holds_only_that(app, browse):
    stranger = browse(app)

    def of(query: str) -> set[str]:
        return titles(stranger.get(f"{E}/schedule.ics?{query}"))

    everything = of("")
    first, second = of("day=2019-10-05"), of("day=2019-10-06")
    assert (len(first), len(second), first | second) == (10, 10, everything)
    assert of("room=1") == everything
    assert of("room=99") == set()
    categories = [of(f"category={number}") for number in range(1, 7)]
    assert set().union(*categories) == everything
    assert sum(map(len, categories)) == len(everything)
    with app.app_context(), transaction(writing=False):
        agency = db.session.scalar(sa.select(Proposal.agency_id).where(Proposal.number == 1))
    assert "Kesraku" in of(f"agency={agency}") < everything
    assert of("day=tomorrow&room=x&category=&agency=-1") == everything


def test_who_has_several_roles_can_have_the_calendar_of_one(app, browse):
    with app.app_context(), transaction(writing=True):
        person = db.session.scalar(sa.select(Person).where(Person.email == f"inovator-01@{DOMAIN}"))
        edition = locked_edition(SLUG)
        grant_role(edition, person, Role.OBSERVER, by=person, now=clock.now())
    place = address(browse(app, "inovator-01"))
    stranger = browse(app)
    assert len(titles(stranger.get(place))) == 20
    assert titles(stranger.get(f"{place}?role=innovator")) == {"Kesraku"}
    assert len(titles(stranger.get(f"{place}?role=observer"))) == 20
    assert titles(stranger.get(f"{place}?role=judge")) == set()


def test_a_reader_that_knows_only_dates_gets_304_until_something_changes(app, browse):
    organiser, stranger = browse(app, "sekretariat"), browse(app)
    first = stranger.get(f"{E}/schedule.ics")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}

    def again():
        return stranger.get(f"{E}/schedule.ics", headers=since)

    assert again().status_code == 304
    organiser.post(f"{E}/proposals/1/slot/removal")
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


def test_a_judges_calendar_follows_their_panel(app, browse):
    organiser = browse(app, "sekretariat")
    place = address(browse(app, "juri-1"))
    stranger = browse(app)
    assert len(titles(stranger.get(place))) == 20
    page = organiser.get(f"{E}/panels").text
    room = re.search(r'<option value="(\d+)">Ruang pemaparan', page)[1]
    judges = re.findall(r'name="members" value="(\d+)"', page)
    mine = re.search(r'for="members-(\d+)">Kepala Badan Penelitian', page)[1]
    fields = {"name": "A", "name_en": "", "room_id": room, "day": "2019-10-06"}
    others = [each for each in judges if each != mine]
    fields |= {"seats": "5", "quorum": "3", "members": others}
    assert organiser.post(f"{E}/panels", fields).status_code == 302
    assert len(titles(stranger.get(place))) == 20
    assert publish(organiser).status_code == 302
    assert titles(stranger.get(place)) == titles(stranger.get(f"{E}/schedule.ics?day=2019-10-05"))
