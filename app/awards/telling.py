"""What a letter tells an entrant of a proposal: awards, place, points, distance to the line."""

from app.awards.letters import Told
from app.awards.models import Award
from app.awards.queries import awards_of
from app.awards.reading import DeskPlace, EntrantsPlace, places_in
from app.editions.models import Edition
from app.mail.letters import letter_text
from app.numbers import points
from app.proposals.models import Proposal
from app.workflow import N_


def told_of(edition: Edition) -> Told:
    """Return what a letter at publication tells of each proposal of this edition."""
    awards, places = awards_of(edition), places_in(edition)

    def told(proposal: Proposal, language: str) -> str:
        own = [award for award in awards if award.proposal_id == proposal.id]
        lines = [_of_award(award, language) for award in own]
        final, desk = places.final(proposal), places.at_the_desk(proposal)
        if final and edition.shows_averages:
            lines.append(_of_place(final, language))
        if desk and edition.shows_averages:
            lines.append(_of_desk(desk, language))
        return "\n".join(lines)

    return told


def _of_award(award: Award, language: str) -> str:
    ranked, chosen = N_("Award: %(category)s, place %(place)s"), N_("Award: %(category)s")
    values = {"category": award.category, "place": award.rank}
    return letter_text(language, ranked if award.rank else chosen, values)


def _of_place(own: EntrantsPlace, language: str) -> str:
    values = {
        "place": own.place or "–",
        "all": own.of,
        "points": points(language, own.final),
        "beyond": points(language, abs(own.beyond)),
        "last": own.last,
    }
    message = (
        N_(
            "Place %(place)s of %(all)s with %(points)s points, %(beyond)s below place %(last)s, "
            "the last place awarded by score"
        )
        if own.beyond < 0
        else N_(
            "Place %(place)s of %(all)s with %(points)s points, %(beyond)s above place %(last)s, "
            "the last place awarded by score"
        )
    )
    return letter_text(language, message, values)


def _of_desk(own: DeskPlace, language: str) -> str:
    return letter_text(
        language,
        N_(
            "Desk evaluation: place %(place)s of %(all)s with %(points)s points; the lowest of a "
            "finalist is %(line)s"
        ),
        {
            "place": own.place,
            "all": own.of,
            "points": points(language, own.mean),
            "line": points(language, own.line),
        },
    )
