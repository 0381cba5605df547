"""Who a user is in an edition, and the rules that follow from their roles."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.accounts.models import Person
from app.editions.kinds import Role
from app.editions.models import Edition, Membership


@dataclass(frozen=True)
class User:
    """The user of a request: a person or nobody, with the roles they hold in the edition."""

    person: Person | None = None
    edition: Edition | None = None
    memberships: tuple[Membership, ...] = ()

    def is_a(self, *roles: Role) -> bool:
        """Return whether the user holds one of the roles in this edition."""
        return not self.roles.isdisjoint(roles)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles that the user holds in this edition."""
        return frozenset(membership.role for membership in self.memberships)

    def membership(self, role: Role) -> Membership | None:
        """Return the membership by which the user holds the role, if they do."""
        return next(
            (membership for membership in self.memberships if membership.role is role), None
        )

    @property
    def acting(self) -> Person:
        """The person, when a rule has made sure that there is one."""
        if self.person is None:
            raise PermissionError("nobody is signed in")
        return self.person

    @property
    def has_pledged(self) -> bool:
        """Whether the user has signed the integrity pledge of this edition."""
        return any(membership.pledged_at for membership in self.memberships)

    @property
    def agencies(self) -> frozenset[int]:
        """The ids of the agencies the user acts for in this edition."""
        return frozenset(
            membership.agency_id for membership in self.memberships if membership.agency_id
        )

    @property
    def delegate_agency(self) -> int | None:
        """The id of the agency whose entries the user endorses, if they are its delegate."""
        return next(
            (membership.agency_id for membership in self.memberships if membership.is_delegate),
            None,
        )

    @property
    def is_chair(self) -> bool:
        """Whether the user chairs the judging team."""
        return any(membership.is_chair for membership in self.memberships)


def role(*roles: Role) -> Callable[..., bool]:
    """Return the rule that allows anyone with one of the roles."""

    def rule(user: User, **_records: Any) -> bool:
        return user.is_a(*roles)

    return rule


def can_see(user: User, edition: Edition) -> bool:
    """Return whether the user may know that the edition exists."""
    is_admin = user.person is not None and user.person.is_site_admin
    return edition.is_public or bool(user.memberships) or is_admin


def can_see_edition(user: User, **_records: Any) -> bool:
    """Allow everyone for whom the edition could be loaded."""
    return user.edition is not None


member = role(*Role)
organiser = role(Role.ORGANISER)
committee = role(Role.ORGANISER, Role.SCREENER)
committee_or_observer = role(Role.ORGANISER, Role.SCREENER, Role.OBSERVER)
organiser_or_observer = role(Role.ORGANISER, Role.OBSERVER)
organiser_or_innovator = role(Role.ORGANISER, Role.INNOVATOR)
organiser_judge_or_innovator = role(Role.ORGANISER, Role.JUDGE, Role.INNOVATOR)
organiser_judge_or_observer = role(Role.ORGANISER, Role.JUDGE, Role.OBSERVER)
sheet_writer = role(Role.SCREENER, Role.JUDGE)


def organiser_or_chair(user: User, **_records: Any) -> bool:
    """Allow organisers and the chair of the judging team: of two people who act, each is one."""
    return organiser(user) or user.is_chair


def organiser_chair_or_observer(user: User, **_records: Any) -> bool:
    """Allow organisers, the chair and observers: those who watch over the whole edition."""
    return organiser_or_chair(user) or user.is_a(Role.OBSERVER)


def committee_chair_or_observer(user: User, **_records: Any) -> bool:
    """Allow who screens, who observes, and the chair of the judging team."""
    return committee_or_observer(user) or user.is_chair
