"""The letters that tell a proposal's authors an announced decision. Pure."""

from typing import Any

from app.accounts.models import Person
from app.editions.kinds import Picking
from app.editions.models import Edition
from app.mail import letters
from app.screening.models import Decision, Outcome
from app.workflow import N_

SUBJECT = N_("%(title)s: %(outcome)s")
BODY = N_("Hello %(name)s,\n\n%(letter)s\n\n%(link)s")
"""Every letter: the words of its decision, or the committee's own, between greeting and link."""

WORDS = {
    Outcome.ELIGIBLE: N_(
        "“%(title)s” meets the requirements of %(edition)s and goes on to the evaluation."
    ),
    Outcome.RESERVE: N_(
        "“%(title)s” is on the reserve list of %(edition)s and can move up if a finalist "
        "withdraws.\n\nReason: %(reason)s"
    ),
    Outcome.NOT_SELECTED: N_(
        "“%(title)s” was not selected for the presentations of %(edition)s.\n\nReason: "
        "%(reason)s\n\nThank you for taking part."
    ),
    Outcome.INELIGIBLE: N_(
        "“%(title)s” does not meet the requirements of %(edition)s.\n\nReason: %(reason)s"
    ),
    Outcome.RETURNED: N_(
        "“%(title)s” needs a correction. Correct it and submit it again by "
        "%(until)s.\n\nWhat to correct: %(reason)s"
    ),
}


FINALIST = {
    Picking.FIRST_COME: N_(
        "“%(title)s” has been selected as a finalist of %(edition)s. Pick a slot for your "
        "presentation:"
    ),
    Picking.TURNS: N_(
        "“%(title)s” has been selected as a finalist of %(edition)s. Pick a slot for your "
        "presentation when it is your turn:"
    ),
    Picking.WISHES: N_(
        "“%(title)s” has been selected as a finalist of %(edition)s. Choose your preferred "
        "slots for the presentation:"
    ),
}
"""The words to a finalist, by how the edition's finalists come to their slots."""


def usual_words(decision: Decision, edition: Edition, language: str = "id") -> str:
    """Return the usual words for such a decision."""
    until = decision.correct_until
    values = {
        "title": decision.proposal.title,
        "edition": edition,
        "reason": decision.reason,
        "until": letters.moment(until, edition.zone, language) if until else "",
    }
    is_finalist = decision.outcome is Outcome.FINALIST
    words = FINALIST[edition.picking] if is_finalist else WORDS[decision.outcome]
    return letters.letter_text(language, words, values)


def letter_of(decision: Decision, author: Person, edition: Edition, *, link: str) -> dict[str, Any]:
    """Return subject, body and values of the letter that tells `author` the decision."""
    words = decision.letter or usual_words(decision, edition, author.language)
    return {
        "subject": SUBJECT,
        "body": BODY,
        "values": {
            "name": author.name,
            "title": decision.proposal.title,
            "outcome": decision.outcome.label,
            "letter": words,
            "link": link,
        },
    }
