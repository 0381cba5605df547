"""An agency's own pages: the co-authors of a proposal, and the entries its delegate sees."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.editions.addresses import link_to_invitation
from app.editions.models import Edition
from app.editions.permissions import User
from app.proposals import entries, queries
from app.proposals.access import author, author_or_keeper, delegate, delegate_of_it
from app.proposals.addresses import address_of, link_to_proposal
from app.proposals.deadlines import can_change
from app.proposals.forms import AuthorForm, HandOverForm
from app.proposals.models import Proposal
from app.proposals.permissions import can_hand_over, can_write
from app.web.access import requires
from app.web.errors import explain, refuse, status_of
from app.web.fields import form_id, form_ids, form_text, form_text_as_sent
from app.web.pages import page
from app.web.seen import check_seen
from app.workflow import DomainError

blueprint = Blueprint("entries", __name__, url_prefix="/editions/<edition>/proposals")


@blueprint.get("/<int:proposal>/authors")
@requires(author_or_keeper)
def authors(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the proposal's authors."""
    return _authors_page(user, edition, proposal, _form_for(user, proposal)(formdata=None))


@blueprint.post("/<int:proposal>/authors")
@requires(author_or_keeper)
def add_author(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Make somebody from the same agency an author."""
    form = _form_for(user, proposal)()
    if not form.validate():
        return _authors_page(user, edition, proposal, form, 422)
    try:
        person = _add(user, proposal, form)
    except DomainError as error:
        return _authors_page(user, edition, proposal, form, refuse(form, error))
    flash(
        gettext(
            "%(name)s is now an author. They are told by e-mail, at most once an hour.",
            name=person.email,
        )
    )
    return redirect(address_of("entries.authors", proposal))


@blueprint.post("/<int:proposal>/authors/<int:person>/removal")
@requires(author_or_keeper)
def remove_author(
    user: User, edition: Edition, proposal: Proposal, person: Person
) -> ResponseReturnValue:
    """Remove an author."""
    by, now = user.acting, clock.now()
    if _needs_reason(user, proposal):
        entries.dismiss_author(proposal, person, reason=form_text("reason"), by=by, now=now)
    else:
        entries.remove_author(proposal, person, by=by, now=now)
    flash(gettext("%(name)s is no longer an author.", name=person.name))
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
    try:
        check_seen(*_presenting(proposal), now=_names_of_presenters(proposal))
        entries.name_presenters(proposal, chosen, by=user.acting, now=clock.now())
    except DomainError as error:
        form = _form_for(user, proposal)(formdata=None)
        return _authors_page(
            user, edition, proposal, form, status_of(error), message=explain(error), chosen=chosen
        )
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
    ranked = _ranked(user, edition)
    try:
        check_seen(*ranked, now=", ".join(f"{place}. {code}" for place, code in ranked) or "–")
        entries.rank_entries(
            edition, user.delegate_agency or 0, places, by=user.acting, now=clock.now()
        )
    except DomainError as error:
        return _entries_page(user, edition, explain(error), status_of(error), typed=True)
    flash(gettext("Saved."))
    return redirect(url_for("entries.index", edition=edition.slug))


@blueprint.post("/<int:proposal>/endorsement")
@requires(delegate_of_it)
def endorse(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Endorse an entry for the agency."""
    version = form_id(f"version-{proposal.number}")
    entries.endorse_entry(proposal, version=version, by=user.acting, now=clock.now())
    flash(gettext("The proposal has been endorsed."))
    return redirect(url_for("entries.index", edition=edition.slug))


@blueprint.post("/<int:proposal>/endorsement/removal")
@requires(delegate_of_it)
def take_back_endorsement(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take the endorsement back."""
    entries.take_back_endorsement(proposal, by=user.acting, now=clock.now())
    flash(gettext("The endorsement has been revoked."))
    return redirect(url_for("entries.index", edition=edition.slug))


def _place(name: str) -> int | None:
    """Return the place that a field asks for, 0 if it isn't one, None if the field is empty."""
    return form_id(name) if form_text(name, 20) else None


def _needs_reason(user: User, proposal: Proposal) -> bool:
    """Return whether the user changes who writes the proposal for others, not as its author."""
    is_own = can_write(user, proposal) and can_change(proposal, now=clock.now())
    return can_hand_over(user, proposal) and not is_own


def _form_for(user: User, proposal: Proposal) -> type[AuthorForm]:
    return HandOverForm if _needs_reason(user, proposal) else AuthorForm


def _add(user: User, proposal: Proposal, form: AuthorForm) -> Person:
    facts: dict[str, Any] = {
        "email": form.email.data or "",
        "name": form.name.data or "",
        "link": link_to_proposal(proposal),
        "link_to": link_to_invitation,
        "by": user.acting,
        "now": clock.now(),
    }
    if isinstance(form, HandOverForm):
        return entries.appoint_author(proposal, reason=form.reason.data or "", **facts)
    return entries.add_author(proposal, **facts)


def _presenting(proposal: Proposal) -> tuple[list[int], list[int]]:
    """Return what tells the choice of presenters: among which authors, and who they are (ids)."""
    authors = [author.id for author in proposal.authors]
    return authors, sorted(queries.presenters(proposal))


def _names_of_presenters(proposal: Proposal) -> str:
    presenters = queries.presenters(proposal)
    return ", ".join(author.name for author in proposal.authors if author.id in presenters)


def _ranked(user: User, edition: Edition) -> list[tuple[int, str]]:
    """Return the places given among the agency's entries, with their codes."""
    entered = queries.entries_of(edition, user.delegate_agency or 0)
    return [(entry.agency_rank, entry.code) for entry in entered if entry.agency_rank]


def _authors_page(
    user: User,
    edition: Edition,
    proposal: Proposal,
    form: AuthorForm,
    status: int = 200,
    *,
    message: str = "",
    chosen: set[int] | None = None,
) -> ResponseReturnValue:
    needs_reason, now = _needs_reason(user, proposal), clock.now()
    return page(
        "proposals/authors.html",
        status,
        edition=edition,
        proposal=proposal,
        presenters=queries.presenters(proposal) if chosen is None else chosen,
        seen=_presenting(proposal),
        is_author=can_write(user, proposal),
        needs_reason=needs_reason,
        may_change=needs_reason or can_change(proposal, now=now),
        form=form,
        message=message,
    )


def _entries_page(
    user: User, edition: Edition, message: str = "", status: int = 200, *, typed: bool = False
) -> ResponseReturnValue:
    entered = queries.entries_of(edition, user.delegate_agency or 0)
    return page(
        "proposals/entries.html",
        status,
        edition=edition,
        entries=entered,
        places={
            entry.number: form_text_as_sent(f"place-{entry.number}", 20)
            if typed
            else entry.agency_rank
            for entry in entered
        },
        seen=_ranked(user, edition),
        message=message,
    )
