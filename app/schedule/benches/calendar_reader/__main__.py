"""Read a calendar from the input, and write as JSON when its owner is busy or why it is refused."""

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from .components import CalendarRefused
from .occurrences import read


def main() -> None:
    """Write what the input says; the arguments are those of `read`."""
    begin, end, zone, own = sys.argv[1:]
    try:
        answer = read(
            sys.stdin.buffer.read(),
            begin=datetime.fromisoformat(begin),
            end=datetime.fromisoformat(end),
            zone=ZoneInfo(zone),
            own=own,
        )
    except CalendarRefused as refusal:
        answer = {"refused": str(refusal)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
