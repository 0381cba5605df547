"""Calendar files: the public schedule, one presentation, each person's secret feed."""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import anyone
from app.calendars import actions, queries
from app.calendars.forms import AlarmForm
from app.calendars.ics import Frame, Presentation, feed
from app.calendars.invitations import uid_of
from app.calendars.links import google, outlook
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition, role
from app.schedule.published import Appearance
from app.schedule.queries import appearances
from app.web.access import requires
from app.web.pages import page

blueprint = Blueprint("calendars", __name__)

member = role(*Role)
Key = tuple[str, int, int]  # whose calendar, of which edition, at which revision

KEPT = 32  # calendars kept in memory by each worker
_changing = Lock()


@blueprint.record_once
def keep(state: BlueprintSetupState) -> None:
    """Give each application its own kept calendars, and pages the links of an entry."""
    state.app.extensions["calendars"] = OrderedDict()
    state.app.jinja_env.globals["calendar_entry"] = calendar_entry


@blueprint.get("/editions/<edition>/schedule.ics")
@requires(can_see_edition)
def schedule(user: User, edition: Edition) -> ResponseReturnValue:
    """Hand out the public schedule as a calendar."""
    return _calendar(edition, "public", lambda: appearances(edition))


@blueprint.get("/editions/<edition>/innovations/<int:number>.ics")
@requires(can_see_edition)
def presentation(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Hand out one presentation as a calendar."""
    found = [each for each in appearances(edition) if each.proposal.number == number]
    return _calendar(edition, f"proposal {number}", lambda: found) if found else abort(404)


@blueprint.get("/feeds/<token>.ics")
@requires(anyone)
def personal(user: User, token: str) -> ResponseReturnValue:
    """Hand out a person's calendar to whoever holds its secret address."""
    found = queries.feed_with(token) or abort(404)
    alarm = found.alarm_minutes
    return _calendar(
        found.edition,
        f"person {found.person_id} alarm {alarm or 0}",
        lambda: queries.appearances_for(found.person, found.edition),
        alarm=alarm,
    )


@blueprint.get("/editions/<edition>/calendar")
@requires(member)
def own(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how to get the schedule into one's own calendar."""
    return _own_page(user, edition)


@blueprint.post("/editions/<edition>/calendar")
@requires(member)
def open_feed(user: User, edition: Edition) -> ResponseReturnValue:
    """Make a secret address, shown this once; the one before stops working."""
    token = actions.open_feed(edition, user.acting, now=clock.now())
    address = url_for("calendars.personal", token=token, _external=True)
    return _own_page(user, edition, address)


@blueprint.post("/editions/<edition>/calendar/removal")
@requires(member)
def close_feed(user: User, edition: Edition) -> ResponseReturnValue:
    """Let the secret address stop working."""
    actions.close_feed(edition, user.acting, now=clock.now())
    flash(gettext("The address has stopped working."))
    return redirect(url_for("calendars.own", edition=edition.slug))


@blueprint.post("/editions/<edition>/calendar/alarm")
@requires(member)
def set_alarm(user: User, edition: Edition) -> ResponseReturnValue:
    """Say how long before a presentation one's calendar rings."""
    form = AlarmForm()
    if not form.validate():
        return _own_page(user, edition, status=422)
    actions.set_alarm(edition, user.acting, form.minutes.data)
    flash(gettext("Saved. Your calendar has it with its next refresh."))
    return redirect(url_for("calendars.own", edition=edition.slug))


def calendar_entry(edition: Edition, appearance: Appearance) -> dict[str, str]:
    """Return the addresses that put a presentation into a web calendar."""
    entry = _presentation(edition, appearance, None)
    return {"google": google(entry), "outlook": outlook(entry)}


def _own_page(
    user: User, edition: Edition, address: str = "", status: int = 200
) -> ResponseReturnValue:
    live = queries.live_feed(edition, user.acting)
    form = AlarmForm(formdata=None, minutes=(live.alarm_minutes or 0) if live else 0)
    return page(
        "calendars/own.html", status, edition=edition, feed=live, address=address, form=form
    )


def _calendar(
    edition: Edition,
    key: str,
    find: Callable[[], list[Appearance]],
    *,
    alarm: int | None = None,
) -> Response:
    """Answer with the calendar, or 304 where the reader has the present one.

    It changes only with the edition's revision, so its bytes are kept until then.
    """
    tag = f"{edition.id}-{edition.revision}-{key.replace(' ', '-')}"
    response = current_app.response_class(mimetype="text/calendar")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.vary.add("Accept-Encoding")
    if request.if_none_match.contains(tag):
        response.status_code = 304
        return response
    body, packed = _kept(
        (key, edition.id, edition.revision), lambda: _bytes(edition, find(), alarm)
    )
    is_packed = request.accept_encodings.quality("gzip") > 0
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(packed if is_packed else body)
    return response


def _kept(key: Key, make: Callable[[], bytes]) -> tuple[bytes, bytes]:
    """Return a calendar as it is and packed, made once; the least used are forgotten."""
    kept: OrderedDict[Key, tuple[bytes, bytes]] = current_app.extensions["calendars"]
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


def _bytes(edition: Edition, found: list[Appearance], alarm: int | None) -> bytes:
    around = found[0].starts_at if found else edition.created_at
    frame = Frame(name=edition.name, timezone=edition.timezone, around=around)
    return feed(frame, [_presentation(edition, appearance, alarm) for appearance in found])


def _presentation(edition: Edition, appearance: Appearance, alarm: int | None) -> Presentation:
    proposal = appearance.proposal
    return Presentation(
        uid=uid_of(proposal, edition),
        revision=appearance.revision,
        stamp=appearance.changed_at,
        starts_at=appearance.starts_at,
        ends_at=appearance.ends_at,
        timezone=edition.timezone,
        title=proposal.title,
        location=appearance.location,
        url=url_for(
            "gallery.innovation", edition=edition.slug, number=proposal.number, _external=True
        ),
        category=proposal.agency.name,
        alarm=alarm,
    )
