"""Tickets: addresses that let whoever has one answer an invitation, without signing in. Pure.

A ticket names the proposal and the person and is sealed with the server's key (HMAC-SHA-256), so
nothing of it needs to be stored, and the links of old letters go on working.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import NamedTuple


class Ticket(NamedTuple):
    """Whose answer it is, and to what."""

    proposal_id: int
    person_id: int


def sealed(ticket: Ticket, key: str) -> str:
    """Return the ticket as it stands in an address."""
    text = f"{ticket.proposal_id}-{ticket.person_id}"
    return f"{text}-{_seal(text, key)}"


def opened(text: str, key: str) -> Ticket | None:
    """Return what a ticket says, None where its seal is not ours."""
    facts, _, seal = text.partition("-")[2].partition("-")
    whole = f"{text.partition('-')[0]}-{facts}"
    if not hmac.compare_digest(_seal(whole, key).encode(), seal.encode()):
        return None
    proposal_id, person_id = (int(each) for each in whole.split("-"))
    return Ticket(proposal_id, person_id)


def _seal(text: str, key: str) -> str:
    digest = hmac.new(key.encode(), f"invitation:{text}".encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
