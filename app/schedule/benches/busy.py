"""When somebody is busy, read from their own calendar file, however hostile it is.

A separate program reads it (`calendar_reader/`) and returns only times and what was left out.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.confined import Overrun, run
from app.schedule.draft.timetable import Span
from app.workflow import N_, DomainError

SIZE = 10_000_000  # bytes
SECONDS = 10  # of processor time
MEMORY = 600_000_000  # bytes
READER = Path(__file__).parent / "calendar_reader"

_TOO_LONG = N_(
    "This calendar takes too long to read: it has too many entries, or they repeat too often. "
    "Export a shorter period, or add the times by hand."
)
_REFUSALS = {
    "empty": N_("This file is empty. Export your calendar again."),
    "web page": N_(
        "This is a web page, not a calendar: the address may ask you to sign in first. Export "
        "your calendar as an .ics file."
    ),
    "no calendar": N_("This file is not a calendar. Export your calendar as an .ics file."),
    "cut off": N_(
        "This calendar is cut off in the middle, perhaps because a download was interrupted. "
        "Export it again."
    ),
    "several": N_(
        "This ZIP file contains several calendars. Unpack it and choose the .ics file of the "
        "one that shows when you are busy."
    ),
    "too large": N_(
        "This calendar is too large. Export a shorter period, or add the times by hand."
    ),
    "unreadable": N_(
        "None of the entries in this calendar can be read. Export it again, or add the times "
        "by hand."
    ),
}


class NotACalendar(DomainError):
    """A file that can't be read as somebody's calendar (422)."""


@dataclass(frozen=True)
class Busy:
    """When somebody is busy: UTC spans, in order, none touching.

    `left_out` counts entries that could not be read; `names` are the titles of the first of them,
    for their owner's eyes only.
    """

    spans: list[Span]
    left_out: int
    names: list[str]


def busy_spans(
    content: bytes, *, begin: datetime, end: datetime, zone: ZoneInfo, domain: str
) -> Busy:
    """Return when the owner of a calendar is busy between two moments; raise NotACalendar.

    Whole days and times without a zone are taken in `zone`. What is marked as free, or cancelled,
    does not count, nor do the edition's own entries, whose UIDs end with its `calendar_domain`.
    """
    if len(content) > SIZE:
        raise NotACalendar(_REFUSALS["too large"])
    arguments = (begin.isoformat(), end.isoformat(), zone.key, own_entries(domain))
    try:
        written = run(READER, content, *arguments, seconds=SECONDS, memory=MEMORY)
    except Overrun as error:
        raise NotACalendar(_TOO_LONG) from error
    found = json.loads(written)
    if "refused" in found:
        raise NotACalendar(_REFUSALS[found["refused"]])
    times = ((datetime.fromisoformat(moment) for moment in span) for span in found["busy"])
    return Busy([Span(*span) for span in times], found["left_out"], found["names"])


def own_entries(domain: str) -> str:
    """Return a pattern for the UIDs of an edition's presentations, by its `calendar_domain`."""
    return rf"presentation-\d+@{re.escape(domain)}"
