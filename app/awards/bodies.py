"""The two bodies that sit in the plenary, and who of them must leave for which proposal."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.awards import queries
from app.awards.models import Body
from app.editions.kinds import Role
from app.editions.models import Edition
from app.evaluation.recusals import conflicts_by_pair
from app.workflow import COMPETING

ROLES: Mapping[Role, Body] = {
    Role.ORGANISER: Body.COMMITTEE,
    Role.SCREENER: Body.COMMITTEE,
    Role.JUDGE: Body.JUDGES,
}
"""By which role somebody sits in a body; with roles of both, they sit in both."""

BarredMembers = Mapping[int, set[int]]
"""Whom (ids of people) a conflict of interest bars from a proposal, by its id."""


@dataclass(frozen=True)
class Member:
    """A member of a body, with what they are by office, if that is known."""

    body: Body
    person_id: int
    name: str
    title: str

    @property
    def key(self) -> str:
        """How a form names the member."""
        return f"{self.body}-{self.person_id}"


def members_of(edition: Edition) -> list[Member]:
    """Return the members of both bodies, by body and name; each once in a body."""
    found: dict[tuple[Body, int], Member] = {}
    for person_id, name, role, title in queries.holders_by_name(edition, ROLES):
        body = ROLES[role]
        before = found.get((body, person_id))
        if before is None or not before.title:
            found[body, person_id] = Member(body, person_id, name, title)
    return sorted(found.values(), key=lambda member: member.body)


def barred_members(edition: Edition) -> BarredMembers:
    """Return who must leave when a competing proposal is decided on."""
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, proposal_id in conflicts_by_pair(edition, ROLES.keys(), COMPETING):
        found[proposal_id].add(person_id)
    return found
