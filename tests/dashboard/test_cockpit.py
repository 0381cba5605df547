"""Where a competition stands, as organiser, chair and observer see it; reminders and set-up."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.dashboard.cockpit.figures import EditionCounts, late_matters, tiles_of
from app.dashboard.models import Reminder
from app.database import db, transaction
from app.editions.kinds import SheetKind, Stage
from app.editions.models import Edition
from app.editions.parts import PresentationDay, Window
from app.editions.timeline import StepState, timeline
from app.mail.models import LAST_ATTEMPT, Letter
from app.workflow import Status
from tests.cast import address, chair, judge
from tests.conftest import E
from tests.factories import the_edition

COCKPIT = f"{E}/cockpit"
NOON = dt.datetime(2027, 3, 10, 4, tzinfo=dt.UTC)  # in Makassar
DAY = dt.timedelta(days=1)


def an_edition(**values) -> Edition:
    """An edition that no database knows: screening is over since yesterday, picking is open."""
    edition = Edition(slug="e", timezone="Asia/Makassar", finalists=27, **values)
    spans = {
        Stage.SUBMISSION: (-9, -5),
        Stage.SCREENING: (-5, -1),
        Stage.PICKING: (-1, 2),
        Stage.SCORING: (5, 6),
    }
    edition.windows = [
        Window(stage=stage, opens_at=NOON + DAY * opens, closes_at=NOON + DAY * closes)
        for stage, (opens, closes) in spans.items()
    ]
    edition.days = [PresentationDay(date=dt.date(2027, 3, day)) for day in (15, 16)]
    return edition


def figures(unplaced: int = 0, desk: int = 0, **statuses: int) -> EditionCounts:
    """Counts by the status' name; `desk` sheets are open."""
    sheets = {SheetKind.DESK: (4, 4 + desk), SheetKind.PRESENTATION: (0, 0)}
    return EditionCounts(
        {Status[name]: count for name, count in statuses.items()}, unplaced, sheets
    )


def late(
    edition: Edition, counts: EditionCounts, *, now=NOON, is_scheduled=False, overdue=(0, None)
):
    found = late_matters(edition, counts, overdue=overdue, is_scheduled=is_scheduled, now=now)
    return [(matter.endpoint, matter.count) for matter in found]


def test_the_timeline_is_in_the_order_of_dates_whatever_they_are_of():
    edition = an_edition(award_ceremony=dt.date(2027, 3, 10))
    steps = timeline(edition, now=NOON)
    assert [(step.label, step.state.value) for step in steps] == [
        ("Proposal submission", "done"),
        ("Screening", "done"),
        ("Slot selection", "now"),
        ("Award ceremony", "now"),
        ("Presentations", "to-come"),
        ("Scoring", "to-come"),
        ("Presentations", "to-come"),
    ]


@pytest.mark.parametrize(
    ("hours", "left"), [(0, 2), (12, 1), (35, 1), (36, 0), (47, 0)]
)  # noon plus 12 hours is midnight
def test_days_are_counted_by_the_calendar(hours, left):
    now = NOON + dt.timedelta(hours=hours)
    [step] = [step for step in timeline(an_edition(), now=now) if step.state is StepState.NOW]
    assert step.days_left(now) == left


def test_what_is_open_after_its_time_is_late_and_only_that():
    edition = an_edition()
    counts = figures(unplaced=3, desk=2, SUBMITTED=5, FINALIST=7)
    assert late(edition, counts) == [("scoring.progress", 2), ("screening.index", 5)]
    before = NOON - 2 * DAY
    assert late(edition, counts, now=before) == []
    after = NOON + 3 * DAY
    assert late(edition, counts, now=after)[-2:] == [
        ("arrangement.index", 3),
        ("versions.index", 7),
    ]
    assert ("versions.index", 7) not in late(edition, counts, now=after, is_scheduled=True)
    assert late(edition, figures(), now=after, overdue=(4, after - DAY)) == [
        ("scoring.progress", 4)
    ]


def test_a_result_is_late_from_the_day_of_its_ceremony_until_it_is_confirmed():
    edition = an_edition(award_ceremony=dt.date(2027, 3, 20))
    counts, ceremony = figures(PRESENTED=7), NOON + 10 * DAY
    assert late(edition, counts, now=ceremony - DAY, is_scheduled=True) == []
    assert late(edition, counts, now=ceremony, is_scheduled=True) == [("awards.plenary", 7)]
    edition.closed_at = ceremony
    assert late(edition, counts, now=ceremony, is_scheduled=True) == []


def test_the_tiles_count_what_they_lead_to():
    counts = figures(unplaced=2, desk=6, DRAFT=3, SUBMITTED=4, FINALIST=5, PRESENTED=1, WITHDRAWN=9)
    found = {tile.endpoint: (tile.count, tile.out_of) for tile in tiles_of(an_edition(), counts)}
    assert found == {
        "drafts.index": (3, None),
        "proposals.index": (6, 27),
        "screening.index": (4, None),
        "schedule.slots": (4, 6),
        "scoring.progress": (4, 10),
    }


# The page


@pytest.fixture
def app(make_app):
    return make_app("scoring")


def section(page, name: str) -> str:
    """The markup of one part of the page, from its id to the next part."""
    found = re.search(rf'id="{name}".*?(?=<section|</main)', page.text, re.DOTALL)
    return found[0] if found else ""


def letters(app) -> list[str]:
    with app.app_context(), transaction(writing=False):
        return list(db.session.scalars(sa.select(Letter.recipient).order_by(Letter.id)))


def test_one_look_tells_the_day_what_is_late_and_who_is_waited_for(app, organiser):
    page = organiser.get(COCKPIT)
    assert re.search(r"4 dari 14 pemaparan selesai", section(page, "today"))
    assert "Istirahat sampai pukul 10.45" in section(page, "today")
    assert "10 lembar penilaian belum dikirim, padahal pemaparannya sudah selesai" in section(
        page, "late"
    )
    awaited = section(page, "awaited")
    assert awaited.count("Ingatkan<") == 6
    assert awaited.count("https://wa.me/?text=Yth.") == 6
    assert 'aria-current="step"' in page.text
    assert f'href="{E}/day"' in section(page, "next")


def test_an_observer_sees_it_all_and_can_do_nothing(app, browse):
    observer = browse(app, "pengamat")
    page = observer.get(COCKPIT)
    main = page.text[page.text.index("<main") :]
    assert "6 orang" in section(page, "awaited")
    assert "<form" not in main
    assert "wa.me" not in main
    addresses = set(re.findall(rf'href="({E}[^"#]*)', main))
    assert {observer.get(address).status_code for address in addresses} == {200}


def test_the_chair_is_asked_for_their_own_part(app, browse):
    page = browse(app, chair).get(COCKPIT)
    assert f'href="{E}/sheets/presentation"' in section(page, "next")
    assert f'href="{E}/day"' not in section(page, "next")
    assert "Ingatkan<" in section(page, "awaited")


def test_a_reminder_is_one_letter_in_an_hour_and_is_recorded(app, organiser):
    who = address(app, judge)
    with app.app_context(), transaction(writing=False):
        person = db.session.scalars(sa.select(Person.id).where(Person.email == who)).one()
    before = letters(app)
    reminder = f"{COCKPIT}/reminders/presentation/{person}"
    for _ in range(2):
        assert organiser.post(reminder).status_code == 302
    assert letters(app)[len(before) :] == [who]
    assert "baru diingatkan" in organiser.get(COCKPIT).text
    with app.app_context(), transaction(writing=True):
        entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry.action == "person.remind"
        assert f'"people":[{person}]' in entry.content
        db.session.scalars(sa.select(Reminder)).one().reminded_at -= dt.timedelta(hours=1)
    assert organiser.post(reminder).status_code == 302
    assert letters(app)[len(before) :] == [who, who]


def test_all_of_a_matter_are_reminded_at_once_and_strangers_to_it_never(app, organiser):
    before, reminders = len(letters(app)), f"{COCKPIT}/reminders"
    assert organiser.post(f"{reminders}/desk").status_code == 302
    assert organiser.post(f"{reminders}/presentation/1").status_code == 302
    for nothing in ("nothing", "nothing/1", "presentation/" + "9" * 30):
        assert organiser.post(f"{reminders}/{nothing}").status_code == 404
    assert len(letters(app)) == before
    assert organiser.post(f"{reminders}/presentation").status_code == 302
    assert len(set(letters(app)[before:])) == 6
    page = organiser.get(COCKPIT)
    assert "Ingatkan<" not in section(page, "awaited")
    assert section(page, "awaited").count("diingatkan 5 Oktober 2019, 10.35") == 6


def test_a_reminder_by_a_script_shows_again_who_is_waited_for_with_what_was_done(app, organiser):
    with app.app_context(), transaction(writing=False):
        found = sa.select(Person.id).where(Person.email == address(app, judge))
        person = db.session.scalars(found).one()
    reminder, scripted = f"{COCKPIT}/reminders/presentation/{person}", {"HX-Request": "true"}
    first, again = (organiser.post(reminder, headers=scripted) for _ in range(2))
    assert [page.status_code for page in (first, again)] == [200, 200]
    assert first.text.lstrip().startswith('<section id="awaited"')
    assert "1 surat sedang dikirim" in first.text
    assert "baru diingatkan" in again.text
    for page in (first, again):
        line = page.text.split(f'id="awaited-presentation-{person}"')[1].split("</li>")[0]
        assert "diingatkan 5 Oktober 2019" in line
        assert f"presentation/{person}" not in line
    for nothing in ("slot", "pledge/1"):  # nobody is waited for in it
        page = organiser.post(f"{COCKPIT}/reminders/{nothing}", headers=scripted)
        assert "Tidak ada" in page.text


def test_letters_that_were_given_up_are_counted(app, organiser):
    with app.app_context(), transaction(writing=True):
        found = db.session.scalars(sa.select(Letter).where(Letter.edition_id.is_not(None))).first()
        found.attempts, found.delivered_at = LAST_ATTEMPT, None
    assert "1 surat gagal dikirim" in section(organiser.get(COCKPIT), "next")


def test_the_set_up_says_what_is_missing_until_submission_is_over(app, organiser):
    assert 'id="setup"' not in organiser.get(COCKPIT).text
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        edition.frozen_at, edition.venue, edition.is_public = None, "", False
        edition.windows = []
    page = organiser.get(COCKPIT).text
    assert "Persiapan: 12 dari 15" in page
    assert "belum ada: Jadwal tahapan, Tempat, Keterbukaan" in page
    assert "Tanggal belum ditetapkan" not in page  # presentation days have dates
    addresses = re.findall(r'<li class="(?:done|open)">\s*<a class="ds-link" href="([^"]+)"', page)
    assert len(addresses) == 15
    assert {organiser.get(address).status_code for address in addresses} == {200}
