"""Conflicts of interest: who may not judge what, derived from the tree of agencies.

Rule 3 of the domain: nobody judges their own unit, a unit above it or a unit below it. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.evaluation.models import ConflictKind, ConflictOfInterest

Tree = Mapping[int, int | None]


@dataclass(frozen=True)
class Evaluator:
    """A person who evaluates, with the agencies they act for."""

    person_id: int
    agencies: frozenset[int]


@dataclass(frozen=True)
class Entry:
    """A proposal as far as conflicts are concerned."""

    proposal_id: int
    agency_id: int
    authors: frozenset[int]


def above(agency: int, tree: Tree) -> list[int]:
    """Return the agencies above this one, nearest first."""
    line = []
    parent = tree.get(agency)
    while parent is not None and parent not in line:
        line.append(parent)
        parent = tree.get(parent)
    return line


def tie(own: int, other: int, tree: Tree) -> ConflictKind | None:
    """Return how the agency `other` relates to `own`, None if they are unrelated."""
    if own == other:
        return ConflictKind.OWN_UNIT
    if other in above(own, tree):
        return ConflictKind.PARENT_UNIT
    if own in above(other, tree):
        return ConflictKind.SUBORDINATE_UNIT
    return None


def related(evaluator: Evaluator, tree: Tree) -> set[int]:
    """Return the agencies whose proposals the evaluator may not judge."""
    line = {agency for own in evaluator.agencies for agency in above(own, tree)}
    below = list(evaluator.agencies)
    for unit in below:  # the list grows: units below a unit are below those above it too
        below += (child for child, parent in tree.items() if parent == unit and child not in below)
    return line | set(below)


def detected(evaluator: Evaluator, entry: Entry, tree: Tree) -> set[ConflictKind]:
    """Return the conflicts that follow from the tree and from authorship."""
    kinds = {tie(own, entry.agency_id, tree) for own in evaluator.agencies} - {None}
    if evaluator.person_id in entry.authors:
        kinds.add(ConflictKind.AUTHOR)
    return {kind for kind in kinds if kind}


def barring(
    evaluator: Evaluator, entry: Entry, tree: Tree, recorded: Iterable[ConflictOfInterest]
) -> set[ConflictKind]:
    """Return the conflicts that bar the evaluator: detected and declared, less those dismissed.

    One declared after scores could be seen bars only once somebody else has agreed to it.
    """
    own = [
        conflict
        for conflict in recorded
        if conflict.person_id == evaluator.person_id and conflict.proposal_id == entry.proposal_id
    ]
    dismissed = {conflict.kind for conflict in own if conflict.is_dismissed}
    declared = {
        conflict.kind for conflict in own if not conflict.is_dismissed and not conflict.is_pending
    }
    return (detected(evaluator, entry, tree) | declared) - dismissed
