"""The page on which somebody answers an invitation from the link in its letter."""

from email.utils import parseaddr

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.permissions import anyone
from app.calendars import invitations, queries
from app.calendars.serving import page_of
from app.calendars.tickets import opened_ticket, reply_token, sealed_ticket
from app.config import Config
from app.database import undo_and_read
from app.editions.permissions import User
from app.programme.models import Answer, Invitation
from app.programme.queries import appearance_of
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import whole
from app.web.links import link_to
from app.web.pages import page
from app.workflow import NotAllowedNow

blueprint = Blueprint("replies", __name__)


@blueprint.get("/invitations/<ticket>")
@requires(anyone)
def invitation(user: User, ticket: str) -> ResponseReturnValue:
    """Show what the invitation is for and what was answered; viewing it answers nothing."""
    return _page(_invitation(ticket))


@blueprint.post("/invitations/<ticket>")
@requires(anyone)
def answer_invitation(user: User, ticket: str) -> ResponseReturnValue:
    """Save the answer to the invitation."""
    found = _invitation(ticket)
    given = request.form.get("answer", "")
    if given not in {answer.value for answer in Answer if answer is not Answer.OPEN}:
        abort(400)
    edition, revision = invitations.lock_invitation(found), whole(request.form.get("revision")) or 0
    try:
        invitations.keep_answer(found, Answer(given), edition, revision=revision, now=clock.now())
    except NotAllowedNow as refusal:
        undo_and_read()
        return _page(_invitation(ticket), 409, explain(refusal))
    return redirect(url_for("replies.invitation", ticket=ticket))


def sender(config: Config) -> invitations.Sender:
    """Return the sender of invitations, with the addresses that its letters hold."""
    key, mailbox = config.secret_key, parseaddr(config.mail_from)[1]
    name, _, host = mailbox.rpartition("@")

    return invitations.Sender(
        organizer_of=lambda ticket: (
            f"{name}+{reply_token(ticket, key)}@{host}" if config.mail_reply_tokens else mailbox
        ),
        page_of=page_of,
        answer_at=lambda ticket: link_to("replies.invitation", ticket=sealed_ticket(ticket, key)),
        believes=lambda reply, ticket: (
            reply.is_authenticated or reply_token(ticket, key) in reply.tokens
        ),
    )


def _page(found: Invitation, status: int = 200, message: str = "") -> ResponseReturnValue:
    appearance = appearance_of(found.proposal)
    return page(
        "calendars/invitation.html",
        status,
        invitation=found,
        edition=found.proposal.edition,
        appearance=appearance,
        is_over=appearance is not None and appearance.ends_at <= clock.now(),
        answers=[answer for answer in Answer if answer is not Answer.OPEN],
        message=message,
    )


def _invitation(ticket: str) -> Invitation:
    config: Config = current_app.config["AJANG"]
    named = opened_ticket(ticket, config.secret_key)
    return (queries.invitation_for(named) if named else None) or abort(404)
