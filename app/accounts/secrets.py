"""Passwords and tokens: what is stored is never what was handed out."""

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.workflow import N_, Message

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200

_hasher = PasswordHasher()  # argon2id with the library's current parameters
_NOBODY = _hasher.hash("nobody has this password")


def password_fault(password: str) -> Message | None:
    """Return why a password can't be used: too short to be safe, too long to hash quickly."""
    if len(password) < SHORTEST_PASSWORD:
        return N_("Use at least 10 characters.")
    return N_("Use at most 200 characters.") if len(password) > LONGEST_PASSWORD else None


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password (tens of milliseconds: outside any transaction)."""
    return _hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Return whether the password fits, as slowly for an unknown person as for a known one."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Return 256 random bits for a cookie or an address."""
    return secrets.token_urlsafe(32)


def keyed_digest(text: str, key: str) -> str:
    """Return a digest (hex) that tells nobody without the key which text it is of."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def digest(token: str) -> str:
    """Return the SHA-256 (hex) under which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
