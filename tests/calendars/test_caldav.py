"""Invitations in a real calendar server (Radicale, RFC 4791), put there as a calendar would."""

import base64
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest
from icalendar import Calendar

from app.calendars.ics import Attendee, Frame, Party, Presentation, invitation
from app.calendars.replies import read_reply
from app.programme.models import Answer

START = datetime(2019, 10, 5, 0, 30, tzinfo=UTC)
FRAME = Frame(name="KIPP 2019", timezone="Asia/Makassar", around=START)
FIRST = Presentation(
    uid="presentation-1@kipp.ajang",
    revision=0,
    stamp=START - timedelta(days=9),
    starts_at=START,
    ends_at=START + timedelta(minutes=30),
    timezone="Asia/Makassar",
    title="Kesraku; “sehat, untuk semua” 🏆",
    location="Aula, Masamba",
    url="https://ajang.example/innovations/1",
    category="Dinas Kesehatan",
    alarm=60,
    organizer=Party("Sekretariat, KIPP", "sekretariat@ajang.example"),
    attendees=(Attendee("Juri Satu", "juri@ajang.example"),),
)
MOVED = replace(
    FIRST,
    revision=1,
    stamp=FIRST.stamp + timedelta(days=1),
    starts_at=START + timedelta(hours=3),
    ends_at=START + timedelta(hours=3, minutes=30),
)
OFF = replace(MOVED, revision=2, stamp=MOVED.stamp + timedelta(days=1))
HOME = "/juri/undangan/"
MAKE = """<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>Undangan</D:displayname></D:prop></D:set></C:mkcalendar>"""
QUERY = """<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR">
<C:comp-filter name="VEVENT">{during}</C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""
DURING = '<C:time-range start="{:%Y%m%dT%H%M%SZ}" end="{:%Y%m%dT%H%M%SZ}"/>'


class Client:
    """What a calendar does with invitations that reach it by mail."""

    def __init__(self, port: int) -> None:
        self.port = port

    def take(self, body: bytes) -> int | None:
        """Take an invitation in; None where it is older than what is known (RFC 5546, 2.1.5)."""
        event = Calendar.from_ical(body).walk("VEVENT")[0]
        known = {each["UID"]: each["SEQUENCE"] for each in self.events()}
        if known.get(event["UID"], -1) > event["SEQUENCE"]:
            return None
        place = f"{HOME}{event['UID']}.ics"
        if Calendar.from_ical(body)["METHOD"] == "CANCEL":
            return self.ask("DELETE", place)[0]
        # A stored object has no METHOD (RFC 4791, 4.1).
        stored = body.replace(b"METHOD:REQUEST\r\n", b"")
        return self.ask("PUT", place, stored, "text/calendar; charset=utf-8")[0]

    def events(self, during: str = "") -> list:
        body = QUERY.format(during=during).encode()
        status, answer = self.ask("REPORT", HOME, body, "application/xml", Depth="1")
        assert status == 207
        found = ET.fromstring(answer).iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
        return [event for each in found for event in Calendar.from_ical(each.text).walk("VEVENT")]

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str
    ) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        signed = {"Authorization": "Basic " + base64.b64encode(b"juri:x").decode()}
        sent = signed | headers | ({"Content-Type": kind} if kind else {})
        connection.request(method, path.replace("@", "%40"), body, sent)
        answer = connection.getresponse()
        read = answer.status, answer.read()
        connection.close()
        return read


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(server: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server without passwords, on loopback, which forgets everything afterwards."""
    port, folder = free_port(), tmp_path_factory.mktemp("radicale")
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "none",
        "rights-type": "authenticated",
        "storage-filesystem-folder": str(folder / "storage"),
        "web-type": "none",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "radicale", "--config", "", *given]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(server, port)
            yield port
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def client(port: int) -> Iterator[Client]:
    client = Client(port)
    assert client.ask("MKCALENDAR", HOME, MAKE.encode(), "application/xml")[0] == 201
    yield client
    assert client.ask("DELETE", HOME)[0] in {200, 204}


def seen(client: Client) -> list[tuple]:
    return [
        (str(each["UID"]), each["SEQUENCE"], each["DTSTART"].dt.astimezone(UTC))
        for each in client.events()
    ]


def test_an_update_moves_the_one_entry_and_a_cancellation_takes_it_away(client):
    assert client.take(invitation(FRAME, FIRST, "REQUEST")) == 201
    assert seen(client) == [(FIRST.uid, 0, START)]
    assert client.take(invitation(FRAME, MOVED, "REQUEST")) in {201, 204}
    assert seen(client) == [(FIRST.uid, 1, MOVED.starts_at)]
    assert client.take(invitation(FRAME, OFF, "CANCEL")) in {200, 204}
    assert seen(client) == []


def test_the_server_finds_it_at_its_new_time_only(client):
    client.take(invitation(FRAME, FIRST, "REQUEST"))
    client.take(invitation(FRAME, MOVED, "REQUEST"))
    hour = timedelta(hours=1)
    assert client.events(DURING.format(START, START + hour)) == []
    assert len(client.events(DURING.format(MOVED.starts_at, MOVED.starts_at + hour))) == 1


def test_the_server_gives_back_what_was_sent(client):
    body = invitation(FRAME, FIRST, "REQUEST")
    client.take(body)
    sent = Calendar.from_ical(body).walk("VEVENT")[0]
    (stored,) = client.events()
    assert stored.to_ical() == sent.to_ical()


def test_an_older_update_that_arrives_late_changes_nothing(client):
    client.take(invitation(FRAME, MOVED, "REQUEST"))
    assert client.take(invitation(FRAME, FIRST, "REQUEST")) is None
    assert seen(client) == [(FIRST.uid, 1, MOVED.starts_at)]


def test_without_a_higher_revision_the_move_would_be_overlooked(client):
    """The negative control: it is the SEQUENCE that lets the client tell old from new."""
    client.take(invitation(FRAME, MOVED, "REQUEST"))
    forgotten = replace(MOVED, revision=0, starts_at=START, ends_at=START + timedelta(hours=1))
    assert client.take(invitation(FRAME, forgotten, "REQUEST")) is None
    assert seen(client) == [(FIRST.uid, 1, MOVED.starts_at)]


def test_what_the_person_answers_there_is_read_here(client):
    client.take(invitation(FRAME, FIRST, "REQUEST"))
    (event,) = client.events()
    event["ATTENDEE"].params["PARTSTAT"] = "ACCEPTED"
    event.subcomponents.clear()
    reply = Calendar()
    reply.add("prodid", "-//Test//ID")
    reply.add("version", "2.0")
    reply.add("method", "REPLY")
    reply.add_component(event)
    head = b"From: juri@ajang.example\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
    read = read_reply(head + reply.to_ical())
    assert (read.uid, read.sequence) == (FIRST.uid, 0)
    assert (read.attendee, read.answer) == ("juri@ajang.example", Answer.ACCEPTED)
