"""Pages of the decree that makes a result final, and of its withdrawal by two people."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.awards.permissions import can_follow_plenary
from app.awards.publication import decrees, queries, withdrawing
from app.awards.publication.forms import WithdrawalForm, decree_form
from app.awards.publication.objections import objecting_until
from app.awards.publication.reading import final_scan, validity_of
from app.awards.queries import result_of
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition, organiser, organiser_or_chair
from app.evaluation.access import barred_from
from app.web.access import requires
from app.web.errors import explain, refuse
from app.web.fields import Form
from app.web.links import link_to
from app.web.pages import download, page
from app.workflow import COMPETING, DomainError, NotAllowedNow

blueprint = Blueprint("decree", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/decree")
@requires(can_follow_plenary)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the result is from being final, and the decree."""
    decree = queries.decree_of(edition)
    return _decree(user, edition, decree_form(edition)(formdata=None, obj=decree))


@blueprint.post("/decree")
@requires(organiser)
def record(user: User, edition: Edition) -> ResponseReturnValue:
    """Record the decree, with a scan if there is one."""
    form = decree_form(edition)()
    if not form.validate():
        return _decree(user, edition, form, 422)
    sent = form.scan.data
    facts = decrees.DecreeFacts(
        form.number.data, form.dated.data, form.signed_by.data, form.final_at.data
    )
    try:
        decrees.record_decree(
            edition,
            facts,
            sent.read() if sent and sent.filename else None,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _decree(user, edition, form, refuse(form, error))
    flash(gettext("The decree has been recorded."))
    return redirect(url_for("decree.index", edition=edition.slug))


@blueprint.get("/results/decree.pdf")
@requires(can_see_edition)
def scan(user: User, edition: Edition) -> ResponseReturnValue:
    """Hand out the scan of the decree once it has made the result final."""
    found = final_scan(edition, now=clock.now()) or abort(404)
    return download(found, "application/pdf", f"{edition.slug}-decree.pdf")


@blueprint.post("/decree/withdrawal")
@requires(organiser_or_chair)
def ask(user: User, edition: Edition) -> ResponseReturnValue:
    """Ask for the published result to be withdrawn."""
    form = WithdrawalForm()
    decree = decree_form(edition)(formdata=None)
    if not form.validate():
        return _decree(user, edition, decree, 422, withdrawal=form)
    try:
        withdrawing.ask_to_withdraw(
            edition, reason=form.reason.data or "", by=user.acting, now=clock.now()
        )
    except DomainError as error:
        return _decree(user, edition, decree, refuse(form, error), withdrawal=form)
    flash(gettext("Somebody else has to agree before the result is withdrawn."))
    return redirect(url_for("decree.index", edition=edition.slug))


@blueprint.post("/decree/withdrawal/agreement")
@requires(organiser_or_chair)
def agree(user: User, edition: Edition) -> ResponseReturnValue:
    """Agree, as somebody else whom no conflict of interest bars, and withdraw the result."""
    if barred_from(user, edition, COMPETING):
        abort(403)
    withdrawing.withdraw_result(
        edition,
        link=link_to("gallery.results", edition=edition.slug),
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("The result has been withdrawn. It can be prepared anew."))
    return redirect(url_for("awards.plenary", edition=edition.slug))


@blueprint.post("/decree/withdrawal/removal")
@requires(organiser_or_chair)
def keep(user: User, edition: Edition) -> ResponseReturnValue:
    """Decline to withdraw the result, or take that back."""
    withdrawing.keep_result(edition, by=user.acting, now=clock.now())
    flash(gettext("The result stands."))
    return redirect(url_for("decree.index", edition=edition.slug))


def _decree(
    user: User,
    edition: Edition,
    form: Form,
    status: int = 200,
    *,
    withdrawal: WithdrawalForm | None = None,
) -> ResponseReturnValue:
    now, result = clock.now(), result_of(edition)
    asked = queries.withdrawal_of(edition)
    return page(
        "awards/decree.html",
        status,
        edition=edition,
        result=result,
        is_public=result is not None and result.is_public(now),
        validity=validity_of(edition, now=now),
        until=objecting_until(edition, result),
        decree=queries.decree_of(edition),
        obstacle=_obstacle(edition),
        form=form,
        asked=asked,
        may_record=organiser(user),
        may_act=organiser_or_chair(user),
        may_agree=asked is not None
        and user.person is not None
        and asked.asked_by_id != user.person.id,
        withdrawal=withdrawal or WithdrawalForm(formdata=None),
        now=now,
    )


def _obstacle(edition: Edition) -> str:
    """Return why a decree can't be recorded now, empty if it can."""
    try:
        decrees.check_decreeable(edition, result_of(edition), now=clock.now())
    except NotAllowedNow as refusal:
        return explain(refusal)
    return ""
