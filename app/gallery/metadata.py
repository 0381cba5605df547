"""What a page tells other programs of itself: a card for chats (Open Graph), facts (schema.org).

Nothing personal is in it: of an innovation its agency is named, never its authors.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from app.editions.faces import Face
from app.editions.models import Edition
from app.gallery.reading import PublicInnovation
from app.programme.models import Appearance
from app.web.language import local
from app.web.links import link_to

Facts = dict[str, Any]

CONTEXT = "https://schema.org"
LONGEST = 300  # characters of the text below a link


@dataclass(frozen=True)
class PageCard:
    """What a link to a page shows in a chat: its whole address, title, text and picture."""

    url: str
    title: str
    text: str
    picture: str = ""
    facts: Markup | None = None


def card_of(
    url: str, title: str, text: str, *, picture: str = "", facts: Facts | None = None
) -> PageCard:
    """Return the card of a page, with its facts as JSON-LD that can't end its element."""
    written = _as_json_ld(facts) if facts else None
    return PageCard(url, title, " ".join(text.split())[:LONGEST], picture, written)


def emblem_link(face: Face) -> str:
    """Return the whole address of an organisation's emblem, empty if it has none."""
    if not face.emblem_sha256:
        return ""
    return link_to("branding.emblem", number=face.organisation_id, v=face.version)


def picture_link(edition: Edition, shown: PublicInnovation) -> str:
    """Return the whole address of an innovation's picture, empty if it has none."""
    if shown.picture is None:
        return ""
    number = shown.proposal.number
    version = shown.picture.version
    return link_to("gallery.picture", edition=edition.slug, number=number, v=version)


def competition_facts(edition: Edition) -> Facts:
    """Return the facts of an edition: an event with its organiser, days and place."""
    days = [day.date.isoformat() for day in edition.days]
    facts: Facts = {
        "@type": "Event",
        "name": local(edition),
        "url": link_to("gallery.edition", edition=edition.slug),
        "organizer": {"@type": "GovernmentOrganization", "name": edition.organisation.name},
    }
    if days:
        facts |= {"startDate": days[0], "endDate": days[-1]}
    if edition.venue:
        facts["location"] = {"@type": "Place", "name": edition.venue}
    return facts


def presentation_facts(edition: Edition, appearance: Appearance) -> Facts:
    """Return the facts of a presentation: an event with its times, place and agency."""
    proposal = appearance.proposal
    return {
        "@type": "Event",
        "name": proposal.title,
        "startDate": _moment(appearance.starts_at, edition),
        "endDate": _moment(appearance.ends_at, edition),
        "eventStatus": f"{CONTEXT}/EventScheduled",
        "location": {"@type": "Place", "name": appearance.location or edition.venue or "–"},
        "performer": {"@type": "GovernmentOrganization", "name": proposal.agency.name},
        "url": link_to("gallery.innovation", edition=edition.slug, number=proposal.number),
    }


def innovation_facts(edition: Edition, shown: PublicInnovation) -> Facts:
    """Return the facts of an innovation: a work of its agency, with its awards once public."""
    proposal = shown.proposal
    facts: Facts = {
        "@type": "CreativeWork",
        "name": proposal.title,
        "url": link_to("gallery.innovation", edition=edition.slug, number=proposal.number),
        "creator": {"@type": "GovernmentOrganization", "name": proposal.agency.name},
        "inLanguage": "id",
    }
    if shown.summary:
        facts["abstract"] = shown.summary
    if shown.picture:
        facts["image"] = picture_link(edition, shown)
    if shown.awards:
        facts["award"] = [f"{local(edition)}: {local(award.category)}" for award in shown.awards]
    return facts


def _as_json_ld(facts: Facts) -> Markup:
    written = json.dumps({"@context": CONTEXT} | facts, ensure_ascii=False)
    for sign in "<>&":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(written)  # noqa: S704 -- JSON without < > & ends no element


def _moment(moment: datetime, edition: Edition) -> str:
    return moment.astimezone(edition.zone).isoformat(timespec="minutes")
