"""Names beside the audit chain: an entry holds a salted digest, so that the name can be deleted."""

import hashlib
import secrets

from sqlalchemy import delete, select

from app.audit.models import AuditName
from app.database import db

SALT_BYTES = 16
SIGN = "name:"
"""How a digest begins in an entry."""


def named(edition_id: int, person_id: int, name: str) -> str:
    """Keep a person's name beside the edition's chain; return what an entry holds in its place."""
    salt = secrets.token_hex(SALT_BYTES)
    digest = SIGN + hashlib.sha256(f"{salt}{name}".encode()).hexdigest()
    db.session.add(
        AuditName(edition_id=edition_id, person_id=person_id, digest=digest, salt=salt, name=name)
    )
    return digest


def names_behind(edition_id: int) -> dict[str, str]:
    """Return the names that are still kept beside the edition's chain, by their digests."""
    rows = db.session.execute(
        select(AuditName.digest, AuditName.name).where(AuditName.edition_id == edition_id)
    )
    return {row.digest: row.name for row in rows}


def forget_names(person_id: int) -> None:
    """Delete a person's names beside every chain; the digests in them stay, and say nothing."""
    db.session.execute(delete(AuditName).where(AuditName.person_id == person_id))
