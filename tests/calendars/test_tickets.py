"""Tickets: whoever has one answers as the person it names, so nobody else makes or alters one."""

import hmac
import string
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from app.calendars.tickets import Ticket, opened_ticket, sealed_ticket

KEY = "a key of the server, long enough to be one"
TICKET = Ticket(proposal_id=12, person_id=345)
IN_OLD_LETTERS = "12-345-Jvm4AtRdk6JOqSO6O7LnBr_xjedOOyU85nLervWJBfQ"  # sent before version 0.2
ALPHABET = string.ascii_letters + string.digits + "-_=.é \n"


def test_a_ticket_says_what_was_sealed():
    for ticket in (TICKET, Ticket(1, 1), Ticket(2**40, 7)):
        assert opened_ticket(sealed_ticket(ticket, KEY), KEY) == ticket


def test_a_ticket_stands_in_an_address_as_it_is():
    for number in range(1, 100):
        assert set(sealed_ticket(Ticket(number, 345), KEY)) <= {
            *string.ascii_letters,
            *string.digits,
            *"-_.",
        }


def test_the_link_of_an_old_letter_goes_on_working():
    assert opened_ticket(IN_OLD_LETTERS, KEY) == TICKET


@pytest.mark.parametrize("text", [sealed_ticket(TICKET, KEY), IN_OLD_LETTERS])
def test_a_ticket_with_any_character_changed_is_refused(text):
    changed = {
        text[:place] + other + text[place + 1 :] for place in range(len(text)) for other in ALPHABET
    }
    assert len(changed - {text}) == len(text) * (len(ALPHABET) - 1)
    assert [each for each in changed if opened_ticket(each, KEY)] == [text]


@pytest.mark.parametrize("text", [sealed_ticket(TICKET, KEY), IN_OLD_LETTERS])
def test_a_ticket_with_a_character_more_or_less_is_refused(text):
    shorter = {text[:place] + text[place + 1 :] for place in range(len(text))}
    longer = {
        text[:place] + more + text[place:] for place in range(len(text) + 1) for more in ALPHABET
    }
    assert [each for each in shorter | longer if opened_ticket(each, KEY)] == []


def test_the_seal_of_one_ticket_is_none_of_another():
    facts, seal = sealed_ticket(TICKET, KEY).split(".")
    assert opened_ticket(f"{facts}.{seal}", KEY) == TICKET
    for other in (Ticket(345, 12), Ticket(12, 346), Ticket(13, 345), Ticket(1, 2345)):
        assert opened_ticket(f"{sealed_ticket(other, KEY).split('.')[0]}.{seal}", KEY) is None


def test_the_seal_of_an_old_ticket_is_none_of_another():
    seal = IN_OLD_LETTERS.removeprefix("12-345-")
    assert opened_ticket(f"12-345-{seal}", KEY) == TICKET
    for facts in ("345-12", "12-346", "13-345", "123-45", "1-2345", "012-345", "12-345-12"):
        assert opened_ticket(f"{facts}-{seal}", KEY) is None


def test_a_ticket_sealed_with_another_key_is_refused():
    for key in (KEY + ".", KEY[:-1], KEY.upper(), ""):
        assert opened_ticket(sealed_ticket(TICKET, key), KEY) is None
        assert opened_ticket(sealed_ticket(TICKET, KEY), key) is None
        assert opened_ticket(IN_OLD_LETTERS, key) is None


@pytest.mark.parametrize("purpose", ["", "session", "Invitation", "cookie-session", "itsdangerous"])
def test_what_the_same_key_signed_for_another_purpose_is_refused(purpose):
    def signed_for(purpose: str) -> str:
        options = {"key_derivation": "hmac", "digest_method": sha256}
        return URLSafeSerializer(KEY, salt=purpose, signer_kwargs=options).dumps(TICKET)

    assert opened_ticket(signed_for("invitation"), KEY) == TICKET
    assert opened_ticket(signed_for(purpose), KEY) is None


@pytest.mark.parametrize("purpose", ["", "session:", "Invitation:", "invitation"])
def test_what_the_same_key_sealed_as_of_old_for_another_purpose_is_refused(purpose):
    def sealed_for(purpose: str) -> str:
        digest = hmac.new(KEY.encode(), f"{purpose}12-345".encode(), sha256).digest()
        return f"12-345-{urlsafe_b64encode(digest).decode().rstrip('=')}"

    assert opened_ticket(sealed_for("invitation:"), KEY) == TICKET
    assert opened_ticket(sealed_for(purpose), KEY) is None


@pytest.mark.parametrize(
    "text", ["", "-", "--", "---", "12", "12-345", "12-345-", "x-y-z", ".", "W10.x"]
)
def test_what_is_no_ticket_is_refused(text):
    assert opened_ticket(text, KEY) is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text())
def test_no_text_whatever_is_a_ticket_by_chance_or_breaks_the_page(text):
    assert opened_ticket(text, KEY) is None
    assert opened_ticket(f"12-345-{text}", KEY) is None
    assert opened_ticket(f"{sealed_ticket(TICKET, KEY).split('.')[0]}.{text}", KEY) is None
