"""Holding a slot while confirming, queues, changing places, turns drawn by lot, wishes."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo import WINDOWS
from app.editions.kinds import Picking, Stage
from app.editions.queries import locked_edition
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.schedule.draft.models import Absence, Slot, Wish
from app.schedule.picking import holds, turns
from app.schedule.picking.models import Draw, Hold, Swap, Turn, Waiting
from tests.conftest import SLUG, E
from tests.schedule.bookings import book, free, place_of


@pytest.fixture
def app(make_app):
    return make_app("picking")


def claim(browser, slot: object, number: object, what: str = "hold"):
    return browser.post(f"{E}/slots/{slot}/{what}", {"proposal": number})


def count(app, table) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def later(by: timedelta) -> None:
    clock.shift(clock.now() - clock.real_now() + by)


def expire(app) -> int:
    with app.app_context():
        return holds.expire_holds(now=clock.now())


def last_letter(app) -> Letter:
    with app.app_context(), transaction(writing=False):
        letter = db.session.scalar(sa.select(Letter).order_by(Letter.id.desc()).limit(1))
        db.session.expunge(letter)
        return letter


def set_picking(app, how: Picking) -> None:
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).picking = how


def test_a_held_slot_is_kept_for_its_holder_until_it_ends(app, browse):
    first, second = browse(app, "inovator-27"), browse(app, "inovator-26")
    slot = free(first)[0]
    assert claim(first, slot, 27).status_code == 302
    assert "Disimpan untuk Anda sampai" in first.get(f"{E}/slots").text
    assert claim(second, slot, 26).status_code == 409
    assert book(second, slot, 26).status_code == 409
    later(holds.TO_CONFIRM)
    assert book(second, slot, 26).status_code == 302
    assert claim(first, slot, 27).status_code == 409
    assert place_of(app, 27) is None


def test_confirming_ends_the_hold_and_another_hold_replaces_it(app, browse):
    innovator = browse(app, "inovator-27")
    first, second = free(innovator)[:2]
    claim(innovator, first, 27)
    claim(innovator, second, 27)
    assert count(app, Hold) == 1
    assert book(innovator, second, 27).status_code == 302
    assert count(app, Hold) == 0
    claim(innovator, first, 27)
    assert claim(innovator, first, 27, "hold/removal").status_code == 302
    assert count(app, Hold) == 0


def test_a_slot_that_comes_free_is_offered_in_the_order_of_the_queue(app, browse):
    holder, first, second = (browse(app, f"inovator-{n}") for n in ("01", "27", "26"))
    slot = place_of(app, 1)
    assert claim(first, slot, 27, "queue").status_code == 302
    later(timedelta(minutes=1))
    assert claim(second, slot, 26, "queue").status_code == 302
    holder.post(f"{E}/proposals/1/slot/removal")
    assert last_letter(app).recipient.startswith("inovator-27")
    assert book(second, slot, 26).status_code == 409
    later(holds.TO_ANSWER)
    assert expire(app) == 1
    assert last_letter(app).recipient.startswith("inovator-26")
    assert count(app, Waiting) == 1
    assert book(second, slot, 26).status_code == 302
    assert count(app, Waiting) == 0
    assert place_of(app, 26) == slot


@pytest.mark.parametrize("how", ["booking", "hold", "hold/removal"])
def test_who_lets_an_offer_pass_leaves_the_queue_and_the_next_one_is_asked(app, browse, how):
    holder, first, second = (browse(app, f"inovator-{n}") for n in ("01", "27", "26"))
    slot = place_of(app, 1)
    claim(first, slot, 27, "queue")
    later(timedelta(minutes=1))
    claim(second, slot, 26, "queue")
    holder.post(f"{E}/proposals/1/slot/removal")
    other = slot if how == "hold/removal" else free(first)[-1]
    assert claim(first, other, 27, how).status_code == 302
    assert last_letter(app).recipient.startswith("inovator-26")
    assert book(second, slot, 26).status_code == 302
    assert count(app, Waiting) == 0


def test_the_slot_of_who_has_withdrawn_is_offered_with_the_next_change(app, browse):
    leaver, waiting, other = (browse(app, f"inovator-{n}") for n in ("01", "27", "26"))
    slot = place_of(app, 1)
    claim(waiting, slot, 27, "queue")
    leaver.post(f"{E}/proposals/1/withdrawal", {"reason": "Pindah tugas"})
    assert count(app, Hold) == 0
    book(other, free(other)[-1], 26)
    assert count(app, Hold) == 1
    assert book(other, slot, 26).status_code == 409
    assert book(waiting, slot, 27).status_code == 302


def test_nobody_waits_for_a_free_slot_nor_for_more_than_five(app, browse):
    innovator = browse(app, "inovator-27")
    assert claim(innovator, free(innovator)[0], 27, "queue").status_code == 409
    answers = [claim(innovator, place_of(app, n), 27, "queue").status_code for n in range(1, 8)]
    assert answers == [302] * 5 + [409] * 2
    assert claim(innovator, place_of(app, 1), 27, "queue/removal").status_code == 302
    assert count(app, Waiting) == 4


def test_two_change_places_at_once_when_both_want_to(app, browse):
    asking, asked = browse(app, "inovator-01"), browse(app, "inovator-03")
    mine, theirs = place_of(app, 1), place_of(app, 3)
    assert claim(asking, theirs, 1, "swaps").status_code == 302
    assert last_letter(app).recipient.startswith("inovator-03")
    assert claim(asking, theirs, 1, "swaps").status_code == 409
    assert asking.post(f"{E}/swaps/1/acceptance").status_code == 403
    assert "meminta" in asked.get(f"{E}/slots").text
    assert browse(app, "inovator-04").post(f"{E}/swaps/1/acceptance").status_code == 404
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == 302
    assert (place_of(app, 1), place_of(app, 3)) == (theirs, mine)
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == 409
    assert last_letter(app).recipient.startswith("inovator-01")


def test_a_swap_is_declined_taken_back_or_overtaken_by_a_move(app, browse):
    asking, asked = browse(app, "inovator-01"), browse(app, "inovator-03")
    before = place_of(app, 1), place_of(app, 3)
    claim(asking, before[1], 1, "swaps")
    assert asked.post(f"{E}/swaps/1/refusal").status_code == 302
    claim(asking, before[1], 1, "swaps")
    assert asked.post(f"{E}/swaps/2/removal").status_code == 403
    assert asking.post(f"{E}/swaps/2/removal").status_code == 302
    assert (place_of(app, 1), place_of(app, 3)) == before
    claim(asking, before[1], 1, "swaps")
    book(asked, free(asked)[0], 3)
    assert asked.post(f"{E}/swaps/3/acceptance").status_code == 409
    assert place_of(app, 1) == before[0]
    assert count(app, Swap) == 3


@pytest.mark.parametrize("leaver", ["01", "03"])
def test_a_swap_with_who_has_withdrawn_is_neither_shown_nor_accepted(app, browse, leaver):
    asking, asked = browse(app, "inovator-01"), browse(app, "inovator-03")
    claim(asking, place_of(app, 3), 1, "swaps")
    leaving, staying = (asking, asked) if leaver == "01" else (asked, asking)
    assert 'id="swap-' in staying.get(f"{E}/slots").text
    leaving.post(f"{E}/proposals/{int(leaver)}/withdrawal", {"reason": "Pindah tugas"})
    page = staying.get(f"{E}/slots")
    assert page.status_code == 200
    assert 'id="swap-' not in page.text
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == (409 if leaver == "01" else 404)


def test_a_swap_that_is_refused_leaves_nothing_behind(app, browse):
    asking, place = browse(app, "inovator-01"), place_of(app, 3)
    with app.app_context(), transaction(writing=True):
        wanted = db.session.get_one(Slot, place)
        author = (
            db.session.scalars(sa.select(Proposal).where(Proposal.number == 1)).one().authors[0]
        )
        facts = {"edition_id": wanted.edition_id, "person_id": author.id}
        db.session.add(Absence(starts_at=wanted.starts_at, ends_at=wanted.ends_at, **facts))
    assert claim(asking, place, 1, "swaps").status_code == 409
    assert count(app, Swap) == 0


def test_the_lot_is_sealed_first_and_anybody_can_compute_its_order(app, browse):
    organiser, innovator = browse(app, "sekretariat"), browse(app, "inovator-27")
    set_picking(app, Picking.TURNS)
    slot = free(innovator)[0]
    assert book(innovator, slot, 27).status_code == 409  # not drawn yet
    assert organiser.post(f"{E}/slots/turns").status_code == 409  # not sealed yet
    assert organiser.post(f"{E}/slots/turns/seal").status_code == 302
    assert organiser.post(f"{E}/slots/turns/seal").status_code == 409
    with app.app_context(), transaction(writing=False):
        lot = db.session.scalars(sa.select(Draw)).one()
        seed, digest = lot.seed, lot.digest
    assert seed not in innovator.get(f"{E}/slots/turns").text
    assert digest in innovator.get(f"{E}/slots/turns").text
    assert organiser.post(f"{E}/slots/turns").status_code == 302
    assert organiser.post(f"{E}/slots/turns").status_code == 409
    assert seed in innovator.get(f"{E}/slots/turns").text
    assert hashlib.sha256(seed.encode()).hexdigest() == digest
    codes = [f"P-{number:03d}" for number in range(1, 28)]
    expected = sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())
    shown = re.findall(
        r'<span class="code">(P-\d+)</span>\s*</td>', innovator.get(f"{E}/slots/turns").text
    )
    assert shown == expected


def test_nobody_picks_before_their_turn_and_everybody_from_it_on(app, browse):
    organiser, innovator = browse(app, "sekretariat"), browse(app, "inovator-27")
    set_picking(app, Picking.TURNS)
    organiser.post(f"{E}/slots/turns/seal")
    organiser.post(f"{E}/slots/turns")
    with app.app_context(), transaction(writing=True):
        rows = db.session.scalars(sa.select(Turn).order_by(Turn.place)).all()
        assert [each.opens_at - rows[0].opens_at for each in rows] == [
            n * timedelta(minutes=30) for n in range(27)
        ]
        mine = next(each for each in rows if each.proposal.number == 27)
        mine.opens_at = clock.now() + timedelta(minutes=10)
    slot = free(innovator)[0]
    assert claim(innovator, slot, 27).status_code == 409
    assert book(innovator, slot, 27).status_code == 409
    later(timedelta(minutes=10))
    assert book(innovator, slot, 27).status_code == 302


@pytest.mark.parametrize("seed", ["a", "b" * 64])
def test_the_order_of_a_seed_does_not_depend_on_who_is_named_first(seed):
    codes = [f"P-{number:03d}" for number in range(1, 60)]
    assert turns.order_of(codes, seed) == turns.order_of(codes[::-1], seed)
    assert sorted(turns.order_of(codes, seed)) == codes
    assert turns.order_of(codes, seed) != turns.order_of(codes, seed + "x")


def test_wishes_are_kept_in_their_order_while_the_edition_takes_them(app, browse):
    innovator, other = browse(app, "inovator-27"), browse(app, "inovator-26")
    path, slots = f"{E}/proposals/27/wishes", free(innovator)[:3]
    assert innovator.post(path, {"slot": slots}).status_code == 409
    set_picking(app, Picking.WISHES)
    assert innovator.post(path, {"slot": [slots[2], "", slots[0]]}).status_code == 302
    with app.app_context(), transaction(writing=False):
        kept = db.session.scalars(sa.select(Wish.slot_id).order_by(Wish.rank)).all()
    assert kept == [int(slots[2]), int(slots[0])]
    assert innovator.post(path, {"slot": [slots[0], slots[0]]}).status_code == 422
    assert innovator.post(path, {"slot": ["99999"]}).status_code == 422
    assert other.post(path, {"slot": slots}).status_code == 404
    assert book(innovator, slots[0], 27).status_code == 409  # wishes are no picks
    later(WINDOWS[Stage.PICKING][1] - clock.now())
    assert innovator.post(path, {"slot": slots}).status_code == 409


def test_an_offer_that_is_declined_goes_to_the_next_and_a_withdrawal_frees_a_slot(app, browse):
    holder, first, second = (browse(app, f"inovator-{n}") for n in ("01", "27", "26"))
    slot = place_of(app, 1)
    claim(first, slot, 27, "queue")
    later(timedelta(minutes=1))
    claim(second, slot, 26, "queue")
    holder.post(f"{E}/proposals/1/withdrawal", {"reason": "Pindah tugas"})
    assert expire(app) == 1
    assert last_letter(app).recipient.startswith("inovator-27")
    assert expire(app) == 0
    claim(first, slot, 27, "hold/removal")
    assert last_letter(app).recipient.startswith("inovator-26")
    assert book(second, slot, 26).status_code == 302


def test_an_open_swap_ends_when_one_of_the_two_withdraws(app, browse):
    asking, asked = browse(app, "inovator-01"), browse(app, "inovator-03")
    claim(asking, place_of(app, 3), 1, "swaps")
    asking.post(f"{E}/proposals/1/withdrawal", {"reason": "Pindah tugas"})
    page = asked.get(f"{E}/slots")
    assert page.status_code == 200
    assert "swap-" not in page.text
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == 409


def test_nobody_waits_for_their_own_slot_or_one_they_can_not_have(app, browse):
    innovator, organiser = browse(app, "inovator-01"), browse(app, "sekretariat")
    assert claim(innovator, place_of(app, 1), 1, "queue").status_code == 409
    page = organiser.get(f"{E}/absences").text
    person = re.search(r'<option value="(\d+)">Inovator Kesraku', page)[1]
    whole_day = {"date": "2019-10-06", "starts_at": "08:00", "ends_at": "17:00", "person": person}
    assert organiser.post(f"{E}/absences", whole_day).status_code == 302
    assert claim(innovator, place_of(app, 2), 1, "queue").status_code == 409
