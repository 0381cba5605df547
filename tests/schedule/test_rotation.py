"""Judges who rotate among panels: evenly, never in two rooms, and so that all can be compared."""

import datetime as dt
from collections import Counter
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.database import db, transaction
from app.editions.kinds import Method
from app.evaluation.adjustment import Rating, efficiency_of, parts_of
from app.schedule.benches.rotating import proposed_rotation
from app.schedule.benches.rotation import Every, Stint, rotation_of, stints_of
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Absence, Panel
from app.schedule.draft.places import panel_at
from app.schedule.draft.slots import stretch_of
from app.schedule.draft.timetable import Sitting, Span
from app.workflow import DomainError
from tests.clients import form_of
from tests.conftest import E
from tests.factories import the_edition

DAY, NEXT = dt.date(2019, 10, 5), dt.date(2019, 10, 6)
ROTATION = f"{E}/panels/rotation"


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.UTC)


def stints(rooms: int, sessions: int, sittings: int = 3) -> list[Stint]:
    """So many sessions in each room, four a day, at the same times everywhere."""
    found = []
    for session in range(sessions):
        day = DAY + dt.timedelta(days=session // 4)
        begins = at(day, 8 + 2 * (session % 4))
        ends = begins + dt.timedelta(minutes=90)
        found += [Stint(begins, ends, room, day, sittings) for room in range(rooms)]
    return found


def test_six_judges_in_threes_connect_all_and_hear_about_as_much():
    rotation = rotation_of(stints(1, 8), range(1, 7), 3, {})
    heard = Counter(judge for panel in rotation.by_sitting for judge in panel)
    assert max(heard.values()) - min(heard.values()) <= 3
    assert efficiency_of(rotation.by_sitting) > 0.94


def test_panels_that_never_change_can_not_be_compared_but_rotating_ones_can():
    """The negative control: two panels of three that stay what they are fall apart."""
    fixed = [frozenset({1, 2, 3}), frozenset({4, 5, 6})] * 4
    ratings = [Rating(place, judge, ()) for place, panel in enumerate(fixed) for judge in panel]
    assert len(parts_of(ratings)) == 2
    assert efficiency_of(rotation_of(stints(2, 4), range(1, 7), 3, {}).by_sitting) > 0.9


@given(st.integers(1, 3), st.integers(1, 6), st.integers(2, 4), st.integers(0, 4), st.data())
def test_nobody_sits_in_two_rooms_at_once_or_while_away(rooms, sessions, size, more, data):
    own = stints(rooms, sessions)
    judges = range(1, rooms * size + more + 2)
    gone = data.draw(st.sampled_from(own))
    away = {1: (Span(gone.starts_at, gone.ends_at),)}
    rotation = rotation_of(own, judges, size, away)
    for stint, panel in zip(rotation.stints, rotation.panels, strict=True):
        assert len(panel) == size
        assert not (1 in panel and stint.overlaps(away[1][0]))
    for begins in {stint.starts_at for stint in own}:
        seated = [
            judge
            for stint, panel in zip(rotation.stints, rotation.panels, strict=True)
            if stint.starts_at == begins
            for judge in panel
        ]
        assert len(seated) == len(set(seated))
    assert rotation == rotation_of(own, judges, size, away)


def test_too_few_judges_are_refused_and_many_take_what_fits():
    with pytest.raises(DomainError, match="too few judges"):
        rotation_of(stints(2, 2), range(1, 6), 3, {})
    many = rotation_of(stints(4, 40), range(1, 101), 6, {})
    assert {len(panel) for panel in many.panels} == {6}
    assert efficiency_of(many.by_sitting) > 0.8


def test_stints_end_where_a_break_begins_or_the_day_ends():
    sittings = [
        Sitting(at(day, hour), at(day, hour, 30), number, 1, None, day, session)
        for number, (day, hour, session) in enumerate(
            [(DAY, 8, 0), (DAY, 9, 0), (DAY, 13, 1), (NEXT, 8, 2)], 1
        )
    ]
    by_session = stints_of(sittings, Every.SESSION)
    assert [(own.starts_at, own.sittings) for own in by_session] == [
        (at(DAY, 8), 2),
        (at(DAY, 13), 1),
        (at(NEXT, 8), 1),
    ]
    assert [own.sittings for own in stints_of(sittings, Every.DAY)] == [3, 1]


def test_the_panel_of_the_day_and_the_hour_goes_first():
    def panel(name, day=None, begins_at=None, room_id=1):
        return SimpleNamespace(name=name, room_id=room_id, day=day, begins_at=begins_at)

    panels = [
        panel("late", DAY, dt.time(13)),
        panel("always"),
        panel("day", DAY),
        panel("other", room_id=2),
    ]

    def sits(room_id, day, hour):
        found = panel_at(panels, room_id, at(day, hour))
        return found.name if found else None

    assert [sits(1, DAY, 8), sits(1, DAY, 13), sits(1, NEXT, 14)] == ["day", "late", "always"]
    assert [sits(2, DAY, 8), sits(3, DAY, 8), sits(None, DAY, 8)] == ["other", None, None]


@pytest.fixture
def app(make_app):
    found = make_app("picking")
    with found.app_context(), transaction(writing=True):
        the_edition().method, the_edition().method_rule = Method.ADJUSTED, "Pasal 7."
    return found


def test_an_organiser_lets_judges_rotate_and_the_draft_follows(app, browse):
    organiser = browse(app, "sekretariat")
    assert "Panel digilir" not in organiser.get(f"{E}/audit").text
    shown = organiser.get(f"{ROTATION}?size=3&every=session")
    assert shown.status_code == 200
    proposed = [
        [cell.get_text(strip=True) for cell in row.select("td")]
        for row in shown.html.select("#rotation tbody tr")
    ]
    assert len(proposed) > 4
    form = organiser.form(f"{ROTATION}?size=3&every=session", ROTATION)
    assert organiser.post(ROTATION, dict(form.submit_fields())).status_code == 302
    with app.app_context(), transaction(writing=False):
        panels = db.session.scalars(sa.select(Panel)).all()
        assert {len(panel.members) for panel in panels} == {3}
        seats = {tuple(sorted(m.person.name for m in panel.members)) for panel in panels}
        assert seats == {tuple(sorted(names.split(", "))) for _, _, names in proposed}
        timetable = timetable_of(the_edition())
        used = {sitting.panel_id for sitting in timetable.sittings}
        assert used == {panel.id for panel in panels}
    assert "digilir" in organiser.get(f"{E}/audit").text


def test_rotating_replaces_panels_and_asks_for_possible_ones(app, browse):
    organiser = browse(app, "sekretariat")
    sent = {"size": "3", "every": "day"}
    assert organiser.post(ROTATION, sent).status_code == 302
    assert organiser.post(ROTATION, sent).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert len(db.session.scalars(sa.select(Panel)).all()) == 2
    assert organiser.post(ROTATION, sent | {"size": "22"}).status_code == 422
    assert organiser.get(f"{ROTATION}?size=x&every=day").status_code == 422
    assert organiser.get(f"{ROTATION}?size=3&every=hour").status_code == 422


def test_two_organisers_at_once_replace_no_panels_unseen(app, browse):
    organiser = browse(app, "sekretariat")
    first = dict(organiser.form(f"{ROTATION}?size=3&every=day", ROTATION).submit_fields())
    second = dict(organiser.form(f"{ROTATION}?size=4&every=day", ROTATION).submit_fields())
    assert organiser.post(ROTATION, first).status_code == 302
    refused = organiser.post(ROTATION, second)
    assert refused.status_code == 409
    assert "orang lain telah mengubahnya" in refused.text
    shown = dict(form_of(refused, ROTATION).submit_fields())
    assert organiser.post(ROTATION, shown).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert {len(own.members) for own in db.session.scalars(sa.select(Panel))} == {4}


def test_a_proposal_that_came_out_otherwise_meanwhile_is_shown_first(app, browse):
    organiser = browse(app, "sekretariat")
    sent = dict(organiser.form(f"{ROTATION}?size=3&every=day", ROTATION).submit_fields())
    with app.app_context(), transaction(writing=True):
        day = the_edition().days[0]
        judge = min(proposed_rotation(the_edition(), 3, Every.DAY).panels[0])
        begin, end = stretch_of(day, day.date, the_edition().zone)
        away = Absence(edition_id=the_edition().id, person_id=judge, starts_at=begin, ends_at=end)
        db.session.add(away)
    assert organiser.post(ROTATION, sent).status_code == 409


def test_judges_rotate_with_the_adjusted_mean_before_scoring_opens(make_app, browse):
    organiser = browse(make_app("picking"), "sekretariat")
    sent = {"size": "3", "every": "day"}
    refused = organiser.post(ROTATION, sent)
    assert (refused.status_code, "rata-rata yang disesuaikan" in refused.text) == (409, True)
    later = browse(make_app("plenary"), "sekretariat")
    assert later.post(ROTATION, sent).status_code == 409


def test_a_panel_that_begins_later_needs_its_day(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        room_id = the_edition().rooms[0].id
        day = the_edition().days[0].date.isoformat()
    facts = {"name": "Siang", "room_id": str(room_id), "seats": "5", "quorum": "3"}
    refused = organiser.post(f"{E}/panels", facts | {"day": "", "begins_at": "13:00"})
    assert refused.status_code == 422
    taken = organiser.post(f"{E}/panels", facts | {"day": day, "begins_at": "13:00"})
    assert taken.status_code == 302
    again = facts | {"name": "Siang dua", "day": day, "begins_at": "13:00"}
    assert organiser.post(f"{E}/panels", again).status_code == 409
