"""The cockpit of an edition, and the reminders it offers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.dashboard.cockpit.awaited import Awaited, awaited_in, remind, text_to_share
from app.dashboard.cockpit.overview import cockpit_of
from app.dashboard.models import Matter
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import (
    User,
    organiser_chair_or_observer,
    organiser_or_chair,
)
from app.web.access import may_open, requires
from app.web.links import link_to, whatsapp
from app.web.pages import page, wants_partial

blueprint = Blueprint("cockpit", __name__, url_prefix="/editions/<edition>/cockpit")

NAMED = 12  # people of one matter that are named; the others are counted


@blueprint.get("")
@requires(organiser_chair_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show where the competition stands, who is waited for, and what comes next."""
    now = clock.now()
    cockpit = cockpit_of(edition, user, now=now)
    return page(
        "dashboard/cockpit.html",
        cockpit=cockpit,
        may_open=lambda endpoint: may_open(endpoint, user, edition=edition),
        **_awaited(user, edition, cockpit.awaited, now),
    )


@blueprint.post("/reminders/<matter>")
@requires(organiser_or_chair)
def remind_all(user: User, edition: Edition, matter: str) -> ResponseReturnValue:
    """Remind everybody who is waited for in a matter."""
    return _reminded(user, edition, matter, _lines(user, edition, matter))


@blueprint.post("/reminders/<matter>/<int:number>")
@requires(organiser_or_chair)
def remind_one(user: User, edition: Edition, matter: str, number: int) -> ResponseReturnValue:
    """Remind one person (id) of a matter."""
    lines = _lines(user, edition, matter)
    return _reminded(user, edition, matter, [line for line in lines if line.person.id == number])


def _lines(user: User, edition: Edition, matter: str) -> list[Awaited]:
    if matter not in set(Matter):
        abort(404)
    return awaited_in(edition, but=user.acting, now=clock.now()).get(Matter(matter), [])


def _reminded(
    user: User, edition: Edition, matter: str, lines: list[Awaited]
) -> ResponseReturnValue:
    """Remind them, and show again who is waited for, where that was pressed."""
    now = clock.now()
    count = remind(lines, edition, link_to=partial(_link, edition), by=user.acting, now=now)
    message = (
        ngettext("%(num)s e-mail is on its way.", "%(num)s e-mails are on their way.", count)
        if count
        else gettext(
            "No e-mail was sent: they have finished, or were reminded within the last hour."
        )
    )
    if wants_partial():
        awaited = awaited_in(edition, but=user.acting, now=now)
        about = {"message": message, "reminded": Matter(matter)}
        return page("dashboard/_awaited.html", **about, **_awaited(user, edition, awaited, now))
    flash(message)
    return redirect(url_for("cockpit.index", edition=edition.slug, _anchor="awaited"))


def _awaited(
    user: User, edition: Edition, awaited: Mapping[Matter, Sequence[Awaited]], now: datetime
) -> dict[str, Any]:
    """Return what is needed to show who is waited for."""
    return {
        "edition": edition,
        "awaited": awaited,
        "now": now,
        "named": NAMED,
        "may_remind": organiser_or_chair(user),
        "share": lambda line: _share(line, edition),
    }


def _share(line: Awaited, edition: Edition) -> str:
    """Return the link that opens WhatsApp with the text of the reminder; it asks to whom."""
    return whatsapp(text_to_share(line, edition, link_to=partial(_link, edition)))


def _link(edition: Edition, matter: Matter) -> str:
    """Return the address of the page on which what is waited for is done."""
    if matter in _KINDS:
        return link_to("sheets.index", edition=edition.slug, kind=_KINDS[matter].value)
    return link_to(_PLACES[matter], edition=edition.slug)


_PLACES = {
    Matter.PLEDGE: "pledge.index",
    Matter.SLOT: "schedule.slots",
    Matter.CONFIRMATION: "awards.plenary",
}
_KINDS = {
    Matter.DESK: SheetKind.DESK,
    Matter.PRESENTATION: SheetKind.PRESENTATION,
    Matter.SECOND_LOOK: SheetKind.PRESENTATION,
}
