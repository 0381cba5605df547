"""What who runs a second look reads of it; no judge does, until it has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.editions.models import Edition
from app.evaluation.models import Sheet
from app.evaluation.queries import GONE
from app.proposals.models import Proposal
from app.scoring.certainty.asking import chances_in, is_unsure
from app.scoring.models import Ending, ExtraJudge, SecondLook
from app.scoring.queries import names_of, proposals_in, ranking_of, second_look_of, titles_of
from app.scoring.second_look.actions import ending_of
from app.scoring.second_look.choosing import ANCHORS, BAND, FEWEST, NearResult, line_between
from app.scoring.second_look.queries import (
    Candidate,
    budget_left,
    candidates_in,
    extra_judges,
    results_by_nearness,
    second_sheets,
)


@dataclass(frozen=True)
class NearLine:
    """A proposal next to the line: how far its result lies above it, in points.

    `chance` is how likely it belongs above, None where that has not been computed.
    """

    proposal: Proposal
    place: int | None
    final: Fraction
    beyond: Fraction
    judges: int
    chance: float | None
    is_anchor: bool

    @property
    def is_unsure(self) -> bool:
        """Whether it can't be told on which side of the line it belongs."""
        return self.chance is not None and is_unsure(self.chance)


@dataclass(frozen=True)
class CandidateLine:
    """A judge who may be asked: how many proposals are new to them, and how many they score again.

    `lessens` is the part, in percent, by which the variance of the results in the band lessens
    against what the judge who would tell most does.
    """

    judge_id: int
    name: str
    new: int
    again: int
    lessens: int


@dataclass(frozen=True)
class ExtraLine:
    """A judge who was asked, when, what for, and how far they have come."""

    extra: ExtraJudge
    titles: Sequence[str]
    anchors: Sequence[str]
    submitted: int
    owed: int

    @property
    def is_waited_for(self) -> bool:
        """Whether they still owe sheets."""
        return self.owed > 0


@dataclass(frozen=True)
class SecondLookPage:
    """Everything that the page shows: what is near the line, who was asked, who may be asked."""

    look: SecondLook | None
    budget: int
    left: int
    last: int
    is_complete: bool
    near: Sequence[NearLine]
    asked: Sequence[ExtraLine]
    candidates: Sequence[CandidateLine]
    ending: Ending | None

    @property
    def has_ended(self) -> bool:
        """Whether no more sheets are asked for."""
        return self.look is not None and self.look.ended_at is not None

    @property
    def waits(self) -> bool:
        """Whether sheets of the second look are still open."""
        return any(line.is_waited_for for line in self.asked)

    @property
    def can_ask(self) -> bool:
        """Whether the next judge can be asked now."""
        return self.is_complete and not self.has_ended and self.left >= FEWEST

    @property
    def is_measured(self) -> bool:
        """Whether it has been computed how sure the ranking is, as it stands."""
        return bool(self.near) and all(line.chance is not None for line in self.near)

    @property
    def unsure(self) -> Sequence[NearLine]:
        """Who lies too close to the line, of those next to it."""
        return [line for line in self.near if line.is_unsure]


@dataclass(frozen=True)
class SecondLookNote:
    """What minutes say of a second look that has ended: how many sheets of whom, and why then."""

    sheets: int
    judges: int
    ending: Ending
    reason: str
    ended_at: datetime


def second_look_page(edition: Edition) -> SecondLookPage:
    """Return the page of an edition that declared a second look."""
    look, left = second_look_of(edition), budget_left(edition)
    is_complete = ranking_of(edition).is_complete
    contenders = results_by_nearness(edition)
    has_ended = look is not None and look.ended_at is not None
    may_ask = is_complete and not has_ended and left >= FEWEST
    return SecondLookPage(
        look=look,
        budget=edition.second_look_budget,
        left=left,
        last=edition.last_awarded_place,
        is_complete=is_complete,
        near=_near(edition, contenders),
        asked=_asked(edition),
        candidates=_candidates(candidates_in(edition, contenders)) if may_ask else [],
        ending=ending_of(edition) if is_complete and not has_ended else None,
    )


def second_look_note(edition: Edition) -> SecondLookNote | None:
    """Return what is said of a second look that has ended, None while it has not."""
    look = second_look_of(edition)
    if look is None or look.ended_at is None or look.ending is None:
        return None
    sheets = [sheet for sheet in second_sheets(edition) if sheet.is_locked]
    judges = len({sheet.evaluator_id for sheet in sheets})
    return SecondLookNote(len(sheets), judges, look.ending, look.reason, look.ended_at)


def _near(edition: Edition, contenders: Sequence[NearResult]) -> list[NearLine]:
    """Return what lies nearest to the line, best first; the last of them are anchors."""
    line = line_between(contenders, edition.last_awarded_place)
    nearest = contenders[: BAND + ANCHORS]
    places = ranking_of(edition).by_proposal
    proposals = proposals_in([places[own.proposal_id] for own in nearest])
    chances: Mapping[int, float] = chances_in(edition) or {}
    lines = [
        NearLine(
            proposals[own.proposal_id],
            places[own.proposal_id].rank,
            own.final,
            own.final - (line or Fraction(0)),
            own.judges,
            chances.get(own.proposal_id),
            is_anchor=order >= BAND,
        )
        for order, own in enumerate(nearest)
    ]
    return sorted(lines, key=lambda own: (-own.final, own.proposal.number))


def _asked(edition: Edition) -> list[ExtraLine]:
    extras = extra_judges(edition)
    titles = titles_of({key for extra in extras for key in extra.proposals})
    sheets: dict[tuple[int, int], Sheet] = {
        (sheet.evaluator_id, sheet.proposal_id): sheet for sheet in second_sheets(edition)
    }
    lines = []
    for extra in extras:
        pairs = [(extra.person_id, key) for key in extra.proposals]
        own = [sheets[pair] for pair in pairs if pair in sheets]
        submitted = sum(sheet.is_locked for sheet in own)
        owed = sum(sheet.proposal.status not in GONE and not sheet.is_locked for sheet in own)
        lines.append(
            ExtraLine(
                extra,
                [titles[key] for key in extra.band],
                [titles[key] for key in extra.anchors],
                submitted,
                owed,
            )
        )
    return lines


def _candidates(found: Sequence[Candidate]) -> list[CandidateLine]:
    names = names_of([candidate.judge_id for candidate in found])
    most = max((candidate.gain for candidate in found), default=Fraction(0))
    return [
        CandidateLine(
            candidate.judge_id,
            names[candidate.judge_id],
            len(candidate.choice.proposals) - len(candidate.again),
            len(candidate.again),
            round(100 * candidate.gain / most),
        )
        for candidate in found
        if candidate.choice
    ]
