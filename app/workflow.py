"""The life of a proposal: its statuses, and the steps that lead from one to the next.

Pure: it imports nothing of the application. `Proposal.take()` is the only code that writes a
status, and it asks `target()` here.
"""

from enum import StrEnum
from typing import Self


class Message(str):
    """A text of the catalogue, translated where it is shown; other texts are people's own."""

    __slots__ = ()


def N_(message: str) -> Message:  # noqa: N802 -- gettext's own name for "translate later"
    """Mark a message for translation where it is shown."""
    return Message(message)


class PluralMessage(Message):
    """A text that says how many, as its value `count`; of a single thing it says `one`."""

    one: Message


def NN_(one: str, many: str) -> PluralMessage:  # noqa: N802 -- as gettext's ngettext is to its N_
    """Mark both forms of a message for translation where it is shown."""
    made = PluralMessage(many)
    made.one = Message(one)
    return made


class Size(int):
    """A number of bytes, written where it is shown so that it differs from the one `beside` it."""

    beside: int | None

    def __new__(cls, size: int, *, beside: int | None = None) -> Self:
        """Make a size of whole bytes."""
        made = int.__new__(cls, size)
        made.beside = beside
        return made


class Labelled(StrEnum):
    """An enumeration whose members are named for people beside their value."""

    label: Message

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member of a value and a label; looking one up by its value needs no label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = Message(label)
        return member


class DomainError(Exception):
    """A refusal that a person should read: a message of the catalogue and its values.

    `remedy` is the endpoint of the edition's page on which one can do what is missing.
    """

    def __init__(self, message: Message, *, remedy: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.values = values


class NotAllowedNow(DomainError):
    """The action exists and the person may do it, but not at this moment (409)."""


class Overtaken(NotAllowedNow):
    """Somebody else was faster, or the version edited is no longer the newest (409)."""


class Damaged(DomainError):
    """Something that was kept is not there any more as it was kept (500)."""


class Status(Labelled):
    """Where a proposal stands."""

    DRAFT = "draft", N_("Draft")
    SUBMITTED = "submitted", N_("Submitted")
    RETURNED = "returned", N_("Returned for correction")
    INELIGIBLE = "ineligible", N_("Not eligible")
    ELIGIBLE = "eligible", N_("Eligible")
    FINALIST = "finalist", N_("Finalist")
    RESERVE = "reserve", N_("Reserve")
    NOT_SELECTED = "not_selected", N_("Not selected")
    PRESENTED = "presented", N_("Presented")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    DISQUALIFIED = "disqualified", N_("Disqualified")


class Step(StrEnum):
    """What moves a proposal from one status to the next."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN_FOR_CORRECTION = "return_for_correction"
    FIND_ELIGIBLE = "find_eligible"
    FIND_INELIGIBLE = "find_ineligible"
    SELECT = "select"
    HOLD_IN_RESERVE = "hold_in_reserve"
    NOT_SELECT = "not_select"
    PRESENT = "present"
    DISQUALIFY = "disqualify"
    TAKE_BACK = "take_back"
    REINSTATE = "reinstate"


_SCREENED = frozenset({Status.SUBMITTED, Status.ELIGIBLE})
_DECIDED = frozenset(
    {Status.ELIGIBLE, Status.INELIGIBLE, Status.FINALIST, Status.RESERVE, Status.NOT_SELECTED}
)
_IN_THE_RUNNING = _SCREENED | {Status.RETURNED, Status.RESERVE, Status.FINALIST}
RUNNING = _IN_THE_RUNNING | {Status.PRESENTED}
"""Submitted, and neither out of the competition nor turned down."""

TRANSITIONS: dict[Step, tuple[frozenset[Status], Status | None]] = {
    Step.SUBMIT: (frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED),
    Step.WITHDRAW: (RUNNING | {Status.DRAFT}, Status.WITHDRAWN),
    Step.RETURN_FOR_CORRECTION: (frozenset({Status.SUBMITTED}), Status.RETURNED),
    Step.FIND_ELIGIBLE: (frozenset({Status.SUBMITTED}), Status.ELIGIBLE),
    Step.FIND_INELIGIBLE: (_SCREENED | {Status.RETURNED}, Status.INELIGIBLE),
    Step.SELECT: (_SCREENED | {Status.RESERVE}, Status.FINALIST),
    Step.HOLD_IN_RESERVE: (_SCREENED, Status.RESERVE),
    Step.NOT_SELECT: (_SCREENED | {Status.RESERVE}, Status.NOT_SELECTED),
    Step.PRESENT: (frozenset({Status.FINALIST}), Status.PRESENTED),
    Step.DISQUALIFY: (RUNNING, Status.DISQUALIFIED),
    Step.TAKE_BACK: (_DECIDED, Status.SUBMITTED),
    Step.REINSTATE: (frozenset({Status.WITHDRAWN}), None),
}
"""From which statuses each step leads, and where to; None: back to where it was withdrawn from."""

EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
SUBMITTED_ONCE = frozenset(Status) - {Status.DRAFT}
COMPETING = frozenset({Status.FINALIST, Status.PRESENTED})


def can_take(status: Status, step: Step) -> bool:
    """Return whether `step` can be taken from `status`."""
    return status in TRANSITIONS[step][0]


def target(status: Status, step: Step, *, back_to: Status = Status.DRAFT) -> Status:
    """Return where `step` leads from `status`; raise `NotAllowedNow` if it leads nowhere.

    `back_to` is where a withdrawn proposal was before.
    """
    if not can_take(status, step):
        raise NotAllowedNow(
            N_("This can't be done while the proposal's status is “%(status)s”."),
            status=status.label,
        )
    return TRANSITIONS[step][1] or back_to


def check_reason(reason: str) -> None:
    """Raise `DomainError` without a reason for what is done to what others have made."""
    if not reason:
        raise DomainError(N_("Give a reason: it will appear in the minutes."))
