"""Pages for panels: who judges in which room."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.schedule.benches import panels
from app.schedule.benches.forms import PanelForm
from app.schedule.draft import queries
from app.schedule.draft.comparability import comparability_of
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.models import Panel
from app.web.access import requires
from app.web.errors import refuse
from app.web.pages import page
from app.web.seen import check_seen
from app.workflow import DomainError

blueprint = Blueprint("panels", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/panels")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the panels, and the form for a new one."""
    return _list(edition, PanelForm(formdata=None, seats=5, quorum=edition.quorum))


@blueprint.post("/panels")
@requires(organiser)
def add_panel(user: User, edition: Edition) -> ResponseReturnValue:
    """Make a panel."""
    form = PanelForm().offer(edition)
    status = _saved(user, edition, None, form)
    return _list(edition, form, status) if status else _done(edition)


@blueprint.get("/panels/<int:panel>")
@requires(organiser)
def panel(user: User, edition: Edition, panel: Panel) -> ResponseReturnValue:
    """Show the form that changes a panel."""
    form = PanelForm(formdata=None, obj=panel).offer(edition, panel).fill(panel)
    return page("schedule/panel.html", edition=edition, panel=panel, form=form)


@blueprint.post("/panels/<int:panel>")
@requires(organiser)
def change_panel(user: User, edition: Edition, panel: Panel) -> ResponseReturnValue:
    """Change a panel."""
    form = PanelForm().offer(edition, panel)
    status = _saved(user, edition, panel, form)
    if status:
        return page("schedule/panel.html", status, edition=edition, panel=panel, form=form)
    return _done(edition)


@blueprint.post("/panels/<int:panel>/removal")
@requires(organiser)
def remove_panel(user: User, edition: Edition, panel: Panel) -> ResponseReturnValue:
    """Dissolve a panel."""
    panels.remove_panel(panel, edition, by=user.acting, now=clock.now())
    flash(gettext("The panel has been dissolved: the whole team now judges in its place."))
    return redirect(url_for("panels.index", edition=edition.slug))


def _saved(user: User, edition: Edition, panel: Panel | None, form: PanelForm) -> int:
    """Save the panel; return the status of a refusal, or 0 if it worked."""
    if not form.validate():
        return 422
    try:
        if panel is not None:
            check_seen(*panel.facts, now=panel.name)
        panels.set_panel(
            edition,
            panel,
            form.facts(),
            members=form.members.data or [],
            alternates=form.alternates.data or [],
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return refuse(form, error)
    return 0


def _done(edition: Edition) -> ResponseReturnValue:
    flash(gettext("Saved."))
    return redirect(url_for("panels.index", edition=edition.slug))


def _list(edition: Edition, form: PanelForm, status: int = 200) -> ResponseReturnValue:
    comparability = comparability_of(timetable_of(edition))
    parts = comparability.parts if comparability and not comparability.is_connected else []
    people = [judge_id for part in parts for judge_id in part.judges]
    return page(
        "schedule/panels.html",
        status,
        edition=edition,
        comparability=comparability,
        people=queries.people_with(people),
        panels=queries.panels(edition),
        team=len(queries.judging_team(edition)),
        form=form.offer(edition),
    )
