"""The presentation days: check-in, no-shows, delays, the wall screen, what is printed."""

import datetime as dt
import json
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.demo.moments import ZONE
from app.programme.models import Appearance, Change, ChangeKind, Version
from app.proposals.models import Proposal
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Panel, PanelMember
from app.schedule.draft.queries import judging_team
from tests.calendars.letters import letters_of, reply
from tests.cast import address, ask, author_of, judge, judges
from tests.conftest import E
from tests.factories import the_edition


@pytest.fixture
def app(make_app):
    """Saturday, 10.35: the break has begun; all 27 have their published slot."""
    app = make_app("scoring")
    letters_of(app)
    return app


def times(app) -> dict[int, str]:
    """When each is presented, as published, in the edition's zone."""
    with app.app_context(), transaction(writing=False):
        mine = Appearance.proposal_id == Proposal.id
        found = sa.select(Proposal.number, Appearance.starts_at).join(Appearance, mine)
        rows = db.session.execute(found)
        return {n: start.astimezone(ZONE).strftime("%d %H:%M") for n, start in rows}


def at(app, time: str) -> int:
    return next(number for number, start in times(app).items() if start == time)


def authors_told(app) -> set[str]:
    """Who but the judges is written to."""
    return {letter.recipient for letter in letters_of(app)} - set(ask(app, judges))


def authors_of(app, numbers: Iterable[int]) -> set[str]:
    return {address(app, author_of(number)) for number in numbers}


def expected(organiser) -> str:
    """The version that a delay would make, as the page's form says."""
    return organiser.form(f"{E}/day?day=2019-10-05", "/day/delay")["expected"].value


def delay_fields(organiser, start: str, minutes: int, **others) -> dict[str, object]:
    fields = {"date": "2019-10-05", "start": start, "minutes": minutes, "room_id": 0, "note": ""}
    return fields | {"expected": expected(organiser)} | others


def asked(organiser, start: str, minutes: int, **others):
    """The answer to the first step of a delay: what it would move, or why it can't."""
    fields = delay_fields(organiser, start, minutes, **others)
    return organiser.post(f"{E}/day/delay?day=2019-10-05", fields)


def shown(organiser, start: str, minutes: int, **others) -> str:
    page = asked(organiser, start, minutes, **others)
    assert page.status_code == 200
    return page.text


def delay(organiser, start: str, minutes: int, **others):
    """Delay and publish what is shown; return the answer, that of the first step if refused."""
    fields = delay_fields(organiser, start, minutes, **others)
    page = organiser.post(f"{E}/day/delay?day=2019-10-05", fields)
    if page.status_code != 200:
        return page
    fields["shown"] = publish_button(page)["value"]
    return organiser.post(f"{E}/day/delay?day=2019-10-05", fields)


def publish_button(shown):
    return shown.html.find("button", {"name": "shown"})


def test_presenters_are_checked_in_by_the_code_of_their_confirmation(
    app, browse, organiser, other, holder, neighbour
):
    stranger, path = browse(app, author_of(neighbour)), f"{E}/proposals/{other}"
    confirmation = holder.get(f"{path}/confirmation.pdf")
    assert confirmation.body.startswith(b"%PDF")
    assert holder.get(f"{path}/confirmation.pdf").body == confirmation.body
    assert stranger.get(f"{path}/confirmation.pdf").status_code == 404
    assert holder.get(f"{path}/arrival").status_code == 403
    assert organiser.get(f"{path}/arrival").status_code == 200
    assert organiser.post(f"{path}/arrival").status_code == 302
    assert "Tercatat hadir pada" in organiser.get(f"{path}/arrival").text
    organiser.post(f"{path}/arrival/removal")
    assert "Tercatat hadir pada" not in organiser.get(f"{path}/arrival").text


def test_rule_7_a_delay_keeps_the_breaks_and_tells_exactly_those_who_come_later(app, organiser):
    before = times(app)
    assert delay(organiser, "10:30", 15).status_code == 302
    after = times(app)
    moved = {n for n in before if before[n] != after[n]}
    assert moved == {n for n, start in before.items() if "05 10:30" <= start < "06"}
    assert (
        [after[at_] for at_ in sorted(moved, key=before.get)]
        == [
            *("05 11:00", "05 11:30", "05 13:15"),  # 12.00 would run into the prayer of 12.15
            *("05 13:45", "05 14:15", "05 14:45", "05 15:30", "05 16:00", "05 16:30", "05 17:00"),
        ][: len(moved)]
    )
    assert authors_told(app) == authors_of(app, moved)


def test_a_delay_is_taken_back_by_its_opposite(app, organiser):
    before = times(app)
    delay(organiser, "15:30", 10)
    assert times(app) != before
    assert delay(organiser, "15:40", -10).status_code == 302
    assert times(app) == before


def test_the_same_delay_sent_twice_counts_once(organiser):
    shown = expected(organiser)
    answers = [delay(organiser, "10:30", 15, expected=shown).status_code for _ in range(2)]
    assert answers == [302, 409]


@pytest.mark.parametrize(
    ("start", "minutes", "status"),
    [("10:30", 0, 422), ("10:30", 900, 422), ("x", 15, 422), ("23:00", 15, 409)],
)
def test_a_delay_of_nothing_is_refused_and_tells_nobody(app, organiser, start, minutes, status):
    before = times(app)
    assert delay(organiser, start, minutes).status_code == status
    assert times(app) == before
    assert letters_of(app) == []


def test_nothing_is_told_at_once_while_the_draft_has_other_changes(app, organiser):
    moved = organiser.post(f"{E}/arrangement", {"proposal": at(app, "06 16:00"), "slot": "0"})
    assert moved.status_code == 302
    assert delay(organiser, "10:30", 15).status_code == 409
    assert letters_of(app) == []


def test_what_is_over_stays_and_who_has_arrived_stays_arrived(app, organiser):
    before, waiting = times(app), at(app, "05 10:45")
    organiser.post(f"{E}/proposals/{waiting}/arrival")
    assert delay(organiser, "06:00", 10).status_code == 302
    after = times(app)
    assert after[waiting] == "05 10:55"
    over = {number for number, moment in before.items() if moment < "05 10:30"}
    assert len(over) == 4
    assert {number: after[number] for number in over} == {key: before[key] for key in over}
    with app.app_context(), transaction(writing=False):
        found = sa.select(Appearance).join(Proposal).where(Proposal.number == waiting)
        assert db.session.scalars(found).one().arrived_at is not None


@pytest.mark.parametrize("given", [{"date": "2019-10-04"}, {"start": "08:30", "minutes": "-5"}])
def test_a_delay_that_moves_nothing_says_so(app, organiser, given):
    fields = {"start": "18:30", "minutes": 5} | given
    refused = delay(organiser, **fields)
    assert refused.status_code == 409
    assert "Tidak ada lagi yang dapat digeser" in refused.text


def panels_by_number(app) -> dict[int, str]:
    """Which panel hears whom, as the draft has it."""
    with app.app_context(), transaction(writing=False):
        timetable = timetable_of(the_edition())
        names = {panel.id: panel.name for panel in db.session.scalars(sa.select(Panel))}
        heard = {talk.id: names.get(sitting.panel_id, "") for talk, sitting in timetable.placements}
        numbers = db.session.execute(sa.select(Proposal.id, Proposal.number)).all()
        return {number: heard[key] for key, number in numbers if key in heard}


def begins(app) -> dict[str, str]:
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(sa.select(Panel.name, Panel.begins_at).order_by(Panel.begins_at))
        return {name: f"{time:%H:%M}" for name, time in rows}


@pytest.mark.parametrize("minutes", [15, 30, 75])
def test_a_delay_changes_nobodys_panel(app, organiser, minutes):
    with app.app_context(), transaction(writing=True):
        edition, day = the_edition(), the_edition().days[0].date
        seats = [judge.person_id for judge in judging_team(edition)]
        for name, time in (("A", dt.time(11, 15)), ("B", dt.time(11, 45)), ("C", dt.time(14))):
            db.session.add(
                Panel(
                    edition_id=edition.id,
                    name=name,
                    room_id=edition.rooms[0].id,
                    day=day,
                    begins_at=time,
                    members=[PanelMember(person_id=seat) for seat in seats],
                )
            )
    heard, asked = panels_by_number(app), begins(app)
    assert set(heard.values()) == {"", "A", "B", "C"}
    assert delay(organiser, "10:30", minutes).status_code == 302
    assert panels_by_number(app) == heard
    assert begins(app) != asked
    with app.app_context(), transaction(writing=False):
        entry = sa.select(AuditEntry.content).where(AuditEntry.action == "day.delay")
        recorded = json.loads(db.session.scalars(entry).one())
    assert begins(app) == recorded["facts"]["panels"]
    if minutes < 60:  # a longer one leaves no room to come back before the next break
        assert delay(organiser, "10:30", -minutes).status_code == 302
        assert panels_by_number(app) == heard


def test_a_delay_that_changes_no_panel_leaves_their_times_alone(app, organiser):
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        where = {"room_id": edition.rooms[0].id, "day": edition.days[0].date}
        late = Panel(edition_id=edition.id, name="A", begins_at=dt.time(11), **where)
        db.session.add(late)
    assert delay(organiser, "15:30", 5).status_code == 302
    assert begins(app) == {"A": "11:00"}


def test_what_a_judge_has_answered_meanwhile_hinders_no_delay_and_is_told_with_it(app, organiser):
    delayed, untouched = at(app, "05 10:45"), at(app, "06 08:30")
    for number in (delayed, untouched):
        assert reply(app, number, judge)[0] == 0
    assert delay(organiser, "10:30", 5).status_code == 302
    with app.app_context(), transaction(writing=False):
        last = sa.select(sa.func.max(Version.id)).scalar_subquery()
        rows = sa.select(Proposal.number, Change.kind).join(Change.proposal)
        kinds = dict(db.session.execute(rows.where(Change.version_id == last)).all())
    assert kinds[delayed] is ChangeKind.MOVED
    assert kinds[untouched] is ChangeKind.JUDGES


def test_a_delay_past_the_end_of_the_day_is_pointed_out(organiser):
    # the last slot of Sunday is free
    assert "melewati jam selesai hari itu" not in shown(organiser, "16:00", 20, date="2019-10-06")
    assert "melewati jam selesai hari itu" in shown(organiser, "10:30", 60)


@pytest.mark.field("calendars F10")
def test_a_delay_past_midnight_is_pointed_out_like_a_smaller_one(organiser):
    pages = []
    for _ in range(3):
        pages.append(shown(organiser, "12:00", 240))
        assert delay(organiser, "12:00", 240).status_code == 302
    assert "melewati jam selesai hari itu" in pages[0]
    assert "setelah tengah malam: 6 Oktober 2019, " in pages[1]
    assert "setelah tengah malam: 6 Oktober 2019, " in pages[2]


@pytest.mark.field("calendars F10")
def test_what_would_begin_before_the_day_opens_is_pointed_out(app, organiser):
    before, tomorrow = times(app), {"date": "2019-10-06"}
    assert "pukul 04.30, sebelum" in shown(organiser, "08:30", -240, **tomorrow)
    assert times(app) == before
    assert authors_told(app) == set()
    assert delay(organiser, "08:30", -240, **tomorrow).status_code == 302
    assert min(time for time in times(app).values() if time > "06") == "06 04:30"


@pytest.mark.field("calendars F10")
def test_nothing_is_pointed_out_where_what_moves_begins_within_the_day(organiser):
    for minutes in (10, -10):
        assert ", sebelum" not in shown(organiser, "08:30", minutes)
        assert delay(organiser, "08:30", minutes).status_code == 302


def test_the_new_times_are_shown_before_anybody_is_told(app, organiser):
    before, moving = times(app), at(app, "05 10:45")
    page = asked(organiser, "10:30", 15)
    rows = page.html.select("#delay tbody tr")
    assert len(rows) == sum("05 10:30" < moment < "06" for moment in before.values())
    (row,) = [row for row in rows if f"P-{moving:03d}" in row.text]
    assert [cell.text for cell in row.select("td")[1:]] == ["10.45–11.15", "11.00–11.30"]
    assert (times(app), letters_of(app)) == (before, [])


@pytest.mark.parametrize("other", [{"minutes": 20}, {"start": "11:00"}, {"date": "2019-10-06"}])
def test_only_what_was_shown_is_published(app, organiser, other):
    before, fields = times(app), delay_fields(organiser, "10:30", 15)
    fields |= other | {"shown": publish_button(asked(organiser, "10:30", 15))["value"]}
    again = organiser.post(f"{E}/day/delay?day=2019-10-05", fields)
    assert (again.status_code, times(app)) == (200, before)
    assert publish_button(again)["value"] != fields["shown"]
    assert letters_of(app) == []


def test_a_time_that_has_come_meanwhile_is_shown_anew(app, organiser):
    fields = delay_fields(organiser, "10:30", 15)
    fields["shown"] = publish_button(asked(organiser, "10:30", 15))["value"]
    begun = at(app, "05 10:45")
    clock.shift(clock.now() - clock.real_now() + timedelta(minutes=40))  # it is over
    again = organiser.post(f"{E}/day/delay?day=2019-10-05", fields)
    assert again.status_code == 200
    assert f"P-{begun:03d}" not in again.html.select_one("#delay tbody").text


def test_another_is_called_into_the_slot_of_who_did_not_come(app, organiser):
    clock.shift(clock.now() - clock.real_now() + timedelta(minutes=15))  # at 10.50
    before, missing, called = times(app), at(app, "05 10:45"), at(app, "06 16:00")
    path = f"{E}/proposals/{missing}"
    assert organiser.post(f"{path}/call", {"called": called}).status_code == 409
    assert organiser.post(f"{path}/no-show").status_code == 302
    assert "tidak hadir" in organiser.get(f"{E}/day").text
    assert organiser.post(f"{path}/call", {"called": called}).status_code == 302
    after = times(app)
    assert (after[missing], after[called]) == (before[called], before[missing])
    assert authors_told(app) == authors_of(app, [missing, called])
    with app.app_context(), transaction(writing=False):
        last = db.session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(2)).all()
        assert [each.revision for each in last] == [1, 1]


def test_nobody_is_called_into_a_slot_that_is_over(app, organiser):
    missing, called = at(app, "05 10:00"), at(app, "06 16:00")
    assert organiser.post(f"{E}/proposals/{missing}/no-show").status_code == 302
    assert "Panggil sebagai pengganti" not in organiser.get(f"{E}/day").text
    refused = organiser.post(f"{E}/proposals/{missing}/call", {"called": called})
    assert (refused.status_code, "sudah lewat" in refused.text) == (409, True)


def test_the_wall_shows_now_and_next_without_signing_in(app, browse):
    stranger = browse(app)
    page = stranger.get(f"{E}/wall").text
    assert "10.35" in page
    assert page.index("Berikutnya") < page.rindex("10.45")
    clock.shift(clock.now() - clock.real_now() + timedelta(minutes=20))
    assert "Sekarang" in stranger.get(f"{E}/wall").text
    clock.shift(clock.now() - clock.real_now() + timedelta(days=9))
    assert "Tidak ada pemaparan yang akan datang" in stranger.get(f"{E}/wall").text


def page_sizes(pdf: bytes) -> set[tuple[int, ...]]:
    """The sizes of a document's pages in points, from its compressed objects too."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(found[1]))
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", b"\n".join(parts))
    return {tuple(round(float(each)) for each in box) for box in boxes}


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", (595, 842)), ("f4", (609, 935)), ("x", (595, 842))]
)
def test_the_run_sheet_is_printed_on_either_paper_alike_each_time(organiser, paper, size):
    path = f"{E}/schedule/run-sheet.pdf?day=2019-10-06&paper={paper}"
    body = organiser.get(path).body
    assert body == organiser.get(path).body
    assert page_sizes(body) == {size}
