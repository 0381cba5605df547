"""The schedule half-way: each function brings a server there and returns which pages to look at."""

import sqlalchemy as sa

from app.calendars.tickets import Ticket, sealed_ticket
from tests.conftest import E

KEY = "x" * 40  # the servers' secret


def claims(server, visit) -> list[str]:
    """Finalist 1 holds a free slot, waits for a taken one and asks finalist 3 to change places."""
    innovator = visit(server, "inovator-01")
    page = innovator.open(f"{E}/slots")
    places = {
        "swaps": page.locator(".slot", has_text="Kampung Donor Darah"),
        "queue": page.locator(".slot", has_text="Melawan Lupa"),
        "hold": page.locator(".slot.free").first,
    }
    for act, place in places.items():
        number = place.get_attribute("id").removeprefix("slot-")
        innovator.post(f"{E}/slots/{number}/{act}", proposal="1")
    return [f"{E}/slots", f"{E}/absences", f"{E}/slots/turns"]


def wishes(server, visit) -> list[str]:
    """The edition takes wishes in the place of picks."""
    engine = sa.create_engine(server.url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE edition SET picking = 'wishes'"))
    engine.dispose()
    return [f"{E}/proposals/27/wishes", f"{E}/slots"]


def as_it_stands(_server, _visit) -> list[str]:
    """Nothing has been done since finalists picked."""
    names = ("slots", "slots/turns", "arrangement", "arrangement?moving=1", "arrangement?moving=27")
    schedule = ("plan", "warnings", "versions", "versions/1")
    return [f"{E}/{name}" for name in (*names, "panels", "absences", "day")] + [
        f"{E}/schedule/{name}" for name in schedule
    ]


def in_work(server, visit) -> list[str]:
    """A panel, an absence, a drawn lot, a move into the absence, and a computed proposal."""
    organiser = visit(server, "sekretariat")
    page = organiser.open(f"{E}/panels")
    member = page.locator("[name=members]").first.get_attribute("value")
    panel = {"name": "Panel A", "room_id": "0", "day": "2019-10-05", "seats": "3", "quorum": "1"}
    organiser.post(f"{E}/panels", members=member, **panel)
    mark_away(organiser, "Kesraku")
    organiser.open(f"{E}/arrangement?moving=1")
    slot = organiser.page.locator("td.free").first.get_attribute("data-drop")
    organiser.post(f"{E}/arrangement", proposal="1", slot=slot)
    organiser.post(f"{E}/slots/turns/seal")
    organiser.post(f"{E}/slots/turns")
    organiser.post(f"{E}/schedule/plan", aim="schedule_rest")
    server.work()
    paths = as_it_stands(server, visit)
    return [*paths, f"{E}/panels/1"]


def computing(server, visit) -> list[str]:
    """A computation waits for the worker, and the lot is sealed."""
    organiser = visit(server, "sekretariat")
    organiser.open(f"{E}/schedule/plan")
    organiser.post(f"{E}/schedule/plan", aim="schedule")
    organiser.post(f"{E}/slots/turns/seal")
    return [f"{E}/schedule/plan", f"{E}/slots/turns"]


def somebody_missing(server, visit) -> list[str]:
    """On the day itself one is there, another one did not come."""
    organiser = visit(server, "sekretariat")
    page = organiser.open(f"{E}/day")
    ids = [place.get_attribute("id") for place in page.locator(".slot").all()]
    there, missing, to_come = (each.removeprefix("expected-") for each in ids[:3])
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


def on_the_wall(_server, _visit) -> list[str]:
    """The wall screen on a presentation day."""
    return [f"{E}/wall"]


def mark_away(organiser, title: str) -> None:
    """Mark the afternoon of the first day, in which slots are free, as a presenter's time away."""
    page = organiser.open(f"{E}/absences")
    person = page.locator("#person option", has_text=f"Inovator {title}").get_attribute("value")
    times = {"date": "2019-10-05", "starts_at": "14:45", "ends_at": "17:00"}
    organiser.post(f"{E}/absences", person=person, **times)


SITUATIONS = [
    ("picking", "inovator-01", claims),
    ("picking", "inovator-03", claims),
    ("picking", "inovator-26", claims),
    ("picking", "inovator-27", wishes),
    ("picking", "sekretariat", as_it_stands),
    ("picking", "sekretariat", in_work),
    ("picking", "sekretariat", computing),
    ("picking", "juri-1", lambda _server, _visit: [f"{E}/slots", f"{E}/absences"]),
    (
        "picking",
        "pengamat",
        lambda _server, _visit: [f"{E}/schedule/versions", f"{E}/schedule/warnings"],
    ),
    ("picking", None, invited),
    ("scoring", "sekretariat", somebody_missing),
    ("scoring", None, on_the_wall),
]
