"""Pages for drafts not submitted yet: who is late, reminders, extensions."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.proposals import deadlines, queries
from app.proposals.access import barred_drafts
from app.proposals.addresses import link_to_proposal
from app.proposals.completeness import done_of
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
    try:
        chosen = _marked(edition)
    except DomainError as error:
        form = extension_form(edition)(formdata=None)
        return _drafts_page(edition, form, refuse(form, error))
    count = deadlines.remind_authors(
        chosen, edition, link_to=link_to_proposal, by=user.acting, now=clock.now()
    )
    if count:
        flash(
            ngettext(
                "The authors of %(count)s draft are being reminded by e-mail.",
                "The authors of %(count)s drafts are being reminded by e-mail.",
                count,
                count=count,
            )
        )
    else:
        flash(gettext("No e-mail was sent: they were reminded just now."))
    return redirect(url_for("drafts.index", edition=edition.slug))


@blueprint.post("/drafts/extension")
@requires(organiser)
def extend(user: User, edition: Edition) -> ResponseReturnValue:
    """Give the marked drafts a later deadline, with a reason."""
    form = extension_form(edition)()
    if not form.validate() or form.until.data is None:
        return _drafts_page(edition, form, 422)
    barred = barred_drafts(user, edition)
    try:
        marked = _marked(edition)
        count = deadlines.extend_deadline(
            [draft for draft in marked if draft.id not in barred] or _refuse_barred(),
            edition,
            until=form.until.data,
            reason=form.reason.data or "",
            link_to=link_to_proposal,
            may_shorten="confirmed" in request.form,
            by=user.acting,
            now=clock.now(),
        )
    except deadlines.ShortensExtension as error:
        return _drafts_page(edition, form, refuse(form, error), shortens=True)
    except DomainError as error:
        return _drafts_page(edition, form, refuse(form, error))
    _say_extended(count, [draft.code for draft in marked if draft.id in barred])
    return redirect(url_for("drafts.index", edition=edition.slug))


@blueprint.post("/drafts/invitation")
@requires(organiser)
def invite_entries(user: User, edition: Edition) -> ResponseReturnValue:
    """Remind the innovators of agencies that have no entry yet."""
    people = queries.without_entry(edition)
    count = deadlines.invite_entries(people, edition, by=user.acting, now=clock.now())
    if count:
        flash(gettext("%(count)s e-mails are on their way.", count=count))
    else:
        flash(gettext("No e-mail was sent: they were reminded just now."))
    return redirect(url_for("drafts.index", edition=edition.slug))


def _say_extended(count: int, left_out: list[str]) -> None:
    if count:
        flash(gettext("The deadline has been extended; the authors are told by e-mail."))
    else:
        flash(
            gettext("They already have this deadline: nothing was changed and no e-mail was sent.")
        )
    if left_out:
        codes = ", ".join(left_out)
        flash(gettext("Left out because you have a conflict of interest: %(codes)s.", codes=codes))


def _drafts_page(
    edition: Edition, form: ExtensionForm, status: int = 200, *, shortens: bool = False
) -> ResponseReturnValue:
    """Show the drafts; `shortens` asks whether some deadlines shall end earlier."""
    filters = proposal_filters_asked(request.values)
    drafts = listing(filters.narrow(queries.unsubmitted(edition)), page_number())
    return page(
        "proposals/drafts.html",
        status,
        edition=edition,
        drafts=drafts,
        done_of={draft.id: done_of(draft, edition) for draft in drafts.items},
        filters=filters,
        asked=filters.as_fields(),
        orders=ORDERS,
        marked=form_ids("proposal"),
        silent=queries.without_entry(edition),
        form=form,
        shortens=shortens,
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
    raise DomainError(N_("Select at least one draft."))


def _refuse_barred() -> list[Proposal]:
    raise DomainError(
        N_(
            "You can't decide on these drafts because of a conflict of interest. Another "
            "organiser can extend their deadline."
        )
    )
