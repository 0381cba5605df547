"""How far the sheets have come, proposal by proposal and evaluator by evaluator: no values."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, not_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Role, SheetKind
from app.editions.models import Edition
from app.editions.units import Agency
from app.evaluation.models import Look, Participation, Sheet, Standing
from app.evaluation.queries import GONE
from app.evaluation.recusals import conflicts_by_pair
from app.programme.models import Appearance
from app.programme.queries import appearances_of
from app.proposals.models import Proposal
from app.workflow import COMPETING, N_, Labelled, Status


class Mark(Labelled):
    """How far one sheet has come."""

    SUBMITTED = "submitted", N_("submitted")
    BEGUN = "begun", N_("started")
    MISSING = "missing", N_("not begun")
    AHEAD = "ahead", N_("not presented yet")
    RECUSED = "recused", N_("recused")
    EXCUSED = "excused", N_("not expected any more")
    NONE = "none", N_("no sheet")


LEAST_FINISHED = (Mark.MISSING, Mark.BEGUN, Mark.AHEAD, Mark.SUBMITTED, Mark.EXCUSED, Mark.RECUSED)
"""Which mark stands for two sheets of one evaluator: the first of these."""

Looks = Collection[Look]
"""The looks whose sheets a reader may know of."""


@dataclass(frozen=True)
class ProgressLine:
    """A proposal with the marks of its sheets, by evaluator id.

    For those presented, when, and whether nobody came to do so.
    """

    proposal: Proposal
    starts_at: datetime | None
    is_missed: bool
    marks: dict[int, Mark]

    @property
    def sheets_locked(self) -> int:
        """How many evaluators have submitted; two sheets of one count as one."""
        return len(self._with(Mark.SUBMITTED))

    @property
    def sheets_expected(self) -> int:
        """How many evaluators' sheets count."""
        return len(self._with(Mark.SUBMITTED, Mark.BEGUN, Mark.MISSING, Mark.AHEAD))

    @property
    def open(self) -> list[int]:
        """Whose sheet is not submitted though it could be (ids of people)."""
        return self._with(Mark.BEGUN, Mark.MISSING)

    @property
    def is_ahead(self) -> bool:
        """Whether sheets wait for a presentation that was not held yet."""
        return bool(self._with(Mark.AHEAD))

    @property
    def excluded(self) -> list[int]:
        """Whose sheets (ids of people) don't count: recused, or excused."""
        return self._with(Mark.RECUSED, Mark.EXCUSED)

    def is_begun_by(self, person: Person) -> bool:
        """Return whether the person has written on the sheet and not submitted it."""
        return self.marks.get(person.id) is Mark.BEGUN

    def _with(self, *marks: Mark) -> list[int]:
        return [person for person, mark in self.marks.items() if mark in marks]


@dataclass(frozen=True)
class SheetProgress:
    """The proposals of a page in their order, and everybody who has a sheet for one of them."""

    lines: Sequence[ProgressLine]
    evaluators: Sequence[Person]

    def marks_of(self, person: Person) -> list[Mark]:
        """Return the person's marks, one for each proposal in the order of the lines."""
        return [line.marks.get(person.id, Mark.NONE) for line in self.lines]


def in_progress_order(
    edition: Edition, kind: SheetKind, *, only_open: bool, looks: Looks
) -> Select[Standing]:
    """Select each proposal's standing: presentations in running order, desk sheets by number.

    `only_open` keeps those of which a sheet of these looks is not submitted.
    """
    held = (Appearance.proposal_id == Standing.proposal_id) & Appearance.cancelled_at.is_(None)
    competes = (
        Proposal.status.in_(COMPETING)
        if kind is SheetKind.PRESENTATION
        else Proposal.status.not_in(GONE)
    )
    statement = (
        select(Standing)
        .join(Standing.proposal)
        .outerjoin(Appearance, held)
        .where(Standing.edition_id == edition.id, Standing.kind == kind, competes)
        .options(
            contains_eager(Standing.proposal).options(
                load_only(Proposal.number, Proposal.title, Proposal.status),
                joinedload(Proposal.agency).load_only(Agency.name),
            )
        )
    )
    if only_open:
        waiting = select(Sheet.id).where(
            Sheet.proposal_id == Standing.proposal_id,
            Sheet.kind == kind,
            Sheet.look.in_(looks),
            Sheet.counts,
            not_(Sheet.is_locked),
        )
        statement = statement.where(waiting.exists())
    first = [Appearance.starts_at.nulls_last()] if kind is SheetKind.PRESENTATION else []
    return statement.order_by(*first, Proposal.number)


def progress_of(
    standings: Collection[Standing],
    edition: Edition,
    kind: SheetKind,
    *,
    looks: Looks,
    now: datetime,
) -> SheetProgress:
    """Return the marks of these standings' sheets, of these looks.

    A judge of the edition who may not judge a presentation is marked as recused from it.
    """
    proposals = [standing.proposal for standing in standings]
    sheets = _sheets([proposal.id for proposal in proposals], kind, looks)
    held = appearances_of(proposals) if kind is SheetKind.PRESENTATION else {}
    lines = [
        _line(standing, held.get(standing.proposal_id), sheets[standing.proposal_id], now)
        for standing in standings
    ]
    known = {person for line in lines for person in line.marks}
    if kind is SheetKind.PRESENTATION:
        barred = conflicts_by_pair(edition, {Role.JUDGE}, COMPETING)
        lines = [_with_recused(line, known, barred) for line in lines]
    people = select(Person).where(Person.id.in_(known)).order_by(Person.name, Person.id)
    return SheetProgress(lines, list(db.session.scalars(people)))


def mark_of(
    participation: Participation, *, is_locked: bool, is_begun: bool, is_ahead: bool
) -> Mark:
    """Return the mark of a sheet; `is_ahead` says that its presentation was not held yet."""
    if participation is not Participation.COUNTS:
        return Mark.RECUSED if participation is Participation.RECUSED else Mark.EXCUSED
    if is_locked:
        return Mark.SUBMITTED
    if is_begun:
        return Mark.BEGUN
    return Mark.AHEAD if is_ahead else Mark.MISSING


def _line(
    standing: Standing, held: Appearance | None, sheets: Sequence[Any], now: datetime
) -> ProgressLine:
    proposal = standing.proposal
    is_to_come = standing.kind is SheetKind.PRESENTATION and proposal.status is not Status.PRESENTED
    is_missed = is_to_come and held is not None and held.missed_at is not None
    is_ahead = is_to_come and (held is None or is_missed or not held.has_begun(now))
    found: dict[int, list[Mark]] = defaultdict(list)
    for sheet in sheets:
        mark = mark_of(
            sheet.participation,
            is_locked=sheet.locked_at is not None,
            is_begun=sheet.saved_at is not None,
            is_ahead=is_ahead,
        )
        found[sheet.evaluator_id].append(mark)
    marks = {person: min(own, key=LEAST_FINISHED.index) for person, own in found.items()}
    return ProgressLine(proposal, held.starts_at if held else None, is_missed, marks)


def _with_recused(
    line: ProgressLine, judges: Collection[int], barred: Collection[tuple[int, int]]
) -> ProgressLine:
    """Return the line with a mark for those judges who never got a sheet, for they are recused."""
    without = [judge for judge in judges if (judge, line.proposal.id) in barred]
    return replace(line, marks=dict.fromkeys(without, Mark.RECUSED) | line.marks)


def _sheets(proposals: Collection[int], kind: SheetKind, looks: Looks) -> dict[int, list[Any]]:
    rows = db.session.execute(
        select(
            Sheet.proposal_id,
            Sheet.evaluator_id,
            Sheet.participation,
            Sheet.locked_at,
            Sheet.saved_at,
        )
        .where(Sheet.proposal_id.in_(proposals), Sheet.kind == kind, Sheet.look.in_(looks))
        .order_by(Sheet.id)
    )
    found = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found
