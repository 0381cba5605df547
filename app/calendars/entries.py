"""What a calendar says about a published presentation. Pure."""

import re
from datetime import datetime, time, timedelta

from app.calendars.ics import GREENWICH, Presentation
from app.editions.models import Edition
from app.programme.models import Appearance
from app.proposals.models import Proposal

_UID = re.compile(r"presentation-([0-9]{1,9})@.+")
COLOURS = ("teal", "royalblue", "darkorange", "purple", "crimson", "olivedrab", "sienna", "navy")


def uid_of(proposal: Proposal, edition: Edition) -> str:
    """Return the UID of a presentation's calendar entry; it never changes."""
    return f"presentation-{proposal.id}@{edition.calendar_domain}"


def proposal_in(uid: str) -> int:
    """Return the proposal (id) that a UID names, which may be another deployment's; 0 for none."""
    found = _UID.fullmatch(uid)
    return int(found[1]) if found else 0


def calendar_zone(edition: Edition) -> str:
    """Return the zone in which calendars give an edition's times.

    That is UTC if its clocks change between two of its days, or on one: readers differ about an
    hour that comes twice.
    """
    midnights = [
        datetime.combine(planned.date + timedelta(days=later), time(), tzinfo=edition.zone)
        for planned in edition.days
        for later in (0, 1)
    ]
    changes = len({midnight.utcoffset() for midnight in midnights}) > 1
    return GREENWICH if changes else edition.timezone


def category_of(proposal: Proposal) -> str:
    """Return the category under which a calendar files the presentation."""
    return proposal.category.name if proposal.category else proposal.agency.name


def presentation_of(
    edition: Edition, appearance: Appearance, url: str, alarm: int | None = None
) -> Presentation:
    """Return a published presentation as a feed shows it; `url` is its page."""
    proposal = appearance.proposal
    return Presentation(
        uid=uid_of(proposal, edition),
        revision=appearance.revision,
        stamp=appearance.changed_at,
        starts_at=appearance.starts_at,
        ends_at=appearance.ends_at,
        timezone=calendar_zone(edition),
        title=proposal.title,
        location=appearance.location,
        url=url,
        category=category_of(proposal),
        description=proposal.agency.name,
        colour=_colour(edition, appearance.room_id),
        alarm=alarm,
    )


def _colour(edition: Edition, room_id: int | None) -> str:
    """Return the colour of a room, the same in every calendar."""
    places = {room.id: place for place, room in enumerate(edition.rooms)}
    return COLOURS[places.get(room_id or 0, 0) % len(COLOURS)]
