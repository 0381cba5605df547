"""Two requests at the same moment, to a real server: each counts wholly, or is told why not."""

import http.client
import re
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count, cycle, islice
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.chain import verify_chain
from app.audit.models import AuditEntry
from app.calendars.invitations import tell_changes
from app.calendars.reply_pages import sender
from app.calendars.tickets import Ticket, sealed_ticket
from app.database import db, transaction
from app.demo.moments import MOMENTS
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import edition_named, locked_edition
from app.editions.roles import grant_role
from app.programme.models import Answer, Appearance, Change, Invitation, Version
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking, Slot
from app.schedule.picking.models import Hold, Swap
from tests.cast import Part, author_of, judge, placed, screener, unplaced
from tests.conftest import SLUG, E
from tests.databases import BASE
from tests.factories import the_person, the_proposal
from tests.servers import Live
from tests.sessions import identity

TURNS, MOST_TURNS = 12, 100  # until it goes wrong, where it is to
DONE, REFUSED = 302, 409

REVISION = sa.select(Edition.revision)
ENTRIES = sa.select(sa.func.count(AuditEntry.id))
LAST_ENTRY = sa.select(AuditEntry.content).order_by(AuditEntry.sequence.desc()).limit(1)
LAST_VERSION = sa.select(sa.func.max(Version.number))
LAST_SWAP = sa.select(sa.func.max(Swap.id))
ACTIVE = Booking.given_up_at.is_(None)
FREE = sa.select(Slot.id).where(Slot.id.not_in(sa.select(Booking.slot_id).where(ACTIVE)))
PLACES = sa.select(Proposal.number, Booking.slot_id).join(Booking.proposal).where(ACTIVE)
HELD = sa.select(Proposal.number, Hold.slot_id).join(Hold.proposal)
DRAFTED = sa.select(Booking.proposal_id, Slot.starts_at).join(Booking.slot).where(ACTIVE)
PRESENTED = sa.select(Appearance.proposal_id, Appearance.starts_at)
BLOCKED = sa.text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass(frozen=True)
class Visitor:
    """Somebody's browser: its cookie, and the token of its forms."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Click:
    """A form that somebody sends."""

    by: Visitor
    path: str
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    text: str


@dataclass(frozen=True)
class Scene:
    """A server, and an application on its database to prepare and to look."""

    server: Live
    app: Flask
    turns: Iterator[int] = field(default_factory=count)

    def visitor(self, who: str | Part = "") -> Visitor:
        """Open the browser of somebody who is signed in, or of a stranger."""
        with self.app.app_context():
            holds = identity(db.engine, who)
        return Visitor(f"session={holds.cookie}", holds.token)

    def at_once(self, *clicks: Click) -> list[Reply]:
        """Send the forms at the same moment, the other one ahead by a hair in every other turn.

        On PostgreSQL they come in every other pair of turns while somebody else writes: what they
        look at before they wait for the lock, they all look at before any of them changes it.
        """
        turn = next(self.turns)
        order = clicks if turn % 2 else clicks[::-1]
        is_queued = self.server.database == "postgresql" and turn % 4 > 1
        replies = self.queued(*order) if is_queued else self._together(order)
        return replies if turn % 2 else replies[::-1]

    def _together(self, clicks: tuple[Click, ...]) -> list[Reply]:
        barrier = Barrier(len(clicks))
        with ThreadPoolExecutor(len(clicks)) as pool:
            return list(pool.map(partial(self.send, barrier=barrier), clicks))

    def queued(self, *clicks: Click, meanwhile: sa.Executable | None = None) -> list[Reply]:
        """Send the forms while somebody else writes, and let them go on in this order."""
        sent: list[Future[Reply]] = []
        with ThreadPoolExecutor(len(clicks)) as pool, self.app.app_context():
            with transaction(writing=True):
                locked_edition(SLUG)
                for each in clicks:
                    sent.append(pool.submit(self.send, each))
                    self._wait_until_blocked(sent)
                if meanwhile is not None:
                    db.session.execute(meanwhile)
            return [each.result() for each in sent]

    def _wait_until_blocked(self, sent: list[Future[Reply]]) -> None:
        """Wait until all of these wait for a lock, or one has been answered after all."""
        if self.server.database == "sqlite":
            return  # whose writers read nothing before they have the lock
        is_any_done = False
        with db.engine.connect() as looking:
            looking.execution_options(isolation_level="AUTOCOMMIT")
            while not is_any_done and looking.scalar(BLOCKED) < len(sent):
                is_any_done = bool(wait(sent, 0.01, FIRST_COMPLETED).done)

    def send(self, click: Click, barrier: Barrier | None = None) -> Reply:
        """Post the form on a connection of its own, opened before the barrier."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": click.by.cookie}
        form = urlencode({"csrf_token": click.by.token} | click.fields)
        address = self.server.base.removeprefix("http://")
        with closing(http.client.HTTPConnection(address, timeout=60)) as connection:
            connection.connect()
            if barrier:
                barrier.wait(timeout=30)
            connection.request("POST", click.path, form, headers)
            response = connection.getresponse()
            return Reply(response.status, response.read().decode())

    def change(self, statement: sa.Executable) -> None:
        with self.app.app_context(), transaction(writing=True):
            db.session.execute(statement)

    def rows(self, statement: sa.Select) -> list[tuple[Any, ...]]:
        with self.app.app_context(), transaction(writing=False):
            return [tuple(each) for each in db.session.execute(statement)]

    def one(self, statement: sa.Select) -> Any:
        return next(iter(self.rows(statement)), (None,))[0]

    def chain_holds(self) -> bool:
        with self.app.app_context(), transaction(writing=False):
            return verify_chain(edition_named(SLUG).id).holds


Race = Callable[[Scene], Iterator[None]]  # each turn is one pair of requests, and judges it


def statuses(replies: list[Reply]) -> list[int]:
    return [each.status for each in replies]


def one_is_told(words: str, replies: list[Reply]) -> bool:
    """Tell whether one of two was refused, in these words."""
    refusals = [each.text for each in replies if each.status == REFUSED]
    return sorted(statuses(replies)) == [DONE, REFUSED] and words in refusals[0]


def authors(scene: Scene, numbers: list[int]) -> dict[int, Visitor]:
    """The browser of each proposal's author."""
    return {number: scene.visitor(author_of(number)) for number in numbers}


def hold_the_same_slot(scene: Scene) -> Iterator[None]:
    """Two innovators hold the same free slot."""
    browsers = authors(scene, scene.server.ask(unplaced)[:2])
    for (slot,) in cycle(scene.rows(FREE)):
        scene.change(sa.delete(Hold))
        path = f"{E}/slots/{slot}/hold"
        clicks = [Click(each, path, {"proposal": number}) for number, each in browsers.items()]
        replies = scene.at_once(*clicks)
        assert one_is_told("Slot itu sedang dipilih peserta lain", replies), statuses(replies)
        held = [n for n, reply in zip(browsers, replies, strict=True) if reply.status == DONE]
        assert scene.rows(HELD) == [(held[0], slot)]
        yield


def swap_and_pick(scene: Scene) -> Iterator[None]:
    """One accepts to change places with another, while one of the two picks a free slot."""
    asking, asked = scene.server.ask(placed)[:2]
    browsers = authors(scene, [asking, asked])
    in_turn = [(asking, asked)] * 4 + [(asked, asking)] * 4  # each in every order
    for picking, other in cycle(in_turn):
        before, free = dict(scene.rows(PLACES)), scene.one(FREE)
        ask = Click(browsers[asking], f"{E}/slots/{before[asked]}/swaps", {"proposal": asking})
        assert scene.send(ask).status == DONE
        accept, pick = scene.at_once(
            Click(browsers[asked], f"{E}/swaps/{scene.one(LAST_SWAP)}/acceptance"),
            Click(browsers[picking], f"{E}/slots/{free}/booking", {"proposal": picking}),
        )
        assert pick.status == DONE
        assert accept.status == DONE or one_is_told("Salah satu sudah pindah slot", [accept, pick])
        stays = before[picking] if accept.status == DONE else before[other]
        after = scene.rows(PLACES)
        assert sorted(after) == sorted((before | {picking: free, other: stays}).items())
        scene.change(sa.update(Swap).values(settled_at=MOMENTS["picking"]))
        yield


def publish_the_same_draft(scene: Scene) -> Iterator[None]:
    """Two organisers publish what both have before them."""
    with scene.app.app_context(), transaction(writing=True):
        by, other = the_person("sekretariat"), the_person(screener)
        grant_role(locked_edition(SLUG), other, Role.ORGANISER, by=by, now=MOMENTS["picking"])
    organisers = [scene.visitor("sekretariat"), scene.visitor(screener)]
    moved = scene.server.ask(placed)[0]
    while True:
        place = Click(organisers[0], f"{E}/slots/{scene.one(FREE)}/booking", {"proposal": moved})
        assert scene.send(place).status == DONE
        number, revision = scene.one(LAST_VERSION) + 1, scene.one(REVISION)
        clicks = [
            Click(each, f"{E}/schedule/versions", {"expected": number}) for each in organisers
        ]
        replies = scene.at_once(*clicks)
        assert one_is_told("rang lain telah menerbitkan", replies), statuses(replies)
        assert (scene.one(LAST_VERSION), scene.one(REVISION)) == (number, revision + 1)
        changes = sa.select(Proposal.number).join(Change).join(Version)
        assert scene.rows(changes.where(Version.number == number)) == [(moved,)]
        yield


def answer_at_once(scene: Scene, *, before: tuple[Answer, ...]) -> Iterator[None]:
    """Two answer one invitation by its link, yes and no, in turn from these earlier answers."""
    mine, path = invitation(scene)
    facts = sa.select(Invitation.answer, Invitation.revision).where(mine)
    answers = {Answer.ACCEPTED: scene.visitor(), Answer.DECLINED: scene.visitor()}
    for earlier in cycle(before):
        scene.change(sa.update(Invitation).where(mine).values(answer=earlier))
        draft, entries = sorted(scene.rows(PLACES)), scene.one(ENTRIES)
        revisions = scene.one(REVISION), scene.rows(facts)[0][1]
        clicks = [Click(who, path, {"answer": each.value}) for each, who in answers.items()]
        assert statuses(scene.at_once(*clicks)) == [DONE, DONE]
        [(kept, revision)] = scene.rows(facts)
        assert kept in answers
        assert kept.value in scene.one(LAST_ENTRY)  # who answered last
        assert (sorted(scene.rows(PLACES)), scene.one(ENTRIES)) == (draft, entries + 2)
        assert (scene.one(REVISION), revision) == revisions
        yield


def invitation(scene: Scene) -> tuple[sa.ColumnElement[bool], str]:
    """Invite everybody; return the condition of one judge's invitation, and its address."""
    with scene.app.app_context():
        with scene.app.test_request_context(base_url=BASE):
            tell_changes(sender(scene.app.config["AJANG"]), now=MOMENTS["picking"])
        with transaction(writing=False):
            proposal = the_proposal(scene.server.ask(placed)[0])
            ticket = Ticket(proposal.id, the_person(judge).id)
    mine = (Invitation.proposal_id == ticket[0]) & (Invitation.person_id == ticket[1])
    return mine, f"/invitations/{sealed_ticket(ticket, scene.app.secret_key)}"


def send_the_same_delay(scene: Scene) -> Iterator[None]:
    """One organiser sends a delay twice, of what is presented last on the first day, and back."""
    organiser = scene.visitor("sekretariat")
    delay = {"date": "2019-10-05", "start": "14:15", "room_id": 0, "note": ""}
    for minutes in cycle([1, -1]):
        number, before = scene.one(LAST_VERSION) + 1, dict(scene.rows(PRESENTED))
        path = f"{E}/day/delay?day=2019-10-05"
        fields = delay | {"minutes": minutes, "expected": number}
        shown = scene.send(Click(organiser, path, fields)).text
        fields["shown"] = re.search(r'name="shown" value="(\w+)"', shown)[1]
        click = Click(organiser, path, fields)
        replies = scene.at_once(click, click)
        assert one_is_told("orang lain telah menerbitkan jadwal", replies), statuses(replies)
        after = dict(scene.rows(PRESENTED))
        late = [after[each] - before[each] for each in before if after[each] != before[each]]
        assert (late, scene.one(LAST_VERSION)) == ([timedelta(minutes=minutes)], number)
        assert dict(scene.rows(DRAFTED)) == after
        yield


answer_first = partial(answer_at_once, before=(Answer.OPEN,))
change_ones_mind = partial(answer_at_once, before=(Answer.ACCEPTED, Answer.DECLINED))  # and back


@pytest.fixture
def play(live, app_on) -> Callable[[Race], None]:
    """Let a race have its turns on a server of its own."""

    def played(race: Race) -> None:
        server = live("picking")
        scene = Scene(server, app_on(server))
        take_turns(scene, race, TURNS)
        assert scene.chain_holds()

    return played


def take_turns(scene: Scene, race: Race, most: int) -> None:
    for _ in islice(race(scene), most):
        pass


def goes_wrong(scene: Scene, race: Race) -> bool:
    try:
        take_turns(scene, race, MOST_TURNS)
    except AssertionError:
        return True
    return False


def drop_constraints(engine: sa.Engine) -> None:
    """Let a proposal stand in two slots; let two hold one slot where that can be changed."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_booking_proposal")
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE hold DROP CONSTRAINT pk_hold")


def test_of_two_who_hold_the_same_free_slot_at_once_one_holds_it(play):
    play(hold_the_same_slot)


def test_each_stands_in_one_slot_when_a_swap_is_accepted_while_one_of_the_two_picks(play):
    play(swap_and_pick)


def test_of_two_organisers_who_publish_the_same_draft_at_once_one_does(play):
    play(publish_the_same_draft)


def test_of_two_answers_by_link_at_once_the_last_is_kept(play):
    play(answer_first)


def test_a_delay_sent_twice_at_once_counts_once(play):
    play(send_the_same_delay)


def test_an_answer_by_link_counts_as_things_stand_once_it_has_waited(live, app_on):
    server = live("picking", workers=1)
    scene = Scene(server, app_on(server))
    mine, path = invitation(scene)
    answer = sa.select(Invitation.answer).where(mine)
    no, yes = (
        Click(scene.visitor(), path, {"answer": each.value})
        for each in (Answer.DECLINED, Answer.ACCEPTED)
    )
    assert scene.send(yes).status == DONE

    scene.queued(no, yes)
    is_last_kept = scene.one(answer).value in scene.one(LAST_ENTRY)
    withdrawal = sa.update(Invitation).where(mine).values(withdrawn_at=MOMENTS["picking"])
    [late] = scene.queued(no, meanwhile=withdrawal)

    assert (is_last_kept, late.status) == (True, REFUSED)


def test_without_the_lock_the_same_races_go_wrong(live, app_on, monkeypatch):
    """The negative control, also without two constraints that refuse some of it by themselves.

    SQLite refuses to write on an outdated reading, a failure of the server. A delay is not among
    these: on PostgreSQL its second sender waits for the slots' rows, and finds the new version.
    """
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--config python:tests.schedule.unguarded")
    server = live("picking", drop_constraints)
    scene = Scene(server, app_on(server))
    races = [hold_the_same_slot, publish_the_same_draft, change_ones_mind, swap_and_pick]

    assert [each for each in races if goes_wrong(scene, each)] == races
