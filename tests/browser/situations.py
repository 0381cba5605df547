"""The schedule half-way: each function brings a server there and returns which pages to look at."""

import pytest
import sqlalchemy as sa

from app.calendars.tickets import Ticket, sealed_ticket
from tests.cast import author_of, chair, judge, placed, unplaced, unplaced_author
from tests.conftest import E

KEY = "x" * 40  # the servers' secret
ASKING, ASKED = "Kesraku", "Kampung Donor Darah Penyelamat Jiwa"  # who asks whom to change places


def claims(server, visit) -> list[str]:
    """A finalist holds a free slot, waits for a taken one and asks another to change places."""
    innovator = visit(server, author_of(ASKING))
    page = innovator.open(f"{E}/slots")
    places = {
        "swaps": page.locator(".slot", has_text=ASKED),
        "queue": page.locator(".slot", has_text="Melawan Lupa"),
        "hold": page.locator(".slot.free").first,
    }
    proposal = page.locator("[name=proposal]").first.get_attribute("value")
    for act, place in places.items():
        slot = place.get_attribute("id").removeprefix("slot-")
        innovator.post(f"{E}/slots/{slot}/{act}", proposal=proposal)
    return [f"{E}/slots", f"{E}/absences", f"{E}/slots/turns"]


def wishes(server, visit) -> list[str]:
    """The edition takes wishes in the place of picks."""
    engine = sa.create_engine(server.url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE edition SET picking = 'wishes'"))
    engine.dispose()
    return [f"{E}/proposals/{server.ask(unplaced)[0]}/wishes", f"{E}/slots"]


def as_it_stands(server, _visit) -> list[str]:
    """Nothing has been done since finalists picked."""
    moving = [f"arrangement?moving={server.ask(numbers)[0]}" for numbers in (placed, unplaced)]
    names = ("slots", "slots/turns", "arrangement", *moving, "panels", "absences", "day")
    schedule = ("plan", "warnings", "versions", "versions/1")
    return [f"{E}/{name}" for name in names] + [f"{E}/schedule/{name}" for name in schedule]


def in_work(server, visit) -> list[str]:
    """A panel, an absence, a drawn lot, a move into the absence, and a computed proposal."""
    organiser = visit(server, "sekretariat")
    page = organiser.open(f"{E}/panels")
    member = page.locator("[name=members]").first.get_attribute("value")
    panel = {"name": "Panel A", "room_id": "0", "day": "2019-10-05", "seats": "3", "quorum": "1"}
    organiser.post(f"{E}/panels", members=member, **panel)
    mark_away(organiser, "Kesraku")
    page = organiser.open(f"{E}/arrangement")
    proposal = page.locator(".talk", has_text="Kesraku").get_attribute("data-talk")
    organiser.open(f"{E}/arrangement?moving={proposal}")
    slot = page.locator("td.free").first.get_attribute("data-drop")
    organiser.post(f"{E}/arrangement", proposal=proposal, slot=slot)
    organiser.post(f"{E}/slots/turns/seal")
    organiser.post(f"{E}/slots/turns")
    organiser.post(f"{E}/schedule/plan", scope="schedule_rest")
    server.work()
    return [*as_it_stands(server, visit), f"{E}/panels/1"]


def computing(server, visit) -> list[str]:
    """A computation waits for the worker, and the lot is sealed."""
    organiser = visit(server, "sekretariat")
    organiser.open(f"{E}/schedule/plan")
    organiser.post(f"{E}/schedule/plan", scope="schedule")
    organiser.post(f"{E}/slots/turns/seal")
    return [f"{E}/schedule/plan", f"{E}/slots/turns"]


def somebody_missing(server, visit) -> list[str]:
    """On the day itself one is there, another one did not come."""
    organiser = visit(server, "sekretariat")
    page = organiser.open(f"{E}/day")
    ids = [place.get_attribute("id") for place in page.locator(".slot").all()]
    there, _scored, missing, to_come = (each.removeprefix("expected-") for each in ids[:4])
    organiser.post(f"{E}/proposals/{there}/arrival")
    organiser.post(f"{E}/proposals/{missing}/no-show")
    arrivals = [f"{E}/proposals/{number}/arrival" for number in (there, to_come)]
    return [f"{E}/day", *arrivals, f"{E}/arrangement"]


def invited(server, _visit) -> list[str]:
    """Judges and finalists have been invited; one of them opens the link in the letter."""
    server.work()
    engine = sa.create_engine(server.url)
    with engine.begin() as connection:
        first = sa.text("SELECT proposal_id, person_id FROM invitation ORDER BY 1, 2 LIMIT 1")
        ticket = Ticket(*connection.execute(first).one())
    engine.dispose()
    return [f"/invitations/{sealed_ticket(ticket, KEY)}", f"{E}/wall", f"{E}/schedule"]


def explained(server, visit) -> list[str]:
    """The ranking is complete, and the worker has told how sure it is."""
    organiser = visit(server, "sekretariat")
    organiser.post(f"{E}/ranking/certainty")
    server.work()
    return [f"{E}/ranking", f"{E}/ranking/method", f"{E}/ranking/certainty", f"{E}/panels"]


def on_the_wall(_server, _visit) -> list[str]:
    """The wall screen on a presentation day."""
    return [f"{E}/wall"]


def mark_away(organiser, title: str) -> None:
    """Mark the afternoon of the first day, in which slots are free, as a presenter's time away."""
    page = organiser.open(f"{E}/absences")
    person = page.locator("#person option", has_text=f"Inovator {title}").get_attribute("value")
    times = {"date": "2019-10-05", "starts_at": "14:45", "ends_at": "17:00"}
    organiser.post(f"{E}/absences", person=person, **times)


def two_rooms(engine: sa.Engine) -> None:
    """Give the edition a second room."""
    add_rooms(engine, "Aula")


def three_rooms(engine: sa.Engine) -> None:
    """Give the edition so many rooms that its two days aren't arranged on one page."""
    add_rooms(engine, "Aula", "Pendopo")


def add_rooms(engine: sa.Engine, *names: str) -> None:
    """Give the edition more rooms; the slots in them are made later."""
    fields, values = "edition_id, position, name, name_en", "id, :position, :name, ''"
    with engine.begin() as connection:
        for position, name in enumerate(names, start=2):
            connection.execute(
                sa.text(f"INSERT INTO room ({fields}) SELECT {values} FROM edition"),
                {"position": position, "name": name},
            )


SITUATIONS = [
    pytest.param("picking", author_of(ASKING), claims, id="picking-asking-claims"),
    pytest.param("picking", author_of(ASKED), claims, id="picking-asked-claims"),
    ("picking", unplaced_author, claims),
    ("picking", unplaced_author, wishes),
    ("picking", "sekretariat", as_it_stands),
    ("picking", "sekretariat", in_work),
    ("picking", "sekretariat", computing),
    ("picking", judge, lambda _server, _visit: [f"{E}/slots", f"{E}/absences"]),
    (
        "picking",
        "pengamat",
        lambda _server, _visit: [f"{E}/schedule/versions", f"{E}/schedule/warnings"],
    ),
    ("picking", None, invited),
    ("scoring", "sekretariat", somebody_missing),
    ("scoring", None, on_the_wall),
    ("plenary", "sekretariat", explained),
    ("plenary", chair, explained),
]
