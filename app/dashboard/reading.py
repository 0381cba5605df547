"""What a reader may read of the audit trail: no judgements before the result, or if barred."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.audit.models import AuditEntry
from app.audit.names import names_behind
from app.dashboard.queries import codes_of, names_of_people
from app.dashboard.trail import ACTIONS
from app.editions.models import Edition
from app.editions.permissions import User
from app.evaluation.access import barred_from
from app.papers.kinds import PaperKind
from app.workflow import N_, Message

UNTIL_CONFIRMED = frozenset(
    {
        *("sheet.lock", "decision.prepare", "result.prepare"),
        *("second_look.ask", "second_look.release"),
    }
)
"""The entries whose content nobody may read before the result is confirmed."""
JUDGEMENTS = UNTIL_CONFIRMED | {"decision.take_back", "eligibility.find", "sheet.reopen"}
"""The entries whose content a conflict of interest hides."""


@dataclass(frozen=True)
class TrailLine:
    """An audit entry, its action as a code and in words.

    `subject`, `reason` and `content` are None where they may not be read; `why_hidden` says why.
    Documents are made kind by kind: `of_kind` is what their kind is called.
    """

    sequence: int
    at: datetime
    actor: str
    action: str
    label: Message
    subject: str | None
    reason: str | None
    content: str | None
    why_hidden: Message | None
    of_kind: Message | None


PAPER_KINDS = {kind.value: kind.label for kind in PaperKind}
NUMBERED = re.compile(r"^\d+ ")
"""How early entries name who acted: by id and name."""
OF_PERSON = re.compile(r"person (\d+)")


def hidden_actions(user: User, edition: Edition) -> frozenset[str]:
    """Return the actions whose entries nobody may find by what their content says."""
    before = frozenset() if edition.is_confirmed else UNTIL_CONFIRMED
    return before | (JUDGEMENTS if barred_from(user, edition) else frozenset())


def trail_lines(user: User, edition: Edition, entries: Sequence[AuditEntry]) -> list[TrailLine]:
    """Return these entries, without the content that the user may not read, or not yet."""
    barred = codes_of(barred_from(user, edition))

    names, behind = _names_in(entries), names_behind(edition.id)

    def line(entry: AuditEntry) -> TrailLine:
        why = None
        if entry.action in UNTIL_CONFIRMED and not edition.is_confirmed:
            why = N_("shown once the result is confirmed")
        elif entry.action in JUDGEMENTS and any(code in entry.content for code in barred):
            why = N_("hidden because of a conflict of interest")
        told = {} if why else json.loads(entry.content)
        label = ACTIONS.get(entry.action, Message(entry.action))
        return TrailLine(
            entry.sequence,
            entry.at,
            _named(NUMBERED.sub("", entry.actor), names) or "",
            entry.action,
            label,
            _named(told.get("subject"), names),
            told.get("reason"),
            None if why else _with_names(entry.content, behind),
            why,
            PAPER_KINDS.get(told.get("subject", "")) if entry.action.startswith("paper.") else None,
        )

    return [line(entry) for entry in entries]


def _names_in(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """Return the names of the people whom the entries' subjects mention, by id as it is written."""
    said = "\n".join(f"{entry.actor}\n{entry.content}" for entry in entries)
    ids = {int(number) for number in OF_PERSON.findall(said)}
    return {str(number): name for number, name in names_of_people(ids).items()}


def _named(subject: str | None, names: dict[str, str]) -> str | None:
    """Return a subject with names in place of people's numbers."""
    if subject is None:
        return None
    return OF_PERSON.sub(lambda found: f"· {names.get(found[1], found[0])}", subject).lstrip("· ")


def _with_names(content: str, behind: Mapping[str, str]) -> str:
    """Return an entry's content with the names that are kept beside it in place of digests."""
    for digest, name in behind.items():
        content = content.replace(digest, name)
    return content
