"""What may be read of a result: by everyone once it is public, by entrants on their proposal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from app.awards import queries
from app.awards.models import Award, Deviation, Readership, Result, ResultFile
from app.awards.result_files import judge_keys
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import AwardCategory, Criterion
from app.evaluation.kept import kept
from app.evaluation.queries import notes_by_criterion, sheets_by_proposal
from app.proposals.models import Proposal
from app.scoring.queries import criterion_means, names_of, ranking_of
from app.scoring.ranking import Ranked
from app.scoring.reading import Tie, ties_in
from app.screening.tabulation import desk_means, ranks_by_mean
from app.web.pictures import Scale, quartiles, scale_around
from app.workflow import COMPETING


@dataclass(frozen=True)
class PublicResult:
    """A result that everyone may see, with its awards."""

    result: Result
    awards: Sequence[Award]
    ties: Mapping[int, Tie]
    deviations: Mapping[int, "DeviationLine"]

    @property
    def categories(self) -> list[AwardCategory]:
        """The categories in which somebody got an award."""
        return list(dict.fromkeys(award.category for award in self.awards))

    def awards_of(self, proposal: Proposal) -> list[Award]:
        """Return the awards that the proposal got."""
        return [award for award in self.awards if award.proposal_id == proposal.id]

    def passed_up(self, proposal: Proposal) -> list["PassedUp"]:
        """Return the places that scores give the proposal and the plenary did not."""
        lines = (own for line in self.deviations.values() for own in line.left_out)
        return [own for own in lines if own.proposal.id == proposal.id]


@dataclass(frozen=True)
class PassedUp:
    """A proposal that scores give a place in a category, and the plenary gave none."""

    category: AwardCategory
    proposal: Proposal
    place: int


@dataclass(frozen=True)
class DeviationLine:
    """Why the plenary deviated from the scores in a category, by how many votes, and from whom.

    The names are those of who voted; only who sits in the plenary reads them.
    """

    reason: str
    in_favour: Sequence[str]
    against: Sequence[str]
    left_out: Sequence[PassedUp]


def public_result(edition: Edition, *, now: datetime) -> PublicResult | None:
    """Return the result from the time of its publication on, None before."""
    result = queries.result_of(edition)
    if result is None or not result.is_public(now):
        return None
    ties = ties_in(edition, ranking_of(edition))
    awards = queries.awards_of(edition)
    deviations = deviation_lines(edition, awards, queries.deviations_of(edition))
    return PublicResult(result, awards, ties, deviations)


@dataclass(frozen=True)
class FileLine:
    """A file from which a public result can be recounted: for whom, its digest, what it holds."""

    scope: Readership
    digest: str
    values_are: str


def file_lines(edition: Edition, *, now: datetime) -> list[FileLine]:
    """Return the files of a public result, that for everyone first; none before."""
    files = [published_file(edition, scope, now=now) for scope in Readership]
    return [
        FileLine(own.scope, own.digest, json.loads(own.content)["values_are"])
        for own in files
        if own is not None
    ]


def judges_in_file(edition: Edition) -> dict[str, str]:
    """Return the names of the judges by their keys in the whole file."""
    keys = judge_keys(queries.people_of_sheets(edition))
    names = names_of(keys)
    return {key: names[person_id] for person_id, key in keys.items()}


def published_file(edition: Edition, scope: Readership, *, now: datetime) -> ResultFile | None:
    """Return the file of this scope from the time of publication on, None before."""
    result = queries.result_of(edition)
    if result is None or not result.is_public(now):
        return None
    return queries.file_of(edition, scope)


def deviation_lines(
    edition: Edition, awards: Sequence[Award], deviations: Sequence[Deviation]
) -> dict[int, DeviationLine]:
    """Return where the plenary deviated from the scores, by category id."""
    if not deviations:
        return {}
    named = {own.id: own for own in edition.award_categories}
    given = {(award.category_id, award.proposal_id) for award in awards}
    left_out = {
        (own.category_id, key): place
        for own in deviations
        for key, place in own.calculated
        if (own.category_id, key) not in given
    }
    proposals = queries.proposals_named({key for _, key in left_out})
    voters = {key for own in deviations for key in (*own.in_favour, *own.against)}
    names = names_of(voters)
    return {
        own.category_id: DeviationLine(
            own.reason,
            sorted(names[key] for key in own.in_favour),
            sorted(names[key] for key in own.against),
            [
                PassedUp(named[category_id], proposals[key], place)
                for (category_id, key), place in left_out.items()
                if category_id == own.category_id
            ],
        )
        for own in deviations
    }


def confirmed_awards(edition: Edition) -> Sequence[Award]:
    """Return the awards once the result is confirmed, nothing before."""
    return queries.awards_of(edition) if edition.is_confirmed else []


Band = tuple[Fraction, Fraction, Fraction]
"""First quartile, median and third quartile of all finalists' averages, in points."""

ENOUGH = 8  # finalists, so that quartiles tell nothing of a single one


@dataclass(frozen=True)
class CriterionFeedback:
    """What an entrant reads of one criterion: its average, None if the edition shows none.

    With it comes the `band` in which the middle half of all finalists' averages lie, where there
    are enough of them.
    """

    criterion: Criterion
    average: Fraction | None
    notes: Sequence[str]
    band: Band | None = None


@dataclass(frozen=True)
class Feedback:
    """What an entrant reads of one kind of sheets, without the names of those who wrote them."""

    kind: SheetKind
    criteria: Sequence[CriterionFeedback]
    comments: Sequence[str]

    @property
    def has_bands(self) -> bool:
        """Whether an average can be compared with those of the other finalists."""
        return any(line.band for line in self.criteria)

    @property
    def scale(self) -> Scale:
        """The scale on which the averages and bands of all its criteria stand."""
        averages = [line.average for line in self.criteria if line.average is not None]
        ends = [end for line in self.criteria if line.band for end in line.band]
        return scale_around([*averages, *ends], width=100)


@dataclass(frozen=True)
class EntrantsPlace:
    """Where an entrant's result stands: its place of how many, and the distance to the line.

    Points are exact. `line` is the result of the last place above the line; `beyond` is how far the
    entrant's lies above it, below 0 if it does not reach it.
    """

    place: int | None
    of: int
    final: Fraction
    last: int
    line: Fraction

    @property
    def beyond(self) -> Fraction:
        """How many points the result lies above that of the last place above the line."""
        return self.final - self.line


@dataclass(frozen=True)
class DeskPlace:
    """Where an entrant stands who did not reach the final: place of how many, and the mean.

    Points are exact; `line` is the lowest desk mean of a finalist.
    """

    place: int
    of: int
    mean: Fraction
    line: Fraction

    @property
    def beyond(self) -> Fraction:
        """How many points the mean lies above the lowest of a finalist."""
        return self.mean - self.line


@dataclass(frozen=True)
class Places:
    """Where all entrants of an edition stand: the final `lines`, desk means and ranks by id."""

    edition: Edition
    lines: Sequence[Ranked]
    means: Mapping[int, Fraction]
    ranks: Mapping[int, int]

    @cached_property
    def _by_proposal(self) -> Mapping[int, Ranked]:
        return {line.proposal_id: line for line in self.lines}

    @cached_property
    def _placed(self) -> Sequence[Fraction]:
        """The results of those that have a place, best first."""
        return [
            line.final for line in self.lines if line.rank is not None and line.final is not None
        ]

    @cached_property
    def _of_finalists(self) -> Fraction | None:
        """The lowest desk mean of a finalist."""
        means = (self.means.get(line.proposal_id) for line in self.lines)
        return min((mean for mean in means if mean is not None), default=None)

    def final(self, proposal: Proposal) -> EntrantsPlace | None:
        """Return the place in the final result, None without one or without a line."""
        own, last = self._by_proposal.get(proposal.id), self.edition.last_awarded_place
        if own is None or own.final is None or not last or len(self._placed) < last:
            return None
        return EntrantsPlace(own.rank, len(self.lines), own.final, last, self._placed[last - 1])

    def at_the_desk(self, proposal: Proposal) -> DeskPlace | None:
        """Return the place of who did not reach the final, None without one or a finalist."""
        lowest = self._of_finalists
        if proposal.status in COMPETING or proposal.id not in self.means or lowest is None:
            return None
        mean, place = self.means[proposal.id], self.ranks[proposal.id]
        return DeskPlace(place, len(self.ranks), mean, lowest)


def place_of(proposal: Proposal, edition: Edition, *, now: datetime) -> EntrantsPlace | None:
    """Return where the entrant's result stands, None until it is public or if none is shown."""
    if public_result(edition, now=now) is None:
        return None
    return places_in(edition).final(proposal) if edition.shows_averages else None


def desk_place_of(proposal: Proposal, edition: Edition, *, now: datetime) -> DeskPlace | None:
    """Return where an entrant stands whom the desk evaluation did not bring into the final.

    None until the result is public, or if no points are shown.
    """
    if public_result(edition, now=now) is None or not edition.shows_averages:
        return None
    return places_in(edition).at_the_desk(proposal)


def places_in(edition: Edition) -> Places:
    """Return all that tells where the edition's entrants stand, read once for all of them."""
    return Places(
        edition,
        ranking_of(edition).lines,
        desk_means(edition),
        ranks_by_mean(edition, without=()),
    )


def feedback_on(proposal: Proposal, edition: Edition, *, now: datetime) -> list[Feedback] | None:
    """Return averages, notes and comments as the edition shows them, None until it is public."""
    if public_result(edition, now=now) is None:
        return None
    return feedback_of([proposal], edition)[proposal.id]


def feedback_of(proposals: Sequence[Proposal], edition: Edition) -> dict[int, list[Feedback]]:
    """Return what the entrants of these proposals (by id) may read once the result is public.

    Averages, notes and comments as the edition shows them; a kind of sheet that nobody wrote for a
    proposal is left out. As many queries for many proposals as for one.
    """
    keys = [proposal.id for proposal in proposals]
    means = criterion_means(edition, keys) if edition.shows_averages else {}
    bands = kept("bands", edition, lambda: _bands(edition)) if edition.shows_averages else {}
    notes = notes_by_criterion(proposals) if edition.shows_comments else {}
    found: dict[int, list[Feedback]] = {key: [] for key in keys}
    for kind in SheetKind:
        criteria = edition.criteria_of(kind)
        for key, sheets in sheets_by_proposal(proposals, kind).items():
            locked = [sheet for sheet in sheets if sheet.is_locked]
            if locked:
                own = [
                    CriterionFeedback(
                        criterion,
                        means.get((key, criterion.id)),
                        notes.get((key, criterion.id), []),
                        bands.get(criterion.id),
                    )
                    for criterion in criteria
                    if edition.shows_averages or edition.shows_comments
                ]
                comments = [sheet.comment for sheet in locked if sheet.comment]
                shown = comments if edition.shows_comments else []
                found[key].append(Feedback(kind, own, shown))
    return found


def _bands(edition: Edition) -> dict[int, Band]:
    """Return the quartiles of the finalists' averages, by criterion id; none of too few."""
    finalists = [line.proposal_id for line in ranking_of(edition).lines]
    if len(finalists) < ENOUGH:
        return {}
    found = criterion_means(edition, finalists)
    averages = {
        criterion.id: [
            found[finalist, criterion.id]
            for finalist in finalists
            if (finalist, criterion.id) in found
        ]
        for criterion in edition.criteria
    }
    return {key: quartiles(own) for key, own in averages.items() if len(own) >= ENOUGH}
