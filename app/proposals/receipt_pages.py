"""Pages of a submission: the receipt as PDF, its exact content, and what it changed."""

from datetime import date

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.editions.models import Edition
from app.editions.permissions import User
from app.proposals import queries
from app.proposals.access import proposal_reader
from app.proposals.models import Proposal, Submission
from app.proposals.versions import STARTED_ON, Part, ReceiptNames, differences, names_then, parts_of
from app.web.access import requires
from app.web.language import day, language, local, moment
from app.web.pages import download, page
from app.web.typesetting import typeset
from app.workflow import N_

blueprint = Blueprint("receipts", __name__, url_prefix="/editions/<edition>/proposals")

TAKE_CONTENT_INSTEAD = N_(
    "A PDF of this receipt can't be made right now: its text needs too much time or memory. "
    "What you submitted is kept unchanged, and its exact content can be downloaded as JSON."
)


@blueprint.get("/<int:proposal>/submissions/<int:place>")
@requires(proposal_reader)
def comparison(user: User, edition: Edition, proposal: Proposal, place: int) -> ResponseReturnValue:
    """Show what a submission changed, section by section; there is no page for the first."""
    before, after = _submission(proposal, place - 1), _submission(proposal, place)
    return page(
        "proposals/comparison.html",
        edition=edition,
        proposal=proposal,
        before=before,
        after=after,
        differences=differences(before, after, edition),
    )


@blueprint.get("/<int:proposal>/submissions/<int:place>.pdf")
@requires(proposal_reader)
def receipt(user: User, edition: Edition, proposal: Proposal, place: int) -> ResponseReturnValue:
    """Send the receipt of a submission as PDF."""
    submission = _submission(proposal, place)
    names = names_then(submission)
    sections = {section.id: section for section in edition.sections}
    parts = parts_of(submission, [sections[each] for each in names.sections if each in sections])
    data = {
        "language": language(),
        "title": f"{gettext('Receipt')} {proposal.code}",
        "heading": gettext("Receipt"),
        "edition": local(names.edition),
        "code": proposal.code,
        "facts": [
            [gettext("Registration number"), proposal.code],
            [local(names.unit_word), names.agency],
            [gettext("Received"), moment(submission.submitted_at)],
            [gettext("Submitted by"), names.person],
        ],
        "digest": submission.digest,
        "digest_label": gettext("Digest of the content (SHA-256)"),
        "note": gettext("The digest covers the exact content, which can be downloaded as JSON."),
        "parts": [[_label(part, names), _said(part)] for part in parts if part.text],
    }
    return download(
        typeset("receipt", data, at=submission.submitted_at, otherwise=TAKE_CONTENT_INSTEAD),
        "application/pdf",
        f"{edition.slug}-{proposal.code}-{place}.pdf",
    )


@blueprint.get("/<int:proposal>/submissions/<int:place>.json")
@requires(proposal_reader)
def content(user: User, edition: Edition, proposal: Proposal, place: int) -> ResponseReturnValue:
    """Send the exact content of a submission, whose SHA-256 is the receipt's digest."""
    submission = _submission(proposal, place)
    name = f"{edition.slug}-{proposal.code}-{place}.json"
    return download(submission.content.encode(), "application/json", name)


def _submission(proposal: Proposal, place: int) -> Submission:
    """Return the proposal's submission at this place, counted from 1."""
    found = queries.submissions_of(proposal)[::-1]
    return found[place - 1] if 1 <= place <= len(found) else abort(404)


def _label(part: Part, names: ReceiptNames) -> str:
    return gettext(part.name) if isinstance(part.name, str) else local(names.sections[part.name.id])


def _said(part: Part) -> str:
    if part.name is STARTED_ON:
        return day(date.fromisoformat(part.text))
    if isinstance(part.name, str) or not part.name.kind.has_options:
        return part.text
    return "\n".join(local(option) for option in part.name.chosen(part.text))
