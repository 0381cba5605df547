"""Comparing what the audit trail recorded with what the tables hold: sheets and the result."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.queries import chain_of
from app.awards.queries import awards_of, result_of
from app.database import db
from app.editions.models import Edition
from app.evaluation.models import Look, Sheet
from app.proposals.models import Proposal
from app.workflow import N_, Message

Locked = dict[tuple[str, str, int], int | None]


@dataclass(frozen=True)
class Difference:
    """Something that the tables say otherwise than the trail, as a message and its values."""

    message: Message
    values: dict[str, Any]


def differences_from_trail(edition: Edition) -> list[Difference]:
    """Return where locked sheets, awards or the confirmation differ from what was recorded."""
    locked: Locked = {}
    awards: list[list[Any]] = []
    is_confirmed = False
    with closing(chain_of(edition.id)) as entries:
        for entry in entries:
            said = json.loads(entry.content)
            facts = said["facts"]
            match entry.action:
                case "sheet.lock":
                    locked[said["subject"], facts["kind"], _look(facts)] = facts["points"]
                case "sheet.reopen" | "sheet.unassign":
                    kind = facts.get("kind", "desk")
                    locked[said["subject"], kind, _look(facts)] = None
                case "result.prepare":
                    awards = facts["awards"]
                case "result.confirm" | "result.unconfirm":
                    is_confirmed = entry.action == "result.confirm"
    return [*_of_sheets(edition, locked), *_of_result(edition, awards, is_confirmed=is_confirmed)]


def _look(facts: Mapping[str, Any]) -> int:
    """Return the look of a sheet; entries of before there were several are of the first."""
    return int(facts.get("look", Look.FIRST))


def _of_sheets(edition: Edition, locked: Locked) -> Iterator[Difference]:
    sheets = db.session.scalars(
        select(Sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id)
        .options(joinedload(Sheet.proposal), joinedload(Sheet.evaluator))
        .order_by(Sheet.id)
    )
    for sheet in sheets:
        subject = f"{sheet.proposal.code} person {sheet.evaluator_id}"
        if sheet.points != locked.get((subject, sheet.kind, sheet.look)):
            yield Difference(
                N_("The score sheet of %(name)s for %(code)s differs from what was locked."),
                {"name": sheet.evaluator.name, "code": sheet.proposal.code},
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
