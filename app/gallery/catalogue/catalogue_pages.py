"""The catalogue of every public edition: searched on a page, and read by other programs."""

import json
from datetime import datetime

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import anyone
from app.editions.permissions import User
from app.gallery.catalogue.queries import (
    MOST_FOUND,
    Search,
    best_keys,
    found_by,
    innovations_with,
    offered,
)
from app.gallery.formats.atom import FeedEntry, NewsFeed, atom
from app.gallery.metadata import card_of
from app.gallery.reading import PublicInnovation, public_innovations
from app.gallery.state import site_state
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.fields import whole
from app.web.headers import FOR_ALL
from app.web.links import link_to
from app.web.pages import page_number, page_or_partial, wants_partial
from app.web.shared import shared, site_part
from app.web.typed import clean_line

SIZE, IN_FEED, IN_FILE = 24, 30, 100
LONGEST = 300
LAST_PAGE = 50  # of the file

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/innovations")
@requires(anyone)
@shared(site_state)
def index(user: User) -> ResponseReturnValue:
    """Show the innovations that somebody looks for, of every public edition."""
    search, now, number = _asked(), clock.now(), page_number()
    keys = best_keys(search, now=now)
    first, after = (number - 1) * SIZE, number * SIZE
    return page_or_partial(
        "gallery/catalogue.html",
        search=search,
        asked=search.as_fields(),
        shown=public_innovations(innovations_with(keys[:MOST_FOUND][first:after]), now=now),
        count=len(keys),
        counted=MOST_FOUND,
        number=number,
        has_more=after < min(len(keys), MOST_FOUND),
        offered=None if wants_partial() else site_part("narrowings", offered),
        card=card_of(
            link_to("catalogue.index"),
            gettext("Catalogue of innovations"),
            gettext("Innovations of public services, to be found and replicated."),
        ),
    )


@blueprint.get("/innovations.json")
@requires(anyone)
@shared(site_state)
def plain(user: User) -> ResponseReturnValue:
    """Send innovations as other programs read them, newest first, a hundred at a time."""
    search, number = _asked(), min(page_number(), LAST_PAGE)
    found = _found(search, clock.now(), first=(number - 1) * IN_FILE, size=IN_FILE + 1)
    following = link_to("catalogue.plain", page=number + 1, **search.as_fields())
    content = {
        "innovations": [_facts(own) for own in found[:IN_FILE]],
        "next": following if len(found) > IN_FILE else None,
    }
    body = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return current_app.response_class(body, mimetype="application/json", headers=FOR_ALL)


@blueprint.get("/innovations.atom")
@requires(anyone)
@shared(site_state)
def feed(user: User) -> ResponseReturnValue:
    """Send a feed of the newest innovations."""
    found = _found(_asked(), clock.now(), first=0, size=IN_FEED)
    content = atom(
        NewsFeed(
            own=link_to("catalogue.feed"),
            page=link_to("catalogue.index"),
            title=gettext("Catalogue of innovations"),
            author="Ajang",
            entries=[_entry(own) for own in found],
        )
    )
    return current_app.response_class(content, mimetype="application/atom+xml", headers=FOR_ALL)


def _asked() -> Search:
    """Read what somebody looks for from the address."""
    given = request.args
    texts = {
        name: clean_line(given.get(name, ""))[:LONGEST]
        for name in ("search", "category", "theme", "agency")
    }
    return Search(
        texts["search"],
        whole(given.get("organisation")),
        whole(given.get("year")),
        texts["category"],
        texts["theme"],
        texts["agency"],
        is_awarded=given.get("awarded") == "1",
    )


def _found(search: Search, now: datetime, *, first: int, size: int) -> list[PublicInnovation]:
    return public_innovations(found_by(search, now=now, first=first, size=size), now=now)


def _facts(own: PublicInnovation) -> dict[str, object]:
    proposal = own.proposal
    return {
        "title": proposal.title,
        "agency": proposal.agency.name,
        "organisation": proposal.edition.organisation.name,
        "edition": proposal.edition.name,
        "category": proposal.category.name if proposal.category else None,
        "running_since": proposal.started_on.isoformat() if proposal.started_on else None,
        "summary": own.summary,
        "video": own.video_url or None,
        "themes": [option.name for _, chosen in own.themes for option in chosen],
        "awards": [{"category": award.category.name, "rank": award.rank} for award in own.awards],
        "url": _link(proposal),
    }


def _entry(own: PublicInnovation) -> FeedEntry:
    proposal = own.proposal
    told = f"{proposal.agency.name}, {proposal.edition.organisation.name}. {own.summary}"
    since = proposal.submitted_at or proposal.created_at
    return FeedEntry(_link(proposal), proposal.title, told, since)


def _link(proposal: Proposal) -> str:
    edition = proposal.edition
    return link_to("gallery.innovation", edition=edition.slug, number=proposal.number)
