"""Opening and closing the secret address of a feed."""

from datetime import datetime

from app.accounts.models import Person
from app.accounts.secrets import digest, new_token
from app.calendars import queries
from app.calendars.models import Feed
from app.database import db
from app.editions.models import Edition
from app.workflow import N_, NotAllowedNow


def open_feed(edition: Edition, person: Person, *, now: datetime) -> str:
    """Give the person a new secret address; the old one stops working. Return its token."""
    before = queries.live_feed(edition, person)
    alarm = before.alarm_minutes if before else None
    close_feed(edition, person, now=now)
    token = new_token()
    feed = Feed(
        edition_id=edition.id,
        person_id=person.id,
        token_hash=digest(token),
        created_at=now,
        alarm_minutes=alarm,
    )
    db.session.add(feed)
    db.session.flush()
    return token


def close_feed(edition: Edition, person: Person, *, now: datetime) -> None:
    """Revoke the person's address, if they have one."""
    feed = queries.live_feed(edition, person)
    if feed is not None:
        feed.revoked_at = now
        db.session.flush()


def set_alarm(edition: Edition, person: Person, minutes: int) -> None:
    """Set how many minutes before each presentation the person's calendar rings; 0 is never."""
    feed = queries.live_feed(edition, person)
    if feed is None:
        raise NotAllowedNow(
            N_("Create your calendar address first: the alarm is part of it."),
            remedy="calendars.own",
        )
    feed.alarm_minutes = minutes or None
