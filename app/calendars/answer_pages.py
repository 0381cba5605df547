"""Pages of the organiser: who can be there, and the answers by mail that need a look."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.calendars import queries, unread
from app.calendars.models import UnreadReply
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.programme.models import Answer
from app.programme.queries import appearances_of
from app.web.access import requires
from app.web.fields import search_asked
from app.web.pages import listing, page, page_number, page_or_partial

blueprint = Blueprint("answers", __name__, url_prefix="/editions/<edition>/schedule")


@blueprint.get("/answers")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show who is invited to which presentation and what they answered."""
    search, wanted = search_asked(request.args.get("search")), request.args.get("answer", "")
    answer = Answer(wanted) if wanted in set(Answer) else None
    found = listing(queries.invited(edition, search=search, answer=answer), page_number())
    return page_or_partial(
        "calendars/answers.html",
        edition=edition,
        found=found,
        appearances=appearances_of([invitation.proposal for invitation in found.items]),
        search=search,
        answer=answer,
        answers=list(Answer),
        counts=queries.answer_counts(edition),
        waiting=unread.waiting_count(edition.id),
    )


@blueprint.get("/answers/mail")
@requires(organiser)
def mail(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the mails that could not be taken as an answer, the newest first."""
    waiting = listing(unread.waiting(edition), page_number())
    return page("calendars/unread.html", edition=edition, waiting=waiting)


@blueprint.post("/answers/mail/<int:unread_reply>/done")
@requires(organiser)
def note_done(user: User, edition: Edition, unread_reply: UnreadReply) -> ResponseReturnValue:
    """Take a mail off the list: somebody has seen to it."""
    unread.note_done(unread_reply, edition, by=user.acting, now=clock.now())
    flash(gettext("Done: removed from the list."))
    return redirect(url_for("answers.mail", edition=edition.slug))
