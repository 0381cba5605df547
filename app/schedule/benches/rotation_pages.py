"""The page that proposes panels among which judges rotate."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.adjustment import efficiency_of
from app.schedule.benches.forms import RotationForm
from app.schedule.benches.rotating import proposed_rotation, rotate_judges
from app.schedule.benches.rotation import Rotation
from app.schedule.draft import queries
from app.web.access import requires
from app.web.errors import refuse
from app.web.pages import page
from app.web.seen import check_seen, fingerprint
from app.workflow import DomainError

blueprint = Blueprint("rotation", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/panels/rotation")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show who would sit where, once it is said how many judge and how often they change."""
    form = RotationForm(request.args or None, meta={"csrf": False})
    if not request.args:
        form.size.data = edition.quorum
        return _page(edition, form)
    if not form.validate():
        return _page(edition, form, 422)
    try:
        rotation = proposed_rotation(edition, *form.chosen)
    except DomainError as error:
        return _page(edition, form, refuse(form, error))
    return _page(edition, form, rotation=rotation)


@blueprint.post("/panels/rotation")
@requires(organiser)
def rotate(user: User, edition: Edition) -> ResponseReturnValue:
    """Replace the panels by these."""
    form = RotationForm()
    if not form.validate():
        return _page(edition, form, 422)
    rotation = None
    try:
        rotation = proposed_rotation(edition, *form.chosen)
        names = ", ".join(panel.name for panel in queries.panels(edition))
        check_seen(*_facts(edition, rotation), now=names or gettext("no panels"))
        rotate_judges(edition, rotation, *form.chosen, by=user.acting, now=clock.now())
    except DomainError as error:
        return _page(edition, form, refuse(form, error), rotation=rotation)
    flash(
        ngettext(
            "%(count)s panel was created.",
            "%(count)s panels were created.",
            len(rotation.panels),
            count=len(rotation.panels),
        )
    )
    return redirect(url_for("panels.index", edition=edition.slug))


def _facts(edition: Edition, rotation: Rotation) -> tuple[object, ...]:
    """Return which panels there are, and which are proposed in their place."""
    stints = zip(rotation.stints, rotation.panels, strict=True)
    return (
        [panel.facts for panel in queries.panels(edition)],
        [(stint.room_id, stint.starts_at, sorted(judges)) for stint, judges in stints],
    )


def _page(
    edition: Edition, form: RotationForm, status: int = 200, *, rotation: Rotation | None = None
) -> ResponseReturnValue:
    people = {judge.person_id: judge.person.name for judge in queries.judging_team(edition)}
    rooms = {room.id: room for room in edition.rooms}
    stints = zip(rotation.stints, rotation.panels, strict=True) if rotation else ()
    heard = (
        {judge_id: sum(judge_id in panel for panel in rotation.by_sitting) for judge_id in people}
        if rotation
        else {}
    )
    return page(
        "schedule/rotation.html",
        status,
        edition=edition,
        form=form,
        is_proposed=rotation is not None,
        seen=fingerprint(*_facts(edition, rotation)) if rotation else "",
        lines=[
            (stint, rooms.get(stint.room_id), sorted(people[judge_id] for judge_id in judges))
            for stint, judges in stints
        ],
        efficiency=efficiency_of(rotation.by_sitting) if rotation else None,
        fewest=min(heard.values(), default=0),
        most=max(heard.values(), default=0),
        replaced=len(queries.panels(edition)),
    )
