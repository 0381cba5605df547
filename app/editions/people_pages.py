"""Pages for the people of an edition: who holds which role, who chairs, who knows what."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions import invited, queries, roles
from app.editions.addresses import link_to_invitation
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.people_forms import CorrectionForm, InvitationForm
from app.editions.permissions import User, organiser
from app.web.access import requires
from app.web.errors import explain, refuse
from app.web.fields import form_ids, search_asked
from app.web.pages import listing, page, page_number, page_or_partial
from app.web.seen import check_seen
from app.workflow import DomainError, Overtaken

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
    return _back(
        edition, gettext("The role has been assigned; a new user gets an invitation by e-mail.")
    )


@blueprint.get("/people/<int:membership>")
@requires(organiser)
def person(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Show somebody with this role, and what the organiser may put right."""
    return _person(edition, membership)


@blueprint.post("/people/<int:membership>")
@requires(organiser)
def correct(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Correct the name and address of somebody who has not accepted the invitation."""
    form = CorrectionForm()
    if not form.validate():
        return _person(edition, membership, 422, form=form)
    try:
        held = invited.correct_person(
            membership,
            name=form.name.data or "",
            email=form.email.data or "",
            link_to=link_to_invitation,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _person(edition, membership, refuse(form, error), form=form)
    flash(gettext("Saved."))
    return redirect(url_for("people.person", edition=edition.slug, membership=held.id))


@blueprint.post("/people/<int:membership>/invitation")
@requires(organiser)
def send_again(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Send the invitation again."""
    invited.invite_again(membership, link_to=link_to_invitation, by=user.acting, now=clock.now())
    flash(gettext("A new invitation is on its way to %(email)s.", email=membership.person.email))
    return redirect(url_for("people.person", edition=edition.slug, membership=membership.id))


@blueprint.post("/people/<int:membership>/chair")
@requires(organiser)
def pass_chair(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Let a judge chair the judging team from now on."""
    roles.pass_chair(membership, edition, by=user.acting, now=clock.now())
    return _back(
        edition, gettext("%(name)s now chairs the judging team.", name=membership.person.name)
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
    try:
        names = ", ".join(membership.known) or gettext("none")
        check_seen(*membership.known, now=names)
    except Overtaken as error:
        return _person(edition, membership, 409, chosen=known, message=explain(error))
    roles.set_expertise(membership, categories, by=user.acting, now=clock.now())
    return _back(edition, gettext("Saved."))


@blueprint.post("/people/<int:membership>/removal")
@requires(organiser)
def revoke(user: User, edition: Edition, membership: Membership) -> ResponseReturnValue:
    """Take a role away; it ends at once."""
    roles.revoke_role(membership, by=user.acting, now=clock.now())
    return _back(edition, gettext("The role has been removed."))


def _back(edition: Edition, notice: str) -> ResponseReturnValue:
    flash(notice)
    return redirect(url_for("people.index", edition=edition.slug))


def _person(
    edition: Edition,
    membership: Membership,
    status: int = 200,
    *,
    form: CorrectionForm | None = None,
    message: str = "",
    **chosen: set[int],
) -> ResponseReturnValue:
    """Show the person; `chosen` are the categories to show instead of those that are saved."""
    return page(
        "editions/person.html",
        status,
        edition=edition,
        membership=membership,
        form=form or CorrectionForm(formdata=None, obj=membership.person),
        message=message,
        **chosen,
    )


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
