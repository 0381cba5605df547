"""What everyone may read of an innovation: what its authors agreed to, and its awards in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.awards.models import Award
from app.editions.models import Edition
from app.editions.parts import Option, Section
from app.gallery import queries
from app.proposals.models import Proposal
from app.proposals.showcase.actions import USUAL
from app.proposals.showcase.models import Showcase
from app.proposals.showcase.queries import showcases_of
from app.workflow import COMPETING

TEASER = 180  # characters of a summary in a list


class PublicPicture(NamedTuple):
    """A picture that everyone may see: its shape in pixels, what it shows, what changes with it."""

    width: int
    height: int
    text: str
    version: str


@dataclass(frozen=True)
class PublicInnovation:
    """An innovation as everyone may read it; what its authors keep to themselves is empty."""

    proposal: Proposal
    summary: str
    description: Sequence[tuple[Section, str]]
    video_url: str
    themes: Sequence[tuple[Section, Sequence[Option]]]
    picture: PublicPicture | None
    awards: Sequence[Award]
    takes_requests: bool

    @property
    def teaser(self) -> str:
        """The beginning of the summary, up to the end of a word."""
        if len(self.summary) <= TEASER:
            return self.summary
        return self.summary[:TEASER].rsplit(None, 1)[0].rstrip(".,;:") + " …"


def public_innovation(edition: Edition, number: int, *, now: datetime) -> PublicInnovation | None:
    """Return the innovation of this number, if it is in the catalogue."""
    found = queries.innovation(edition, number)
    return public_innovations([found], now=now)[0] if found else None


def public_innovations(proposals: Sequence[Proposal], *, now: datetime) -> list[PublicInnovation]:
    """Return what everyone may read of proposals, in their order; with as many queries as for one.

    A proposal that is no longer in the competition is left out.
    """
    shown = [proposal for proposal in proposals if proposal.status in COMPETING]
    queries.load_texts(shown)
    agreed = showcases_of(shown)
    awards = queries.awards_among(shown, now=now)
    return [
        shown_of(proposal, agreed.get(proposal.id), awards.get(proposal.id, ()))
        for proposal in shown
    ]


def shown_of(
    proposal: Proposal, own: Showcase | None, awards: Sequence[Award] = ()
) -> PublicInnovation:
    """Return what everyone may read of a proposal that is public, given what was agreed to."""
    agreed, longer = own or USUAL, proposal.longer_texts
    return PublicInnovation(
        proposal,
        summary=longer[0][1] if longer and agreed.shows_summary else "",
        description=[told for told in longer[1:] if told[1]] if agreed.shows_description else (),
        video_url=proposal.video_url if agreed.shows_video else "",
        themes=_themes(proposal) if agreed.shows_themes else (),
        picture=_picture(own) if own and own.picture_sha256 else None,
        awards=awards,
        takes_requests=agreed.takes_requests,
    )


def _themes(proposal: Proposal) -> list[tuple[Section, Sequence[Option]]]:
    """Return what the proposal answers where the form offers options, such as goals."""
    found = [
        (section, section.chosen(proposal.text_of(section.id)))
        for section in proposal.sections
        if section.kind.has_options
    ]
    return [(section, chosen) for section, chosen in found if chosen]


def _picture(own: Showcase) -> PublicPicture:
    return PublicPicture(own.width, own.height, own.picture_text, own.picture_sha256[:12])
