"""The files from which a result can be recounted: for everyone, and whole for who may read it all.

What they hold is described in `static/recount.schema.json`; `static/recount.py` reads them and
shares no code with this module. Numbers are exact: whole, decimal, or fractions such as 1723/20.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.awards import queries
from app.awards.cascade import Contender
from app.awards.deciding import contenders_in
from app.awards.models import Disclosure, Readership, ResultFile
from app.awards.queries import Recorded, SheetRow
from app.editions.kinds import AwardKind, Method, SheetKind
from app.editions.models import Edition
from app.editions.parts import AwardCategory, Criterion
from app.editions.rules import WHOLE
from app.evaluation.quorum import turnouts_in
from app.evaluation.statistics import mean
from app.proposals.models import Proposal
from app.scoring.inputs import CriterionMeans, ladder_of
from app.scoring.queries import criterion_means, ranking_of
from app.scoring.ranking import Ranked, Ranking

FORMAT, VERSION = "ajang-recount", 1
Values = tuple[Fraction, ...]


@dataclass(frozen=True)
class Facts:
    """What a complete result rests on, as both files need it; `means` are by the method in force.

    `rows` are the counting sheets by proposal id; the proposals are those with one, by number.
    """

    edition: Edition
    recorded: Recorded
    ranking: Ranking
    head: str
    proposals: Sequence[Proposal]
    contenders: Mapping[int, Contender]
    rows: Mapping[int, Sequence[SheetRow]]
    quorums: Mapping[int, int]
    means: CriterionMeans

    @property
    def numbers(self) -> dict[int, int]:
        """The number of each proposal, by id."""
        return {own.id: own.number for own in self.proposals}

    @property
    def award_keys(self) -> dict[int, str]:
        """How the files name each award, by the id of its category."""
        categories = self.edition.award_categories
        return {own.id: f"A{place}" for place, own in enumerate(categories, 1)}

    @property
    def criterion_keys(self) -> dict[int, str]:
        """How the files name each criterion, by its id."""
        return {
            own.id: f"{letter}{place}"
            for kind, letter in ((SheetKind.DESK, "D"), (SheetKind.PRESENTATION, "P"))
            for place, own in enumerate(self.edition.criteria_of(kind), 1)
        }


def write_files(edition: Edition, disclosure: Disclosure, *, head: str) -> list[ResultFile]:
    """Write both files of a complete result that is about to be confirmed.

    `head` is the audit chain's as it stands. The public file names the digest of the whole one.
    """
    facts = _facts(edition, head)
    full = _file(edition, Readership.FULL, _full(facts))
    public = _public(facts, disclosure) | {"full_sha256": full.digest}
    return [full, _file(edition, Readership.PUBLIC, public)]


def _file(edition: Edition, scope: Readership, holds: dict[str, Any]) -> ResultFile:
    content = json.dumps(holds, indent=1, ensure_ascii=False) + "\n"
    digest = hashlib.sha256(content.encode()).hexdigest()
    return ResultFile(edition_id=edition.id, scope=scope, content=content, digest=digest)


def _facts(edition: Edition, head: str) -> Facts:
    ranking = ranking_of(edition)
    rows: dict[int, list[SheetRow]] = defaultdict(list)
    for row in queries.counting_rows(edition):
        rows[row.proposal_id].append(row)
    competing = [line.proposal_id for line in ranking.lines]
    quorums = turnouts_in(edition, competing) if edition.desk_share < WHOLE else {}
    contenders = contenders_in(edition, ranking.lines)
    proposals = queries.proposals_named(rows.keys() | set(competing)).values()
    return Facts(
        edition,
        queries.recorded_in(edition),
        ranking,
        head,
        sorted(proposals, key=lambda proposal: proposal.number),
        {own.proposal_id: own for own in contenders},
        rows,
        {key: turnout.quorum for key, turnout in quorums.items()},
        criterion_means(edition, competing),
    )


def _full(facts: Facts) -> dict[str, Any]:
    """Return the whole file: every counting sheet with a key for its judge, and who is recused."""
    uncounted = queries.uncounted_rows(facts.edition)
    judges = judge_keys(queries.people_of_sheets(facts.edition))
    numbers = facts.numbers
    other = facts.ranking.beside
    return _common(facts, Readership.FULL, "sheets") | {
        "proposals": [
            _entry(facts, own, _sheets_of(facts, own, judges)) for own in facts.proposals
        ],
        "not_counting": [
            {
                "proposal": row.number,
                "kind": row.kind.value,
                "judge": judges[row.evaluator_id],
                "because": row.participation.value,
            }
            for row in uncounted
        ],
        "published": {
            "ranking": _lines(facts.ranking, numbers),
            **({"other": _lines(other, numbers)} if other else {}),
            "awards": _awards(facts),
        },
    }


def judge_keys(people: Iterable[int]) -> dict[int, str]:
    """Return how the whole file names these judges (ids of people), as J1 and J2."""
    return {person_id: f"J{place}" for place, person_id in enumerate(sorted(people), 1)}


def _public(facts: Facts, disclosure: Disclosure) -> dict[str, Any]:
    """Return the file for everyone: nothing in it links two sheets of one judge.

    By the adjusted mean it holds adjusted values, for what they were adjusted by is only in the
    whole file.
    """
    is_adjusted = facts.ranking.method is Method.ADJUSTED
    shows_sheets = disclosure is Disclosure.SHEETS and not is_adjusted
    values_are = "sheets" if shows_sheets else "adjusted" if is_adjusted else "means"
    of_one = _shuffled if shows_sheets else _means_of
    return _common(facts, Readership.PUBLIC, values_are) | {
        "proposals": [
            _entry(facts, own, of_one(facts, own))
            for own in facts.proposals
            if own.id in facts.contenders
        ],
        "published": {
            "ranking": _lines(facts.ranking, facts.numbers),
            "awards": _awards(facts),
        },
    }


def _common(facts: Facts, scope: Readership, values_are: str) -> dict[str, Any]:
    edition = facts.edition
    return {
        "format": FORMAT,
        "version": VERSION,
        "scope": scope.value,
        "edition": {
            "name": edition.name,
            "slug": edition.slug,
            "organisation": edition.organisation.name,
        },
        "audit_head": facts.head,
        "rules": _rules(facts),
        "decisions": _decisions(facts),
        "values_are": values_are,
    }


def _rules(facts: Facts) -> dict[str, Any]:
    edition, keys = facts.edition, facts.criterion_keys
    return {
        "method": edition.method.value,
        "desk_share": edition.desk_share,
        "criteria": {
            kind.value: [
                {"key": keys[own.id], "name": own.name, "weight": str(own.weight)}
                for own in edition.criteria_of(kind)
            ]
            for kind in SheetKind
        },
        "tie_break": [
            {kind.value: keys[own.id] for kind, own in rung.items()} for rung in ladder_of(edition)
        ],
        "prize_limit": edition.prize_limit.value,
        "awards": [
            {
                "key": facts.award_keys[own.id],
                "name": own.name,
                "kind": own.kind.value,
                "places": own.places,
                "criterion": _criterion_of(own, edition.criteria, keys),
                "only_for": own.only_for,
            }
            for own in edition.award_categories
        ],
    }


def _criterion_of(
    award: AwardCategory, criteria: Iterable[Criterion], keys: Mapping[int, str]
) -> dict[str, str]:
    """Return by which criterion of each kind of sheet the award goes, if it goes by one."""
    found: dict[str, str] = {}
    if award.kind is AwardKind.CRITERION:
        for own in criteria:
            if own.name == award.criterion:
                found.setdefault(own.kind.value, keys[own.id])
    return found


def _decisions(facts: Facts) -> dict[str, Any]:
    """Return what the plenary decided, by award."""
    numbers, found = facts.numbers, {}
    deviations = {own.category_id: own for own in facts.recorded.deviations}
    for category_id, key in facts.award_keys.items():
        awards = [own for own in facts.recorded.awards if own.category_id == category_id]
        deviation = deviations.get(category_id)
        chosen = {numbers[own.proposal_id]: own.reason for own in awards if own.reason}
        if not chosen and deviation is None:
            continue
        found[key] = {
            "chosen": sorted(chosen),
            "reasons": {str(number): chosen[number] for number in sorted(chosen)},
            "places": {str(numbers[own.proposal_id]): own.rank for own in awards}
            if deviation
            else {},
        }
        if deviation:
            found[key]["deviation"] = {
                "reason": deviation.reason,
                "for": len(deviation.in_favour),
                "against": len(deviation.against),
            }
    return found


def _entry(facts: Facts, proposal: Proposal, sheets: Mapping[str, Any]) -> dict[str, Any]:
    contender = facts.contenders.get(proposal.id)
    presentations = {
        row.evaluator_id
        for row in facts.rows.get(proposal.id, ())
        if row.kind is SheetKind.PRESENTATION
    }
    return {
        "number": proposal.number,
        "title": proposal.title,
        "agency": proposal.agency.code,
        "circles": sorted(contender.circles) if contender else [],
        "competes": contender is not None,
        "quorum": facts.quorums.get(proposal.id, 0),
        "judges": len(presentations),
        "sheets": sheets,
    }


def _sheets_of(
    facts: Facts, proposal: Proposal, judges: Mapping[int, str]
) -> dict[str, list[dict[str, Any]]]:
    return {
        kind.value: [
            {"judge": judges[row.evaluator_id], "look": row.look, "values": _texts(row.values)}
            for row in facts.rows.get(proposal.id, ())
            if row.kind is kind
        ]
        for kind in SheetKind
    }


def _shuffled(facts: Facts, proposal: Proposal) -> dict[str, list[dict[str, Any]]]:
    """Return the proposal's sheets ordered by their own values; two of one judge are their mean."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in SheetKind:
        of_judge: dict[int, list[Values]] = defaultdict(list)
        for row in facts.rows.get(proposal.id, ()):
            if row.kind is kind:
                of_judge[row.evaluator_id].append(row.values)
        rows = [_mean_of(own) for own in of_judge.values()]
        found[kind.value] = [{"values": _texts(own)} for own in sorted(rows)]
    return found


def _means_of(facts: Facts, proposal: Proposal) -> dict[str, list[dict[str, Any]]]:
    """Return one row of means for each kind of sheet that there is of the proposal."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in SheetKind:
        criteria = facts.edition.criteria_of(kind)
        means = [facts.means.get((proposal.id, own.id)) for own in criteria]
        values = tuple(own for own in means if own is not None)
        is_whole = len(values) == len(criteria) and values
        found[kind.value] = [{"values": _texts(values)}] if is_whole else []
    return found


def _mean_of(rows: Sequence[Values]) -> Values:
    return tuple(mean(column) or Fraction(0) for column in zip(*rows, strict=True))


def _lines(ranking: Ranking, numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    def order(line: Ranked) -> tuple[bool, Fraction, list[Fraction], int]:
        below = [-own for own in line.tie_breakers]
        return line.rank is None, -(line.final or Fraction(0)), below, line.number

    return [
        {
            "proposal": numbers[line.proposal_id],
            "place": line.rank,
            "desk": _text(line.desk),
            "presentation": _text(line.presentation),
            "final": _text(line.final),
            "tie_breakers": _texts(line.tie_breakers),
        }
        for line in sorted(ranking.lines, key=order)
    ]


def _awards(facts: Facts) -> list[dict[str, Any]]:
    keys, numbers = facts.award_keys, facts.numbers
    order = list(keys)
    return [
        {
            "award": keys[own.category_id],
            "proposal": numbers[own.proposal_id],
            "place": own.rank,
            "calculated": own.calculated,
        }
        for own in sorted(
            facts.recorded.awards,
            key=lambda own: (
                order.index(own.category_id),
                own.rank or 0,
                numbers[own.proposal_id],
            ),
        )
    ]


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _texts(values: Iterable[Fraction]) -> list[str]:
    return [str(value) for value in values]
