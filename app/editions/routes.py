"""Pages for making an edition and setting its rules, windows and people."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actions import person_named
from app.accounts.permissions import site_admin
from app.database import db
from app.editions import actions, queries
from app.editions.addresses import link_to_invitation
from app.editions.consequences import Consequence, consequences
from app.editions.forms import AgencyForm, EditionForm, OrganisationForm, SettingsForm, window_form
from app.editions.kinds import Role, SheetKind, Stage
from app.editions.list_forms import SPARE_ROWS, list_form
from app.editions.models import Edition
from app.editions.parts import PresentationDay
from app.editions.permissions import User, organiser
from app.editions.roles import tell_or_invite
from app.editions.rules import (
    PARTS,
    Rules,
    offers_of,
    rules_of,
    rules_of_template,
    unbalanced,
    weights_total,
)
from app.editions.sequence import unusual_orders
from app.editions.units import Agency, Organisation
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import Form, version_of, whole
from app.web.language import moment
from app.web.pages import page
from app.web.seen import check_seen
from app.workflow import DomainError

blueprint = Blueprint("editions", __name__)


@blueprint.get("/organisations")
@requires(site_admin)
def organisations(user: User) -> ResponseReturnValue:
    """List the governments on this deployment."""
    return page(
        "editions/organisations.html",
        organisations=queries.organisations(),
        form=OrganisationForm(),
    )


@blueprint.post("/organisations")
@requires(site_admin)
def make_organisation(user: User) -> ResponseReturnValue:
    """Add a government."""
    form = OrganisationForm()
    if not form.validate():
        return page(
            "editions/organisations.html", 422, organisations=queries.organisations(), form=form
        )
    made = actions.make_organisation(form.name.data or "")
    return redirect(url_for("editions.organisation", organisation=made.id))


@blueprint.get("/organisations/<int:organisation>")
@requires(site_admin)
def organisation(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Show a government's agencies and editions."""
    return _organisation(organisation, AgencyForm(), _edition_form(organisation, formdata=None))


@blueprint.post("/organisations/<int:organisation>/agencies")
@requires(site_admin)
def add_agency(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Add an agency."""
    form = AgencyForm().offer(organisation.kinds, queries.agencies_of(organisation))
    if not form.validate():
        return _organisation(organisation, form, _edition_form(organisation, formdata=None), 422)
    try:
        actions.add_agency(
            organisation,
            code=form.code.data or "",
            name=form.name.data or "",
            kind=form.kind.data,
            parent=queries.agency_of(organisation, form.parent.data),
            travel_minutes=form.travel_minutes.data or 0,
            can_enter=form.can_enter.data,
        )
    except DomainError as error:
        return _organisation(
            organisation, form, _edition_form(organisation, formdata=None), refuse(form, error)
        )
    return redirect(url_for("editions.organisation", organisation=organisation.id))


@blueprint.get("/organisations/<int:organisation>/agencies/<int:agency>")
@requires(site_admin)
def agency(user: User, organisation: Organisation, agency: Agency) -> ResponseReturnValue:
    """Show the form that changes an agency."""
    form = AgencyForm(obj=agency).offer(organisation.kinds, queries.agencies_of(organisation))
    form.parent.data = agency.parent_id or 0
    return _agency_page(organisation, agency, form)


@blueprint.post("/organisations/<int:organisation>/agencies/<int:agency>")
@requires(site_admin)
def change_agency(user: User, organisation: Organisation, agency: Agency) -> ResponseReturnValue:
    """Change an agency's name, kind or place in the tree."""
    form = AgencyForm().offer(organisation.kinds, queries.agencies_of(organisation))
    form.code.data = agency.code
    if not form.validate():
        return _agency_page(organisation, agency, form, 422)
    try:
        check_seen(*agency.facts, now=agency.name)
        actions.change_agency(
            agency,
            name=form.name.data or "",
            kind=form.kind.data,
            parent=queries.agency_of(organisation, form.parent.data),
            travel_minutes=form.travel_minutes.data or 0,
            can_enter=form.can_enter.data,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _agency_page(organisation, agency, form, refuse(form, error))
    return redirect(url_for("editions.organisation", organisation=organisation.id))


def _agency_page(
    organisation: Organisation, agency: Agency, form: AgencyForm, status: int = 200
) -> ResponseReturnValue:
    return page("editions/agency.html", status, organisation=organisation, agency=agency, form=form)


@blueprint.post("/organisations/<int:organisation>/editions")
@requires(site_admin)
def make_edition(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Make an edition from a template or an earlier one, and invite its organiser."""
    form = _edition_form(organisation)
    if not form.validate():
        return _organisation(organisation, AgencyForm(formdata=None), form, 422)
    now = clock.now()
    host = person_named(form.organiser.data or "", gettext("Organiser"), now=now)
    edition = actions.make_edition(
        organisation,
        slug=form.slug.data or "",
        name=form.name.data or "",
        name_en=form.name_en.data or "",
        rules={"timezone": current_app.config["AJANG"].zone} | _rules(form.source.data),
        dates=form.dates(),
        organiser=host,
        by=user.acting,
        now=now,
    )
    tell_or_invite(host, edition, Role.ORGANISER, link_to=link_to_invitation, now=now)
    return redirect(url_for("gallery.edition", edition=edition.slug))


@blueprint.get("/editions/<edition>/settings")
@requires(organiser)
def settings(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the edition's single settings."""
    form = SettingsForm(obj=edition)
    form.agency_order.data, form.picking.data = edition.agency_order.value, edition.picking.value
    return _settings_page(edition, form)


@blueprint.post("/editions/<edition>/settings")
@requires(organiser)
def change_settings(user: User, edition: Edition) -> ResponseReturnValue:
    """Change the edition's single settings."""
    form = SettingsForm().offer(queries.agencies_in(edition)).settle(edition)
    if not form.validate():
        return _settings_page(edition, form, 422)
    try:
        actions.change_settings(
            edition, form.settings(), version=version_of(form), by=user.acting, now=clock.now()
        )
    except DomainError as error:
        return _settings_page(edition, form, refuse(form, error))
    flash(gettext("Saved."))
    return redirect(url_for("editions.settings", edition=edition.slug))


@blueprint.get("/editions/<edition>/settings/<part>")
@requires(organiser)
def settings_list(user: User, edition: Edition, part: str) -> ResponseReturnValue:
    """Show one of the edition's lists as a table to edit."""
    if part not in PARTS:
        abort(404)
    form = list_form(part)(formdata=None)
    for place, row in enumerate(getattr(edition, part), 1):
        form.rows.append_entry(_row(row, place))
    for _ in range(0 if edition.is_frozen else SPARE_ROWS):
        form.rows.append_entry()
    form.version.data = edition.version
    return _list_page(edition, part, form)


@blueprint.post("/editions/<edition>/settings/<part>")
@requires(organiser)
def change_list(user: User, edition: Edition, part: str) -> ResponseReturnValue:
    """Replace one of the edition's lists with the rows sent, all or nothing."""
    if part not in PARTS:
        abort(404)
    form = list_form(part)()
    if not form.validate():
        return _list_page(edition, part, form, 422)
    try:
        version, by, now = version_of(form), user.acting, clock.now()
        if part == "days":
            days = [
                PresentationDay(
                    date=row.name.data, starts_at=row.starts_at.data, ends_at=row.ends_at.data
                )
                for row in form.filled()
            ]
            actions.set_days(edition, days, version=version, by=by, now=now)
        else:
            rows = [(whole(row.id.data) or None, row.values()) for row in form.filled()]
            foreseen = consequences(edition, part, rows)
            if foreseen and "confirmed" not in request.form:
                return _list_page(edition, part, form, 422, foreseen)
            actions.replace_list(edition, part, rows, version=version, by=by, now=now)
    except DomainError as error:
        return _list_page(edition, part, form, refuse(form, error))
    wrong = unbalanced(edition) if part == "criteria" else []
    if wrong:
        flash(
            gettext("Saved, but weights must total exactly 100. Until then nobody sees them."),
            "warning",
        )
    else:
        flash(gettext("Saved."))
    return redirect(url_for("editions.settings_list", edition=edition.slug, part=part))


@blueprint.get("/editions/<edition>/windows")
@requires(organiser)
def windows(user: User, edition: Edition) -> ResponseReturnValue:
    """Show when each stage is open."""
    return _windows(edition, {})


@blueprint.post("/editions/<edition>/windows/<stage>")
@requires(organiser)
def set_window(user: User, edition: Edition, stage: str) -> ResponseReturnValue:
    """Set when a stage is open."""
    if stage not in {known.value for known in Stage}:
        abort(404)
    form = window_form(Stage(stage), edition.zone)()
    if not form.validate():
        return _windows(edition, {Stage(stage): form}, 422)
    window = edition.window(Stage(stage))
    times = (window.opens_at, window.closes_at) if window else ()
    try:
        check_seen(*times, now=" – ".join(map(moment, times)) or gettext("no dates"))
        actions.set_window(
            edition,
            Stage(stage),
            opens_at=form.opens_at.data,
            closes_at=form.closes_at.data,
            reason=form.reason.data or "",
            may_end_now="confirmed" in request.form,
            by=user.acting,
            now=clock.now(),
        )
    except actions.ClosesAtOnce as error:
        return _windows(edition, {Stage(stage): form}, refuse(form, error), closing=Stage(stage))
    except DomainError as error:
        return _windows(edition, {Stage(stage): form}, refuse(form, error))
    flash(gettext("Saved."))
    return redirect(url_for("editions.windows", edition=edition.slug))


@blueprint.post("/editions/<edition>/publicity")
@requires(organiser)
def make_public(user: User, edition: Edition) -> ResponseReturnValue:
    """Let everyone see the edition."""
    actions.make_public(edition, by=user.acting, now=clock.now())
    flash(gettext("Everyone can now see the edition."))
    return redirect(url_for("gallery.edition", edition=edition.slug))


def _organisation(
    organisation: Organisation, form: AgencyForm, edition_form: EditionForm, status: int = 200
) -> ResponseReturnValue:
    agencies = queries.agencies_of(organisation)
    return page(
        "editions/organisation.html",
        status,
        organisation=organisation,
        agencies=agencies,
        kinds={kind.code: kind for kind in organisation.kinds},
        names={unit.id: unit.name for unit in agencies},
        editions=queries.editions_of(organisation),
        form=form.offer(organisation.kinds, agencies),
        edition_form=edition_form,
    )


def _edition_form(organisation: Organisation, **options: Any) -> EditionForm:
    return EditionForm(**options).offer(queries.editions_of(organisation))


def _rules(source: str) -> Rules:
    kind, _, name = source.partition(":")
    return (
        rules_of_template(name)
        if kind == "template"
        else rules_of(db.session.get_one(Edition, int(name)))
    )


def _row(row: Any, place: int) -> dict[str, Any]:  # noqa: ANN401 -- a row of any list
    values = {column: getattr(row, column) for column in row.__mapper__.column_attrs.keys()}  # noqa: SIM118 -- SQLAlchemy's collection
    values["place"] = place
    if "date" in values:
        values["name"] = values["date"]
    for column in ("kind", "accepts"):
        if column in values:
            values[column] = values[column].value
    return values


def _settings_page(edition: Edition, form: SettingsForm, status: int = 200) -> ResponseReturnValue:
    form.offer(queries.agencies_in(edition)).settle(edition)
    return page(
        "editions/settings.html",
        status,
        edition=edition,
        form=form,
        parts=PARTS,
        oddities=unusual_orders(edition.spans),
    )


def _list_page(
    edition: Edition,
    part: str,
    form: Any,  # noqa: ANN401 -- a form with rows
    status: int = 200,
    foreseen: Sequence[Consequence] = (),
) -> ResponseReturnValue:
    if not form.rows:
        form.rows.append_entry()  # a table needs a row for its head
    totals = (
        {kind: weights_total(edition, kind) for kind in SheetKind} if part == "criteria" else {}
    )
    return page(
        "editions/list.html",
        status,
        edition=edition,
        part=part,
        parts=PARTS,
        form=form,
        totals=totals,
        foreseen=foreseen,
        offers=offers_of(edition, part),
    )


def _windows(
    edition: Edition,
    given: dict[Stage, Form],
    status: int = 200,
    *,
    closing: Stage | None = None,
) -> ResponseReturnValue:
    """Show the windows; `closing` is the stage of which to ask whether it shall close at once."""
    forms = {
        stage: given.get(stage)
        or window_form(stage, edition.zone)(formdata=None, obj=edition.window(stage))
        for stage in Stage
    }
    return page(
        "editions/windows.html",
        status,
        edition=edition,
        forms=forms,
        parts=PARTS,
        closing=closing,
        oddities=unusual_orders(edition.spans),
    )
