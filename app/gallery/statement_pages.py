"""The statements on privacy and accessibility: an organisation's own, else the usual ones."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.accounts.permissions import anyone
from app.editions.branding.queries import branding_of, only_branding
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition
from app.editions.units import Branding
from app.gallery.state import edition_state, site_state
from app.web.access import requires
from app.web.language import local
from app.web.pages import page
from app.web.shared import shared

blueprint = Blueprint("statements", __name__)


@blueprint.get("/privacy")
@requires(anyone)
@shared(site_state)
def privacy(user: User) -> ResponseReturnValue:
    """Say what is kept about people."""
    return _statement("privacy", only_branding())


@blueprint.get("/accessibility")
@requires(anyone)
@shared(site_state)
def accessibility(user: User) -> ResponseReturnValue:
    """Say how far everyone can use the pages."""
    return _statement("accessibility", only_branding())


@blueprint.get("/editions/<edition>/privacy")
@requires(can_see_edition)
@shared(edition_state)
def edition_privacy(user: User, edition: Edition) -> ResponseReturnValue:
    """Say what is kept about people, in the words of the edition's organisation."""
    return _statement("privacy", branding_of(edition), edition)


@blueprint.get("/editions/<edition>/accessibility")
@requires(can_see_edition)
@shared(edition_state)
def edition_accessibility(user: User, edition: Edition) -> ResponseReturnValue:
    """Say how far everyone can use the pages, in the words of the edition's organisation."""
    return _statement("accessibility", branding_of(edition), edition)


def _statement(
    name: str, own: Branding | None, edition: Edition | None = None
) -> ResponseReturnValue:
    return page(
        f"gallery/{name}.html",
        edition=edition,
        words=local(own, name) if own else "",
        branding=own,
        contact=own.contact if own else "",
    )
