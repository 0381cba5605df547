"""Signing in by a row of the session, as the sign-in page leaves it, without its slow hash."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

from app import clock
from app.accounts.models import Person, SignIn
from app.accounts.routes import TOKEN
from app.accounts.secrets import digest, new_token
from tests.cast import Part, address_of
from tests.databases import SECRET_KEY

SIGNER = Flask("signer")
SIGNER.secret_key = SECRET_KEY


@dataclass(frozen=True)
class Identity:
    """What a browser holds of a session: the cookie, and the token that its forms carry."""

    cookie: str
    token: str


def identity(engine: sa.Engine, who: str | Part = "") -> Identity:
    """Sign in on the database of `engine`, or begin a stranger's session."""
    return with_token({TOKEN: _new_row(engine, who), "_permanent": True} if who else {})


def with_token(values: dict[str, object]) -> Identity:
    """The session of these values, with the token of its forms, made now if there is none."""
    with SIGNER.test_request_context():
        session.update(values)
        token = generate_csrf()
        return Identity(_serializer().dumps(dict(session)), token)


def values_of(cookie: str) -> dict[str, object]:
    """What the cookie of a session holds."""
    return _serializer().loads(cookie) if cookie else {}


def _serializer() -> URLSafeTimedSerializer:
    return SIGNER.session_interface.get_signing_serializer(SIGNER)


def _new_row(engine: sa.Engine, who: str | Part) -> str:
    token, now = new_token(), clock.real_now()
    with engine.begin() as connection:
        person = sa.select(Person.id).where(Person.email == address_of(who, connection))
        row = sa.insert(SignIn).values(
            person_id=person.scalar_subquery(),
            token_hash=digest(token),
            browser="",
            created_at=now,
            expires_at=now + timedelta(days=7),
        )
        connection.execute(row)
    return token
