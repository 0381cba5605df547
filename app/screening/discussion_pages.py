"""Pages of the evaluators' discussion of a proposal."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.permissions import can_read_scores, check_pledge
from app.evaluation.queries import standings_of
from app.evaluation.reading import sheet_lines
from app.proposals.models import Proposal
from app.screening import discussion
from app.screening.forms import RemarkForm
from app.web.access import requires
from app.web.links import link_to
from app.web.pages import page

blueprint = Blueprint("discussion", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/proposals/<int:proposal>/discussion")
@requires(discussion.can_discuss)
def index(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
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
    link = link_to("discussion.index", edition=edition.slug, proposal=proposal.number)
    discussion.write_remark(
        proposal, form.text.data or "", link=link, by=user.acting, now=clock.now()
    )
    return redirect(_discussion_of(proposal))


def _discussion_of(proposal: Proposal) -> str:
    return url_for("discussion.index", edition=proposal.edition.slug, proposal=proposal.number)


def _discussion_page(
    edition: Edition, proposal: Proposal, form: RemarkForm, status: int = 200
) -> ResponseReturnValue:
    standing = standings_of([proposal], SheetKind.DESK).get(proposal.id)
    return page(
        "screening/discussion.html",
        status,
        edition=edition,
        proposal=proposal,
        form=form,
        remarks=discussion.remarks_on(proposal),
        standing=standing if can_read_scores(standing) else None,
        sheets=sheet_lines([proposal], SheetKind.DESK).get(proposal.id, []),
    )
