"""The page on which the site administrator sees who organises an edition, and appoints somebody."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import site_admin
from app.editions import organisers, queries
from app.editions.addresses import link_to_invitation
from app.editions.invited import invite_again
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.people_forms import AppointmentForm
from app.editions.permissions import User
from app.editions.units import Organisation
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_text
from app.web.pages import page
from app.workflow import DomainError

blueprint = Blueprint(
    "organisers", __name__, url_prefix="/organisations/<int:organisation>/editions/<edition>"
)


@blueprint.get("")
@requires(site_admin)
def index(user: User, organisation: Organisation, edition: Edition) -> ResponseReturnValue:
    """Show who organises the edition."""
    return _organisers(organisation, edition, AppointmentForm())


@blueprint.post("")
@requires(site_admin)
def appoint(user: User, organisation: Organisation, edition: Edition) -> ResponseReturnValue:
    """Make somebody an organiser; a new person gets an invitation."""
    form = AppointmentForm()
    if not form.validate():
        return _organisers(organisation, edition, form, 422)
    try:
        organisers.appoint_organiser(
            edition,
            email=form.email.data or "",
            name=form.name.data or "",
            reason=form.reason.data or "",
            link_to=link_to_invitation,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _organisers(organisation, edition, form, refuse(form, error))
    flash(gettext("The role has been assigned; a new user gets an invitation by e-mail."))
    return _back(organisation, edition)


@blueprint.post("/organisers/<int:membership>/invitation")
@requires(site_admin)
def send_again(
    user: User, organisation: Organisation, edition: Edition, membership: Membership
) -> ResponseReturnValue:
    """Send the invitation again."""
    _check_organiser(membership)
    invite_again(membership, link_to=link_to_invitation, by=user.acting, now=clock.now())
    flash(gettext("A new invitation is on its way to %(email)s.", email=membership.person.email))
    return _back(organisation, edition)


@blueprint.post("/organisers/<int:membership>/removal")
@requires(site_admin)
def dismiss(
    user: User, organisation: Organisation, edition: Edition, membership: Membership
) -> ResponseReturnValue:
    """Take the role from an organiser who never accepted."""
    _check_organiser(membership)
    reason = form_text("reason", 500)
    organisers.dismiss_organiser(membership, reason=reason, by=user.acting, now=clock.now())
    flash(gettext("The role has been removed."))
    return _back(organisation, edition)


def _check_organiser(membership: Membership) -> None:
    if membership.role is not Role.ORGANISER:
        abort(404)


def _back(organisation: Organisation, edition: Edition) -> ResponseReturnValue:
    return redirect(url_for("organisers.index", organisation=organisation.id, edition=edition.slug))


def _organisers(
    organisation: Organisation, edition: Edition, form: AppointmentForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "editions/organisers.html",
        status,
        organisation=organisation,
        edition=edition,
        organisers=queries.holders(edition, Role.ORGANISER),
        form=form,
    )
