"""Feeds and invitations, read back by icalendar, vobject and ical.js, whatever the texts hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from app.calendars.ics import Attendee, Frame, Party, Presentation, feed, invitation, plain
from tests.calendars.readers import by_ical_js, by_icalendar, by_vobject, load, published, sent

START = datetime(2019, 10, 5, 0, 30, tzinfo=UTC)
FRAME = Frame(
    name="KIPP 2019",
    timezone="Asia/Makassar",
    around=START,
    colour="seagreen",
    url="https://ajang.example/editions/kipp-2019/schedule",
)
HOSTILE = {
    "empty": "",
    "delimiters": "Kesraku; a, b: c \\ d \\; \\, \\\\",
    "escapes": "C:\\new C:\\New \\n \\N \\\\n \\\\N ^n ^^ ^' %0D%0A =0D=0A",
    "another event": "baris\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:palsu\n",
    "another event, CRLF": "baris\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:palsu",
    "a fold": "baris\r\n lanjut\n\tlanjut",
    "long": "x" * 500,
    "long, of spaces": "x" + " " * 200 + "y",
    "three bytes": "日本語" * 60,
    "four bytes": "🏆" * 99 + "👩🏽‍🔬" * 20,
    "mixed lengths": "aé日🏆" * 60,
    "backslashes": "\\" * 200,
    "semicolons": ";" * 200,
    "quotes": "\"kutip\" 'kutip' “kutip” <b>&amp;",
    "separators": "a\rb\u2028c\u2029d\x85e\x0bf\x0cg\x1ch\x1di\x1ej",
    "controls": "a\x00b\x01c\x07d\x1be\x7ff\x9fg\ufeffh",
    "directions": "\u202eterbalik\u202c \u2066isolasi\u2069 \u200f\u200e",
    "joiners": "a\u0301\u0300\u200d\u200c\u2060",
    "no characters": "\ufffe\uffff\U0010ffff",
    "half a character": "a\ud800b\udfff",
    "spaces around": "  dua spasi  ",
}
ADDRESSES = [
    "o'neil+kipp@x.example",
    "a.b-c_d~e@x.example",
    "a!$*z@x.example",
    "dewi@xn--80.example",
]


def presentation(text: str = "Kesraku") -> Presentation:
    return Presentation(
        uid="presentation-1@kipp.ajang",
        revision=3,
        stamp=START - timedelta(days=1),
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        timezone="Asia/Makassar",
        title=text,
        location=text,
        url="https://ajang.example/innovations/1?a=1&b=2#c",
        category=text,
        alarm=60,
        organizer=Party(name=text, email="sekretariat@ajang.example"),
        attendees=(
            Attendee(name=text, email="juri@ajang.example"),
            Attendee("Dewi", "dewi@ajang.example", "ACCEPTED", "OPT-PARTICIPANT"),
        ),
        description=text,
        colour="tomato",
    )


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = load(chromium.new_page())
    yield page
    page.close()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_icalendar_and_vobject_read_a_feed_exactly(text):
    frame, entries = replace(FRAME, name=text), [presentation(text)]
    body = feed(frame, entries)
    assert by_icalendar(body) == by_vobject(body) == published(frame, entries)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_icalendar_and_vobject_read_an_invitation_exactly(text, method):
    entry = presentation(text)
    body = invitation(FRAME, entry, method)
    assert by_icalendar(body) == by_vobject(body) == sent(FRAME, entry, method)


@pytest.mark.browser
def test_ical_js_reads_feeds_and_invitations_exactly(page):
    entries = [presentation(text) for text in HOSTILE.values()]
    frames = [replace(FRAME, name=text) for text in HOSTILE.values()]
    pairs = [
        *((feed(each, entries), published(each, entries)) for each in frames),
        *(
            (invitation(FRAME, entry, method), sent(FRAME, entry, method))
            for entry in entries
            for method in ("REQUEST", "CANCEL")
        ),
    ]
    read = by_ical_js(page, [body for body, _ in pairs])
    for found, (_, expected) in zip(read, pairs, strict=True):
        assert found == expected


CHANGES = [  # when clocks go forward in Berlin and in New York
    datetime(2019, 3, 31, 1, tzinfo=UTC),
    datetime(2020, 3, 29, 1, tzinfo=UTC),
    datetime(2019, 3, 10, 7, tzinfo=UTC),
]
TEXTS = st.text(max_size=120)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_comes_back_from_icalendar_and_vobject(text):
    frame, entry = replace(FRAME, name=text), presentation(text)
    body = feed(frame, [entry])
    assert by_icalendar(body) == by_vobject(body) == published(frame, [entry])
    asked = invitation(FRAME, entry, "REQUEST")
    assert by_icalendar(asked) == by_vobject(asked) == sent(FRAME, entry, "REQUEST")


@pytest.mark.browser
@settings(max_examples=8, deadline=None)
@given(texts=st.lists(TEXTS, min_size=30, max_size=60))
def test_any_text_comes_back_from_ical_js(page, texts):
    entries = [presentation(text) for text in texts]
    bodies = [invitation(FRAME, each, "REQUEST") for each in entries]
    read = by_ical_js(page, [feed(FRAME, entries), *bodies])
    assert read == [published(FRAME, entries), *(sent(FRAME, each, "REQUEST") for each in entries)]


@pytest.mark.browser
def test_three_parsers_read_the_same_moments_in_any_zone_and_season(page):
    # Hours that clocks show twice can't be told apart with a TZID, so the autumn is left out.
    zones = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York"]
    for zone in zones:
        frame = replace(FRAME, timezone=zone)
        seasons = [START + timedelta(days=days) for days in range(-200, 201, 40)]
        moments = [change + timedelta(hours=n) for change in CHANGES for n in range(-3, 4)]
        entries = [
            replace(
                presentation(), timezone=zone, starts_at=each, ends_at=each + timedelta(minutes=30)
            )
            for each in seasons + moments
        ]
        body = feed(frame, entries)
        expected = published(frame, entries)
        assert by_icalendar(body) == by_vobject(body) == expected
        assert by_ical_js(page, [body]) == [expected]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_no_line_is_longer_than_75_bytes_or_splits_a_character(text):
    for body in (
        feed(replace(FRAME, name=text), [presentation(text)]),
        invitation(FRAME, presentation(text), "REQUEST"),
    ):
        lines = body.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert all(line.decode() for line in lines[:-1])
        assert not any(mark in line for line in lines for mark in (b"\r", b"\n"))
        assert body.count(b"\r\nBEGIN:VEVENT\r\n") == body.count(b"\r\nEND:VEVENT\r\n") == 1


@given(TEXTS)
def test_what_is_plain_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("email", ADDRESSES)
def test_an_ordinary_address_stands_as_it_is(email):
    entry = replace(presentation(), attendees=(Attendee("Dewi", email),))
    body = invitation(FRAME, entry, "REQUEST")
    assert by_icalendar(body) == by_vobject(body) == sent(FRAME, entry, "REQUEST")


@pytest.mark.parametrize(
    ("email", "written"),
    [
        ('"a b"@x.example', "%22a%20b%22@x.example"),
        ("a?bcc=c@x.example", "a%3Fbcc%3Dc@x.example"),
        ("a\r\nATTENDEE:b@x.example", "a%0AATTENDEE%3Ab@x.example"),
        ("jürgen@x.example", "j%C3%BCrgen@x.example"),
        ("a%40b@x.example", "a%2540b@x.example"),
    ],
)
def test_an_odd_address_is_percent_encoded(email, written):
    entry = replace(presentation(), attendees=(Attendee("Dewi", email),))
    body = invitation(FRAME, entry, "REQUEST")
    for read in (by_icalendar(body), by_vobject(body)):
        assert [each[:2] for each in read["events"][0]["attendees"]] == [
            ("Dewi", f"mailto:{written}")
        ]


def test_a_feed_names_nobody_invited():
    assert b"ATTENDEE" in invitation(FRAME, presentation(), "REQUEST")
    assert b"ATTENDEE" not in feed(FRAME, [presentation()])


def test_nobody_is_invited_by_nobody_or_to_what_is_called_off():
    for entry, method in (
        (replace(presentation(), organizer=None), "REQUEST"),
        (replace(presentation(), attendees=()), "CANCEL"),
        (replace(presentation(), status="CANCELLED"), "REQUEST"),
    ):
        with pytest.raises(ValueError, match="invit"):
            invitation(FRAME, entry, method)


def test_an_update_keeps_the_uid_and_moves_the_entry():
    later = replace(presentation(), revision=4, starts_at=START + timedelta(hours=1))
    first, second = (
        by_icalendar(invitation(FRAME, each, "REQUEST"))["events"][0]
        for each in (presentation(), later)
    )
    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (3, 4)
    assert second["starts_at"] - first["starts_at"] == timedelta(hours=1)
