"""What the organiser's grid does to others who pick or arrange at the same time."""

import pytest

from tests.cast import ask, placed, unplaced
from tests.clients import form_of, send
from tests.conftest import E
from tests.factories import the_proposal
from tests.schedule.bookings import book, free, place_of


@pytest.fixture
def app(make_app):
    return make_app("picking")


def title_of(app, number: int) -> str:
    with app.app_context():
        return the_proposal(number).title


def form_for(organiser, number: int, slot: object):
    """The form that puts a presentation into a slot, on the page of the slot's day."""
    days = (f"{E}/arrangement?moving={number}&day=2019-10-0{day}" for day in (5, 6))
    forms = [form for day in days for form in organiser.get(day).forms.values()]
    return next(form for form in forms if "seen" in form.fields and form["slot"].value == str(slot))


@pytest.mark.field("calendars F8")
def test_who_picks_a_slot_while_the_organiser_looks_keeps_it(
    app, organiser, innovator, number, other
):
    slot = free(organiser)[0]
    form = form_for(organiser, other, slot)
    before = place_of(app, other)
    assert book(innovator, slot, number).status_code == 302
    answer = send(form)
    assert answer.status_code == 409
    assert f"“{title_of(app, number)}” baru saja menempati slot ini" in answer.text
    assert (place_of(app, number), place_of(app, other)) == (int(slot), before)
    again = send(form_for(organiser, other, slot))
    assert again.status_code == 302
    assert (place_of(app, number), place_of(app, other)) == (before, int(slot))


@pytest.mark.field("calendars F8")
def test_two_organisers_do_not_push_out_what_the_other_has_put_there(
    app, browse, organiser, other, neighbour
):
    slot = free(organiser)[0]
    form = form_for(organiser, neighbour, slot)
    send(form_for(browse(app, "sekretariat"), other, slot))
    assert send(form).status_code == 409
    assert place_of(app, other) == int(slot)


@pytest.mark.field("calendars F8")
def test_who_has_left_the_slot_meanwhile_is_not_moved(app, organiser, holder, other, neighbour):
    slot, before = place_of(app, other), place_of(app, neighbour)
    form = form_for(organiser, neighbour, slot)
    holder.post(f"{E}/proposals/{other}/slot/removal")
    assert send(form).status_code == 409
    assert (place_of(app, other), place_of(app, neighbour)) == (None, before)


@pytest.mark.field("calendars F8")
def test_changing_places_says_whom_it_moves(app, organiser):
    first, second = ask(app, placed)[:2]
    page = send(form_for(organiser, first, place_of(app, second)))
    text = organiser.get(page.location).text
    assert f"“{title_of(app, first)}” dan “{title_of(app, second)}” telah bertukar" in text


@pytest.mark.field("calendars F8")
def test_who_loses_the_slot_to_somebody_without_one_is_named(app, organiser, number, other):
    page = send(form_for(organiser, number, place_of(app, other)))
    text = organiser.get(page.location).text
    assert f"“{title_of(app, other)}” tidak lagi memiliki" in text
    assert (place_of(app, other), other in ask(app, unplaced)) == (None, True)


@pytest.fixture
def second_room(app, organiser, other, innovator) -> str:
    """The slot in a second room of the one finalist who is in it, as published."""
    fill_room(organiser, "Ruang 2")
    organiser.fill(f"{E}/slots", "/slots")
    slot = in_room(organiser, "Ruang 2")
    assert book(organiser, slot, other).status_code == 302
    return slot


def fill_room(organiser, name: str, place: int = -1) -> object:
    """Write a name into one of the rows of rooms, the last by default, and save."""
    form = organiser.form(f"{E}/settings/rooms")
    names = sorted(field for field in form.fields if field and field.endswith("-name"))
    form[names[place]] = name
    return send(form)


def in_room(organiser, name: str) -> str:
    """A free slot of a room."""
    page = organiser.get(f"{E}/slots").text
    sections = page.split('class="slot free" id="slot-')[1:]
    return next(section.partition('"')[0] for section in sections if name in section[:600])


@pytest.mark.field("calendars F5")
def test_with_a_room_go_its_slots_and_what_was_in_them_counts_as_without_one(
    app, organiser, innovator, number, other, second_room
):
    asked = fill_room(organiser, "", place=1)
    assert asked.status_code == 422
    assert "“Ruang 2” dihapus" in asked.text
    assert place_of(app, other) == int(second_room)
    form = form_of(asked, "/settings/rooms")
    assert form.submit("confirmed", expect_errors=True).status_code == 302
    assert place_of(app, other) is None
    assert "Tanpa ruang" not in organiser.get(f"{E}/arrangement").text
    assert title_of(app, other) in organiser.get(f"{E}/schedule/warnings?kind=unplaced").text
    assert f'id="slot-{second_room}"' not in innovator.get(f"{E}/slots").text
    assert book(innovator, second_room, number).status_code == 404
    gone = {"proposal": number, "slot": second_room}
    assert organiser.post(f"{E}/arrangement", gone).status_code == 404
    assert title_of(app, other) in organiser.get(f"{E}/schedule/versions").text


@pytest.mark.field("calendars F5")
def test_a_room_without_presentations_goes_with_its_slots(app, organiser, other):
    before = place_of(app, other)
    fill_room(organiser, "Ruang 2")
    organiser.fill(f"{E}/slots", "/slots")
    slot = in_room(organiser, "Ruang 2")
    form_of(fill_room(organiser, "", place=1), "/settings/rooms").submit("confirmed")
    assert slot not in free(organiser)
    assert place_of(app, other) == before


def test_who_has_no_slot_is_said_to_put_the_other_one_out(app, organiser, number, other, neighbour):
    slot = place_of(app, neighbour)

    def label(moving: int) -> str:
        days = (f"{E}/arrangement?moving={moving}&day=2019-10-0{day}" for day in (5, 6))
        forms = [form for day in days for form in organiser.get(day).html.select("form")]
        form = next(
            form
            for form in forms
            if form.select("[name=seen]") and form.select(f"[name=slot][value='{slot}']")
        )
        return form.button.text.split("–")[0].strip()

    assert label(other) == "Tukar slot"
    assert label(number) == "Tempatkan di sini, yang lain keluar"
