"""Pages for writing, submitting and reading proposals."""

from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.kinds import Role, Stage
from app.editions.models import Edition
from app.editions.permissions import User, member, organiser
from app.proposals import actions, queries
from app.proposals.access import author, innovator, proposal_reader
from app.proposals.addresses import address_of, link_to_proposal
from app.proposals.completeness import missing_of, tasks_of, words
from app.proposals.deadlines import deadline, is_over
from app.proposals.forms import (
    BasicsForm,
    ReasonForm,
    empty_form,
    filled_form,
    offer_categories,
    proposal_form,
)
from app.proposals.headlines import headlines
from app.proposals.lists import ORDERS, STATUSES, proposal_filters_asked
from app.proposals.models import Proposal
from app.proposals.namesakes import agencys_own, namesakes, submitted_beside
from app.proposals.permissions import can_write
from app.proposals.showcase.actions import agree, agreed_of
from app.proposals.showcase.forms import AgreeForm
from app.proposals.withdrawals import published_place, withdraw_proposal
from app.web.access import may_open, openable, requires
from app.web.errors import explain
from app.web.fields import version_of
from app.web.pages import listing, page, page_number, page_or_partial, wants_partial
from app.workflow import N_, DomainError, Status, Step, can_take

blueprint = Blueprint("proposals", __name__, url_prefix="/editions/<edition>/proposals")

OFFERED = {
    "disqualify": Step.DISQUALIFY,
    "withdraw_at_request": Step.WITHDRAW,
    "reinstate": Step.REINSTATE,
}
"""What an organiser can do to a proposal on its page: the view of screening, and its step."""


@blueprint.get("")
@requires(member)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List the proposals that the user may see."""
    filters = proposal_filters_asked(request.args)
    found = filters.narrow(queries.visible_proposals(user, edition))
    return page_or_partial(
        "proposals/list.html",
        edition=edition,
        proposals=listing(headlines(found), page_number()),
        filters=filters,
        asked=filters.as_fields(),
        statuses=STATUSES,
        orders=ORDERS,
        can_start=innovator(user) and edition.is_open(Stage.SUBMISSION, now=clock.now()),
    )


@blueprint.post("")
@requires(innovator)
def start(user: User, edition: Edition) -> ResponseReturnValue:
    """Start a draft for the innovator's agency."""
    membership = user.membership(Role.INNOVATOR)
    agency = membership.agency if membership else None
    if agency is None:
        raise DomainError(N_("Your role has no agency. Ask the organiser to add it."))
    proposal = actions.start_proposal(edition, agency, by=user.acting, now=clock.now())
    return redirect(address_of("proposals.draft", proposal))


@blueprint.get("/preview")
@requires(organiser)
def preview(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the organiser the form as an innovator sees it."""
    return page("proposals/preview.html", edition=edition, form=empty_form(edition))


@blueprint.get("/<int:proposal>")
@requires(proposal_reader)
def show(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show a proposal."""
    return page(
        "proposals/show.html",
        edition=edition,
        proposal=proposal,
        receipts=queries.submissions_of(proposal),
        is_author=can_write(user, proposal),
        can_withdraw=can_take(proposal.status, Step.WITHDRAW) and not edition.is_frozen,
        can_delete=proposal.status is Status.DRAFT,
        offers=_offers(user, edition, proposal),
        namesakes=_namesakes(user, edition, proposal),
    )


@blueprint.get("/<int:proposal>/draft")
@requires(author)
def draft(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the form."""
    if not proposal.is_editable:
        return redirect(address_of("proposals.show", proposal))
    return _draft_page(edition, proposal, filled_form(proposal, edition))


@blueprint.post("/<int:proposal>/draft")
@requires(author)
def save(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Save what is valid: automatically by HTMX while the author writes, or by the button."""
    form = offer_categories(proposal_form(edition)(), edition)
    is_valid = form.validate()
    draft = form.answered(saved=actions.draft_of(proposal, form.sections()))
    try:
        actions.save_draft(proposal, draft, version=version_of(form), now=clock.now())
    except actions.OvertakenDraft as overtaken:
        return _overtaken(edition, proposal, form, explain(overtaken))
    if wants_partial():
        return page("proposals/_saved.html", form=form, **_state(edition, proposal))
    if not is_valid:
        return _draft_page(edition, proposal, form, 422)
    flash(gettext("Saved."))
    return redirect(address_of("proposals.draft", proposal))


@blueprint.get("/<int:proposal>/submission")
@requires(author)
def check(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show what would be submitted and what is missing."""
    if not proposal.is_editable:
        return redirect(address_of("proposals.show", proposal))
    return _check_page(edition, proposal)


@blueprint.post("/<int:proposal>/submission")
@requires(author)
def submit(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Submit; the receipt follows on the proposal's page and by mail."""
    if proposal.is_editable and _state(edition, proposal)["missing"]:
        return _check_page(edition, proposal, 422)
    link, now = link_to_proposal(proposal), clock.now()
    actions.submit_proposal(proposal, by=user.acting, now=now, link=link)
    agree(proposal, AgreeForm().agreed(), by=user.acting, now=now)
    flash(
        gettext("Your proposal has been submitted. The receipt is below and on its way by e-mail.")
    )
    return redirect(address_of("proposals.show", proposal))


@blueprint.post("/<int:proposal>/removal")
@requires(author)
def remove(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Delete a draft for good."""
    actions.delete_draft(proposal, by=user.acting, now=clock.now())
    flash(gettext("The draft has been deleted."))
    return redirect(url_for("proposals.index", edition=edition.slug))


@blueprint.get("/<int:proposal>/withdrawal")
@requires(author)
def withdrawal(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Ask before withdrawing."""
    return _withdrawal_page(edition, proposal, ReasonForm())


@blueprint.post("/<int:proposal>/withdrawal")
@requires(author)
def withdraw(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Withdraw; only the organiser brings it back."""
    form = ReasonForm()
    if not form.validate():
        return _withdrawal_page(edition, proposal, form, 422)
    withdraw_proposal(
        proposal,
        reason=form.reason.data or "",
        link=link_to_proposal(proposal),
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("The proposal has been withdrawn."))
    return redirect(address_of("proposals.show", proposal))


def _namesakes(user: User, edition: Edition, proposal: Proposal) -> list[Proposal]:
    """Return the proposals of the same title, for who examines it."""
    if not may_open("screening.eligibility", user, edition=edition, proposal=proposal):
        return []
    return namesakes(proposal, submitted_beside(user, edition))


def _offers(user: User, edition: Edition, proposal: Proposal) -> set[str]:
    """Return what the organiser can do to the proposal now, by the name of its page."""
    is_withdrawn = proposal.status is Status.WITHDRAWN
    if edition.is_frozen if is_withdrawn else edition.is_confirmed:
        return set()
    possible = {
        f"screening.{name}": name
        for name, step in OFFERED.items()
        if can_take(proposal.status, step)
    }
    offered = openable(possible, user, edition=edition, proposal=proposal)
    return {possible[endpoint] for endpoint in offered}


def _withdrawal_page(
    edition: Edition, proposal: Proposal, form: ReasonForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "proposals/withdrawal.html",
        status,
        edition=edition,
        proposal=proposal,
        place=published_place(proposal),
        form=form,
    )


def _state(edition: Edition, proposal: Proposal) -> dict[str, Any]:
    entered = queries.entered_beside(proposal) if edition.agency_quota else 0
    missing = missing_of(proposal, edition, entered=entered)
    return {
        "edition": edition,
        "proposal": proposal,
        "missing": missing,
        "tasks": tasks_of(proposal, edition, missing),
        "deadline": deadline(proposal, edition),
        "is_over": is_over(proposal, now=clock.now()),
        "counts": {section.id: words(proposal.text_of(section.id)) for section in edition.sections},
    }


def _check_page(edition: Edition, proposal: Proposal, status: int = 200) -> ResponseReturnValue:
    return page(
        "proposals/check.html",
        status,
        namesakes=namesakes(proposal, agencys_own(proposal)),
        agree_form=AgreeForm(formdata=None, data=asdict(agreed_of(proposal))),
        **_state(edition, proposal),
    )


def _draft_page(
    edition: Edition, proposal: Proposal, form: BasicsForm, status: int = 200
) -> ResponseReturnValue:
    return page("proposals/draft.html", status, form=form, **_state(edition, proposal))


def _overtaken(
    edition: Edition, proposal: Proposal, form: BasicsForm, message: str
) -> ResponseReturnValue:
    """Show both texts: what was typed in the form, and what is saved beside it."""
    saved = filled_form(proposal, edition)
    form.take_untouched(saved)
    response = make_response(
        page_or_partial(
            "proposals/draft.html",
            409,
            form=form,
            saved=saved,
            message=message,
            **_state(edition, proposal),
        )
    )
    response.headers["HX-Retarget"] = "#draft"
    response.headers["HX-Reswap"] = "outerHTML"
    return response
