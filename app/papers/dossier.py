"""The regent's dossier: on two pages who wins, why, how clear it is, and what stays uncertain."""

import math
from collections.abc import Iterator
from fractions import Fraction

from app.papers.blocks import Block, Heading, Items, Point, PointScale, Text
from app.papers.confirmed import ConfirmedResult
from app.papers.draft import Nips, PaperDraft, official
from app.papers.minutes import awards_table
from app.papers.writing import Writer
from app.scoring.certainty.asking import is_unsure
from app.scoring.ranking import Ranked
from app.workflow import N_, NN_

MOST_POINTS = 27  # so that it stays on two pages
STEP = 5  # points, in which the scale begins and ends
CLOSE = Fraction(1)  # points within which two results are called close


def dossier(confirmed: ConfirmedResult, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return the dossier."""
    heading = writer.text(N_("Dossier: the result of %(edition)s"), edition=confirmed.edition)
    return [
        official(
            "",
            heading,
            writer.text(N_("Dossier for the regent")),
            dated=writer.local(confirmed.confirmed_at),
            heading=heading,
            blocks=_blocks(confirmed, writer),
        )
    ]


def _blocks(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    yield Text(
        writer.text(
            N_("Presentations judged: %(proposals)s. These are the winners:"),
            proposals=len(confirmed.lines),
        )
    )
    for category in confirmed.categories:
        yield Heading(writer.name(category))
        own = [award for award in confirmed.recorded.awards if award.category_id == category.id]
        yield awards_table(own, writer)
    yield Heading(writer.text(N_("How far apart they are")))
    if any(line.final is not None for line in confirmed.lines):
        yield _scale(confirmed, writer)
        if _unsure(confirmed):
            yield Text(writer.text(N_("A ring: too close to the line to be told apart.")))
    yield Heading(writer.text(N_("What remains uncertain")))
    yield Items(_uncertain(confirmed, writer))


def _scale(confirmed: ConfirmedResult, writer: Writer) -> Block:
    """Return the results as points on a scale, with the line below the last winner by ranking."""
    unsure = _unsure(confirmed)
    winners = {award.proposal_id for award in confirmed.recorded.awards if award.rank}
    points = [
        Point(
            f"{line.rank or '–'}. {confirmed.proposals[line.proposal_id].code}",
            round(float(line.final), 2),
            writer.points(line.final),
            is_ahead=line.proposal_id in winners,
            is_sure=line.proposal_id not in unsure,
        )
        for line in confirmed.lines
        if line.final is not None
    ][:MOST_POINTS]
    values = [point.value for point in points]
    pair = _at_the_line(confirmed)
    middle = round(float((_final(pair[0]) + _final(pair[1])) / 2), 3) if pair else None
    return PointScale(
        alt="; ".join(f"{point.label} {point.text}" for point in points),
        low=STEP * math.floor(min(values) / STEP),
        high=STEP * math.floor(max(values) / STEP + 1),
        line=middle,
        points=points,
    )


def _final(line: Ranked) -> Fraction:
    return line.final or Fraction(0)


def _uncertain(confirmed: ConfirmedResult, writer: Writer) -> list[str]:
    said = [_how_sure(confirmed, writer)] if confirmed.edition.last_awarded_place else []
    pair = _at_the_line(confirmed)
    if pair is not None:
        above, below = pair
        gap = _final(above) - _final(below)
        message = (
            N_(
                "Between the last winner by ranking (%(above)s) and the next (%(below)s) lie only "
                "%(gap)s points: another panel might well have ordered them otherwise."
            )
            if gap < CLOSE
            else N_(
                "Between the last winner by ranking (%(above)s) and the next (%(below)s) lie "
                "%(gap)s points."
            )
        )
        said.append(
            writer.text(
                message,
                above=confirmed.proposals[above.proposal_id].code,
                below=confirmed.proposals[below.proposal_id].code,
                gap=writer.points(gap),
            )
        )
    shifted = [
        confirmed.proposals[line.proposal_id].code
        for line in confirmed.lines
        if confirmed.others_place(line) not in {None, line.rank}
    ]
    said.append(
        writer.text(
            N_("By the other method (%(method)s) these have another place: %(codes)s."),
            method=confirmed.ranking.method.other.label,
            codes=", ".join(shifted),
        )
        if shifted
        else writer.text(N_("The other method gives the same places."))
    )
    if confirmed.deviations:
        said.append(writer.text(N_("The plenary deviated from the scores: see the minutes.")))
    return said


def _unsure(confirmed: ConfirmedResult) -> dict[int, float]:
    """Return the chances of those too close to the line to be told apart, by proposal id."""
    chances = confirmed.chances or {}
    return {key: chance for key, chance in chances.items() if is_unsure(chance)}


def _how_sure(confirmed: ConfirmedResult, writer: Writer) -> str:
    """Say how likely each is to belong above the line, where that was computed."""
    count, unsure = confirmed.edition.last_awarded_place, _unsure(confirmed)
    if confirmed.chances is None:
        message = NN_(
            "How likely each is to have place %(count)s was not computed.",
            "How likely each is to belong among the first %(count)s places was not computed.",
        )
    elif unsure:
        message = NN_(
            "Who has place %(count)s can't be told for certain (%(sure)s sure). Too close to be "
            "told apart, with their chance to have it: %(chances)s.",
            "%(sure)s of the first %(count)s places are certain as far as can be told. Too close "
            "to be told apart, with their chance to belong among them: %(chances)s.",
        )
    else:
        message = NN_(
            "Place %(count)s is certain as far as can be told.",
            "The first %(count)s places are certain as far as can be told.",
        )
    known = (confirmed.chances or {}).values()
    sure = sum(chance > 1 / 2 and not is_unsure(chance) for chance in known)
    chances = (f"{confirmed.proposals[key].code} {chance:.0%}" for key, chance in unsure.items())
    return writer.text(message, count=count, sure=sure, chances=", ".join(chances))


def _at_the_line(confirmed: ConfirmedResult) -> tuple[Ranked, Ranked] | None:
    """Return the last line of the ranking that it gives an award, and the first that it doesn't."""
    last = confirmed.edition.last_awarded_place
    placed = [line for line in confirmed.lines if line.final is not None]
    return (placed[last - 1], placed[last]) if 0 < last < len(placed) else None
