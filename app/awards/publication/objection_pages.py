"""Pages on which entrants object to a result, and on which that is answered."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.awards.permissions import can_follow_plenary
from app.awards.publication import objections, queries
from app.awards.publication.forms import AnswerForm, ObjectionForm
from app.awards.publication.models import Objection, ObjectionMatter, Ruling
from app.awards.publication.reading import objection_lines
from app.awards.queries import result_of
from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_or_chair
from app.evaluation.access import barred_from
from app.proposals.access import author
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_id, name_apart
from app.web.links import link_to
from app.web.pages import listing, page, page_number
from app.workflow import DomainError

blueprint = Blueprint("objections", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/objections")
@requires(can_follow_plenary)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the objections to the result, those without an answer first."""
    return _objections(user, edition)


@blueprint.post("/objections/<int:objection>/assignment")
@requires(organiser)
def assign(user: User, edition: Edition, objection: int) -> ResponseReturnValue:
    """Assign an objection to somebody without a conflict of interest."""
    found = _readable(user, edition, objection)
    person = db.session.get(Person, form_id("person")) or abort(404)
    objections.assign_objection(
        found,
        person,
        link=link_to("objections.index", edition=edition.slug),
        by=user.acting,
        now=clock.now(),
    )
    flash(gettext("The objection has been assigned."))
    return redirect(url_for("objections.index", edition=edition.slug))


@blueprint.post("/objections/<int:objection>/answer")
@requires(organiser_or_chair)
def answer(user: User, edition: Edition, objection: int) -> ResponseReturnValue:
    """Answer an objection with a reason from the record."""
    found, form = _readable(user, edition, objection), AnswerForm()
    if not form.validate():
        return _objections(user, edition, found, form, 422)
    link = link_to("objections.own", edition=edition.slug, proposal=found.proposal.number)
    try:
        objections.answer_objection(
            found,
            Ruling(form.answer.data),
            reason=form.reason.data or "",
            entry=form.entry.data,
            link=link,
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _objections(user, edition, found, form, refuse(form, error))
    flash(gettext("The objection has been answered, and its authors are told."))
    return redirect(url_for("objections.index", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/objection")
@requires(author)
def own(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show an entrant what they objected to, and let them object while they can."""
    return _own(edition, proposal, ObjectionForm(formdata=None))


@blueprint.post("/proposals/<int:proposal>/objection")
@requires(author)
def file(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """File an objection."""
    form = ObjectionForm()
    if not form.validate():
        return _own(edition, proposal, form, 422)
    try:
        objections.file_objection(
            proposal,
            ObjectionMatter(form.matter.data),
            form.text.data or "",
            link=link_to("objections.index", edition=edition.slug),
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _own(edition, proposal, form, refuse(form, error))
    flash(gettext("Your objection has been filed. You will be told how it is decided."))
    return redirect(url_for("objections.own", edition=edition.slug, proposal=proposal.number))


def _readable(user: User, edition: Edition, objection_id: int) -> Objection:
    """Return the objection, unless a conflict of interest bars the user from it."""
    found = queries.objection_with(edition, objection_id) or abort(404)
    if found.proposal_id in barred_from(user, edition):
        abort(404)
    return found


def _objections(
    user: User,
    edition: Edition,
    answered: Objection | None = None,
    form: AnswerForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    barred = barred_from(user, edition)
    found = listing(
        queries.objections_in(edition).where(Objection.proposal_id.not_in(barred)), page_number()
    )
    shown = [*([answered] if answered else []), *(own for own in found.items if own != answered)]
    lines = objection_lines(edition, shown, user.person)
    forms = {line.objection.id: AnswerForm(formdata=None) for line in lines if line.is_mine}
    if answered and form:
        forms[answered.id] = form
    for key, own_form in forms.items():
        name_apart(own_form, key)
    return page(
        "awards/objections.html",
        status,
        edition=edition,
        lines=lines,
        found=found,
        until=objections.objecting_until(edition, result_of(edition)),
        may_assign=organiser(user),
        forms=forms,
        now=clock.now(),
    )


def _own(
    edition: Edition, proposal: Proposal, form: ObjectionForm, status: int = 200
) -> ResponseReturnValue:
    now = clock.now()
    filed = queries.objections_of(proposal)
    done = {own.matter.value for own in filed if own.round == queries.round_of(edition)}
    form.leave_out(done)
    return page(
        "awards/objection.html",
        status,
        edition=edition,
        proposal=proposal,
        filed=filed,
        may_object=bool(form.matter.choices) and objections.can_object(proposal, edition, now=now),
        until=objections.objecting_until(edition, result_of(edition)),
        form=form,
        now=now,
    )
