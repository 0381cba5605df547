"""Tickets: addresses that let whoever has one answer an invitation, without signing in. Pure.

A ticket names the proposal and the person and is signed with the server's key, so none of it needs
to be stored. It never expires: the links in old letters keep working.
"""

import re
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from itsdangerous import BadData, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_decode


class Ticket(NamedTuple):
    """Whose answer it is, and to what."""

    proposal_id: int
    person_id: int


def sealed_ticket(ticket: Ticket, key: str) -> str:
    """Return the ticket as it stands in an address."""
    return _serializer(key).dumps(ticket)


def opened_ticket(text: str, key: str) -> Ticket | None:
    """Return what a ticket says, None if its seal is not ours."""
    try:
        ticket = Ticket(*_serializer(key).loads(text))
    except BadData:
        return _opened_of_old(text, key)
    # Base64 is read with spare bits and foreign characters, but a ticket has one address.
    return ticket if sealed_ticket(ticket, key) == text else None


def reply_token(ticket: Ticket, key: str) -> str:
    """Return the secret in the address to which a calendar program sends the answer.

    In hexadecimal, because some programs write addresses in capitals.
    """
    signer = Signer(key, salt="reply", key_derivation="hmac", digest_method=sha256)
    return base64_decode(signer.get_signature(f"{ticket.proposal_id}-{ticket.person_id}"))[
        :16
    ].hex()


def _serializer(key: str) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": sha256}
    return URLSafeSerializer(key, salt="invitation", signer_kwargs=options)


def _opened_of_old(text: str, key: str) -> Ticket | None:
    """Open `12-345-<HMAC-SHA-256>`, as it stands in letters that were sent before version 0.2."""
    facts = re.match(r"([0-9]+)-([0-9]+)-", text)
    if facts is None:
        return None
    signer = Signer(key, key_derivation="none", digest_method=sha256)
    seal = signer.get_signature(f"invitation:{facts[0][:-1]}")
    is_ours = compare_digest(seal, text[facts.end() :].encode())
    return Ticket(int(facts[1]), int(facts[2])) if is_ours else None
