"""Letting a schedule be computed: the proposal is looked at, applied, dropped, never stale."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.cli import JOBS
from app.database import db, transaction
from app.editions.kinds import Picking
from app.editions.queries import locked_edition
from app.jobs import worker
from app.proposals.models import Proposal
from app.schedule.arranging.priorities import goal_order
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Absence, Booking, Slot, Wish
from app.schedule.solver.goals import USUAL_ORDER, Goal
from app.workflow import COMPETING
from tests.cast import ask, author_of, recused_judges, unplaced
from tests.clients import send
from tests.conftest import SLUG, E
from tests.factories import the_edition, the_person, the_proposal
from tests.schedule.bookings import book, free, mark_away, place_of, undo


@pytest.fixture
def app(make_app):
    return make_app("picking")


def compute(app, organiser, scope: str) -> str:
    assert organiser.post(f"{E}/schedule/plan", {"scope": scope}).status_code == 302
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    return organiser.get(f"{E}/schedule/plan").text


def apply(organiser) -> int:
    return organiser.post(f"{E}/schedule/plan/application").status_code


def places(app) -> dict[int, int]:
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(
            sa.select(Booking.proposal_id, Booking.slot_id).where(Booking.given_up_at.is_(None))
        )
        return dict(rows.all())


def test_the_rest_is_placed_around_what_has_a_slot_and_can_be_undone(app, organiser):
    before = places(app)
    page = compute(app, organiser, "schedule_rest")
    assert "Terbukti" in page
    assert places(app) == before
    assert apply(organiser) == 302
    after = places(app)
    assert ask(app, unplaced) == []
    assert {key: after[key] for key in before} == before
    assert apply(organiser) == 409
    undo(organiser)
    assert places(app) == before


def test_a_whole_schedule_gives_who_wishes_their_slot(app, organiser, number, innovator, other):
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).picking = Picking.WISHES
    wanted = place_of(app, other)
    wish = innovator.post(f"{E}/proposals/{number}/wishes", {"slot": [wanted]})
    assert wish.status_code == 302
    compute(app, organiser, "schedule")
    assert apply(organiser) == 302
    assert place_of(app, number) == wanted
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Wish)) == 1


def test_a_proposal_for_a_draft_that_has_changed_since_is_not_applied(app, organiser, number):
    compute(app, organiser, "schedule_rest")
    book(organiser, free(organiser)[0], number)
    assert "telah berubah" in organiser.get(f"{E}/schedule/plan").text
    assert apply(organiser) == 409
    assert organiser.post(f"{E}/schedule/plan/removal").status_code == 302
    assert 'name="scope"' in organiser.get(f"{E}/schedule/plan").text


def test_rule_7_a_repair_moves_nobody_without_need_and_few_with_one(app, organiser, other):
    compute(app, organiser, "schedule_rest")
    apply(organiser)
    calm = compute(app, organiser, "schedule_repair")
    assert re.search(r"0 pemaparan berpindah", calm)
    mark_away(app, organiser, author_of(other), place_of(app, other))
    before = places(app)
    assert "Terbukti" in compute(app, organiser, "schedule_repair")
    assert apply(organiser) == 302
    after = places(app)
    assert len([key for key in before if before[key] != after[key]]) <= 2
    assert ask(app, unplaced) == []


def test_only_one_computation_runs_at_a_time(app, organiser):
    assert organiser.post(f"{E}/schedule/plan", {"scope": "schedule"}).status_code == 302
    assert organiser.post(f"{E}/schedule/plan", {"scope": "schedule_rest"}).status_code == 409
    assert organiser.post(f"{E}/schedule/plan/removal").status_code == 302
    assert organiser.post(f"{E}/schedule/plan", {"scope": "schedule_rest"}).status_code == 302
    assert organiser.post(f"{E}/schedule/plan", {"scope": "x"}).status_code == 400


def test_a_panels_open_seats_are_filled_without_those_in_conflict(app, organiser):
    page = organiser.get(f"{E}/panels").text
    room = re.search(r'<option value="(\d+)">Ruang pemaparan', page)[1]
    fields = {
        "name": "Panel A",
        "name_en": "",
        "room_id": room,
        "day": "",
        "seats": "4",
        "quorum": "3",
    }
    assert organiser.post(f"{E}/panels", fields).status_code == 302
    page = compute(app, organiser, "schedule_rest")
    assert "Juri untuk kursi panel yang kosong" in page
    assert apply(organiser) == 302
    shown = organiser.get(f"{E}/panels").text
    members = shown.partition("Anggota")[2].partition("</table>")[0]
    with app.app_context():
        recused = [the_person(judge).name for judge in ask(app, recused_judges)]
    assert recused
    assert not any(name in members for name in recused)
    assert "kursi kosong" not in shown


def test_who_is_left_out_is_named_with_why(app, organiser, number):
    with app.app_context(), transaction(writing=True):
        edition, person = the_edition(), the_person(author_of(number))
        times = sa.select(sa.func.min(Slot.starts_at), sa.func.max(Slot.ends_at))
        begins, ends = db.session.execute(times.where(Slot.edition_id == edition.id)).one()
        away = {"edition_id": edition.id, "person_id": person.id}
        db.session.add(Absence(**away, starts_at=begins, ends_at=ends))
        title = the_proposal(number).title
    page = compute(app, organiser, "schedule_rest")
    listed = page.partition('id="left-out"')[2].partition("</ul>")[0]
    assert title in listed
    assert "pemaparnya berhalangan pada semua slot" in listed
    assert apply(organiser) == 302
    assert ask(app, unplaced) == [number]


@pytest.mark.field("empty 3")
def test_what_is_proven_with_alternates_is_what_the_pages_say(app, organiser):
    form = organiser.form(f"{E}/panels")
    for judge in form.fields["members"][:3]:
        judge.checked = True
    form.fields["alternates"][3].checked = True
    form["name"], form["quorum"] = "Panel A", "3"
    form["room_id"] = form["room_id"].options[1][0]
    assert send(form).status_code == 302
    shown = compute(app, organiser, "schedule_rest")
    quality = shown.partition('id="quality"')[2].partition("</table>")[0]
    said = re.search(r"Pemaparan tanpa kuorum\s*</td>\s*<td[^>]*>(\d+)</td>\s*<td>(\w+)", quality)
    assert said[2] == "terbukti"
    assert apply(organiser) == 302
    with app.app_context(), transaction(writing=False):
        benches = timetable_of(the_edition()).benches.values()
        assert sum(not bench.has_quorum for bench in benches) == int(said[1])


def test_the_order_of_the_goals_is_the_editions_choice(app, organiser):
    order = f"{E}/schedule/plan/order"
    assert organiser.post(order, {"goal": "waiting", "place": "0"}).status_code == 302
    assert organiser.post(order, {"goal": "waiting", "place": "0"}).status_code == 302
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        assert goal_order(edition)[0] is Goal.WAITING
        assert sorted(goal_order(edition)) == sorted(USUAL_ORDER)
        steps = sa.select(sa.func.count()).where(AuditEntry.action == "schedule.goals")
        assert db.session.scalar(steps) == 1
    assert organiser.post(order, {"goal": "unplaced", "place": "0"}).status_code == 400
    assert organiser.post(order, {"goal": "wishes", "place": "99"}).status_code == 302
    assert "Kembalikan urutan biasa" in organiser.get(f"{E}/schedule/plan").text
    assert organiser.post(order, {}).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert goal_order(the_edition()) == USUAL_ORDER


def test_what_another_order_would_change_is_shown(app, organiser):
    """28 slots, 27 finalists: when the ends of both days are wished for, judges wait once."""
    with app.app_context(), transaction(writing=True):
        slots = db.session.scalars(sa.select(Slot).order_by(Slot.starts_at)).all()
        ends = [slots[0], slots[len(slots) // 2 - 1], slots[len(slots) // 2], slots[-1]]
        finalists = db.session.scalars(sa.select(Proposal.id).where(Proposal.status.in_(COMPETING)))
        db.session.add_all(
            Wish(proposal_id=finalist, slot_id=slot.id, rank=1)
            for finalist, slot in zip(finalists, ends, strict=False)
        )
    page = compute(app, organiser, "schedule")
    shown = page.partition('id="tradeoffs"')[2].partition("</ul>")[0]
    assert "Slot yang dihabiskan juri untuk menunggu" in shown
    assert "Sebagai gantinya" in shown


def test_a_proposal_for_slots_that_are_gone_is_not_applied(app, organiser):
    compute(app, organiser, "schedule")
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).slot_minutes = 45
    organiser.post(f"{E}/slots", {"confirmed": "yes"})
    assert "telah berubah" in organiser.get(f"{E}/schedule/plan").text
    assert apply(organiser) == 409
