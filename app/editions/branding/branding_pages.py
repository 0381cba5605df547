"""Pages on how an organisation shows itself, and what the head of its pages loads."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import anyone
from app.editions.branding import actions
from app.editions.branding.actions import BrandingFacts
from app.editions.branding.forms import BrandingForm
from app.editions.branding.queries import branding_numbered, branding_of
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.editions.rules import PARTS
from app.web.access import requires
from app.web.errors import refuse
from app.web.headers import KEPT_FOREVER
from app.web.pages import page
from app.workflow import DomainError

TEXTS = ("colour", "contact", "privacy", "privacy_en", "accessibility", "accessibility_en")

blueprint = Blueprint("branding", __name__)


@blueprint.get("/editions/<edition>/branding")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how the organisation shows itself, to be changed."""
    own = branding_of(edition)
    return _page(edition, BrandingForm(formdata=None, obj=own, emblem=None))


@blueprint.post("/editions/<edition>/branding")
@requires(organiser)
def change(user: User, edition: Edition) -> ResponseReturnValue:
    """Set how the organisation shows itself, in all of its editions."""
    form = BrandingForm()
    if not form.validate():
        return _page(edition, form, 422)
    sent = form.emblem.data
    facts = BrandingFacts(**{name: form.data.get(name) or "" for name in TEXTS})
    emblem = sent.read() if sent and sent.filename else None
    try:
        actions.set_branding(edition, facts, emblem=emblem, by=user.acting, now=clock.now())
    except DomainError as error:
        return _page(edition, form, refuse(form, error))
    return _saved(edition)


@blueprint.post("/editions/<edition>/branding/emblem/removal")
@requires(organiser)
def remove_emblem(user: User, edition: Edition) -> ResponseReturnValue:
    """Take the emblem off the public pages."""
    actions.remove_emblem(edition, by=user.acting, now=clock.now())
    return _saved(edition)


@blueprint.get("/branding/<int:number>/emblem.png")
@requires(anyone)
def emblem(user: User, number: int) -> ResponseReturnValue:
    """Send the organisation's emblem, as large as pictures of pages want it."""
    own = branding_numbered(number)
    return _kept(own.emblem if own else None, "image/png")


@blueprint.get("/branding/<int:number>/emblem-small.png")
@requires(anyone)
def small_emblem(user: User, number: int) -> ResponseReturnValue:
    """Send the organisation's emblem as the head of its pages shows it."""
    own = branding_numbered(number)
    return _kept(own.small_emblem if own else None, "image/png")


@blueprint.get("/branding/<int:number>/colour.css")
@requires(anyone)
def colour(user: User, number: int) -> ResponseReturnValue:
    """Send the organisation's colour as a style sheet."""
    own = branding_numbered(number)
    rule = f":root{{--own-colour:{own.colour}}}" if own and own.colour else None
    return _kept(rule.encode() if rule else None, "text/css")


def _kept(body: bytes | None, mimetype: str) -> Response:
    """Send what browsers may keep: its address changes with it."""
    response = current_app.response_class(body or abort(404), mimetype=mimetype)
    response.headers["Cache-Control"] = KEPT_FOREVER
    return response


def _saved(edition: Edition) -> ResponseReturnValue:
    flash(gettext("Saved. It holds for every edition of this organisation."))
    return redirect(url_for("branding.index", edition=edition.slug))


def _page(edition: Edition, form: BrandingForm, status: int = 200) -> ResponseReturnValue:
    own = branding_of(edition)
    return page(
        "editions/branding.html",
        status,
        edition=edition,
        form=form,
        has_emblem=bool(own.emblem_sha256),
        parts=PARTS,
    )
