"""What a confirmed result consists of, read once for every paper that tells of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.awards.bodies import members_of
from app.awards.models import Body, Readership
from app.awards.queries import Recorded, file_of, files_of, recorded_in
from app.awards.reading import DeviationLine, deviation_lines
from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.papers import queries
from app.proposals.models import Proposal
from app.scoring.certainty.asking import chances_in
from app.scoring.queries import ranking_of
from app.scoring.ranking import Ranked, Ranking
from app.scoring.reading import Tie, ties_in
from app.workflow import N_, NotAllowedNow

NOT_YET = N_("This document tells the result. It can be made once the result is confirmed.")


@dataclass(frozen=True)
class ConfirmedResult:
    """A confirmed result with its ranking and all that stands on record of the plenary."""

    edition: Edition
    recorded: Recorded
    ranking: Ranking
    proposals: Mapping[int, Proposal]
    confirmed_at: datetime

    @cached_property
    def ties(self) -> Mapping[int, Tie]:
        """The ties of the ranking, by proposal id."""
        return ties_in(self.edition, self.ranking)

    @cached_property
    def deviations(self) -> Mapping[int, DeviationLine]:
        """Where the plenary deviated from the scores, by category id."""
        return deviation_lines(self.edition, self.recorded.awards, self.recorded.deviations)

    @cached_property
    def chances(self) -> Mapping[int, float] | None:
        """The chance to belong above the line, by proposal id; None where that isn't computed."""
        return chances_in(self.edition)

    @cached_property
    def digests(self) -> Sequence[tuple[Readership, str]]:
        """For whom each file of the result is, and its SHA-256."""
        return [(file.scope, file.digest) for file in files_of(self.edition)]

    @cached_property
    def audit_head(self) -> str:
        """The head of the audit trail when the result was confirmed, empty if it wasn't kept."""
        whole = file_of(self.edition, Readership.FULL)
        return json.loads(whole.content)["audit_head"] if whole else ""

    @cached_property
    def titles(self) -> Mapping[tuple[Body, int], str]:
        """What the members of both bodies are by office, by body and person."""
        return {(own.body, own.person_id): own.title for own in members_of(self.edition)}

    @property
    def categories(self) -> list[AwardCategory]:
        """The categories in which somebody got an award, in their order."""
        given = {award.category_id for award in self.recorded.awards}
        return [own for own in self.edition.award_categories if own.id in given]

    @property
    def lines(self) -> Sequence[Ranked]:
        """The lines of the official ranking."""
        return self.ranking.lines

    def others_place(self, line: Ranked) -> int | None:
        """Return the place of a line by the method that is computed beside the official one."""
        other = self.ranking.beside
        found = other.by_proposal.get(line.proposal_id) if other else None
        return found.rank if found else None


def confirmed_result_of(edition: Edition) -> ConfirmedResult:
    """Return the confirmed result; raise `NotAllowedNow` before there is one."""
    recorded = recorded_in(edition)
    result = recorded.result
    if not edition.is_confirmed or result is None or result.confirmed_at is None:
        raise NotAllowedNow(NOT_YET, remedy="awards.plenary")
    ranking = ranking_of(edition)
    ids = {line.proposal_id for line in ranking.lines}
    ids |= {award.proposal_id for award in recorded.awards}
    return ConfirmedResult(
        edition, recorded, ranking, queries.competing(edition, ids), result.confirmed_at
    )
