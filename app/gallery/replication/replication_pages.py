"""Pages on which others ask to replicate an innovation, and on which its authors answer."""

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts import throttle
from app.accounts.emails import canonical_email
from app.accounts.secrets import keyed_digest
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition
from app.gallery import queries as gallery_queries
from app.gallery.replication import queries, requests
from app.gallery.replication.forms import AskerForm, KnownAskerForm, RequestAnswerForm
from app.gallery.replication.models import Replication
from app.proposals.access import author, author_or_organiser
from app.proposals.addresses import address_of
from app.proposals.models import Proposal
from app.proposals.permissions import can_write
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import name_apart
from app.web.language import language
from app.web.links import link_to
from app.web.pages import listing, page, page_number
from app.workflow import DomainError

blueprint = Blueprint("replication", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/innovations/<int:number>/replication")
@requires(can_see_edition)
def ask_form(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Show the form in which anybody can ask to replicate the innovation."""
    return _ask_page(_asked_for(edition, number), _form_for(user)(formdata=None))


@blueprint.post("/innovations/<int:number>/replication")
@requires(can_see_edition)
def ask(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Pass on the request of who is signed in; mail a stranger the link that does so."""
    proposal, form = _asked_for(edition, number), _form_for(user)()
    if not form.validate():
        return _ask_page(proposal, form, 422)
    if not _may_ask(user, form):
        form.form_errors.append(gettext("Too many requests today. Try again tomorrow."))
        return _ask_page(proposal, form, 429)
    try:
        _ask(user, proposal, form)
    except DomainError as error:
        return _ask_page(proposal, form, refuse(form, error))
    return redirect(url_for("gallery.innovation", edition=edition.slug, number=number))


@blueprint.get("/replication/<token>")
@requires(can_see_edition)
def own(user: User, edition: Edition, token: str) -> ResponseReturnValue:
    """Show a request to who made it. Opening the link passes nothing on."""
    found = _with(edition, token)
    return page(
        "gallery/own_replication.html",
        200 if found else 404,
        edition=edition,
        asked=found,
        token=token,
    )


@blueprint.post("/replication/<token>")
@requires(can_see_edition)
def confirm(user: User, edition: Edition, token: str) -> ResponseReturnValue:
    """Pass the request on."""
    found = _with(edition, token) or abort(404)
    requests.pass_on(found, link=_answering(found.proposal), now=clock.now())
    flash(gettext("Your request has been passed on. The answer will be e-mailed to you."))
    return redirect(url_for("replication.own", edition=edition.slug, token=token))


@blueprint.post("/replication/<token>/removal")
@requires(can_see_edition)
def withdraw(user: User, edition: Edition, token: str) -> ResponseReturnValue:
    """Delete one's own request."""
    found = _with(edition, token) or abort(404)
    number = found.proposal.number
    requests.delete_request(found, by=None, now=clock.now())
    flash(gettext("Your request has been deleted."))
    return redirect(url_for("gallery.innovation", edition=edition.slug, number=number))


@blueprint.get("/proposals/<int:proposal>/replication")
@requires(author_or_organiser)
def index(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the requests for an innovation, those without an answer first."""
    return _requests(user, proposal)


@blueprint.post("/proposals/<int:proposal>/replication/<int:replication>/answer")
@requires(author)
def answer(
    user: User, edition: Edition, proposal: Proposal, replication: int
) -> ResponseReturnValue:
    """Answer a request."""
    found = queries.replication_of(proposal, replication) or abort(404)
    form = RequestAnswerForm()
    if not form.validate():
        return _requests(user, proposal, found, form, 422)
    try:
        requests.answer_request(found, form.answer.data or "", by=user.acting, now=clock.now())
    except DomainError as error:
        return _requests(user, proposal, found, form, refuse(form, error))
    flash(gettext("Your answer is on its way."))
    return redirect(address_of("replication.index", proposal))


@blueprint.post("/proposals/<int:proposal>/replication/<int:replication>/removal")
@requires(author_or_organiser)
def remove(
    user: User, edition: Edition, proposal: Proposal, replication: int
) -> ResponseReturnValue:
    """Delete a request that is an advertisement or an insult."""
    found = queries.replication_of(proposal, replication) or abort(404)
    requests.delete_request(found, by=user.acting, now=clock.now())
    flash(gettext("The request has been deleted."))
    return redirect(address_of("replication.index", proposal))


def _asked_for(edition: Edition, number: int) -> Proposal:
    return gallery_queries.innovation(edition, number) or abort(404)


def _form_for(user: User) -> type[KnownAskerForm]:
    return AskerForm if user.person is None else KnownAskerForm


def _may_ask(user: User, form: KnownAskerForm) -> bool:
    """Count a request, so that nobody is sent letters, or shown requests, without end."""
    email = user.person.email if user.person else canonical_email(form.data["email"] or "")
    account = keyed_digest(email, str(current_app.secret_key))
    counted = throttle.replication_counts(account, request.remote_addr)
    return throttle.may_try(counted, now=clock.real_now(), period=throttle.DAY)


def _ask(user: User, proposal: Proposal, form: KnownAskerForm) -> None:
    institution, message = form.institution.data or "", form.message.data or ""

    def link_to_own(token: str) -> str:
        return link_to("replication.own", edition=proposal.edition.slug, token=token)

    if user.person is not None:
        requests.ask_as_known(
            proposal,
            institution,
            message,
            link=_answering(proposal),
            link_to=link_to_own,
            by=user.person,
            now=clock.now(),
        )
        flash(gettext("Your request has been passed on. The answer will be e-mailed to you."))
        return
    asker = requests.Asker(form.data["name"], institution, form.data["email"], language())
    requests.ask_to_replicate(proposal, asker, message, link_to=link_to_own, now=clock.now())
    flash(
        gettext(
            "An e-mail with a link is on its way to %(email)s. Open the link within two days and "
            "confirm: then your request is passed on.",
            email=asker.email,
        )
    )


def _answering(proposal: Proposal) -> str:
    """Return the link to where the authors answer."""
    edition = proposal.edition.slug
    return link_to("replication.index", edition=edition, proposal=proposal.number)


def _with(edition: Edition, token: str) -> Replication | None:
    since = clock.now() - requests.LINK_LIFETIME
    return queries.replication_with(edition, token, since=since)


def _ask_page(proposal: Proposal, form: KnownAskerForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "gallery/ask_replication.html",
        status,
        edition=proposal.edition,
        innovation=proposal,
        is_taken=requests.takes_requests(proposal),
        form=form,
    )


def _requests(
    user: User,
    proposal: Proposal,
    answered: Replication | None = None,
    form: RequestAnswerForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    found = listing(queries.replications_of(proposal), page_number())
    shown = [*([answered] if answered else []), *(own for own in found.items if own != answered)]
    asked = [own for own in shown if own.can_be_answered and can_write(user, proposal)]
    forms = {own.id: RequestAnswerForm(formdata=None) for own in asked}
    if answered and form:
        forms[answered.id] = form
    for key, own_form in forms.items():
        name_apart(own_form, key)
    return page(
        "gallery/replications.html",
        status,
        edition=proposal.edition,
        proposal=proposal,
        found=found,
        shown=shown,
        forms=forms,
        is_taken=requests.takes_requests(proposal),
    )
