"""What a reader may see of findings, sheets and prepared decisions, and what a conflict hides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from, is_barred
from app.evaluation.models import Standing
from app.evaluation.queries import sheets_by_proposal
from app.evaluation.reading import SheetLine, sheet_lines
from app.evaluation.statistics import MILLION, UNIT
from app.proposals.models import Proposal
from app.screening import discussion, queries
from app.screening.models import Decision, EligibilityFinding, Finding, Outcome
from app.screening.oddities import Oddity, oddities, too_many
from app.screening.tabulation import disagreement_units, ranks_by_mean
from app.web.pictures import Scale, scale_around


@dataclass(frozen=True)
class ScreeningLine:
    """How far one proposal has come; its facts are None if a conflict bars the reader."""

    proposal: Proposal
    lines_checked: int | None
    has_unmet: bool | None
    sheets_expected: int | None
    sheets_locked: int | None
    outcome: Outcome | None

    @property
    def is_barred(self) -> bool:
        """Whether a conflict bars the reader from it."""
        return self.lines_checked is None


def screening_lines(
    proposals: Sequence[Proposal], *, barred: Collection[int]
) -> list[ScreeningLine]:
    """Return these proposals as seen by a reader who is barred from those in `barred` (ids)."""
    findings = queries.finding_counts(proposals)
    sheets = sheets_by_proposal(proposals, SheetKind.DESK)
    decisions = queries.prepared_among(proposals)

    def line(proposal: Proposal) -> ScreeningLine:
        if proposal.id in barred:
            return ScreeningLine(proposal, None, None, None, None, None)
        found, own = findings.get(proposal.id, {}), sheets.get(proposal.id, [])
        decision = decisions.get(proposal.id)
        return ScreeningLine(
            proposal,
            lines_checked=sum(found.values()),
            has_unmet=_is_any_unmet(found),
            sheets_expected=len(own),
            sheets_locked=sum(sheet.is_locked for sheet in own),
            outcome=decision.outcome if decision else None,
        )

    return [line(proposal) for proposal in proposals]


@dataclass(frozen=True)
class TabulationLine:
    """One proposal in the ranked table; its values are None until all its sheets are submitted.

    Mean, median and spread are in units of a standing, `totals` in millionths of a point.
    """

    proposal: Proposal
    rank: int | None
    mean: int | None
    median: int | None
    spread: int | None
    do_disagree: bool
    sheets_expected: int
    sheets_locked: int
    totals: tuple[int, ...]
    has_unmet: bool
    decision: Decision | None
    oddities: Sequence[Oddity]
    remarks: int

    @property
    def mean_total(self) -> Fraction | None:
        """The mean in millionths of a point, as the totals are."""
        return None if self.mean is None else Fraction(self.mean * MILLION, UNIT)


def scale_of(lines: Sequence[TabulationLine], edition: Edition) -> Scale:
    """Return the scale on which all totals of these lines stand, and the passing grade."""
    grades = [] if edition.passing_grade is None else [Fraction(edition.passing_grade) * MILLION]
    totals = [total for line in lines for total in line.totals]
    return scale_around([*grades, *totals], width=100, step=10 * MILLION)


def tabulation_lines(
    user: User, edition: Edition, standings: Sequence[Standing], *, barred: Collection[int]
) -> list[TabulationLine]:
    """Return these standings as the user may read them; none of them is in `barred`."""
    proposals = [standing.proposal for standing in standings]
    places = ranks_by_mean(edition, without=barred)
    sheets = sheet_lines(proposals, SheetKind.DESK)
    decisions = queries.prepared_among(proposals)
    found = queries.finding_counts(proposals)
    checklist = len(edition.eligibility_items)
    remarks = discussion.remark_counts(proposals) if organiser(user) else {}
    much = disagreement_units(edition)

    def odd(proposal_id: int) -> list[Oddity]:
        decision = decisions.get(proposal_id)
        own = found.get(proposal_id, {})
        return oddities(decision.outcome, own, checklist) if decision else []

    return [
        TabulationLine(
            standing.proposal,
            places.get(standing.proposal_id),
            standing.mean,
            standing.median,
            standing.spread,
            do_disagree=standing.spread is not None and standing.spread >= much,
            sheets_expected=standing.sheets_expected,
            sheets_locked=standing.sheets_locked,
            totals=_totals(sheets.get(standing.proposal_id, [])),
            has_unmet=_is_any_unmet(found.get(standing.proposal_id, {})),
            decision=decisions.get(standing.proposal_id),
            oddities=odd(standing.proposal_id),
            remarks=remarks.get(standing.proposal_id, 0),
        )
        for standing in standings
    ]


def oddities_of(outcomes: Mapping[Proposal, Outcome], edition: Edition) -> dict[int, list[Oddity]]:
    """Return what is odd about these outcomes, by proposal id, in one query."""
    found = queries.finding_counts(list(outcomes))
    checklist = len(edition.eligibility_items)
    return {
        proposal.id: odd
        for proposal, outcome in outcomes.items()
        if (odd := oddities(outcome, found.get(proposal.id, {}), checklist))
    }


def finalists_beyond(
    edition: Edition,
    *,
    chosen: Collection[int] = (),
    outcome: Outcome | None = None,
    barred: Collection[int],
) -> list[Oddity]:
    """Return the warning of too many finalists once the `chosen` proposals (ids) get the outcome.

    Proposals that a conflict bars the reader from (ids) count once they are announced.
    """
    finalists = queries.finalist_ids(edition, without=barred)
    if outcome is not None:
        finalists -= set(chosen)
    if outcome is Outcome.FINALIST:
        finalists |= set(chosen)
    return too_many(len(finalists), edition.finalists)


@dataclass(frozen=True)
class Dossier:
    """What the decision on a proposal is based on, the prepared decision, and what is odd in it."""

    decision: Decision | None
    oddities: Sequence[Oddity]
    sheets: Sequence[SheetLine]
    findings: Mapping[int, EligibilityFinding]


def dossier_for(user: User, edition: Edition, proposal: Proposal) -> Dossier | None:
    """Return what the user may read before deciding, None if a conflict bars them."""
    if is_barred(user, edition, proposal):
        return None
    decision = queries.prepared_for(proposal)
    odd: list[Oddity] = []
    if decision is not None:
        odd += oddities_of({proposal: decision.outcome}, edition).get(proposal.id, [])
    if decision is not None and decision.outcome is Outcome.FINALIST:
        odd += finalists_beyond(edition, barred=barred_from(user, edition))
    return Dossier(
        decision,
        odd,
        sheet_lines([proposal], SheetKind.DESK).get(proposal.id, []),
        queries.findings_of(proposal),
    )


def _is_any_unmet(found: Mapping[Finding, int]) -> bool:
    return any(found.get(finding) for finding in Finding if finding.is_unmet)


def _totals(lines: Sequence[SheetLine]) -> tuple[int, ...]:
    return tuple(line.points for line in lines if line.points is not None)
