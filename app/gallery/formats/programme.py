"""The published schedule as plain values, in the edition's own words: the same for every reader."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from app.editions.models import Edition
from app.gallery.reading import PublicInnovation, public_innovations
from app.programme.models import Appearance, Version
from app.programme.queries import appearances, last_version
from app.web.links import link_to


@dataclass(frozen=True)
class PublishedTalk:
    """A presentation: times in the edition's zone, its page's whole address, nothing personal."""

    number: int
    code: str
    title: str
    agency: str
    category: str
    summary: str
    room: str
    starts_at: datetime
    ends_at: datetime
    url: str

    @property
    def guid(self) -> UUID:
        """What it is known by, in every format and version."""
        return uuid5(NAMESPACE_URL, self.url)

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class Programme:
    """A published schedule: its talks by time and room, and the version that it is of (or None)."""

    slug: str
    name: str
    organisation: str
    venue: str
    zone: ZoneInfo
    url: str
    version: int | None
    published_at: datetime | None
    talks: Sequence[PublishedTalk]

    @property
    def days(self) -> list[dt.date]:
        """The days on which something is presented."""
        return sorted({talk.starts_at.date() for talk in self.talks})

    def on(self, day: dt.date) -> list[PublishedTalk]:
        """Return the talks of a day."""
        return [talk for talk in self.talks if talk.starts_at.date() == day]


def programme_of(edition: Edition, *, now: datetime) -> Programme:
    """Return the published schedule; without talks before one is published."""
    rows = appearances(edition)
    shown = public_innovations([row.proposal for row in rows], now=now)
    summaries = {own.proposal.id: own for own in shown}
    return _programme(
        edition,
        last_version(edition),
        [_talk(row, summaries[row.proposal_id], edition) for row in rows],
    )


def _programme(
    edition: Edition, version: Version | None, talks: Sequence[PublishedTalk]
) -> Programme:
    return Programme(
        edition.slug,
        edition.name,
        edition.organisation.name,
        edition.venue,
        edition.zone,
        link_to("gallery.schedule", edition=edition.slug),
        version.number if version else None,
        version.published_at.astimezone(edition.zone) if version else None,
        talks,
    )


def _talk(row: Appearance, shown: PublicInnovation, edition: Edition) -> PublishedTalk:
    proposal = row.proposal
    return PublishedTalk(
        proposal.number,
        proposal.code,
        proposal.title,
        proposal.agency.name,
        proposal.category.name if proposal.category else "",
        shown.summary,
        row.room.name if row.room else row.location or edition.venue,
        row.starts_at.astimezone(edition.zone),
        row.ends_at.astimezone(edition.zone),
        link_to("gallery.innovation", edition=edition.slug, number=proposal.number),
    )
