"""A letter to each entrant: result and reasons, their own means beside those of all finalists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from app.awards.models import Award
from app.awards.reading import Feedback, Places, feedback_of, places_in
from app.editions.models import Edition
from app.papers import queries
from app.papers.blocks import Block, Column, Heading, Items, Pairs, Table, Text
from app.papers.confirmed import ConfirmedResult
from app.papers.draft import Nips, PaperDraft, official
from app.papers.writing import Writer
from app.proposals.models import Proposal
from app.workflow import N_

AT_ONCE = 50  # entrants whose feedback is read together
Told = Mapping[int, Sequence[Feedback]]
"""What entrants are told of each kind of sheet, by proposal id."""


def letters(confirmed: ConfirmedResult, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return a letter for each proposal that was submitted and kept, by number."""
    edition = confirmed.edition
    places, judged = places_in(edition), queries.judged(edition)
    heading = writer.text(N_("Your result in %(edition)s"), edition=edition)
    return [
        official(
            f"proposal {proposal.id}",
            f"{heading} – {proposal.code} {proposal.title}",
            f"{proposal.code} {proposal.title}",
            dated=writer.local(confirmed.confirmed_at),
            heading=heading,
            blocks=_blocks(proposal, confirmed, places, told, writer),
        )
        for proposal, told in _with_feedback(judged, edition)
    ]


def _with_feedback(
    judged: Sequence[Proposal], edition: Edition
) -> Iterator[tuple[Proposal, Callable[[], Told]]]:
    """Yield each proposal with what tells its feedback, read for some when one of them asks."""
    for begin in range(0, len(judged), AT_ONCE):
        some = judged[begin : begin + AT_ONCE]
        told = cache(partial(feedback_of, some, edition))
        yield from ((proposal, told) for proposal in some)


def _blocks(
    proposal: Proposal,
    confirmed: ConfirmedResult,
    places: Places,
    told: Callable[[], Told],
    writer: Writer,
) -> Iterator[Block]:
    yield Pairs(
        [
            (writer.text(N_("To")), proposal.agency.name),
            (writer.text(N_("Innovation")), f"{proposal.code} {proposal.title}"),
        ]
    )
    own = [award for award in confirmed.recorded.awards if award.proposal_id == proposal.id]
    yield Text(_result(proposal, own, places, confirmed, writer))
    for feedback in told()[proposal.id]:
        yield Heading(writer.text(feedback.kind.label))
        if confirmed.edition.shows_averages:
            yield _profile(feedback, writer)
        comments = [*(note for line in feedback.criteria for note in line.notes)]
        comments += feedback.comments
        if comments:
            yield Text(writer.text(N_("What the judges wrote, without their names:")))
            yield Items(comments)


def _result(
    proposal: Proposal, own: list[Award], places: Places, confirmed: ConfirmedResult, writer: Writer
) -> str:
    got = N_("“%(title)s” got this award: %(category)s.")
    none = N_("“%(title)s” got no award this time. Thank you for taking part.")
    said = [writer.text(got, title=proposal.title, category=award.category) for award in own] or [
        writer.text(none, title=proposal.title)
    ]
    said += [award.reason for award in own if award.reason]
    final = places.final(proposal)
    if final and confirmed.edition.shows_averages:
        said.append(
            writer.text(
                N_("Place %(place)s of %(all)s, with a final score of %(points)s."),
                place=final.place or "–",
                all=final.of,
                points=writer.points(final.final),
            )
        )
    desk = places.at_the_desk(proposal)
    if desk and confirmed.edition.shows_averages:
        said.append(
            writer.text(
                N_(
                    "Desk evaluation: place %(place)s of %(all)s with %(points)s points; the "
                    "lowest of a finalist is %(line)s"
                ),
                place=desk.place,
                all=desk.of,
                points=writer.points(desk.mean),
                line=writer.points(desk.line),
            )
        )
    return "\n".join(said)


def _profile(feedback: Feedback, writer: Writer) -> Block:
    """Return the entrant's mean of each criterion beside the quartiles of all finalists."""
    return Table(
        [
            Column(writer.text(N_("Criterion")), 4),
            Column(writer.text(N_("Your mean")), is_number=True),
            Column(writer.text(N_("Lower quartile of all finalists")), 1, is_number=True),
            Column(writer.text(N_("Median of all finalists")), 1, is_number=True),
            Column(writer.text(N_("Upper quartile of all finalists")), 1, is_number=True),
        ],
        [
            (
                writer.name(line.criterion),
                writer.points(line.average),
                *(writer.points(point) for point in line.band or (None, None, None)),
            )
            for line in feedback.criteria
        ],
        is_dense=True,
    )
