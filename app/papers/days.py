"""For the days of presentations: programme, attendance lists, name cards, labels of folders."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from itertools import groupby

from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.parts import Pause
from app.papers import queries
from app.papers.blocks import Block, Column, Heading, NewPage, Table, Text
from app.papers.draft import Nips, PaperDraft, named, official
from app.papers.minutes import signed_list
from app.papers.writing import Writer
from app.programme.models import Appearance
from app.programme.queries import appearances
from app.workflow import N_, NotAllowedNow

NOT_YET = N_("This document follows the schedule. It can be made once one is published.")
NOTHING_YET = N_("Nothing has been submitted yet.")
Card = tuple[str, str, str]
"""What stands on a card: large, below it, and in its box."""
GUESTS = (Role.JUDGE, Role.ORGANISER, Role.SCREENER, Role.INNOVATOR, Role.OBSERVER)


def programme(edition: Edition, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return the programme of all days; raise `NotAllowedNow` before one is published."""
    shown = _published(edition)
    heading = writer.text(N_("Programme"))
    return [
        official(
            "",
            f"{heading} – {writer.name(edition)}",
            heading,
            dated=writer.local(shown[0].starts_at),
            heading=heading,
            blocks=_programme(edition, shown, writer),
        )
    ]


def _published(edition: Edition) -> Sequence[Appearance]:
    shown = [own for own in appearances(edition) if own.cancelled_at is None]
    if not shown:
        raise NotAllowedNow(NOT_YET, remedy="arrangement.index")
    return shown


def _by_day(shown: Sequence[Appearance], writer: Writer) -> Iterator[tuple[date, list[Appearance]]]:
    for day, own in groupby(shown, key=lambda appearance: writer.local(appearance.starts_at)):
        yield day, list(own)


def _programme(edition: Edition, shown: Sequence[Appearance], writer: Writer) -> Iterator[Block]:
    for day, own in _by_day(shown, writer):
        yield Heading(writer.day(day))
        rows = [
            *(_break(each.on(day), writer.name(each), writer) for each in edition.breaks),
            *(_talk(appearance, writer) for appearance in own),
        ]
        yield Table(
            [
                Column(writer.text(N_("Time"))),
                Column(writer.text(N_("Presentation")), 4),
                Column(writer.text(N_("Where")), 2),
            ],
            [row for _, row in sorted(rows)],
        )
    if edition.award_ceremony:
        yield Heading(writer.day(edition.award_ceremony))
        yield Text(writer.text(N_("Award ceremony")))


Row = tuple[time, tuple[str, str, str]]
"""When something begins, and its line: the time, what it is, and where."""


def _break(pause: Pause, name: str, writer: Writer) -> Row:
    times = (pause.starts_at, pause.ends_at)
    return pause.starts_at, ("–".join(writer.clock(each) for each in times), name, "")


def _talk(appearance: Appearance, writer: Writer) -> Row:
    times = [each.astimezone(writer.zone) for each in (appearance.starts_at, appearance.ends_at)]
    written = "–".join(writer.clock(each.time()) for each in times)
    return times[0].time(), (written, named(appearance.proposal), appearance.location)


def attendance(edition: Edition, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return an attendance list for each day: judges, committee, and who presents then."""
    shown = _published(edition)
    heading = writer.text(N_("Attendance list"))
    return [
        official(
            f"day {day}",
            f"{heading} – {writer.day(day)}",
            writer.day(day),
            dated=day,
            heading=heading,
            blocks=_attendance(edition, day, own, writer),
        )
        for day, own in _by_day(shown, writer)
    ]


def _attendance(
    edition: Edition, day: date, own: Sequence[Appearance], writer: Writer
) -> Iterator[Block]:
    yield Text(f"{writer.day(day)}, {edition.venue}" if edition.venue else writer.day(day))
    for role, message in (
        (Role.JUDGE, N_("Judging team")),
        (Role.SCREENER, N_("Selection committee")),
    ):
        members = queries.members(edition, (role,))
        if members:
            yield Heading(writer.text(message))
            rows = [(member.person.name, member.title or "–") for member in members]
            yield signed_list(rows, writer)
    yield NewPage()
    yield Heading(writer.text(N_("Presenters")))
    rows = [
        (
            ", ".join(author.name for author in appearance.proposal.authors),
            named(appearance.proposal),
        )
        for appearance in own
    ]
    yield signed_list(rows, writer)


def name_cards(edition: Edition, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return the name cards of everybody who has a role, by role and name, each person once."""
    cards: dict[int, Card] = {}
    members = queries.members(edition, GUESTS)
    for member in sorted(members, key=lambda own: GUESTS.index(own.role)):
        what = member.title or (member.agency.name if member.agency else "")
        own_role = writer.text(member.role.label)
        cards.setdefault(member.person_id, (member.person.name, what, own_role))
    if not cards:
        raise NotAllowedNow(N_("Nobody has a role in this edition yet."), remedy="people.index")
    return [_cards(writer.text(N_("Name cards")), list(cards.values()), edition, writer)]


def labels(edition: Edition, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return labels for the folder of each proposal that was submitted and kept, by number."""
    own = queries.judged(edition)
    if not own:
        raise NotAllowedNow(NOTHING_YET, remedy="proposals.index")
    heading = writer.text(N_("Labels for folders"))
    cards = [(proposal.title, proposal.agency.name, proposal.code) for proposal in own]
    return [_cards(heading, cards, edition, writer)]


def _cards(heading: str, cards: Sequence[Card], edition: Edition, writer: Writer) -> PaperDraft:
    day = edition.days[0].date if edition.days else writer.local(edition.created_at)
    parts = {
        "heading": heading,
        "edition": writer.name(edition),
        "cards": [list(card) for card in cards],
    }
    return PaperDraft(
        "", f"{heading} – {writer.name(edition)}", heading, "cards", day, lambda: parts
    )
