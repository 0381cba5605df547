"""Serving calendars: kept in memory, plain and compressed, or a 304 if nothing has changed."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Lock

from flask import Response, current_app, request

from app import clock
from app.calendars.entries import COLOURS, calendar_zone, presentation_of
from app.calendars.ics import Frame, feed
from app.editions.models import Edition
from app.programme.models import Appearance
from app.proposals.models import Proposal
from app.web.links import link_to

Key = tuple[str, int, int]  # whose calendar, of which edition, at which revision
Kept = OrderedDict[Key, tuple[bytes, bytes]]

KEPT = 64  # calendars kept in memory by each worker
_changing = Lock()


def calendar(
    edition: Edition,
    key: str,
    find: Callable[[], Sequence[Appearance]],
    *,
    name: str = "",
    alarm: int | None = None,
) -> Response:
    """Answer with the calendar of what `find` finds, or 304 if the reader has the current one.

    It changes only with the edition's revision, so its bytes are kept until then.
    """
    tag = f"{edition.id}-{edition.revision}-{key.replace(' ', '-')}"
    response = current_app.response_class(mimetype="text/calendar")
    response.set_etag(tag)
    response.last_modified = last_modified(edition, now=clock.now())
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.vary.add("Accept-Encoding")
    if _has_it(tag, response.last_modified):
        response.status_code = 304
        return response
    body, packed = _kept(
        (key, edition.id, edition.revision), lambda: _bytes(edition, find(), name, alarm)
    )
    is_packed = request.accept_encodings.quality("gzip") > 0
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(packed if is_packed else body)
    return response


def last_modified(edition: Edition, *, now: datetime) -> datetime | None:
    """Return when the calendar changed, to the second.

    None within that second, in which another change would go unseen.
    """
    changed = (edition.revised_at or edition.created_at).replace(microsecond=0)
    return changed if now.replace(microsecond=0) > changed else None


def _has_it(tag: str, changed: datetime | None) -> bool:
    """Return whether the reader has the current calendar; an ETag outweighs a date (RFC 9110)."""
    if request.if_none_match:
        return request.if_none_match.contains(tag)
    since = request.if_modified_since
    return since is not None and changed is not None and changed <= since


def _kept(key: Key, make: Callable[[], bytes]) -> tuple[bytes, bytes]:
    """Return a calendar, plain and compressed, made once; the least recently used are dropped."""
    kept: Kept = current_app.extensions["calendars"]
    found = kept.get(key)
    if found is None:
        body = make()
        found = body, gzip.compress(body, mtime=0)
    with _changing:
        kept[key] = found
        kept.move_to_end(key)
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return found


def _bytes(edition: Edition, found: Sequence[Appearance], name: str, alarm: int | None) -> bytes:
    year = (found[0].starts_at if found else edition.created_at).year
    frame = Frame(
        name=f"{edition.name}: {name}" if name else edition.name,
        timezone=calendar_zone(edition),
        around=datetime(year, 7, 1, tzinfo=UTC),
        colour=COLOURS[0],
        url=link_to("gallery.schedule", edition=edition.slug),
    )
    entries = (
        presentation_of(edition, appearance, page_of(edition, appearance.proposal), alarm)
        for appearance in found
    )
    return feed(frame, entries, {appearance.entry_digest: appearance.entry for appearance in found})


def page_of(edition: Edition, proposal: Proposal) -> str:
    """Return the address of the presentation's public page."""
    return link_to("gallery.innovation", edition=edition.slug, number=proposal.number)
