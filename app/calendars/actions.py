"""Opening and closing the secret address of a feed."""

from datetime import datetime

from app.accounts.models import Person
from app.accounts.secrets import digest, new_token
from app.calendars import queries
from app.calendars.models import Feed
from app.database import db
from app.editions.models import Edition


def open_feed(edition: Edition, person: Person, *, now: datetime) -> str:
    """Give the person a new secret address; the one before stops working. Return its token."""
    close_feed(edition, person, now=now)
    token = new_token()
    db.session.add(
        Feed(edition_id=edition.id, person_id=person.id, token_hash=digest(token), created_at=now)
    )
    db.session.flush()
    return token


def close_feed(edition: Edition, person: Person, *, now: datetime) -> None:
    """Let the person's address stop working, if they have one."""
    feed = queries.live_feed(edition, person)
    if feed is not None:
        feed.revoked_at = now
        db.session.flush()
