"""Calendar files: the public schedule, one presentation, each person's secret feed."""

from collections import OrderedDict

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.accounts.permissions import anyone
from app.calendars import actions, invitations, queries
from app.calendars.entries import presentation_of
from app.calendars.forms import AlarmForm
from app.calendars.links import google, outlook, subscriptions
from app.calendars.selections import selection_asked
from app.calendars.serving import calendar, page_of
from app.calendars.tickets import Ticket, sealed_ticket
from app.config import Config
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition, member
from app.programme.models import Appearance, Invitation
from app.programme.queries import appearance_numbered, appearances, appearances_of
from app.web.access import requires
from app.web.links import link_to
from app.web.pages import listing, page, page_number

blueprint = Blueprint("calendars", __name__)


@blueprint.record_once
def keep(state: BlueprintSetupState) -> None:
    """Give each application its own cache of calendars, and its pages the links of an entry."""
    state.app.extensions["calendars"] = OrderedDict()
    state.app.jinja_env.globals["calendar_entry"] = calendar_entry
    state.app.jinja_env.globals["subscriptions"] = subscriptions


@blueprint.get("/editions/<edition>/schedule.ics")
@requires(can_see_edition)
def schedule(user: User, edition: Edition) -> ResponseReturnValue:
    """Serve the public schedule as a calendar: all, or of a day, room, agency or category."""
    selection = selection_asked(request.args)
    return calendar(
        edition,
        f"public {selection.key}",
        lambda: selection.of(appearances(edition), edition.zone),
    )


@blueprint.get("/editions/<edition>/innovations/<int:number>.ics")
@requires(can_see_edition)
def presentation(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Serve one presentation as a calendar."""
    found = appearance_numbered(number, edition) or abort(404)
    return calendar(edition, f"proposal {number}", lambda: [found], name=found.proposal.title)


@blueprint.get("/feeds/<token>.ics")
@requires(anyone)
def personal(user: User, token: str) -> ResponseReturnValue:
    """Serve a person's calendar, or that of one of their roles, to anyone with its address."""
    found = queries.feed_with(token) or abort(404)
    edition, person, alarm = found.edition, found.person, found.alarm_minutes
    selection = selection_asked(request.args)
    return calendar(
        edition,
        f"person {person.id} alarm {alarm or 0} {selection.key}",
        lambda: selection.of(
            queries.appearances_for(person, edition, selection.role), edition.zone
        ),
        name=person.name,
        alarm=alarm,
    )


@blueprint.get("/editions/<edition>/calendar")
@requires(member)
def own(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how to get the schedule into the user's own calendar."""
    return _own_page(user, edition)


@blueprint.post("/editions/<edition>/calendar")
@requires(member)
def open_feed(user: User, edition: Edition) -> ResponseReturnValue:
    """Make a secret address, shown only this once; the old one stops working."""
    token = actions.open_feed(edition, user.acting, now=clock.now())
    address = link_to("calendars.personal", token=token)
    return _own_page(user, edition, address)


@blueprint.post("/editions/<edition>/calendar/removal")
@requires(member)
def close_feed(user: User, edition: Edition) -> ResponseReturnValue:
    """Revoke the secret address."""
    actions.close_feed(edition, user.acting, now=clock.now())
    flash(gettext("The calendar address no longer works."))
    return redirect(url_for("calendars.own", edition=edition.slug))


@blueprint.post("/editions/<edition>/calendar/alarm")
@requires(member)
def set_alarm(user: User, edition: Edition) -> ResponseReturnValue:
    """Set how long before a presentation the user's calendar rings."""
    form = AlarmForm()
    if not form.validate():
        return _own_page(user, edition, status=422)
    actions.set_alarm(edition, user.acting, form.minutes.data)
    flash(gettext("Saved. Your calendar will show it after its next refresh."))
    return redirect(url_for("calendars.own", edition=edition.slug))


@blueprint.post("/editions/<edition>/calendar/answers")
@requires(member)
def accept_all(user: User, edition: Edition) -> ResponseReturnValue:
    """Accept every invitation that the user has not answered yet."""
    count = invitations.accept_all(edition, user.acting, now=clock.now())
    flash(
        ngettext(
            "Saved: you can attend %(count)s presentation.",
            "Saved: you can attend %(count)s presentations.",
            count,
            count=count,
        )
    )
    return redirect(url_for("calendars.own", edition=edition.slug))


def calendar_entry(edition: Edition, appearance: Appearance) -> dict[str, str]:
    """Return the addresses that put a presentation into a web calendar."""
    entry = presentation_of(edition, appearance, page_of(edition, appearance.proposal))
    return {"google": google(entry), "outlook": outlook(entry)}


def _own_page(
    user: User, edition: Edition, address: str = "", status: int = 200
) -> ResponseReturnValue:
    live = queries.live_feed(edition, user.acting)
    form = AlarmForm(formdata=None, minutes=(live.alarm_minutes or 0) if live else 0)
    invited = listing(queries.invitations_of(user.acting, edition), page_number())
    return page(
        "calendars/own.html",
        status,
        edition=edition,
        feed=live,
        address=address,
        form=form,
        roles=[membership.role for membership in user.memberships],
        invited=invited,
        appearances=appearances_of([invitation.proposal for invitation in invited.items]),
        unanswered=queries.unanswered_count(user.acting, edition, now=clock.now()),
        ticket_of=_ticket,
    )


def _ticket(invitation: Invitation) -> str:
    """Return the ticket that lets its holder answer this invitation."""
    config: Config = current_app.config["AJANG"]
    return sealed_ticket(Ticket(invitation.proposal_id, invitation.person_id), config.secret_key)
