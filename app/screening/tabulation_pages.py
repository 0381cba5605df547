"""Pages of the desk evaluation as a whole: the tabulation, and decisions on many proposals."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_or_observer
from app.evaluation.access import barred_from, decider
from app.proposals.addresses import link_to_proposal
from app.proposals.models import Proposal
from app.screening import decisions, queries
from app.screening import tabulation as table
from app.screening.actions import is_screening_open
from app.screening.forms import DecisionForm, asked_filters, decision_form, filter_form, has_gaps
from app.screening.models import Outcome
from app.screening.reading import finalists_beyond, oddities_of, scale_of, tabulation_lines
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_ids, ids_among
from app.web.pages import listing, page, page_number, page_or_partial
from app.workflow import DomainError

blueprint = Blueprint("tabulation", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/tabulation")
@requires(organiser_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the desk evaluation as a ranked table, for deciding on many proposals at once."""
    barred = barred_from(user, edition)
    filters = asked_filters(request.args)
    found = listing(table.tabulation(edition, filters, without=barred), page_number())
    reserve = queries.reserve_list(edition)
    lines = tabulation_lines(user, edition, found.items, barred=barred)
    return page_or_partial(
        "screening/tabulation.html",
        edition=edition,
        found=found,
        lines=lines,
        scale=scale_of(lines, edition),
        filters=filters,
        asked={"edition": edition.slug} | filters.as_fields(),
        form=filter_form(edition, filters),
        outcomes=table.prepared_outcomes(edition, without=barred),
        passing=table.passing_units(edition),
        reserve=[proposal for proposal in reserve if proposal.id not in barred],
        first=reserve[0].id if reserve and not edition.is_confirmed else None,
        beyond=finalists_beyond(edition, barred=barred),
        left_out=len(barred),
        may_decide=organiser(user),
        is_open=is_screening_open(edition, now=clock.now()),
    )


@blueprint.post("/tabulation/preview")
@requires(organiser)
def preview(user: User, edition: Edition) -> ResponseReturnValue:
    """Show which proposals the decision would cover, and which it would not and why."""
    form = decision_form(edition)(formdata=None, outcome=request.form.get("outcome"))
    return _preview(user, edition, form, _marked(user, edition))


@blueprint.post("/tabulation/decisions")
@requires(organiser)
def prepare_many(user: User, edition: Edition) -> ResponseReturnValue:
    """Prepare the same decision on all proposals that the preview named."""
    form, chosen = decision_form(edition)(), _named(user, edition)
    if not chosen:
        abort(404)
    if not form.validate() or has_gaps(form):
        return _preview(user, edition, form, chosen, 422)
    try:
        decisions.prepare_decisions(
            chosen, form.verdict(), edition, by=user.acting, now=clock.now()
        )
    except DomainError as error:
        return _preview(user, edition, form, chosen, refuse(form, error))
    flash(
        ngettext(
            "%(count)s decision has been prepared.",
            "%(count)s decisions have been prepared.",
            len(chosen),
            count=len(chosen),
        )
    )
    return redirect(url_for("tabulation.index", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/promotion")
@requires(decider)
def promote(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Move the first proposal on the reserve list up to the finalists."""
    decisions.promote_from_reserve(
        proposal, link_to=link_to_proposal, by=user.acting, now=clock.now()
    )
    flash(gettext("“%(title)s” is now a finalist; the letter is on its way.", title=proposal.title))
    return redirect(url_for("tabulation.index", edition=edition.slug))


def _preview(
    user: User, edition: Edition, form: DecisionForm, chosen: list[Proposal], status: int = 200
) -> ResponseReturnValue:
    """Show what can be decided, what is odd about it, and what can't be decided and why.

    The form names only what can be decided.
    """
    outcome = form.outcome_chosen
    refused = decisions.refusals(chosen, outcome, edition) if outcome else {}
    possible = [proposal for proposal in chosen if proposal.id not in refused]
    ids, barred = {proposal.id for proposal in possible}, barred_from(user, edition)
    outcomes = dict.fromkeys(possible, outcome) if outcome else {}
    prepared = queries.prepared_among(possible)
    beyond = (
        finalists_beyond(edition, chosen=ids, outcome=outcome, barred=barred)
        if outcome is Outcome.FINALIST
        else []
    )
    return page(
        "screening/preview.html",
        status,
        edition=edition,
        form=form,
        possible=possible,
        odd=oddities_of(outcomes, edition),
        replaced={
            proposal: prepared[proposal.id].outcome
            for proposal in possible
            if proposal.id in prepared and prepared[proposal.id].outcome is not outcome
        },
        beyond=beyond,
        refused=[(proposal, refused[proposal.id]) for proposal in chosen if proposal.id in refused],
        numbers=",".join(str(proposal.number) for proposal in possible),
    )


def _marked(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals marked in the table: single ones, or all that match its filters."""
    barred = barred_from(user, edition)
    if request.form.get("scope") != "all":
        numbers = form_ids("proposal")
        return queries.proposals_numbered(edition, numbers, without=barred)
    return table.all_found(edition, asked_filters(request.form), without=barred)


def _named(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals that the preview's form names."""
    numbers = ids_among(request.form.get("numbers", "")[:100_000].split(","))
    barred = barred_from(user, edition)
    return queries.proposals_numbered(edition, numbers, without=barred)
