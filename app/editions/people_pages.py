"""Pages for the people of an edition: who holds which role, who chairs, who knows what."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions import queries, roles
from app.editions.addresses import link_to_invitation
from app.editions.forms import InvitationForm
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.permissions import User, organiser
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_ids, search_asked
from app.web.pages import listing, page_number, page_or_partial
from app.workflow import DomainError

blueprint = Blueprint("people", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/people")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List who holds which role."""
    return _people(edition, InvitationForm())


@blueprint.post("/people")
@requires(organiser)
def invite(user: User, edition: Edition) -> ResponseReturnValue:
    """Give somebody a role; a new person gets an invitation."""
    form = InvitationForm().offer(queries.agencies_in(edition), edition)
    if not form.validate():
        return _people(edition, form, 422)
    try:
        roles.invite_to(
            edition,
            email=form.email.data or "",
            name=form.name.data or "",
            role=Role(form.role.data),
            agency=queries.agency_in(edition, form.agency.data),
            title=form.title.data or "",
            is_chair=form.is_chair.data,
            is_delegate=form.is_delegate.data,
            link_to=link_to_invitation,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _people(edition, form, refuse(form, error))
    return _back(edition, gettext("The role is given; somebody new gets an invitation by mail."))


@blueprint.post("/people/<int:membership>/chair")
@requires(organiser)
def pass_chair(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Let a judge chair the judging team from now on."""
    roles.pass_chair(membership, edition, by=user.acting, now=clock.now())
    return _back(
        edition, gettext("%(name)s chairs the judging team now.", name=membership.person.name)
    )


@blueprint.post("/people/<int:membership>/delegate")
@requires(organiser)
def name_delegate(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Let an innovator endorse the entries of their agency."""
    roles.name_delegate(membership, by=user.acting, now=clock.now())
    return _back(edition, gettext("Saved."))


@blueprint.post("/people/<int:membership>/delegate/removal")
@requires(organiser)
def dismiss_delegate(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Stop an innovator from endorsing the entries of their agency."""
    roles.dismiss_delegate(membership, by=user.acting, now=clock.now())
    return _back(edition, gettext("Saved."))


@blueprint.post("/people/<int:membership>/expertise")
@requires(organiser)
def set_expertise(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Say which categories an evaluator knows."""
    known = form_ids("category")
    categories = [category for category in edition.categories if category.id in known]
    roles.set_expertise(membership, categories, by=user.acting, now=clock.now())
    return _back(edition, gettext("Saved."))


@blueprint.post("/people/<int:membership>/removal")
@requires(organiser)
def revoke(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Take a role away; it ends at once."""
    roles.revoke_role(membership, by=user.acting, now=clock.now())
    return _back(edition, gettext("The role is taken away."))


def _back(edition: Edition, notice: str) -> ResponseReturnValue:
    flash(notice)
    return redirect(url_for("people.index", edition=edition.slug))


def _people(edition: Edition, form: InvitationForm, status: int = 200) -> ResponseReturnValue:
    search, wanted = search_asked(request.args.get("search")), request.args.get("role", "")
    role = Role(wanted) if wanted in set(Role) else None
    found = queries.found_people(edition, search=search, role=role)
    form.offer(queries.agencies_in(edition), edition)
    return page_or_partial(
        "editions/people.html",
        status,
        edition=edition,
        memberships=listing(found, page_number()),
        form=form,
        search=search,
        role=role,
        roles=list(Role),
    )
