"""The addresses at which other programs read the published schedule, open to everyone."""

import json
from typing import Any

from flask import Blueprint, Response, abort, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition
from app.gallery.formats import queries
from app.gallery.formats.atom import FeedEntry, NewsFeed, atom
from app.gallery.formats.frab import schedule_json, schedule_xml
from app.gallery.formats.programme import Programme, programme_of
from app.gallery.formats.tables import COLUMNS, plain_facts, rows_of
from app.gallery.state import edition_state
from app.programme.models import Change, ChangeKind, Version
from app.web.access import requires
from app.web.headers import FOR_ALL
from app.web.language import local
from app.web.language import moment as written
from app.web.links import link_to
from app.web.pages import download
from app.web.shared import shared
from app.web.spreadsheets import Format, write_table

MOST_CHANGES = 60  # named in one entry of the feed
NEWEST = 20  # versions in the feed

blueprint = Blueprint("formats", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/schedule.xml")
@requires(can_see_edition)
@shared(edition_state)
def frab_xml(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the schedule as frab and pentabarf write it, once there is one."""
    return _sent(schedule_xml(_published(edition)), "application/xml")


@blueprint.get("/schedule.json")
@requires(can_see_edition)
@shared(edition_state)
def frab_json(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the schedule as frab and pretalx write it, once there is one."""
    return _json(schedule_json(_published(edition)))


@blueprint.get("/presentations.json")
@requires(can_see_edition)
@shared(edition_state)
def plain_json(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the schedule as a list of presentations."""
    return _json(plain_facts(programme_of(edition, now=clock.now())))


@blueprint.get("/presentations.csv")
@requires(can_see_edition)
@shared(edition_state)
def table(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the schedule as a table."""
    rows = rows_of(programme_of(edition, now=clock.now()))
    body = write_table(Format.CSV, COLUMNS, rows)
    response = download(body, Format.CSV.mimetype, f"{edition.slug}-presentations.csv")
    response.headers.update(FOR_ALL)
    return response


@blueprint.get("/schedule.atom")
@requires(can_see_edition)
@shared(edition_state)
def versions(user: User, edition: Edition) -> ResponseReturnValue:
    """Send a feed of the published versions: what each one changed."""
    entries = [_entry(edition, version) for version in queries.newest_versions(edition, NEWEST)]
    feed = NewsFeed(
        own=link_to("formats.versions", edition=edition.slug),
        page=link_to("gallery.schedule", edition=edition.slug),
        title=f"{gettext('Schedule')}: {local(edition)}",
        author=edition.organisation.name,
        entries=entries,
    )
    return _sent(atom(feed), "application/atom+xml")


def _published(edition: Edition) -> Programme:
    found = programme_of(edition, now=clock.now())
    return found if found.talks else abort(404)


def _entry(edition: Edition, version: Version) -> FeedEntry:
    page = link_to("gallery.schedule", edition=edition.slug)
    title = gettext("Version %(number)s", number=version.number)
    lines = [_change(edition, change) for change in version.changes if _is_public(change)]
    left_out = len(lines) - MOST_CHANGES
    told = lines[:MOST_CHANGES]
    if left_out > 0:
        told.append(ngettext("and %(num)s more", "and %(num)s more", left_out))
    text = "\n".join(line for line in (version.note, *told) if line)
    return FeedEntry(f"{page}?version={version.number}", title, text, version.published_at)


def _is_public(change: Change) -> bool:
    """Return whether everyone may read of it: who judges what is not for everyone."""
    return change.kind is not ChangeKind.JUDGES


def _change(edition: Edition, change: Change) -> str:
    title = change.proposal.title
    if change.starts_at is None:
        return str(gettext("%(title)s: cancelled", title=title))
    begins = written(change.starts_at, edition.zone)
    told = {"title": title, "moment": begins, "place": change.location}
    return str(gettext("%(title)s: %(moment)s, %(place)s", **told))


def _json(content: dict[str, Any]) -> Response:
    body = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return _sent(body, "application/json")


def _sent(body: bytes, mimetype: str) -> Response:
    return current_app.response_class(body, mimetype=mimetype, headers=FOR_ALL)
