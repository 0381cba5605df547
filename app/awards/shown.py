"""What the page of the plenary shows, as a digest: nobody decides on what they didn't see."""

import hashlib

from app.audit.chain import canonical
from app.awards.queries import Recorded, recorded_in
from app.editions.models import Edition
from app.scoring.queries import ranking_of
from app.scoring.ranking import Ranking


def digest_of(edition: Edition) -> str:
    """Return the digest of what the plenary's page shows now."""
    return digest_of_shown(edition, ranking_of(edition), recorded_in(edition))


def digest_of_shown(edition: Edition, ranking: Ranking, recorded: Recorded) -> str:
    """Return the SHA-256 (hex) of this ranking, and of what stands on record of the plenary."""
    result = recorded.result
    shown = canonical(
        edition=edition.id,
        ranking=[[line.proposal_id, line.final, line.rank] for line in ranking.lines],
        prepared=[result.prepared_by_id, result.version] if result else [],
        awards=[
            [own.category_id, own.proposal_id, own.rank, own.calculated, own.reason]
            for own in recorded.awards
        ],
        present=[[own.body, own.person_id, own.is_present] for own in recorded.attendances],
        agreements=[[own.category_id, own.body, own.dissent] for own in recorded.agreements],
        deviations=[
            [own.category_id, own.reason, own.calculated, own.in_favour, own.against]
            for own in recorded.deviations
        ],
    )
    return hashlib.sha256(shown.encode()).hexdigest()
