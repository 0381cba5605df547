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


OWN_WORDS = N_("Hello %(name)s,\n\n%(letter)s\n\n%(link)s")


def usual_words(decision: Decision, edition: Edition) -> str:
    """Return what stands between greeting and link of the usual letter, to be edited."""
    values = _values(decision, "", edition, language="id", link="")
    paragraphs = letters.write("id", BODIES[decision.outcome], values).split("\n\n")
    return "\n\n".join(paragraphs[1:-1])


def letter_of(decision: Decision, author: Person, edition: Edition, *, link: str) -> dict[str, Any]:
    """Return subject, body and values of the letter that tells `author` the decision."""
    values = _values(decision, author.name, edition, language=author.language, link=link)
    body = OWN_WORDS if decision.letter else BODIES[decision.outcome]
    return {"subject": SUBJECT, "body": body, "values": values}


def _values(
    decision: Decision, name: str, edition: Edition, *, language: str, link: str
) -> dict[str, Any]:
    until = decision.correct_until
    return {
        "name": name,
        "title": decision.proposal.title,
        "outcome": decision.outcome.label,
        "edition": edition,
        "reason": decision.reason,
        "until": letters.moment(until, edition.zone, language) if until else "",
        "letter": decision.letter,
        "link": link,
    }
