"""Comparing what the audit trail recorded with what the tables hold: sheets and the result."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.audit.queries import chain_of
from app.awards.queries import awards_of, files_of, result_of
from app.awards.sealing import broken_in
from app.database import db
from app.editions.models import Edition
from app.evaluation.models import Look, Sheet
from app.proposals.models import Proposal
from app.workflow import N_, Message

OnSheet = tuple[int, Mapping[int, Decimal]]
"""The total of a sheet, in millionths of a point, and its scores by criterion id."""
Locked = dict[tuple[str, str, int], OnSheet | None]


@dataclass(frozen=True)
class Difference:
    """Something that the tables say otherwise than the trail, as a message and its values."""

    message: Message
    values: dict[str, Any]


def differences_from_trail(edition: Edition) -> list[Difference]:
    """Return where locked sheets, awards or the confirmation differ from what was recorded."""
    locked: Locked = {}
    awards: list[list[Any]] = []
    is_confirmed, sealed, files = False, None, {}
    with closing(chain_of(edition.id)) as entries:
        for entry in entries:
            said = json.loads(entry.content)
            facts = said["facts"]
            match entry.action:
                case "sheet.lock":
                    locked[said["subject"], facts["kind"], _look(facts)] = _said_on(facts)
                case "sheet.reopen" | "sheet.unassign":
                    kind = facts.get("kind", "desk")
                    locked[said["subject"], kind, _look(facts)] = None
                case "result.prepare":
                    awards = facts["awards"]
                case "result.confirm" | "result.unconfirm" | "result.withdraw":
                    is_confirmed = entry.action == "result.confirm"
                    sealed, files = facts.get("seal"), facts.get("files", {})
    return [
        *_of_sheets(edition, locked),
        *_of_result(edition, awards, is_confirmed=is_confirmed),
        *_of_seal(edition, sealed, files),
    ]


def _said_on(facts: Mapping[str, Any]) -> OnSheet:
    """Return total and scores of a sheet as its lock recorded them; early ones have no scores."""
    scores = facts.get("scores", {})
    return facts["points"], {int(key): Decimal(value) for key, value in scores.items()}


def _look(facts: Mapping[str, Any]) -> int:
    """Return the look of a sheet; entries of before there were several are of the first."""
    return int(facts.get("look", Look.FIRST))


def _of_sheets(edition: Edition, locked: Locked) -> Iterator[Difference]:
    sheets = db.session.scalars(
        select(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id)
        .options(
            joinedload(Sheet.proposal), joinedload(Sheet.evaluator), selectinload(Sheet.scores)
        )
        .order_by(Sheet.id)
    )
    for sheet in sheets:
        subject = f"{sheet.proposal.code} person {sheet.evaluator_id}"
        said = locked.get((subject, sheet.kind, sheet.look))
        if not _agree(_on(sheet), said):
            yield Difference(
                N_("The score sheet of %(name)s for %(code)s differs from what was locked."),
                {"name": sheet.evaluator.name, "code": sheet.proposal.code},
            )


def _on(sheet: Sheet) -> OnSheet | None:
    """Return what stands on a locked sheet, None while it is open."""
    if sheet.points is None:
        return None
    return sheet.points, {own.criterion_id: own.value or Decimal(0) for own in sheet.scores}


def _agree(held: OnSheet | None, said: OnSheet | None) -> bool:
    if held is None or said is None:
        return held is said
    return held[0] == said[0] and (not said[1] or held[1] == said[1])


def _of_seal(
    edition: Edition, recorded: str | None, files: Mapping[str, str]
) -> Iterator[Difference]:
    """Return what of a confirmed result isn't as it was sealed; older ones have no seal."""
    if recorded is None:
        return
    for broken in broken_in(edition, recorded):
        yield Difference(
            N_("Table %(table)s, row %(key)s: %(what)s."),
            {"table": broken.table, "key": broken.key, "what": broken.message},
        )
    for own in files_of(edition):
        digest = hashlib.sha256(own.content.encode()).hexdigest()
        if not digest == own.digest == files.get(own.scope.value):
            yield Difference(
                N_("The file for recounting (%(scope)s) is not the one that was recorded."),
                {"scope": own.scope.label},
            )


def _of_result(
    edition: Edition, recorded: list[list[Any]], *, is_confirmed: bool
) -> Iterator[Difference]:
    awards = [
        [award.category_id, award.proposal_id, award.rank, award.reason]
        for award in awards_of(edition)
    ]
    result = result_of(edition)
    if sorted(awards, key=str) != sorted(recorded, key=str):
        yield Difference(N_("The awards differ from what was prepared."), {})
    if is_confirmed is not bool(result and result.confirmed_at):
        yield Difference(N_("The confirmation of the result differs from what was recorded."), {})
