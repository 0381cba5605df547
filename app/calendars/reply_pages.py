"""The page on which somebody answers an invitation from the link in its letter."""

from email.utils import parseaddr

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.permissions import anyone
from app.calendars import invitations, queries
from app.calendars.routes import blueprint
from app.calendars.serving import page_of
from app.calendars.tickets import opened, sealed
from app.config import Config
from app.editions.permissions import User
from app.editions.queries import edition_named
from app.schedule.appearances import appearance_of
from app.schedule.published import Answer, Invitation
from app.web.access import requires
from app.web.pages import page


@blueprint.get("/invitations/<ticket>")
@requires(anyone)
def invitation(user: User, ticket: str) -> ResponseReturnValue:
    """Show what the invitation is for and what was answered; a mere look answers nothing."""
    found = _invitation(ticket)
    appearance = appearance_of(found.proposal)
    return page(
        "calendars/invitation.html",
        invitation=found,
        edition=found.proposal.edition,
        appearance=appearance,
        is_over=appearance is not None and appearance.ends_at <= clock.now(),
        answers=[each for each in Answer if each is not Answer.OPEN],
        ticket=ticket,
    )


@blueprint.post("/invitations/<ticket>")
@requires(anyone)
def answer_invitation(user: User, ticket: str) -> ResponseReturnValue:
    """Keep the answer."""
    found = _invitation(ticket)
    given = request.form.get("answer", "")
    if given not in {each.value for each in Answer if each is not Answer.OPEN}:
        abort(400)
    edition = edition_named(found.proposal.edition.slug) or abort(404)  # which locks it
    invitations.answer(found, Answer(given), edition, now=clock.now())
    return redirect(url_for("calendars.invitation", ticket=ticket))


def sender(config: Config) -> invitations.Sender:
    """Return who invites, with the addresses that stand in a letter."""
    return invitations.Sender(
        organizer=parseaddr(config.mail_from)[1],
        page_of=page_of,
        answer_at=lambda ticket: url_for(
            "calendars.invitation", ticket=sealed(ticket, config.secret_key), _external=True
        ),
    )


def _invitation(ticket: str) -> Invitation:
    config: Config = current_app.config["AJANG"]
    named = opened(ticket, config.secret_key)
    return (queries.invitation_for(named) if named else None) or abort(404)
