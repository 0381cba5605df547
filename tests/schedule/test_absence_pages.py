"""What people see who hand in their own calendar."""

import threading
from datetime import date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app import confined
from app.accounts.models import Person
from app.database import db, transaction
from app.editions.parts import PresentationDay
from app.schedule.benches import absence_pages
from app.schedule.benches.absence_days import absence_days
from app.schedule.draft.models import Absence
from tests import cast
from tests.conftest import E
from tests.factories import the_edition
from tests.schedule.test_busy import calendar, event
from tests.schedule.test_busy_files import CALENDARS

TIMES = ["DTSTART:20191005T003000Z", "DURATION:PT30M"]
GOOD = event(*TIMES, "SUMMARY:Periksa gigi", uid="good")
DAMAGED = event("DTSTART:besok", "SUMMARY:<b>Apel</b>", uid="damaged")


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def judge(app, browse):
    return browse(app, cast.judge)


def hand_in(browser, content: bytes, name: str = "saya.ics") -> object:
    return browser.post(f"{E}/absences/calendar", files={"calendar": (name, content)})


def mark_a_time(browser) -> None:
    time = {"date": "2019-10-06", "starts_at": "08:00", "ends_at": "17:00"}
    assert browser.fill(f"{E}/absences", **time).status_code == 302


def is_being_read() -> bool:
    return confined._places._value < confined.AT_ONCE


def page_after(browser, content: bytes) -> str:
    assert hand_in(browser, content).status_code == 302
    return browser.get(f"{E}/absences").text


def imported(app) -> list[str]:
    with app.app_context(), transaction(writing=False):
        moments = db.session.scalars(
            sa.select(Absence.starts_at).where(Absence.is_imported).order_by(Absence.starts_at)
        )
        return [f"{moment.astimezone(ZoneInfo('Asia/Makassar')):%d %H:%M}" for moment in moments]


def test_a_calendar_is_read_and_nothing_but_times_is_kept(app, judge):
    page = page_after(judge, calendar(GOOD))
    assert "1 waktu sibuk dibaca." in page
    assert imported(app) == ["05 08:30"]
    assert "Periksa gigi" not in page


def test_what_is_left_out_is_told_once_and_escaped(app, judge):
    page = page_after(judge, calendar(GOOD, DAMAGED))
    assert "1 agenda tidak dapat dibaca dan dilewati: &lt;b&gt;Apel&lt;/b&gt;." in page
    assert imported(app) == ["05 08:30"]
    assert "Apel" not in judge.get(f"{E}/absences").text


def test_of_many_left_out_only_a_few_are_named(judge):
    damaged = [DAMAGED.replace("damaged", str(n)).replace("Apel", f"Apel {n}") for n in range(5)]
    page = page_after(judge, calendar(GOOD, *damaged))
    assert "5 agenda tidak dapat dibaca" in page
    assert "Apel 2&lt;/b&gt;, …." in page
    assert "Apel 3" not in page


@pytest.mark.field("calendars F1")
def test_the_schedule_itself_is_no_absence(app, judge):
    content = judge.get(f"{E}/schedule.ics").body
    assert content.count(b"BEGIN:VEVENT") > 10
    assert "0 waktu sibuk dibaca." in page_after(judge, content)
    assert imported(app) == []


@pytest.mark.field("calendars F1", "calendars F7")
def test_an_entry_of_the_time_before_editions_had_keys_is_no_absence_there(app, judge):
    with app.app_context(), transaction(writing=True):
        the_edition().calendar_key = ""
    content = (CALENDARS / "busy-14-own-presentation-from-ajang.ics").read_bytes()
    assert "0 waktu sibuk dibaca." in page_after(judge, content)
    assert imported(app) == []


def test_a_refused_file_says_why_and_how_to_export_and_keeps_the_earlier_times(app, judge):
    page_after(judge, calendar(GOOD))
    assert 'id="calendar-export">' in judge.get(f"{E}/absences").text
    refused = hand_in(judge, b"<html>masuk</html>")
    assert refused.status_code == 422
    assert "Ini halaman web, bukan kalender" in refused.text
    assert 'id="calendar-export" open>' in refused.text
    assert all(name in refused.text for name in ("Google", "Outlook", "Apple"))
    assert imported(app) == ["05 08:30"]


def test_a_large_export_is_read(app, judge):
    far = [
        event("DTSTART:20180101T000000Z", "DURATION:PT1H", "DESCRIPTION:" + "x" * 2_000, uid=str(n))
        for n in range(1_500)
    ]
    content = calendar(*far, GOOD)
    assert len(content) > 3_000_000
    assert "1 waktu sibuk dibaca." in page_after(judge, content)


@pytest.mark.parametrize("is_released", [True, False])
def test_others_write_while_a_calendar_is_read(app, judge, browse, monkeypatch, is_released):
    if not is_released:
        monkeypatch.setattr(absence_pages, "release", lambda: None)
    other = browse(app, cast.other_judge)
    endless = [event("DTSTART:00010101T000000Z", "RRULE:FREQ=SECONDLY", uid=n) for n in "ab"]
    reading = threading.Thread(target=hand_in, args=(judge, calendar(*endless)))
    reading.start()
    while not is_being_read() and reading.is_alive():
        reading.join(0.01)
    mark_a_time(other)
    has_waited = not is_being_read()
    reading.join()
    assert has_waited is not is_released


def test_the_organiser_sees_which_judge_misses_which_hours(app, judge, browse):
    page_after(judge, calendar(GOOD))  # 08.30 to 09.00 on the first day
    mark_a_time(judge)
    organiser = browse(app, "sekretariat")
    figures = organiser.get(f"{E}/absences").html.select("figure.absences")
    named = [figure.figcaption.get_text(strip=True) for figure in figures]
    assert named == ["Sabtu, 5 Oktober 2019", "Minggu, 6 Oktober 2019"]
    told = [[row.svg["aria-label"] for row in figure.select("li")] for figure in figures]
    assert all(len(rows) == 6 for rows in told)
    assert min(told[0]) == "Berhalangan: 08.30–09.00"
    assert min(told[1]) == "Berhalangan: 08.30–17.00"  # of the day, not of the absence
    assert all(rows.count("Dapat hadir sepanjang hari") == 5 for rows in told)
    taken = [figure.select("path.part")[0]["d"] for figure in figures]
    assert taken == ["M0.0 1H14.12V8H0.0z", "M0.0 1H240.0V8H0.0z"]
    labels = [text.text for text in figures[0].select("text")]
    assert labels == [f"{hour:02}" for hour in range(9, 18)]
    assert not judge.get(f"{E}/absences").html.select("figure.absences")


def test_hours_are_those_of_the_zone_and_times_that_overlap_are_told_once(app):
    zone = ZoneInfo("Asia/Kolkata")  # half an hour from whole hours
    day = PresentationDay(date=date(2019, 10, 5), starts_at=time(8, 30), ends_at=time(16, 30))
    edition = SimpleNamespace(days=[day], zone=zone)

    def absence(*hours: tuple[int, int]) -> Absence:
        begin, end = (datetime(2019, 10, 5, *own, tzinfo=zone) for own in hours)
        return Absence(person_id=1, starts_at=begin, ends_at=end)

    found = [absence((9, 0), (11, 0)), absence((9, 30), (10, 0)), absence((17, 0), (18, 0))]
    (shown,) = absence_days(edition, [Person(id=1), Person(id=2)], found)
    assert [(place, hour.hour) for place, hour in shown.hours][:2] == [(15.0, 9), (45.0, 10)]
    assert [row.places for row in shown.rows] == [[(15.0, 75.0)], []]
    assert absence_days(edition, [Person(id=2)], found) == []


def test_a_time_on_no_presentation_day_is_refused_and_one_in_the_own_slot_is_pointed_out(
    app, browse
):
    numbers = cast.ask(app, cast.placed)
    presenter = browse(app, cast.author_of(numbers[0]))
    path, times = f"{E}/absences", {"starts_at": "08:00", "ends_at": "18:00"}
    refused = presenter.fill(path, date="2019-10-07", **times)
    assert (refused.status_code, "Tidak ada pemaparan pada hari itu" in refused.text) == (422, True)
    said = [presenter.fill(path, date=f"2019-10-0{day}", **times).follow().text for day in (5, 6)]
    assert sum("memiliki slot dalam waktu ini" in page for page in said) >= 1
    assert all("akan menghindari" in page or "menghindarinya" in page for page in said)


def test_a_time_that_is_over_is_refused(make_app, browse):
    presenter = browse(make_app("published"), cast.author_of(1))
    times = {"date": "2019-10-05", "starts_at": "08:00", "ends_at": "18:00"}
    refused = presenter.fill(f"{E}/absences", **times)
    assert (refused.status_code, "Waktu ini sudah lewat" in refused.text) == (422, True)
