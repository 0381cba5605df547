"""Pages of screening: eligibility, decisions, disqualification, and evaluators given by hand."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.permissions import (
    User,
    committee,
    committee_or_observer,
    organiser,
    organiser_or_observer,
)
from app.editions.queries import holders
from app.evaluation.access import barred_from, decider
from app.evaluation.permissions import check_pledge
from app.evaluation.queries import sheets_by_proposal
from app.proposals import actions as proposals
from app.proposals import withdrawals
from app.proposals.addresses import address_of, link_to_proposal
from app.proposals.lists import ORDERS
from app.proposals.models import Proposal
from app.proposals.namesakes import namesakes, submitted_beside
from app.proposals.queries import submissions_of
from app.proposals.versions import latest_changes
from app.screening import actions, decisions, queries
from app.screening.access import examiner, inspector
from app.screening.forms import (
    DecisionForm,
    TakeDecisionBackForm,
    changed_lines,
    checklist_form,
    decision_form,
    filled_checklist,
    has_gaps,
)
from app.screening.models import Decision
from app.screening.overview import SHOWS, screening_filters_asked
from app.screening.reading import dossier_for, oddities_of, screening_lines
from app.screening.reinstatement import reinstate_proposal
from app.screening.taking_back import decision_in_force, take_back_decision
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import Form, form_id, form_text
from app.web.pages import listing, page, page_number, page_or_partial
from app.web.seen import check_seen
from app.workflow import DomainError, Step, can_take

blueprint = Blueprint("screening", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/screening")
@requires(committee_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List the proposals in screening with their findings, sheets and prepared decisions."""
    barred = barred_from(user, edition)
    filters = screening_filters_asked(request.args)
    found = listing(filters.select(edition, without=barred), page_number())
    return page_or_partial(
        "screening/list.html",
        edition=edition,
        found=found,
        lines=screening_lines(found.items, barred=barred),
        filters=filters.common,
        show=filters.show,
        asked=filters.as_fields(),
        shows=SHOWS,
        orders=ORDERS,
        waiting=queries.prepared_count(edition),
        ended_at=queries.screening_ended_at(edition),
        is_organiser=organiser(user),
        is_open=actions.is_screening_open(edition, now=clock.now()),
        reads_decisions=organiser_or_observer(user),
    )


@blueprint.get("/proposals/<int:proposal>/eligibility")
@requires(inspector)
def eligibility(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the checklist beside the proposal."""
    form = filled_checklist(edition, queries.findings_of(proposal))
    return _eligibility_page(user, edition, proposal, form)


@blueprint.post("/proposals/<int:proposal>/eligibility")
@requires(examiner)
def find(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Record the findings."""
    form = checklist_form(edition)()
    if not form.validate() or _without_note(edition, form):
        return _eligibility_page(user, edition, proposal, form, 422)
    check_pledge(user)
    typed, before = form.findings(edition), queries.findings_of(proposal)
    try:
        changed = changed_lines(typed, form.seen(edition), before)
        actions.record_findings(proposal, changed, by=user.acting, now=clock.now())
    except DomainError as error:
        status = refuse(form, error)
        form.show_again(edition, queries.findings_of(proposal))
        return _eligibility_page(user, edition, proposal, form, status)
    return _checked(user, edition, proposal)


@blueprint.get("/proposals/<int:proposal>/decision")
@requires(organiser_or_observer)
def decision(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show findings and sheets, and the form of the decision."""
    return _decision_page(user, edition, proposal, _filled_decision(edition, proposal))


@blueprint.post("/proposals/<int:proposal>/decision")
@requires(decider)
def prepare(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Prepare the decision privately."""
    form = decision_form(edition)()
    if not form.validate():
        return _decision_page(user, edition, proposal, form, 422)
    if has_gaps(form):
        return _decision_page(user, edition, proposal, form, 422)
    prepared = queries.prepared_for(proposal)
    try:
        check_seen(*seen_of(prepared), now=gettext(prepared.outcome.label) if prepared else "–")
        decisions.prepare_decisions(
            [proposal], form.verdict(), edition, by=user.acting, now=clock.now()
        )
    except DomainError as error:
        return _decision_page(user, edition, proposal, form, refuse(form, error))
    if oddities_of({proposal: form.verdict().outcome}, edition):
        flash(
            gettext("The decision has been prepared. Nobody outside the committee can see it yet.")
        )
        return redirect(address_of("screening.decision", proposal))
    return _prepared(user, edition, proposal)


@blueprint.post("/proposals/<int:proposal>/decision/removal")
@requires(decider)
def drop(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Drop the prepared decision."""
    prepared = queries.prepared_for(proposal)
    if prepared is not None:
        decisions.drop_decision(prepared, by=user.acting, now=clock.now())
        flash(gettext("The prepared decision has been discarded."))
    return redirect(address_of("screening.decision", proposal))


@blueprint.post("/proposals/<int:proposal>/decision/announcement/removal")
@requires(decider)
def take_back(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take the announced decision back, with a reason that the authors read."""
    typed, decision = TakeDecisionBackForm(), decision_in_force(proposal)
    form = _filled_decision(edition, proposal)
    if not typed.validate():
        return _decision_page(user, edition, proposal, form, 422, take_back=typed)
    link, reason = link_to_proposal(proposal), typed.why_back.data or ""
    try:
        if decision is not None:
            check_seen(decision.id, now=gettext(decision.outcome.label))
        take_back_decision(proposal, reason=reason, link=link, by=user.acting, now=clock.now())
    except DomainError as error:
        status = refuse(typed, error)
        return _decision_page(user, edition, proposal, form, status, take_back=typed)
    flash(gettext("The decision has been revoked; the letter is on its way."))
    return redirect(address_of("screening.decision", proposal))


@blueprint.post("/proposals/<int:proposal>/disqualification")
@requires(decider)
def disqualify(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Disqualify a proposal, with a reason; organisers whom a conflict bars from it can't."""
    proposals.disqualify_proposal(
        proposal, reason=form_text("reason"), by=user.acting, now=clock.now()
    )
    return redirect(address_of("proposals.show", proposal))


@blueprint.post("/proposals/<int:proposal>/withdrawal-at-request")
@requires(decider)
def withdraw_at_request(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Withdraw a proposal at its authors' request, also once they can't any more."""
    withdrawals.withdraw_at_request(
        proposal,
        reason=form_text("reason"),
        link=link_to_proposal(proposal),
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("The proposal has been withdrawn; its authors are told."))
    return redirect(address_of("proposals.show", proposal))


@blueprint.post("/proposals/<int:proposal>/reinstatement")
@requires(decider)
def reinstate(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Bring a withdrawn proposal back to where it stood."""
    reinstate_proposal(
        proposal,
        reason=form_text("reason"),
        link=link_to_proposal(proposal),
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("The proposal is back in the competition; its authors are told."))
    return redirect(address_of("proposals.show", proposal))


@blueprint.post("/proposals/<int:proposal>/evaluators")
@requires(decider)
def assign(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Assign an evaluator by hand."""
    evaluator = _holder(edition, Role.SCREENER)
    is_new = actions.assign_evaluator(proposal, evaluator, by=user.acting, now=clock.now())
    if is_new:
        flash(gettext("The evaluator has been assigned."))
    else:
        already = gettext(
            "%(name)s already has a desk sheet for this proposal.", name=evaluator.name
        )
        flash(already, "warning")
    return redirect(address_of("screening.decision", proposal))


@blueprint.post("/proposals/<int:proposal>/evaluators/removal")
@requires(decider)
def unassign(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take an open desk sheet back from its evaluator."""
    person_id = form_id("person")
    found = sheets_by_proposal([proposal], SheetKind.DESK).get(proposal.id, [])
    sheet = next((held for held in found if held.evaluator_id == person_id), None) or abort(404)
    name = sheet.evaluator.name
    actions.take_back_sheet(sheet, by=user.acting, now=clock.now())
    flash(gettext("The desk sheet of %(name)s has been removed.", name=name))
    return redirect(address_of("screening.decision", proposal))


def _checked(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Say that the findings are saved and go on: to the next gaps, once this one has none."""
    title = proposal.title
    if len(queries.findings_of(proposal)) < len(edition.eligibility_items):
        flash(gettext("Saved."))
        return redirect(address_of("screening.eligibility", proposal))
    coming = queries.next_unchecked(edition, proposal, without=barred_from(user, edition))
    if coming is None:
        flash(gettext("“%(title)s” has been checked, and so have all the others.", title=title))
        return redirect(url_for("screening.index", edition=edition.slug))
    flash(gettext("“%(title)s” has been checked. This is the next one.", title=title))
    return redirect(address_of("screening.eligibility", coming))


def _prepared(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Say that the decision is prepared and go on: to the next one that has none."""
    title = proposal.title
    coming = queries.next_undecided(edition, proposal, without=barred_from(user, edition))
    if coming is None:
        flash(gettext("Every proposal in screening has a prepared decision."))
        return redirect(url_for("screening.index", edition=edition.slug))
    flash(
        gettext("The decision on “%(title)s” has been prepared. This is the next one.", title=title)
    )
    return redirect(address_of("screening.decision", coming))


def _eligibility_page(
    user: User, edition: Edition, proposal: Proposal, form: Form, status: int = 200
) -> ResponseReturnValue:
    submissions = submissions_of(proposal)
    barred = barred_from(user, edition)
    return page(
        "screening/eligibility.html",
        status,
        edition=edition,
        proposal=proposal,
        beside=queries.screened_beside(edition, proposal, without=barred),
        checked=len(queries.findings_of(proposal)),
        form=form,
        may_write=committee(user),
        submissions=len(submissions),
        changes=latest_changes(submissions, edition),
        namesakes=namesakes(proposal, submitted_beside(user, edition)),
    )


def seen_of(prepared: Decision | None) -> tuple[object, ...]:
    """Return what tells a prepared decision from one prepared anew."""
    return (prepared.id, prepared.prepared_at) if prepared else ()


def _filled_decision(edition: Edition, proposal: Proposal) -> DecisionForm:
    """Return the form of the decision, filled with what is prepared."""
    prepared = queries.prepared_for(proposal)
    form = decision_form(edition)(formdata=None, obj=prepared)
    if prepared is not None:
        form.outcome.data = prepared.outcome.value
    return form


def _decision_page(
    user: User,
    edition: Edition,
    proposal: Proposal,
    form: Form,
    status: int = 200,
    *,
    take_back: Form | None = None,
) -> ResponseReturnValue:
    barred = barred_from(user, edition)
    return page(
        "screening/decision.html",
        status,
        edition=edition,
        proposal=proposal,
        beside=queries.screened_beside(edition, proposal, without=barred),
        form=form,
        dossier=dossier_for(user, edition, proposal),
        seen=seen_of(queries.prepared_for(proposal)),
        may_decide=organiser(user),
        obstacle=decisions.obstacle(proposal, edition, now=clock.now()),
        is_open=actions.is_screening_open(edition, now=clock.now()),
        in_force=decision_in_force(proposal),
        take_back=take_back or TakeDecisionBackForm(formdata=None),
        can_disqualify=can_take(proposal.status, Step.DISQUALIFY) and not edition.is_confirmed,
        can_assign=proposal.status in queries.SCREENABLE,
        screeners=holders(edition, Role.SCREENER),
    )


def _without_note(edition: Edition, form: Form) -> bool:
    """Mark the lines that are not met and lack a note; return whether there are any."""
    incomplete = False
    for item in edition.eligibility_items:
        finding, note = form[f"finding_{item.id}"].data, form[f"note_{item.id}"]
        if finding in {"fails", "needs_correction"} and not note.data:
            note.errors = [gettext("Write a note for each requirement that is not met.")]
            incomplete = True
    return incomplete


def _holder(edition: Edition, role: Role) -> Person:
    wanted = form_id("person")
    found = (holder.person for holder in holders(edition, role) if holder.person_id == wanted)
    return next(found, None) or abort(404)
