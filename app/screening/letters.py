"""What the authors of a proposal read when its decision is announced. Pure."""

from typing import Any

from app.accounts.models import Person
from app.editions.models import Edition
from app.mail import letters
from app.screening.models import Decision, Outcome
from app.workflow import N_

SUBJECT = N_("%(title)s: %(outcome)s")

BODIES = {
    Outcome.ELIGIBLE: N_(
        "Hello %(name)s,\n\n“%(title)s” meets the requirements of %(edition)s and goes on to the "
        "evaluation.\n\n%(link)s"
    ),
    Outcome.FINALIST: N_(
        "Hello %(name)s,\n\n“%(title)s” has been selected as a finalist of %(edition)s. Pick a "
        "slot for your presentation:\n\n%(link)s"
    ),
    Outcome.RESERVE: N_(
        "Hello %(name)s,\n\n“%(title)s” stands on the reserve list of %(edition)s and moves up if "
        "a finalist withdraws.\n\nReason: %(reason)s\n\n%(link)s"
    ),
    Outcome.NOT_SELECTED: N_(
        "Hello %(name)s,\n\n“%(title)s” was not selected for the presentations of %(edition)s.\n\n"
        "Reason: %(reason)s\n\nThank you for taking part.\n\n%(link)s"
    ),
    Outcome.INELIGIBLE: N_(
        "Hello %(name)s,\n\n“%(title)s” does not meet the requirements of %(edition)s.\n\n"
        "Reason: %(reason)s\n\n%(link)s"
    ),
    Outcome.RETURNED: N_(
        "Hello %(name)s,\n\n“%(title)s” needs a correction. Correct it and submit it again until "
        "%(until)s.\n\nWhat to correct: %(reason)s\n\n%(link)s"
    ),
}


def letter_of(decision: Decision, author: Person, edition: Edition, *, link: str) -> dict[str, Any]:
    """Return subject, body and values of the letter that tells `author` the decision."""
    until = decision.correct_until
    return {
        "subject": SUBJECT,
        "body": BODIES[decision.outcome],
        "values": {
            "name": author.name,
            "title": decision.proposal.title,
            "outcome": decision.outcome.label,
            "edition": edition,
            "reason": decision.reason,
            "until": letters.moment(until, edition.zone, author.language) if until else "",
            "link": link,
        },
    }
