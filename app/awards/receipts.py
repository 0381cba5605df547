"""What a judge can check of their own sheets: code, entry of the audit trail, published file."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.awards import queries
from app.awards.models import Readership
from app.awards.reading import published_file
from app.awards.result_files import judge_keys
from app.database import db
from app.editions.models import Edition
from app.evaluation.models import Sheet
from app.evaluation.queries import locked_sheets
from app.evaluation.receipts import code_of


@dataclass(frozen=True)
class ReceiptLine:
    """A judge's locked sheet and its code.

    `entry` is the number of the audit entry that recorded exactly these scores, None if none did.
    `is_in_file` says whether the whole file of the result has them too, None until it is public.
    """

    sheet: Sheet
    code: str
    entry: int | None
    is_in_file: bool | None


def receipts_of(
    person: Person, edition: Edition, *, without: Collection[int], now: datetime
) -> list[ReceiptLine]:
    """Return the receipt of each sheet that the person locked in the edition, by proposal.

    `without` are the proposals (ids) from which a conflict of interest bars them.
    """
    sheets = [own for own in locked_sheets(person, edition) if own.proposal_id not in without]
    entries, published = _recorded(person, edition), _published(person, edition, now=now)
    lines = []
    for sheet in sheets:
        scores = {own.criterion_id: own.value for own in sheet.scores}
        criteria = edition.criteria_of(sheet.kind)
        entry, said = entries.get((sheet.proposal.code, sheet.kind.value, sheet.look), (None, {}))
        values = [scores.get(own.id) for own in criteria]
        lines.append(
            ReceiptLine(
                sheet,
                code_of(sheet, criteria),
                entry if said == scores else None,
                None
                if published is None
                else published.get((sheet.proposal.number, sheet.kind.value, sheet.look)) == values,
            )
        )
    return lines


Recorded = tuple[int, Mapping[int, Decimal]]


def _recorded(person: Person, edition: Edition) -> dict[tuple[str, str, int], Recorded]:
    """Return number and scores of the last lock of each of the person's sheets in the trail."""
    rows = db.session.execute(
        select(AuditEntry.sequence, AuditEntry.content)
        .where(AuditEntry.edition_id == edition.id, AuditEntry.action == "sheet.lock")
        .where(AuditEntry.content.contains(f'person {person.id}"', autoescape=True))
        .order_by(AuditEntry.sequence)
    )
    found: dict[tuple[str, str, int], Recorded] = {}
    for sequence, content in rows:
        said = json.loads(content)
        facts = said["facts"]
        code = said["subject"].partition(" ")[0]
        scores = {int(key): Decimal(value) for key, value in facts.get("scores", {}).items()}
        found[code, facts["kind"], int(facts.get("look", 1))] = (sequence, scores)
    return found


def _published(
    person: Person, edition: Edition, *, now: datetime
) -> dict[tuple[int, str, int], list[Decimal]] | None:
    """Return the person's sheets as the whole file of the public result has them."""
    file = published_file(edition, Readership.FULL, now=now)
    if file is None:
        return None
    key = judge_keys(queries.people_of_sheets(edition)).get(person.id)
    holds: dict[str, Any] = json.loads(file.content)
    return {
        (proposal["number"], kind, sheet["look"]): [_decimal(own) for own in sheet["values"]]
        for proposal in holds["proposals"]
        for kind, sheets in proposal["sheets"].items()
        for sheet in sheets
        if sheet["judge"] == key
    }


def _decimal(value: str) -> Decimal:
    """Read an exact score: whole, decimal, or a fraction of hundredths such as 161/2."""
    whole, _, parts = value.partition("/")
    return Decimal(whole) / Decimal(parts) if parts else Decimal(whole)
