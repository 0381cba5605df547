"""Pages on which authors say what of their proposal everyone may see."""

from dataclasses import asdict

from flask import Blueprint, abort, current_app, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User
from app.proposals.access import author, author_or_organiser
from app.proposals.addresses import address_of
from app.proposals.models import Proposal
from app.proposals.permissions import can_write
from app.proposals.showcase import actions
from app.proposals.showcase.forms import AgreeForm, PictureForm
from app.proposals.showcase.queries import showcase_of
from app.web.access import requires
from app.web.errors import refuse
from app.web.pages import page
from app.workflow import DomainError

blueprint = Blueprint("showcase", __name__, url_prefix="/editions/<edition>/proposals")


@blueprint.get("/<int:proposal>/public")
@requires(author_or_organiser)
def index(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show what everyone sees of the proposal, or will see."""
    return _page(user, edition, proposal)


@blueprint.post("/<int:proposal>/public")
@requires(author)
def agree(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Agree to show these parts, and no others."""
    form = AgreeForm()
    if not form.validate():
        return _page(user, edition, proposal, 422)
    actions.agree(proposal, form.agreed(), by=user.acting, now=clock.now())
    return _saved(proposal)


@blueprint.get("/<int:proposal>/public/picture.jpg")
@requires(author_or_organiser)
def picture(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Send the picture."""
    own = showcase_of(proposal)
    content = (own.picture if own else None) or abort(404)
    return current_app.response_class(content, mimetype="image/jpeg")


@blueprint.post("/<int:proposal>/public/picture")
@requires(author)
def show_picture(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show a picture, or say anew what it shows."""
    form = PictureForm()
    if not form.validate():
        return _page(user, edition, proposal, 422, form)
    sent = form.picture.data
    picture = sent.read() if sent and sent.filename else None
    text = form.picture_text.data or ""
    try:
        actions.show_picture(proposal, picture, text, by=user.acting, now=clock.now())
    except DomainError as error:
        return _page(user, edition, proposal, refuse(form, error), form)
    return _saved(proposal)


@blueprint.post("/<int:proposal>/public/picture/removal")
@requires(author_or_organiser)
def remove_picture(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take the picture off."""
    actions.remove_picture(proposal, by=user.acting, now=clock.now())
    return _saved(proposal)


def _saved(proposal: Proposal) -> ResponseReturnValue:
    flash(gettext("Saved."))
    return redirect(address_of("showcase.index", proposal))


def _page(
    user: User,
    edition: Edition,
    proposal: Proposal,
    status: int = 200,
    picture_form: PictureForm | None = None,
) -> ResponseReturnValue:
    own = showcase_of(proposal)
    return page(
        "proposals/showcase.html",
        status,
        edition=edition,
        proposal=proposal,
        own=own,
        is_author=can_write(user, proposal),
        form=AgreeForm(formdata=None, data=asdict(actions.agreed_of(proposal))),
        picture_form=picture_form or PictureForm(formdata=None, obj=own, picture=None),
    )
