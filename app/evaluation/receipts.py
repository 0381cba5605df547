"""The code of a locked score sheet, by which its judge can tell later that it stands unchanged."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal

from app.audit.chain import canonical
from app.editions.parts import Criterion
from app.evaluation.models import Sheet

LENGTH = 16  # hexadecimal digits


def code_of(sheet: Sheet, criteria: Sequence[Criterion]) -> str:
    """Return the code of a locked sheet: it follows from whose it is and what stands on it.

    `criteria` are those of its kind, in their order.
    """
    values = {own.criterion_id: own.value for own in sheet.scores}
    said = canonical(
        edition=sheet.proposal.edition_id,
        proposal=sheet.proposal.number,
        person=sheet.evaluator_id,
        sheet=sheet.name,
        scores=[_as_text(values.get(criterion.id)) for criterion in criteria],
        notes={str(own.criterion_id): own.note for own in sheet.scores if own.note},
        comment=sheet.comment,
    )
    return hashlib.sha256(said.encode()).hexdigest()[:LENGTH]


def _as_text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"
