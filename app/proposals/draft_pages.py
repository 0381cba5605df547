"""Pages for drafts not submitted yet: who is late, reminders, extensions."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.proposals import deadlines, queries
from app.proposals.addresses import link_to_proposal
from app.proposals.forms import ExtensionForm, extension_form
from app.proposals.lists import ORDERS, marked, proposal_filters_asked
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_ids
from app.web.pages import listing, page, page_number
from app.workflow import N_, DomainError

blueprint = Blueprint("drafts", __name__, url_prefix="/editions/<edition>/proposals")


@blueprint.get("/drafts")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List the drafts, and the agencies without an entry, with who would get which letter."""
    return _drafts_page(edition, extension_form(edition)(formdata=None))


@blueprint.post("/drafts/reminder")
@requires(organiser)
def remind(user: User, edition: Edition) -> ResponseReturnValue:
    """Remind the authors of the marked drafts."""
    count = deadlines.remind_authors(
        _marked(edition), edition, link_to=link_to_proposal, by=user.acting, now=clock.now()
    )
    flash(gettext("%(count)s drafts: their authors are reminded by mail.", count=count))
    return redirect(url_for("drafts.index", edition=edition.slug))


@blueprint.post("/drafts/extension")
@requires(organiser)
def extend(user: User, edition: Edition) -> ResponseReturnValue:
    """Give the marked drafts a later deadline, with a reason."""
    form = extension_form(edition)()
    if not form.validate() or form.until.data is None:
        return _drafts_page(edition, form, 422)
    try:
        deadlines.extend_deadline(
            _marked(edition),
            edition,
            until=form.until.data,
            reason=form.reason.data or "",
            link_to=link_to_proposal,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _drafts_page(edition, form, refuse(form, error))
    flash(gettext("The deadline is extended; the authors are told by mail."))
    return redirect(url_for("drafts.index", edition=edition.slug))


@blueprint.post("/drafts/invitation")
@requires(organiser)
def invite_entries(user: User, edition: Edition) -> ResponseReturnValue:
    """Remind the innovators of agencies that have no entry yet."""
    people = queries.without_entry(edition)
    count = deadlines.invite_entries(people, edition, by=user.acting, now=clock.now())
    flash(gettext("%(count)s letters are on their way.", count=count))
    return redirect(url_for("drafts.index", edition=edition.slug))


def _drafts_page(edition: Edition, form: ExtensionForm, status: int = 200) -> ResponseReturnValue:
    filters = proposal_filters_asked(request.values)
    return page(
        "proposals/drafts.html",
        status,
        edition=edition,
        drafts=listing(filters.narrow(queries.unsubmitted(edition)), page_number()),
        filters=filters,
        asked=filters.as_fields(),
        orders=ORDERS,
        marked=form_ids("proposal"),
        silent=queries.without_entry(edition),
        form=form,
        now=clock.now(),
    )


def _marked(edition: Edition) -> list[Proposal]:
    """Return the drafts marked in the form: single ones, or all that its filters find."""
    numbers = None if request.form.get("scope") == "all" else form_ids("proposal")
    return (
        marked(queries.unsubmitted(edition), proposal_filters_asked(request.form), numbers)
        or _refuse_none()
    )


def _refuse_none() -> list[Proposal]:
    raise DomainError(N_("Mark at least one draft."))
