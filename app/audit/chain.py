"""Recording an action, and verifying that the chain still says what was recorded."""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.audit import queries
from app.audit.models import AuditEntry, AuditHead
from app.database import db, has_lock

BEFORE_THE_FIRST = "0" * 64


class UnlockedEdition(RuntimeError):
    """An action would be recorded while others may also write: a bug."""


class Actor(Protocol):
    """A person who acts; an entry names them by their number, so that it outlives their name."""

    id: int


@dataclass(frozen=True)
class Verification:
    """What a verification found.

    `entries` and `head` are what the chain has, `recorded` how many entries it must have,
    `broken_at` the first broken entry, `held_at` the one whose hash somebody holds, if any.
    """

    entries: int
    head: str
    broken_at: int | None
    recorded: int
    held: str = ""
    held_at: int | None = None

    @property
    def is_shortened(self) -> bool:
        """Whether entries are missing at the end, or were put in place of others."""
        return self.broken_at is None and self.entries != self.recorded

    @property
    def is_another(self) -> bool:
        """Whether the chain does not hold the hash that somebody kept: it was written anew."""
        return bool(self.held) and self.held_at is None

    @property
    def holds(self) -> bool:
        """Whether every entry is as it was recorded, and all are there."""
        return self.broken_at is None and not self.is_shortened and not self.is_another


def record(
    edition_id: int,
    action: str,
    *,
    by: Actor | None,
    now: datetime,
    subject: str = "",
    reason: str = "",
    **facts: Any,
) -> AuditEntry:
    """Append one entry to the edition's chain, within the action's own transaction.

    The caller has locked the edition's row (`editions.queries.locked_edition`), so the head can't
    move meanwhile; otherwise raise `UnlockedEdition`. Should the head move anyway, the unique
    sequence refuses the second writer.
    """
    if not has_lock(edition_id):
        raise UnlockedEdition(f"{action} is to be recorded, but edition {edition_id} isn't locked")
    head = queries.last_of(edition_id)
    actor = f"person {by.id}" if by else "system"
    content = canonical(subject=subject, reason=reason, facts=facts)
    entry = AuditEntry(
        edition_id=edition_id,
        sequence=head.sequence + 1 if head else 1,
        at=now.replace(microsecond=0),
        actor=actor[:200],
        action=action,
        content=content,
        previous_hash=head.hash if head else BEFORE_THE_FIRST,
    )
    entry.hash = fingerprint(entry)
    db.session.add(entry)
    _keep_head(entry)
    db.session.flush()
    return entry


def head_of(edition_id: int) -> str:
    """Return the hash (hex) of the newest entry of the edition's chain."""
    head = queries.last_of(edition_id)
    return head.hash if head else BEFORE_THE_FIRST


def verify_chain(edition_id: int, *, held: str = "") -> Verification:
    """Recompute the edition's chain from its first entry and compare.

    `held` is a hash that somebody kept, such as a judge in the letter on the confirmed result: it
    must be that of an entry, for whoever writes the whole chain anew changes all of them.
    """
    previous, count, held_at = BEFORE_THE_FIRST, 0, None
    kept = db.session.get(AuditHead, edition_id)
    recorded = kept.entries if kept else 0
    with closing(queries.chain_of(edition_id)) as entries:
        for entry in entries:
            count += 1
            in_order = entry.sequence == count and entry.previous_hash == previous
            if not in_order or entry.hash != fingerprint(entry):
                return Verification(count, previous, entry.sequence, recorded, held, held_at)
            previous = entry.hash
            held_at = count if previous == held else held_at
    broken_at = count if kept and count == recorded and previous != kept.hash else None
    return Verification(count, previous, broken_at, recorded, held, held_at)


def fingerprint(entry: AuditEntry) -> str:
    """Return the SHA-256 (hex) over the entry's fields and the hash before it."""
    text = canonical(
        edition=entry.edition_id,
        sequence=entry.sequence,
        at=entry.at.isoformat(),
        actor=entry.actor,
        action=entry.action,
        content=entry.content,
        previous=entry.previous_hash,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _keep_head(entry: AuditEntry) -> None:
    head = db.session.get(AuditHead, entry.edition_id)
    if head is None:
        head = AuditHead(edition_id=entry.edition_id)
        db.session.add(head)
    head.entries, head.hash = entry.sequence, entry.hash


def canonical(**facts: object) -> str:
    """Return JSON with sorted keys and no spaces: the same bytes for the same facts."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
