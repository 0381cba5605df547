"""Pages for eligibility, assignment, decisions, their announcement, and conflicts."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.database import db
from app.editions.actions import sign_pledge
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, committee, organiser, overseer, role
from app.editions.queries import holders, unpledged
from app.jobs import queue
from app.jobs.models import JobState
from app.mail.letters import write
from app.proposals import actions as proposals
from app.proposals.models import Proposal
from app.screening import actions, assignments, decisions, queries, recusals
from app.screening import tabulation as table
from app.screening.forms import (
    DecisionForm,
    FilterForm,
    asked_filters,
    checklist_form,
    decision_form,
    filled_checklist,
    has_gaps,
)
from app.screening.letters import letter_of
from app.screening.models import ConflictKind
from app.screening.permissions import BOUND, check_pledge, evaluator, is_bound
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import Form, form_id, form_text
from app.web.pages import listing, page, page_number, page_or_partial
from app.workflow import DomainError

blueprint = Blueprint("screening", __name__, url_prefix="/editions/<edition>")

reader = role(Role.ORGANISER, Role.OBSERVER)


def examiner(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in who examines a proposal: the committee, less those whom a conflict bars from it."""
    return committee(user) and not _is_barred(user, edition, proposal)


def decider(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in an organiser whom no conflict bars from the proposal."""
    return organiser(user) and not _is_barred(user, edition, proposal)


def inspector(user: User, edition: Edition, proposal: Proposal) -> bool:
    """Let in who reads the findings: the committee and the observers, less those barred."""
    return overseer(user) and not _is_barred(user, edition, proposal)


@blueprint.get("/screening")
@requires(overseer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List what is in screening: findings, sheets, prepared decisions."""
    proposals = listing(queries.screened(edition), page_number())
    return page_or_partial(
        "screening/list.html",
        edition=edition,
        proposals=proposals,
        findings=queries.finding_counts(proposals.items),
        sheets=queries.sheets_by_proposal(proposals.items, SheetKind.DESK),
        barred=recusals.barred_for(evaluator(user), edition),
        decisions=queries.prepared_among(proposals.items),
        waiting=queries.prepared_count(edition),
        is_organiser=organiser(user),
        reads_decisions=reader(user),
    )


@blueprint.get("/assignment")
@requires(organiser)
def assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the automatic assignment is, and what it proposes."""
    job = queue.latest(assignments.KIND, edition.id)
    plan = assignments.preview(job, edition) if job and job.state is JobState.DONE else None
    return page_or_partial("screening/assignment.html", edition=edition, job=job, plan=plan)


@blueprint.post("/assignment")
@requires(organiser)
def compute_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Let the worker compute who should evaluate what."""
    assignments.request(edition, by=user.acting, now=clock.now())
    return redirect(url_for("screening.assignment", edition=edition.slug))


@blueprint.post("/assignment/removal")
@requires(organiser)
def stop_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop the computation, or drop what it proposes."""
    job = queue.latest(assignments.KIND, edition.id) or abort(404)
    queue.stop(job, now=clock.now())
    return redirect(url_for("screening.assignment", edition=edition.slug))


@blueprint.post("/assignment/sheets")
@requires(organiser)
def apply_assignment(user: User, edition: Edition) -> ResponseReturnValue:
    """Hand out the sheets that were proposed."""
    job = queue.latest(assignments.KIND, edition.id) or abort(404)
    made = assignments.apply(job, edition, by=user.acting, now=clock.now())
    flash(gettext("%(count)s sheets are assigned.", count=made))
    return redirect(url_for("screening.index", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/eligibility")
@requires(inspector)
def eligibility(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the checklist beside the proposal."""
    form = filled_checklist(edition, queries.findings_of(proposal))
    return _eligibility_page(user, edition, proposal, form)


@blueprint.post("/proposals/<int:proposal>/eligibility")
@requires(examiner)
def find(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Record what was found."""
    form = checklist_form(edition)()
    if not form.validate() or _without_note(edition, form):
        return _eligibility_page(user, edition, proposal, form, 422)
    check_pledge(user)
    actions.find(proposal, form.findings(edition), by=user.acting, now=clock.now())
    flash(gettext("Saved."))
    return redirect(_url("eligibility", proposal))


@blueprint.get("/proposals/<int:proposal>/decision")
@requires(reader)
def decision(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show findings and sheets, and the form of the decision."""
    prepared = queries.prepared_for(proposal)
    form = decision_form(edition)(formdata=None, obj=prepared)
    if prepared is not None:
        form.outcome.data = prepared.outcome.value
    return _decision_page(user, edition, proposal, form)


@blueprint.post("/proposals/<int:proposal>/decision")
@requires(decider)
def prepare(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Prepare the decision privately."""
    form = decision_form(edition)()
    if not form.validate():
        return _decision_page(user, edition, proposal, form, 422)
    if has_gaps(form):
        return _decision_page(user, edition, proposal, form, 422)
    try:
        decisions.prepare([proposal], form.verdict(), edition, by=user.acting, now=clock.now())
    except DomainError as error:
        return _decision_page(user, edition, proposal, form, refuse(form, error))
    flash(gettext("The decision is prepared. Nobody outside the committee sees it yet."))
    return redirect(url_for("screening.index", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/decision/removal")
@requires(decider)
def drop(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take the prepared decision back."""
    prepared = queries.prepared_for(proposal)
    if prepared is not None:
        decisions.drop(prepared, by=user.acting, now=clock.now())
    return redirect(_url("decision", proposal))


@blueprint.post("/proposals/<int:proposal>/disqualification")
@requires(decider)
def disqualify(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take a proposal out of the competition, with a reason and without a conflict of one's own."""
    proposals.disqualify(proposal, reason=form_text("reason"), by=user.acting, now=clock.now())
    return redirect(url_for("proposals.show", edition=edition.slug, proposal=proposal.number))


@blueprint.post("/proposals/<int:proposal>/evaluators")
@requires(decider)
def assign(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Assign an evaluator by hand."""
    actions.assign(proposal, _holder(edition, Role.SCREENER), by=user.acting, now=clock.now())
    flash(gettext("The evaluator is assigned."))
    return redirect(_url("decision", proposal))


@blueprint.post("/proposals/<int:proposal>/evaluators/removal")
@requires(decider)
def unassign(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Take an open desk sheet back from its evaluator."""
    person_id = form_id("person")
    found = queries.sheets_by_proposal([proposal], SheetKind.DESK).get(proposal.id, [])
    sheet = next((each for each in found if each.evaluator_id == person_id), None) or abort(404)
    actions.unassign(sheet, by=user.acting, now=clock.now())
    return redirect(_url("decision", proposal))


@blueprint.get("/announcement")
@requires(organiser)
def announcement(user: User, edition: Edition) -> ResponseReturnValue:
    """Preview every mail that announcing would send."""
    barred = recusals.barred_for(evaluator(user), edition)
    prepared = queries.prepared(edition)
    letters = []
    for each in (each for each in prepared if each.proposal_id not in barred):
        for author in each.proposal.authors:
            link = _url_of(each.proposal)
            letter = letter_of(each, author, edition, link=link)
            letters.append(
                {
                    "to": author.email,
                    "subject": write(author.language, letter["subject"], letter["values"]),
                    "body": write(author.language, letter["body"], letter["values"]),
                }
            )
    return page(
        "screening/announcement.html",
        edition=edition,
        decisions=prepared,
        letters=letters,
        barred=barred,
    )


@blueprint.post("/announcement")
@requires(organiser)
def announce(user: User, edition: Edition) -> ResponseReturnValue:
    """Announce all prepared decisions together."""
    count = decisions.announce(edition, link_to=_url_of, by=user.acting, now=clock.now())
    flash(gettext("%(count)s decisions are announced; the letters are on their way.", count=count))
    return redirect(url_for("screening.index", edition=edition.slug))


@blueprint.get("/tabulation")
@requires(reader)
def tabulation(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the desk evaluation as a ranked table in which many can be decided at once."""
    barred = recusals.barred_for(evaluator(user), edition)
    filters = asked_filters(request.args)
    found = listing(table.tabulation(edition, filters, without=barred), page_number())
    shown = [standing.proposal for standing in found.items]
    return page_or_partial(
        "screening/tabulation.html",
        edition=edition,
        found=found,
        ranks=table.ranks(found.items, edition, without=barred),
        filters=filters,
        asked={"edition": edition.slug} | filters.as_fields(),
        form=FilterForm(formdata=None, data=filters.as_fields()),
        sheets=queries.sheets_by_proposal(shown, SheetKind.DESK),
        prepared=queries.prepared_among(shown),
        outcomes=table.prepared_outcomes(edition, without=barred),
        passing=table.passing_units(edition),
        disagreement=table.disagreement_units(edition),
        reserve=[each for each in queries.reserve_list(edition) if each.id not in barred],
        left_out=len(barred),
        may_decide=organiser(user),
    )


@blueprint.post("/tabulation/preview")
@requires(organiser)
def preview(user: User, edition: Edition) -> ResponseReturnValue:
    """Show which proposals a decision would be prepared on, and which not and why."""
    form = decision_form(edition)(formdata=None, outcome=request.form.get("outcome"))
    return _preview(edition, form, _marked(user, edition))


@blueprint.post("/tabulation/decisions")
@requires(organiser)
def prepare_many(user: User, edition: Edition) -> ResponseReturnValue:
    """Prepare the same decision on all that the preview named."""
    form, chosen = decision_form(edition)(), _named(user, edition)
    if not chosen:
        abort(404)
    if not form.validate() or has_gaps(form):
        return _preview(edition, form, chosen, 422)
    try:
        decisions.prepare(chosen, form.verdict(), edition, by=user.acting, now=clock.now())
    except DomainError as error:
        return _preview(edition, form, chosen, refuse(form, error))
    flash(gettext("%(count)s decisions are prepared.", count=len(chosen)))
    return redirect(url_for("screening.tabulation", edition=edition.slug))


@blueprint.post("/proposals/<int:proposal>/promotion")
@requires(decider)
def promote(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Move the first of the reserve list up to the finalists."""
    decisions.promote(proposal, link_to=_url_of, by=user.acting, now=clock.now())
    flash(gettext("“%(title)s” is a finalist now; the letter is on its way.", title=proposal.title))
    return redirect(url_for("screening.tabulation", edition=edition.slug))


def bound(user: User, **_records: object) -> bool:
    """Let in who signs the integrity pledge."""
    return is_bound(user)


@blueprint.get("/pledge")
@requires(bound)
def pledge(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the integrity pledge."""
    return page("screening/pledge.html", edition=edition)


@blueprint.post("/pledge")
@requires(bound)
def sign(user: User, edition: Edition) -> ResponseReturnValue:
    """Sign the integrity pledge."""
    sign_pledge(edition, by=user.acting, now=clock.now())
    flash(gettext("The integrity pledge is signed."))
    return redirect(url_for("dashboard.my_work"))


@blueprint.get("/conflicts")
@requires(overseer)
def conflicts(user: User, edition: Edition) -> ResponseReturnValue:
    """List every conflict of interest of judges and evaluators, detected and declared."""
    return page(
        "screening/conflicts.html",
        edition=edition,
        hosts=recusals.hosts_among_judges(edition),
        unpledged=unpledged(edition, BOUND),
        **recusals.conflict_table(edition),
    )


@blueprint.post("/conflicts/dismissal")
@requires(organiser)
def dismiss(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm, with a reason, that a detected conflict is none."""
    person = db.session.get(Person, form_id("person"))
    proposal = queries.proposal_in(edition, form_id("proposal"))
    kind = request.form.get("kind", "")
    if person is None or proposal is None or kind not in set(ConflictKind):
        abort(404)
    if not decider(user, edition, proposal):
        abort(403)
    reason = form_text("reason")
    actions.dismiss(
        proposal, person, ConflictKind(kind), reason=reason, by=user.acting, now=clock.now()
    )
    flash(gettext("Recorded: this is no conflict."))
    return redirect(url_for("screening.conflicts", edition=edition.slug))


def _preview(
    edition: Edition, form: DecisionForm, chosen: list[Proposal], status: int = 200
) -> ResponseReturnValue:
    """Show what can be decided, and beside it what can't and why; only the former is named."""
    outcome = form.outcome_chosen
    refused = decisions.refusals(chosen, outcome, edition) if outcome else {}
    possible = [each for each in chosen if each.id not in refused]
    return page(
        "screening/preview.html",
        status,
        edition=edition,
        form=form,
        possible=possible,
        refused=[(each, refused[each.id]) for each in chosen if each.id in refused],
        numbers=",".join(str(each.number) for each in possible),
    )


def _marked(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals that the table marks: single ones, or all that its filters find."""
    barred = recusals.barred_for(evaluator(user), edition)
    if request.form.get("scope") != "all":
        numbers = set(request.form.getlist("proposal", type=int))
        return queries.proposals_numbered(edition, numbers, without=barred)
    found = table.tabulation(edition, asked_filters(request.form), without=barred)
    return [standing.proposal for standing in db.session.scalars(found)]


def _named(user: User, edition: Edition) -> list[Proposal]:
    """Return the proposals that the preview's form names."""
    numbers = {int(each) for each in form_text("numbers", 100_000).split(",") if each.isdecimal()}
    barred = recusals.barred_for(evaluator(user), edition)
    return queries.proposals_numbered(edition, numbers, without=barred)


def _eligibility_page(
    user: User, edition: Edition, proposal: Proposal, form: Form, status: int = 200
) -> ResponseReturnValue:
    values = {"edition": edition, "proposal": proposal, "form": form}
    return page("screening/eligibility.html", status, may_write=committee(user), **values)


def _decision_page(
    user: User, edition: Edition, proposal: Proposal, form: Form, status: int = 200
) -> ResponseReturnValue:
    return page(
        "screening/decision.html",
        status,
        edition=edition,
        proposal=proposal,
        form=form,
        is_barred=_is_barred(user, edition, proposal),
        may_decide=organiser(user),
        prepared=queries.prepared_for(proposal),
        findings=queries.findings_of(proposal),
        sheets=queries.sheets_by_proposal([proposal], SheetKind.DESK).get(proposal.id, []),
        screeners=holders(edition, Role.SCREENER),
    )


def _is_barred(user: User, edition: Edition, proposal: Proposal) -> bool:
    return bool(recusals.conflicts_between(evaluator(user), proposal, edition))


def _without_note(edition: Edition, form: Form) -> bool:
    """Mark the lines that are not met and lack their note; tell whether there are any."""
    incomplete = False
    for item in edition.eligibility_items:
        finding, note = form[f"finding_{item.id}"].data, form[f"note_{item.id}"]
        if finding in {"fails", "needs_correction"} and not note.data:
            note.errors = [gettext("Write a note where a requirement is not met.")]
            incomplete = True
    return incomplete


def _holder(edition: Edition, role: Role) -> Person:
    wanted = form_id("person")
    found = (each.person for each in holders(edition, role) if each.person_id == wanted)
    return next(found, None) or abort(404)


def _url(endpoint: str, proposal: Proposal) -> str:
    slug = proposal.edition.slug
    return url_for(f"screening.{endpoint}", edition=slug, proposal=proposal.number)


def _url_of(proposal: Proposal) -> str:
    slug = proposal.edition.slug
    return url_for("proposals.show", edition=slug, proposal=proposal.number, _external=True)
