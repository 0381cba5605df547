"""Pages of conflicts of interest, and of the discussion that is closed to the conflicted."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser, overseer
from app.editions.queries import unpledged
from app.proposals.models import Proposal
from app.screening import actions, discussion, queries, recusals
from app.screening.access import decider
from app.screening.forms import RemarkForm
from app.screening.models import ConflictKind
from app.screening.permissions import BOUND, check_pledge, evaluator
from app.screening.routes import blueprint
from app.web.access import requires
from app.web.fields import form_id, form_text
from app.web.pages import page, page_number, paged


@blueprint.get("/conflicts")
@requires(overseer)
def conflicts(user: User, edition: Edition) -> ResponseReturnValue:
    """List every conflict of interest of judges and evaluators, detected and declared."""
    rows = recusals.conflict_table(edition)
    return page(
        "screening/conflicts.html",
        edition=edition,
        hosts=recusals.hosts_among_judges(edition),
        unpledged=unpledged(edition, BOUND),
        standing=paged(rows["standing"], page_number()),
        dismissed=rows["dismissed"],
        settles=organiser(user) and not edition.is_frozen,
        barred=recusals.barred_for(evaluator(user), edition),
    )


@blueprint.post("/conflicts/dismissal")
@requires(organiser)
def dismiss(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm, with a reason, that a detected conflict is none."""
    _settle(user, edition, actions.dismiss)
    flash(gettext("Recorded: this is no conflict."))
    return redirect(url_for("screening.conflicts", edition=edition.slug))


@blueprint.post("/conflicts/confirmation")
@requires(organiser)
def confirm_conflict(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm, with a reason, that a detected conflict is one."""
    _settle(user, edition, actions.confirm)
    flash(gettext("Recorded: this is a conflict."))
    return redirect(url_for("screening.conflicts", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/discussion")
@requires(discussion.can_discuss)
def discuss(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the evaluators' discussion."""
    return _discussion_page(edition, proposal, RemarkForm(formdata=None))


@blueprint.post("/proposals/<int:proposal>/discussion")
@requires(discussion.can_discuss)
def remark(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Write a remark."""
    form = RemarkForm()
    if not form.validate():
        return _discussion_page(edition, proposal, form, 422)
    check_pledge(user)
    link = _discussion_of(proposal, _external=True)
    discussion.write(proposal, form.text.data or "", link=link, by=user.acting, now=clock.now())
    return redirect(_discussion_of(proposal))


def _settle(user: User, edition: Edition, act: Callable[..., Any]) -> None:
    """Confirm or dismiss the conflict that the form names, as somebody it does not bar."""
    person = db.session.get(Person, form_id("person"))
    proposal = queries.proposal_in(edition, form_id("proposal"))
    kind = request.form.get("kind", "")
    if person is None or proposal is None or kind not in set(ConflictKind):
        abort(404)
    if not decider(user, edition, proposal):
        abort(403)
    reason = form_text("reason")
    act(proposal, person, ConflictKind(kind), reason=reason, by=user.acting, now=clock.now())


def _discussion_of(proposal: Proposal, **options: Any) -> str:
    slug = proposal.edition.slug
    return url_for("screening.discuss", edition=slug, proposal=proposal.number, **options)


def _discussion_page(
    edition: Edition, proposal: Proposal, form: RemarkForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "screening/discussion.html",
        status,
        edition=edition,
        proposal=proposal,
        form=form,
        remarks=discussion.remarks_on(proposal),
        standing=queries.desk_standings([proposal]).get(proposal.id),
        sheets=queries.sheets_by_proposal([proposal], SheetKind.DESK).get(proposal.id, []),
    )
