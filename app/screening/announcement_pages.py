"""Pages of the announcement: every letter before it goes out, and the committee's own words."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from, decider
from app.mail.letters import letter_text
from app.proposals.addresses import link_to_proposal
from app.proposals.models import Proposal
from app.screening import decisions, queries
from app.screening.forms import LetterForm
from app.screening.letters import letter_of, usual_words
from app.screening.models import Decision
from app.screening.reading import finalists_beyond, oddities_of
from app.web.access import requires
from app.web.errors import refuse
from app.web.pages import listing, page, page_number, page_or_partial
from app.web.seen import check_seen
from app.workflow import DomainError

blueprint = Blueprint("announcement", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/announcement")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Preview the letters that announcing would send, page by page."""
    barred = barred_from(user, edition)
    found = listing(queries.prepared_in(edition, without=barred), page_number())
    outcomes = {decision.proposal: decision.outcome for decision in found.items}
    return page_or_partial(
        "screening/announcement.html",
        edition=edition,
        waiting=queries.prepared_count(edition),
        ended_at=queries.screening_ended_at(edition),
        found=found,
        letters={decision.id: _letters(decision, edition) for decision in found.items},
        odd=oddities_of(outcomes, edition),
        beyond=finalists_beyond(edition, barred=barred),
    )


@blueprint.post("/announcement")
@requires(organiser)
def announce(user: User, edition: Edition) -> ResponseReturnValue:
    """Announce all prepared decisions together."""
    count = decisions.announce_decisions(
        edition, link_to=link_to_proposal, by=user.acting, now=clock.now()
    )
    flash(
        ngettext(
            "%(count)s decision has been announced; the letters are on their way.",
            "%(count)s decisions have been announced; the letters are on their way.",
            count,
            count=count,
        )
    )
    return redirect(url_for("screening.index", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/decision/letter")
@requires(decider)
def letter(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show the words of the letter about a prepared decision."""
    prepared = queries.prepared_for(proposal) or abort(404)
    words = prepared.letter or usual_words(prepared, edition)
    return _letter_page(edition, prepared, LetterForm(formdata=None, letter=words))


@blueprint.post("/proposals/<int:proposal>/decision/letter")
@requires(decider)
def word_letter(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Save the letter's words; left empty, the usual ones come back."""
    prepared = queries.prepared_for(proposal) or abort(404)
    form = LetterForm()
    if not form.validate():
        return _letter_page(edition, prepared, form, 422)
    words = form.letter.data or ""
    own = "" if words == usual_words(prepared, edition) else words
    try:
        check_seen(prepared.letter, now=prepared.letter or gettext("the standard text"))
    except DomainError as error:
        return _letter_page(edition, prepared, form, refuse(form, error))
    decisions.word_letter(prepared, own, by=user.acting, now=clock.now())
    flash(gettext("The letter has been saved. It will be sent with the announcement."))
    return redirect(url_for("announcement.index", edition=edition.slug))


def _letters(decision: Decision, edition: Edition) -> list[dict[str, str]]:
    """Return the letters about a decision as their readers will see them."""
    found = []
    for author in decision.proposal.authors:
        draft = letter_of(decision, author, edition, link=link_to_proposal(decision.proposal))
        subject, body = (
            letter_text(author.language, draft[part], draft["values"])
            for part in ("subject", "body")
        )
        found.append({"to": author.email, "subject": subject, "body": body})
    return found


def _letter_page(
    edition: Edition, decision: Decision, form: LetterForm, status: int = 200
) -> ResponseReturnValue:
    return page(
        "screening/letter.html",
        status,
        edition=edition,
        decision=decision,
        proposal=decision.proposal,
        form=form,
    )
