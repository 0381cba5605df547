"""An agency's own pages: the co-authors of a proposal, and the entries its delegate sees."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.editions.addresses import link_to_invitation
from app.editions.models import Edition
from app.editions.permissions import User
from app.proposals import entries, queries
from app.proposals.access import author, delegate, delegate_of_it
from app.proposals.addresses import address_of, link_to_proposal
from app.proposals.forms import AuthorForm
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.errors import explain, refuse, status_of
from app.web.fields import form_id, form_ids, form_text
from app.web.pages import page
from app.workflow import DomainError

blueprint = Blueprint("entries", __name__, url_prefix="/editions/<edition>/proposals")


@blueprint.get("/<int:proposal>/authors")
@requires(author)
def authors(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the proposal's authors."""
    return _authors_page(edition, proposal, AuthorForm(formdata=None))


@blueprint.post("/<int:proposal>/authors")
@requires(author)
def add_author(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Make somebody from the same agency a co-author."""
    form = AuthorForm()
    if not form.validate():
        return _authors_page(edition, proposal, form, 422)
    try:
        person = entries.add_author(
            proposal,
            email=form.email.data or "",
            name=form.name.data or "",
            link=link_to_proposal(proposal),
            link_to=link_to_invitation,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _authors_page(edition, proposal, form, refuse(form, error))
    flash(
        gettext(
            "%(name)s writes with you now. A letter tells them, at most once an hour.",
            name=person.email,
        )
    )
    return redirect(address_of("entries.authors", proposal))


@blueprint.post("/<int:proposal>/authors/<int:person>/removal")
@requires(author)
def remove_author(
    user: User, edition: Edition, proposal: Proposal, person: Person
) -> ResponseReturnValue:
    """Remove an author."""
    entries.remove_author(proposal, person, by=user.acting, now=clock.now())
    flash(gettext("%(name)s is an author no longer.", name=person.name))
    is_oneself = person.id == user.acting.id
    return redirect(
        url_for("dashboard.my_work")  # with the proposal the role may be gone
        if is_oneself
        else address_of("entries.authors", proposal)
    )


@blueprint.post("/<int:proposal>/presenters")
@requires(author)
def name_presenters(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Set which of the authors present it."""
    chosen = form_ids("presenter")
    entries.name_presenters(proposal, chosen, by=user.acting, now=clock.now())
    flash(gettext("Saved."))
    return redirect(address_of("entries.authors", proposal))


@blueprint.get("/entries")
@requires(delegate)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show an agency's delegate all of its entries."""
    return _entries_page(user, edition)


@blueprint.post("/entries")
@requires(delegate)
def rank(user: User, edition: Edition) -> ResponseReturnValue:
    """Rank the agency's entries."""
    places = {
        entry.number: _place(f"place-{entry.number}")
        for entry in queries.entries_of(edition, user.delegate_agency or 0)
    }
    try:
        entries.rank_entries(
            edition, user.delegate_agency or 0, places, by=user.acting, now=clock.now()
        )
    except DomainError as error:
        return _entries_page(user, edition, explain(error), status_of(error))
    flash(gettext("Saved."))
    return redirect(url_for("entries.index", edition=edition.slug))


@blueprint.post("/<int:proposal>/endorsement")
@requires(delegate_of_it)
def endorse(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Endorse an entry for the agency."""
    version = form_id(f"version-{proposal.number}")
    entries.endorse_entry(proposal, version=version, by=user.acting, now=clock.now())
    flash(gettext("The entry is endorsed."))
    return redirect(url_for("entries.index", edition=edition.slug))


@blueprint.post("/<int:proposal>/endorsement/removal")
@requires(delegate_of_it)
def take_back_endorsement(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take the endorsement back."""
    entries.take_back_endorsement(proposal, by=user.acting, now=clock.now())
    flash(gettext("The endorsement is taken back."))
    return redirect(url_for("entries.index", edition=edition.slug))


def _place(name: str) -> int | None:
    """Return the place that a field asks for, 0 if it isn't one, None if the field is empty."""
    return form_id(name) if form_text(name, 20) else None


def _authors_page(
    edition: Edition, proposal: Proposal, form: AuthorForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "proposals/authors.html",
        status,
        edition=edition,
        proposal=proposal,
        presenters=queries.presenters(proposal),
        form=form,
    )


def _entries_page(
    user: User, edition: Edition, message: str = "", status: int = 200
) -> ResponseReturnValue:
    agency_id = user.delegate_agency or 0
    return page(
        "proposals/entries.html",
        status,
        edition=edition,
        entries=queries.entries_of(edition, agency_id),
        message=message,
    )
