"""My work: by urgency, with what comes next, and only what can be done."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Person
from app.dashboard.inbox import Urgency, inbox_of
from app.dashboard.tasks import Task
from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.parts import PresentationDay
from app.mail.outbox import queue_letter
from app.screening.models import EligibilityFinding
from app.workflow import N_
from tests.cast import address, author_of, judge
from tests.conftest import E

NOON = dt.datetime(2027, 3, 10, 4, tzinfo=dt.UTC)  # in Makassar


def member(role: Role, *, is_chair: bool = False) -> Membership:
    edition = Edition(slug="e", timezone="Asia/Makassar")
    return Membership(edition=edition, role=role, is_chair=is_chair)


def task(hours: int | None) -> Task:
    until = None if hours is None else NOON + dt.timedelta(hours=hours)
    return Task(N_("Open scoring"), {}, "scoring.progress", {}, until)


def test_tasks_are_in_the_order_of_urgency_by_the_editions_own_day():
    tasks = [task(None), task(12), task(-1), task(11), task(0)]
    found = inbox_of(member(Role.ORGANISER), tasks, now=NOON).tasks
    assert list(found) == [Urgency.LATE, Urgency.TODAY, Urgency.NOW, Urgency.LATER]
    assert found[Urgency.LATE] == [tasks[2], tasks[4]]
    assert found[Urgency.TODAY] == [tasks[3]]  # 23.00; twelve hours from noon is tomorrow
    assert inbox_of(member(Role.JUDGE), [], now=NOON).tasks == {}


@pytest.mark.parametrize(
    ("role", "is_chair", "watches"),
    [
        (Role.ORGANISER, False, True),
        (Role.OBSERVER, False, True),
        (Role.JUDGE, True, True),
        (Role.JUDGE, False, False),
        (Role.INNOVATOR, False, False),
    ],
)
def test_who_watches_over_the_edition_is_led_to_its_cockpit(role, is_chair, watches):
    assert inbox_of(member(role, is_chair=is_chair), [], now=NOON).has_cockpit is watches


def test_who_has_nothing_to_do_learns_what_comes_next(make_app, browse):
    app = make_app("picking")
    page = browse(app, judge).get("/my-work").text
    assert "Tidak ada tugas untuk Anda saat ini." in page
    assert "Berikutnya: “Pemaparan”, Sabtu, 5 Oktober 2019." in page
    assert f'href="{E}/cockpit"' in browse(app, "pengamat").get("/my-work").text


def test_entrants_are_led_to_how_they_were_judged_once_the_result_is_public(make_app, browse):
    before, after = make_app("plenary"), make_app("published")
    assert "feedback" not in browse(before, author_of(1)).get("/my-work").text
    entrant = browse(after, author_of(1))
    [address] = re.findall(r'href="(/[^"]+/feedback)"', entrant.get("/my-work").text)
    assert entrant.get(address).status_code == 200


def told(page) -> list[str]:
    return [line.get_text(strip=True) for line in page.html.select(".told summary")]


def test_everyone_reads_what_they_were_told_and_nobody_elses(make_app, browse):
    app = make_app("picking")
    email = address(app, "inovator-01")
    with app.app_context(), transaction(writing=True):
        person = db.session.scalar(sa.select(Person).filter_by(email=email))
        queue_letter(
            person,
            subject="Kabar <b>baru</b>",
            body="Lihat %(link)s",
            now=clock.now(),
            values={"link": "https://a.example/b"},
        )
        queue_letter(
            person, subject="Tautan rahasia", body="", values={}, now=clock.now(), is_private=True
        )
    own = browse(app, "inovator-01").get("/my-work")
    assert told(own)[0] == "Kabar <b>baru</b>"
    assert 'href="https://a.example/b"' in own
    assert "Tautan rahasia" not in own
    other = browse(app, "inovator-02").get("/my-work")
    assert told(other) != []
    assert "Kabar" not in other


def test_a_judge_is_told_first_of_the_sheets_that_are_overdue(make_app, browse):
    page = browse(make_app("scoring"), "juri-1").get("/my-work")
    texts = [" ".join(line.text.split()) for line in page.html.select(".work li")]
    assert texts[0].startswith("Kirim 2 lembar penilaian dari pemaparan yang sudah selesai")
    assert page.html.select_one(".ds-heading.danger").text.strip() == "Terlambat"
    assert texts[1].startswith("Selanjutnya dinilai: “")
    assert texts[1].endswith("”, 5 Oktober 2019, 10.45 WITA")
    assert texts[2].startswith("Isi dan kirim ")
    assert page.html.select(".work a")[1]["href"].endswith("/sheets/presentation")


def test_a_notice_that_waited_is_dated_by_what_it_waited_for(make_app, browse):
    app = make_app("picking")
    with app.app_context(), transaction(writing=True):
        person = db.session.scalar(sa.select(Person).filter_by(email=address(app, "inovator-01")))
        written = clock.now() - dt.timedelta(days=40)
        for subject, hours in (("Hasil", -1), ("Nanti", 1)):
            due = clock.now() + dt.timedelta(hours=hours)
            queue_letter(person, subject=subject, body="", values={}, now=written, due_at=due)
    [first, *others] = browse(app, "inovator-01").get("/my-work").html.select(".told li")
    assert first.summary.get_text(strip=True) == "Hasil"
    assert "1 Oktober 2019, 08." in first.get_text()
    assert int(first["data-at"]) > max(int(other["data-at"]) for other in others)
    assert "Nanti" not in "".join(other.get_text() for other in others)


def test_a_screener_is_told_of_the_checklists_that_are_open(make_app, browse):
    app = make_app("screening")
    with app.app_context(), transaction(writing=True):
        finding = db.session.scalars(sa.select(EligibilityFinding)).first()
        db.session.delete(finding)
    before = browse(app, "verifikator-1").get("/my-work").text
    count = re.search(r"Periksa kelengkapan administrasi (\d+) proposal", before)
    link = browse(app, "verifikator-1").get(f"{E}/screening?show=unchecked")
    assert len(link.html.select("tbody tr")) == int(count[1]) > 0


def test_innovators_are_told_only_of_dates_that_concern_them():
    zone = ZoneInfo("Asia/Makassar")
    edition = Edition(slug="e", timezone="Asia/Makassar", award_ceremony=dt.date(2027, 3, 20))
    edition.days = [PresentationDay(date=dt.date(2027, 3, 15))]
    coming = {
        role: inbox_of(
            Membership(edition=edition, role=role), [], now=NOON.astimezone(zone)
        ).coming.label
        for role in (Role.INNOVATOR, Role.JUDGE)
    }
    assert coming == {Role.INNOVATOR: "Award ceremony", Role.JUDGE: "Presentations"}
