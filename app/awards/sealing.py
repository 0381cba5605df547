"""The seal of a confirmed result: a digest of every row that it rests on, and what differs since.

The rows are sealed with the confirmation, and the digest of the seal stands in its entry of the
audit chain, whose head the judges get by mail. So a row that is changed, deleted or added behind
the application's back is found and named, and so is a seal that was made anew.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, delete, select
from sqlalchemy.orm import QueryableAttribute

from app.audit.chain import canonical
from app.awards import models as awards
from app.database import Base, db
from app.editions.models import Edition
from app.editions.parts import AwardCategory, Criterion
from app.evaluation.models import ConflictOfInterest, Score, Sheet, Standing
from app.programme.models import Version
from app.proposals.models import Proposal
from app.scoring.models import ExtraJudge, Placing, SecondLook, Severity
from app.workflow import N_, Message

Digests = dict[str, str]
"""A digest (32 hex digits) by the key of a row."""


@dataclass(frozen=True)
class Counted:
    """A table whose rows count for a result: which columns (all, if none is named), of which rows.

    `within` is the column that says to which of the `edition`'s rows they belong; rows with equal
    values in the columns `by` are sealed together.
    """

    table: type[Base]
    within: QueryableAttribute[Any]
    columns: Sequence[QueryableAttribute[Any]] = ()
    by: Sequence[QueryableAttribute[Any]] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return self._table.name

    def rows_of(self, edition: Edition) -> Select[Any]:
        """Select the rows in the order of their keys, the key first."""
        columns: Sequence[Any] = [*self.columns] if self.columns else [*self._table.columns]
        return select(*self._key, *columns).where(self._belongs(edition)).order_by(*self._order)

    @property
    def width(self) -> int:
        """How many columns the key has."""
        return len(self._key)

    @property
    def _table(self) -> Table:
        return self.table.__table__  # type: ignore[return-value]  # of a declared class

    @property
    def _key(self) -> Sequence[Any]:
        return self.by or self._order

    @property
    def _order(self) -> Sequence[Any]:
        return list(self._table.primary_key.columns)

    def _belongs(self, edition: Edition) -> ColumnElement[bool]:
        if self.within.key in {"edition_id", "id"}:
            return self.within == edition.id
        return self.within.in_(_OWNERS[self.within.key](edition))


def _proposals_of(edition: Edition) -> ScalarSelect[int]:
    return select(Proposal.id).where(Proposal.edition_id == edition.id).scalar_subquery()


def _sheets_of(edition: Edition) -> ScalarSelect[int]:
    own = select(Sheet.id).join(Proposal, Proposal.id == Sheet.proposal_id)
    return own.where(Proposal.edition_id == edition.id).scalar_subquery()


_OWNERS = {"proposal_id": _proposals_of, "sheet_id": _sheets_of}

RULES = (
    Edition.desk_share,
    Edition.method,
    Edition.method_rule,
    Edition.second_look_budget,
    Edition.prize_limit,
    Edition.quorum,
    Edition.finalists,
    Edition.passing_grade,
    Edition.settled_at,
    Edition.frozen_at,
    Edition.closed_at,
)
ENTRY = (
    Proposal.number,
    Proposal.title,
    Proposal.agency_id,
    Proposal.category_id,
    Proposal.status,
    Proposal.submitted_at,
)
DECIDED = (
    awards.Result.prepared_by_id,
    awards.Result.prepared_at,
    awards.Result.confirmed_by_id,
    awards.Result.confirmed_at,
    awards.Result.publish_at,
    awards.Result.evaluation_revision,
)
COUNTED = (
    Counted(Edition, Edition.id, RULES),
    Counted(Criterion, Criterion.edition_id),
    Counted(AwardCategory, AwardCategory.edition_id),
    Counted(Proposal, Proposal.edition_id, ENTRY),
    Counted(ConflictOfInterest, ConflictOfInterest.proposal_id),
    Counted(Version, Version.edition_id),
    Counted(Sheet, Sheet.proposal_id),
    Counted(Score, Score.sheet_id, by=(Score.sheet_id,)),
    Counted(Standing, Standing.edition_id),
    Counted(Placing, Placing.edition_id),
    Counted(Severity, Severity.edition_id),
    Counted(SecondLook, SecondLook.edition_id),
    Counted(ExtraJudge, ExtraJudge.edition_id),
    Counted(awards.Result, awards.Result.edition_id, DECIDED),
    Counted(awards.Award, awards.Award.edition_id),
    Counted(awards.Attendance, awards.Attendance.edition_id),
    Counted(awards.Agreement, awards.Agreement.edition_id),
    Counted(awards.Deviation, awards.Deviation.edition_id),
    Counted(awards.ResultFile, awards.ResultFile.edition_id),
)
"""The tables that a result rests on."""


@dataclass(frozen=True)
class Broken:
    """A row that differs from what was sealed, by its table and key, and how, as a message."""

    table: str
    key: str
    message: Message


CHANGED = N_("changed since the result was confirmed")
MISSING = N_("deleted since the result was confirmed")
ADDED = N_("added since the result was confirmed")
RESEALED = N_("the seal is not the one that the audit trail recorded")


def seal(edition: Edition) -> str:
    """Seal all that the edition's result rests on, as it stands; return the digest of the seal."""
    db.session.flush()
    content = {counted.name: _digests_of(counted, edition) for counted in COUNTED}
    db.session.add_all(
        awards.Seal(edition_id=edition.id, table_name=name, content=own)
        for name, own in content.items()
    )
    db.session.flush()
    return digest_of_seal(content)


def unseal(edition: Edition) -> None:
    """Forget the seal of a result that is no longer confirmed."""
    db.session.execute(delete(awards.Seal).where(awards.Seal.edition_id == edition.id))


def broken_in(edition: Edition, recorded: str) -> list[Broken]:
    """Return what differs from the seal, whose digest the audit trail `recorded`."""
    sealed = _sealed(edition)
    found = [
        broken
        for counted in COUNTED
        for broken in _differences(counted, sealed.get(counted.name, {}), edition)
    ]
    if digest_of_seal(sealed) != recorded:
        found.append(Broken("seal", str(edition.id), RESEALED))
    return found


def digest_of_seal(content: Mapping[str, Mapping[str, str]]) -> str:
    """Return the SHA-256 (hex) of a seal: digests by table and key."""
    return hashlib.sha256(canonical(seal=content).encode()).hexdigest()


def _sealed(edition: Edition) -> dict[str, Digests]:
    rows = db.session.execute(
        select(awards.Seal.table_name, awards.Seal.content).where(
            awards.Seal.edition_id == edition.id
        )
    )
    return {row.table_name: row.content for row in rows if isinstance(row.content, dict)}


def _differences(counted: Counted, sealed: Digests, edition: Edition) -> Iterator[Broken]:
    now = _digests_of(counted, edition)
    for key in _in_order(sealed.keys() | now.keys()):
        if key not in now:
            yield Broken(counted.name, key, MISSING)
        elif key not in sealed:
            yield Broken(counted.name, key, ADDED)
        elif now[key] != sealed[key]:
            yield Broken(counted.name, key, CHANGED)


def _in_order(keys: Collection[str]) -> list[str]:
    return sorted(keys, key=lambda key: (len(key), key))


def _digests_of(counted: Counted, edition: Edition) -> Digests:
    texts: dict[str, list[str]] = defaultdict(list)
    for row in db.session.execute(counted.rows_of(edition)):
        key = "/".join(str(part) for part in row[: counted.width])
        texts[key].append(canonical(row=list(row)))
    return {
        key: hashlib.sha256("\n".join(own).encode()).hexdigest()[:32] for key, own in texts.items()
    }
