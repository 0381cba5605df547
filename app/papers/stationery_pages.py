"""Pages on how an edition wants its papers: stationery, who signs, and the rules of each kind."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.branding.queries import branding_of
from app.editions.kinds import SheetSize
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.papers import queries, stationery
from app.papers.forms import SignatoryForm, StationeryForm, rule_form
from app.papers.kinds import PaperKind
from app.papers.models import Signatory
from app.papers.stationery import RuleFacts, SignatoryFacts
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import Form
from app.web.pages import download, page
from app.workflow import DomainError

RULE_TEXTS = ("code", "pattern", "opening", "closing", "opening_en", "closing_en", "copies")

blueprint = Blueprint("stationery", __name__, url_prefix="/editions/<edition>/papers")


@blueprint.get("/stationery")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show sheet, place, emblem, who signs, and how each kind is made."""
    own = queries.stationery_of(edition)
    return _index(edition, StationeryForm(formdata=None, obj=own, emblem=None))


@blueprint.post("/stationery")
@requires(organiser)
def change(user: User, edition: Edition) -> ResponseReturnValue:
    """Set sheet, place and emblem."""
    form = StationeryForm()
    if not form.validate():
        return _index(edition, form, 422)
    sent = form.emblem.data
    try:
        stationery.set_stationery(
            edition,
            size=SheetSize(form.size.data),
            place=form.place.data or "",
            emblem=sent.read() if sent and sent.filename else None,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _index(edition, form, refuse(form, error))
    return _saved(edition)


@blueprint.get("/stationery/emblem.png")
@requires(organiser)
def emblem(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the emblem."""
    own = queries.stationery_of(edition).emblem or abort(404)
    return download(own, "image/png", "emblem.png")


@blueprint.post("/stationery/emblem/removal")
@requires(organiser)
def remove_emblem(user: User, edition: Edition) -> ResponseReturnValue:
    """Take the emblem off papers made from now on."""
    stationery.remove_emblem(edition, by=user.acting, now=clock.now())
    return _saved(edition)


@blueprint.get("/signatories/new")
@requires(organiser)
def new_signatory(user: User, edition: Edition) -> ResponseReturnValue:
    """Ask who signs."""
    return _signatory(edition, None, SignatoryForm(formdata=None))


@blueprint.post("/signatories")
@requires(organiser)
def add_signatory(user: User, edition: Edition) -> ResponseReturnValue:
    """Add somebody who signs."""
    return _keep(user, edition, None)


@blueprint.get("/signatories/<int:signatory>")
@requires(organiser)
def signatory(user: User, edition: Edition, signatory: Signatory) -> ResponseReturnValue:
    """Show somebody who signs, to be changed."""
    return _signatory(edition, signatory, SignatoryForm(formdata=None, obj=signatory))


@blueprint.post("/signatories/<int:signatory>")
@requires(organiser)
def change_signatory(user: User, edition: Edition, signatory: Signatory) -> ResponseReturnValue:
    """Change somebody who signs."""
    return _keep(user, edition, signatory)


@blueprint.post("/signatories/<int:signatory>/removal")
@requires(organiser)
def remove_signatory(user: User, edition: Edition, signatory: Signatory) -> ResponseReturnValue:
    """Remove somebody who signs; papers already made keep the name."""
    stationery.remove_signatory(signatory, by=user.acting, now=clock.now())
    return _saved(edition)


@blueprint.get("/rules/<paper_kind>")
@requires(organiser)
def rule(user: User, edition: Edition, paper_kind: PaperKind) -> ResponseReturnValue:
    """Show how a kind of paper is made."""
    own = queries.rules_of(edition).get(paper_kind)
    kept = {name: getattr(own, name) for name in RULE_TEXTS} if own else {}
    kept["signatory"] = str(own.signatory_id or "") if own else ""
    form = rule_form(paper_kind, queries.signatories_of(edition))(formdata=None, data=kept)
    return _rule(edition, paper_kind, form)


@blueprint.post("/rules/<paper_kind>")
@requires(organiser)
def change_rule(user: User, edition: Edition, paper_kind: PaperKind) -> ResponseReturnValue:
    """Set how a kind of paper is made from now on."""
    form = rule_form(paper_kind, queries.signatories_of(edition))()
    if not form.validate():
        return _rule(edition, paper_kind, form, 422)
    typed = {name: form.data.get(name) or "" for name in RULE_TEXTS}
    signing = form.data.get("signatory") or ""
    facts = RuleFacts(int(signing) if signing else None, **typed)
    try:
        stationery.set_rule(edition, paper_kind, facts, by=user.acting, now=clock.now())
    except DomainError as error:
        return _rule(edition, paper_kind, form, refuse(form, error))
    return _saved(edition)


def _keep(user: User, edition: Edition, own: Signatory | None) -> ResponseReturnValue:
    form = SignatoryForm()
    if not form.validate():
        return _signatory(edition, own, form, 422)
    facts = SignatoryFacts(
        form.capacity.data or "",
        form.name.data or "",
        form.rank.data or "",
        form.nip.data or "",
        form.head.data or "",
        form.address.data or "",
        form.has_emblem.data,
    )
    try:
        stationery.keep_signatory(edition, facts, own=own, by=user.acting, now=clock.now())
    except DomainError as error:
        return _signatory(edition, own, form, refuse(form, error))
    return _saved(edition)


def _saved(edition: Edition) -> ResponseReturnValue:
    flash(gettext("Saved. It holds for documents made from now on."))
    return redirect(url_for("stationery.index", edition=edition.slug))


def _index(edition: Edition, form: StationeryForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "papers/stationery.html",
        status,
        edition=edition,
        form=form,
        has_emblem=bool(queries.stationery_of(edition).emblem_sha256),
        takes_emblem=bool(branding_of(edition).emblem_sha256),
        signatories=queries.signatories_of(edition),
        rules=queries.rules_of(edition),
        kinds=[kind for kind in PaperKind if kind.is_signed or kind.is_numbered],
    )


def _signatory(
    edition: Edition, own: Signatory | None, form: Form, status: int = 200
) -> ResponseReturnValue:
    return page("papers/signatory.html", status, edition=edition, signatory=own, form=form)


def _rule(edition: Edition, kind: PaperKind, form: Form, status: int = 200) -> ResponseReturnValue:
    return page("papers/rule.html", status, edition=edition, kind=kind, form=form)
