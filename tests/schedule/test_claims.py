"""Holding a slot while confirming, queues, changing places, turns drawn by lot, wishes."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo.moments import WINDOWS, ZONE
from app.editions.kinds import Picking, Stage
from app.editions.queries import locked_edition
from app.mail.models import Letter
from app.schedule.draft.models import Wish
from app.schedule.picking import holds, turns
from app.schedule.picking.models import Draw, Hold, Swap, Turn, Waiting
from tests.cast import address, ask, author_of, placed, unplaced
from tests.clients import Browser
from tests.conftest import SLUG, E
from tests.schedule.bookings import book, free, mark_away, place_of


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def next_number(app) -> int:
    """Another finalist who has not picked yet."""
    return ask(app, unplaced)[1]


@pytest.fixture
def next_innovator(app, browse, next_number) -> Browser:
    """Their author."""
    return browse(app, author_of(next_number))


@pytest.fixture
def contested(app, number, innovator, next_number, next_innovator, other) -> int:
    """The slot of `other`, for which the one innovator waits and, a minute later, the next one."""
    slot = place_of(app, other)
    assert claim(innovator, slot, number, "queue").status_code == 302
    later(timedelta(minutes=1))
    assert claim(next_innovator, slot, next_number, "queue").status_code == 302
    return slot


@pytest.fixture
def asked(app, browse, neighbour) -> Browser:
    """The author of the finalist whom `holder` asks to change places."""
    return browse(app, author_of(neighbour))


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


def last_recipient(app) -> str:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(Letter.recipient).order_by(Letter.id.desc()).limit(1))


def set_picking(app, how: Picking) -> None:
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).picking = how


def test_a_held_slot_is_kept_for_its_holder_until_it_ends(
    app, number, innovator, next_number, next_innovator
):
    slot = free(innovator)[0]
    assert claim(innovator, slot, number).status_code == 302
    assert "Disimpan untuk Anda sampai" in innovator.get(f"{E}/slots").text
    assert claim(next_innovator, slot, next_number).status_code == 409
    assert book(next_innovator, slot, next_number).status_code == 409
    later(holds.TO_CONFIRM)
    assert book(next_innovator, slot, next_number).status_code == 302
    assert claim(innovator, slot, number).status_code == 409
    assert place_of(app, number) is None


def test_confirming_ends_the_hold_and_another_hold_replaces_it(app, number, innovator):
    first, second = free(innovator)[:2]
    claim(innovator, first, number)
    claim(innovator, second, number)
    assert count(app, Hold) == 1
    assert book(innovator, second, number).status_code == 302
    assert count(app, Hold) == 0
    claim(innovator, first, number)
    assert claim(innovator, first, number, "hold/removal").status_code == 302
    assert count(app, Hold) == 0


def test_a_slot_that_comes_free_is_offered_in_the_order_of_the_queue(
    app, number, next_number, next_innovator, other, holder, contested
):
    holder.post(f"{E}/proposals/{other}/slot/removal")
    assert last_recipient(app) == address(app, author_of(number))
    assert book(next_innovator, contested, next_number).status_code == 409
    later(holds.TO_ANSWER)
    assert expire(app) == 1
    assert last_recipient(app) == address(app, author_of(next_number))
    assert count(app, Waiting) == 1
    assert book(next_innovator, contested, next_number).status_code == 302
    assert count(app, Waiting) == 0
    assert place_of(app, next_number) == contested


@pytest.mark.parametrize("how", ["booking", "hold", "hold/removal"])
def test_who_lets_an_offer_pass_leaves_the_queue_and_the_next_one_is_asked(
    app, number, innovator, next_number, next_innovator, other, holder, contested, how
):
    holder.post(f"{E}/proposals/{other}/slot/removal")
    slot = contested if how == "hold/removal" else free(innovator)[-1]
    assert claim(innovator, slot, number, how).status_code == 302
    assert last_recipient(app) == address(app, author_of(next_number))
    assert book(next_innovator, contested, next_number).status_code == 302
    assert count(app, Waiting) == 0


def test_the_slot_of_who_has_withdrawn_is_offered_with_the_next_change(
    app, number, innovator, next_number, next_innovator, other, holder
):
    slot = place_of(app, other)
    claim(innovator, slot, number, "queue")
    holder.post(f"{E}/proposals/{other}/withdrawal", {"reason": "Pindah tugas"})
    assert count(app, Hold) == 0
    book(next_innovator, free(next_innovator)[-1], next_number)
    assert count(app, Hold) == 1
    assert book(next_innovator, slot, next_number).status_code == 409
    assert book(innovator, slot, number).status_code == 302


def test_nobody_waits_for_a_free_slot_nor_for_more_than_five(app, number, innovator):
    assert claim(innovator, free(innovator)[0], number, "queue").status_code == 409
    slots = [place_of(app, holding) for holding in ask(app, placed)[:7]]
    answers = [claim(innovator, slot, number, "queue").status_code for slot in slots]
    assert answers == [302] * 5 + [409] * 2
    assert claim(innovator, slots[0], number, "queue/removal").status_code == 302
    assert count(app, Waiting) == 4


def test_two_change_places_at_once_when_both_want_to(app, browse, other, holder, neighbour, asked):
    stranger = browse(app, author_of(ask(app, placed)[2]))
    mine, theirs = place_of(app, other), place_of(app, neighbour)
    assert claim(holder, theirs, other, "swaps").status_code == 302
    assert last_recipient(app) == address(app, author_of(neighbour))
    assert claim(holder, theirs, other, "swaps").status_code == 409
    assert holder.post(f"{E}/swaps/1/acceptance").status_code == 403
    assert "meminta" in asked.get(f"{E}/slots").text
    assert "yang meminta bertukar slot" in asked.get("/my-work")
    assert "yang meminta bertukar slot" not in holder.get("/my-work")
    assert stranger.post(f"{E}/swaps/1/acceptance").status_code == 404
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == 302
    assert (place_of(app, other), place_of(app, neighbour)) == (theirs, mine)
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == 409
    assert last_recipient(app) == address(app, author_of(other))


def test_a_swap_is_declined_taken_back_or_overtaken_by_a_move(app, other, holder, neighbour, asked):
    mine, theirs = place_of(app, other), place_of(app, neighbour)
    claim(holder, theirs, other, "swaps")
    assert asked.post(f"{E}/swaps/1/refusal").status_code == 302
    claim(holder, theirs, other, "swaps")
    assert asked.post(f"{E}/swaps/2/removal").status_code == 403
    assert holder.post(f"{E}/swaps/2/removal").status_code == 302
    assert (place_of(app, other), place_of(app, neighbour)) == (mine, theirs)
    claim(holder, theirs, other, "swaps")
    book(asked, free(asked)[0], neighbour)
    assert asked.post(f"{E}/swaps/3/acceptance").status_code == 409
    assert place_of(app, other) == mine
    assert count(app, Swap) == 3


@pytest.mark.field("security F9")
def test_a_swap_asked_and_taken_back_again_and_again_writes_one_letter(
    app, other, holder, neighbour
):
    def asked_letters() -> int:
        asked = sa.select(sa.func.count()).where(Letter.body.contains("meminta bertukar slot"))
        with app.app_context(), transaction(writing=False):
            return db.session.scalar(asked)

    theirs = place_of(app, neighbour)
    for swap in (1, 2, 3):
        assert claim(holder, theirs, other, "swaps").status_code == 302
        assert holder.post(f"{E}/swaps/{swap}/removal").status_code == 302
    assert asked_letters() == 1


@pytest.mark.parametrize(("leaver", "status"), [("holder", 409), ("asked", 404)])
def test_a_swap_with_who_has_withdrawn_is_neither_shown_nor_accepted(
    app, other, holder, neighbour, asked, leaver, status
):
    claim(holder, place_of(app, neighbour), other, "swaps")
    is_holder = leaver == "holder"
    left, leaving, staying = (other, holder, asked) if is_holder else (neighbour, asked, holder)
    assert 'id="swap-' in staying.get(f"{E}/slots").text
    leaving.post(f"{E}/proposals/{left}/withdrawal", {"reason": "Pindah tugas"})
    page = staying.get(f"{E}/slots")
    assert page.status_code == 200
    assert 'id="swap-' not in page.text
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == status


def test_a_swap_that_is_refused_leaves_nothing_behind(app, organiser, other, holder, neighbour):
    wanted = place_of(app, neighbour)
    mark_away(app, organiser, author_of(other), wanted)
    assert claim(holder, wanted, other, "swaps").status_code == 409
    assert count(app, Swap) == 0


def test_the_lot_is_sealed_first_and_anybody_can_compute_its_order(
    app, organiser, number, innovator
):
    set_picking(app, Picking.TURNS)
    slot = free(innovator)[0]
    assert book(innovator, slot, number).status_code == 409  # not drawn yet
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
    codes = [f"P-{finalist:03d}" for finalist in ask(app, placed) + ask(app, unplaced)]
    expected = sorted(codes, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())
    shown = re.findall(
        r'<span class="code">(P-\d+)</span>\s*</td>', innovator.get(f"{E}/slots/turns").text
    )
    assert shown == expected


def test_nobody_picks_before_their_turn_and_everybody_from_it_on(app, organiser, number, innovator):
    finalists = ask(app, placed) + ask(app, unplaced)
    set_picking(app, Picking.TURNS)
    organiser.post(f"{E}/slots/turns/seal")
    organiser.post(f"{E}/slots/turns")
    with app.app_context(), transaction(writing=True):
        rows = db.session.scalars(sa.select(Turn).order_by(Turn.place)).all()
        assert [each.opens_at - rows[0].opens_at for each in rows] == [
            n * timedelta(minutes=30) for n in range(len(finalists))
        ]
        mine = next(each for each in rows if each.proposal.number == number)
        mine.opens_at = clock.now() + timedelta(minutes=10)
    slot = free(innovator)[0]
    assert claim(innovator, slot, number).status_code == 409
    assert book(innovator, slot, number).status_code == 409
    later(timedelta(minutes=10))
    assert book(innovator, slot, number).status_code == 302


@pytest.mark.parametrize("seed", ["a", "b" * 64])
def test_the_order_of_a_seed_does_not_depend_on_who_is_named_first(seed):
    codes = [f"P-{number:03d}" for number in range(1, 60)]
    assert turns.order_of(codes, seed) == turns.order_of(codes[::-1], seed)
    assert sorted(turns.order_of(codes, seed)) == codes
    assert turns.order_of(codes, seed) != turns.order_of(codes, seed + "x")


def test_wishes_are_kept_in_their_order_while_the_edition_takes_them(
    app, number, innovator, next_innovator
):
    path, slots = f"{E}/proposals/{number}/wishes", free(innovator)[:3]
    assert innovator.post(path, {"slot": slots}).status_code == 409
    set_picking(app, Picking.WISHES)
    assert innovator.post(path, {"slot": [slots[2], "", slots[0]]}).status_code == 302
    with app.app_context(), transaction(writing=False):
        kept = db.session.scalars(sa.select(Wish.slot_id).order_by(Wish.rank)).all()
    assert kept == [int(slots[2]), int(slots[0])]
    assert innovator.post(path, {"slot": [slots[0], slots[0]]}).status_code == 422
    assert innovator.post(path, {"slot": ["99999"]}).status_code == 422
    assert next_innovator.post(path, {"slot": slots}).status_code == 404
    assert book(innovator, slots[0], number).status_code == 409  # wishes are no picks
    later(WINDOWS[Stage.PICKING][1] - clock.now())
    assert innovator.post(path, {"slot": slots}).status_code == 409


def test_whoever_has_no_wish_is_waited_for_and_reminded_of_it(app, browse, number, innovator):
    set_picking(app, Picking.WISHES)
    organiser = browse(app, "sekretariat")
    waited = organiser.get(f"{E}/cockpit").html.select_one("#awaited").text
    innovator.post(f"{E}/proposals/{number}/wishes", {"slot": free(innovator)[:1]})
    fewer = organiser.get(f"{E}/cockpit").html.select_one("#awaited").text
    assert len(fewer) < len(waited)


def test_an_offer_that_is_declined_goes_to_the_next_and_a_withdrawal_frees_a_slot(
    app, number, innovator, next_number, next_innovator, other, holder, contested
):
    holder.post(f"{E}/proposals/{other}/withdrawal", {"reason": "Pindah tugas"})
    assert expire(app) == 1
    assert last_recipient(app) == address(app, author_of(number))
    assert expire(app) == 0
    claim(innovator, contested, number, "hold/removal")
    assert last_recipient(app) == address(app, author_of(next_number))
    assert book(next_innovator, contested, next_number).status_code == 302


def test_an_open_swap_ends_when_one_of_the_two_withdraws(app, other, holder, neighbour, asked):
    claim(holder, place_of(app, neighbour), other, "swaps")
    holder.post(f"{E}/proposals/{other}/withdrawal", {"reason": "Pindah tugas"})
    page = asked.get(f"{E}/slots")
    assert page.status_code == 200
    assert "swap-" not in page.text
    assert asked.post(f"{E}/swaps/1/acceptance").status_code == 409


def test_nobody_waits_for_their_own_slot_or_one_they_can_not_have(
    app, organiser, other, holder, neighbour
):
    assert claim(holder, place_of(app, other), other, "queue").status_code == 409
    wanted = place_of(app, neighbour)
    mark_away(app, organiser, author_of(other), wanted)
    assert claim(holder, wanted, other, "queue").status_code == 409


def test_who_gives_a_slot_up_is_asked_for_another_and_told_of_it_before_it_is_published(
    app, other, holder
):
    assert "Pilih slot" not in holder.get("/my-work")
    assert holder.post(f"{E}/proposals/{other}/slot/removal").status_code == 302
    assert "Pilih slot" in holder.get("/my-work")
    assert book(holder, free(holder)[-1], other).status_code == 302
    work = holder.get("/my-work")
    assert "belum diterbitkan" in work
    assert "Pilih slot" not in work


def test_a_slot_kept_for_who_waited_says_so_and_until_when(
    app, browse, other, holder, contested, asked
):
    holder.post(f"{E}/proposals/{other}/slot/removal")
    until = clock.now() + holds.TO_ANSWER
    table = asked.get(f"{E}/slots")
    kept = table.html.select_one(f"#slot-{contested}").text
    assert f"disimpan sampai {until.astimezone(ZONE).day} " in kept
    assert "sedang dipilih" not in kept
