"""What may be read of papers: lists, whether one still agrees with the data, an entrant's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.awards.models import Result
from app.awards.queries import result_of
from app.editions.models import Edition
from app.jobs.models import Job
from app.papers import queries
from app.papers.drafting import obstacles_in
from app.papers.framing import digest_of
from app.papers.kinds import Copy, PaperKind
from app.papers.making import Request, made_now
from app.papers.models import Paper
from app.papers.queueing import job_kinds
from app.proposals.models import Proposal
from app.workflow import Message, NotAllowedNow


@dataclass(frozen=True)
class KindLine:
    """A kind of paper in the list: the papers that stand, and what keeps it from being made.

    `jobs` are the newest that make it, by language.
    """

    kind: PaperKind
    papers: Sequence[Paper]
    obstacle: Message | None
    jobs: Mapping[str, Job]

    @property
    def languages(self) -> set[str]:
        """The languages in which there are some."""
        return {paper.language for paper in self.papers}

    @property
    def unset(self) -> int:
        """Of how many the PDF is still to be made."""
        return sum(paper.file(Copy.ORIGINAL) is None and not paper.refusal for paper in self.papers)


def kind_lines(edition: Edition, jobs: Mapping[str, Job]) -> list[KindLine]:
    """Return a line for each kind of paper, in their order; `jobs` are by their kind."""
    papers = queries.standing_papers(edition)
    obstacles = obstacles_in(edition)
    return [
        KindLine(
            kind,
            [paper for paper in papers if paper.kind is kind],
            obstacles[kind],
            {code: jobs[name] for code, name in job_kinds(kind).items() if name in jobs},
        )
        for kind in PaperKind
    ]


def agrees(paper: Paper, edition: Edition, asked: Request) -> bool | None:
    """Return whether it would be made the same now; None if it can't be made now."""
    try:
        made = made_now(edition, asked)
    except NotAllowedNow:
        return None
    own = next((each for each in made if each.draft.subject == paper.subject), None)
    where = {"link": paper.content["link"]}  # which may have moved since
    return own is not None and digest_of(own.content | where) == paper.digest


def is_overtaken(paper: Paper, result: Result | None) -> bool:
    """Return whether the result that it tells of was taken back or withdrawn since."""
    if not paper.kind.needs_result:
        return False
    confirmed_at = result.confirmed_at if result else None
    return confirmed_at is None or paper.made_at < confirmed_at


def papers_for_entrant(proposal: Proposal, edition: Edition, *, now: datetime) -> list[Paper]:
    """Return the letter and certificates of a proposal, once the result is public."""
    result = result_of(edition)
    if result is None or not result.is_public(now):
        return []
    papers = queries.standing_papers(edition)
    return [
        paper
        for paper in papers
        if paper.file(Copy.ORIGINAL) is not None
        and is_about(paper, proposal)
        and not is_overtaken(paper, result)
    ]


def is_about(paper: Paper, proposal: Proposal) -> bool:
    """Return whether it is the letter on this proposal, or a certificate of its award."""
    if paper.kind is PaperKind.LETTER:
        return paper.subject == f"proposal {proposal.id}"
    is_certificate = paper.kind is PaperKind.CERTIFICATE
    return is_certificate and paper.subject.endswith(f"-{proposal.id}")
