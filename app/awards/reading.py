"""What may be read of a result: by everyone once it is public, by entrants on their proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.awards import queries
from app.awards.models import Award, Result
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.parts import AwardCategory, Criterion
from app.evaluation.models import Score, Sheet
from app.evaluation.queries import scores_by_criterion, sheets_by_proposal
from app.evaluation.statistics import mean
from app.proposals.models import Proposal
from app.scoring.queries import ranking_of
from app.scoring.reading import Tie, ties_in


@dataclass(frozen=True)
class PublicResult:
    """A result that everyone may see, with its awards."""

    result: Result
    awards: Sequence[Award]
    ties: Mapping[int, Tie]

    @property
    def categories(self) -> list[AwardCategory]:
        """The categories in which somebody got an award."""
        return list(dict.fromkeys(award.category for award in self.awards))

    def award_of(self, proposal: Proposal) -> Award | None:
        """Return the award that the proposal got, if any."""
        return next((award for award in self.awards if award.proposal_id == proposal.id), None)


def public_result(edition: Edition, *, now: datetime) -> PublicResult | None:
    """Return the result from the time of its publication on, None before."""
    result = queries.result_of(edition)
    if result is None or not result.is_public(now):
        return None
    ties = ties_in(edition, ranking_of(edition))
    return PublicResult(result, queries.awards_of(edition), ties)


def confirmed_awards(edition: Edition) -> Sequence[Award]:
    """Return the awards once the result is confirmed, nothing before."""
    return queries.awards_of(edition) if edition.is_confirmed else []


@dataclass(frozen=True)
class CriterionFeedback:
    """What an entrant reads of one criterion: its average, None if the edition shows none."""

    criterion: Criterion
    average: Fraction | None
    notes: Sequence[str]


@dataclass(frozen=True)
class Feedback:
    """What an entrant reads of one kind of sheets, without the names of those who wrote them."""

    kind: SheetKind
    criteria: Sequence[CriterionFeedback]
    comments: Sequence[str]


def feedback_on(proposal: Proposal, edition: Edition, *, now: datetime) -> list[Feedback] | None:
    """Return averages, notes and comments as the edition shows them, None until it is public.

    A kind of sheet that nobody wrote for the proposal is left out.
    """
    if public_result(edition, now=now) is None:
        return None
    shows_any = edition.shows_averages or edition.shows_comments
    scores = scores_by_criterion(proposal) if shows_any else {}
    return [
        Feedback(
            kind,
            [
                _criterion_feedback(criterion, scores.get(criterion.id, []), edition)
                for criterion in edition.criteria_of(kind)
            ]
            if shows_any
            else [],
            [sheet.comment for sheet in sheets if sheet.comment] if edition.shows_comments else [],
        )
        for kind in SheetKind
        if (sheets := _locked_sheets(proposal, kind))
    ]


def _criterion_feedback(
    criterion: Criterion, scores: Sequence[Score], edition: Edition
) -> CriterionFeedback:
    values = [Fraction(score.value) for score in scores if score.value is not None]
    notes = [score.note for score in scores if score.note]
    return CriterionFeedback(
        criterion,
        mean(values) if edition.shows_averages else None,
        notes if edition.shows_comments else [],
    )


def _locked_sheets(proposal: Proposal, kind: SheetKind) -> list[Sheet]:
    sheets = sheets_by_proposal([proposal], kind).get(proposal.id, [])
    return [sheet for sheet in sheets if sheet.is_locked]
