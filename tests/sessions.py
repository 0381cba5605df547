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
from app.demo import DOMAIN
from tests.databases import SECRET_KEY

SIGNER = Flask("signer")
SIGNER.secret_key = SECRET_KEY


@dataclass(frozen=True)
class Identity:
    """What a browser holds of a session: the cookie, and the token that its forms carry."""

    cookie: str
    token: str


def address_of(account: str) -> str:
    """The e-mail address of a demo account, or the address itself."""
    return account if "@" in account else f"{account}@{DOMAIN}"


def identity(engine: sa.Engine, account: str = "") -> Identity:
    """Sign in on the database of `engine`, or begin a stranger's session."""
    row = {TOKEN: _new_row(engine, address_of(account)), "_permanent": True} if account else {}
    return with_token(row)


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


def _new_row(engine: sa.Engine, email: str) -> str:
    token, now = new_token(), clock.real_now()
    person = sa.select(Person.id).where(Person.email == email).scalar_subquery()
    row = sa.insert(SignIn).values(
        person_id=person,
        token_hash=digest(token),
        browser="",
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    with engine.begin() as connection:
        connection.execute(row)
    return token
