"""Reads the calendar in the input, and says in JSON when its owner is busy or why nobody knows."""

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from .components import Refused
from .occurrences import read


def main() -> None:
    """Say what stands in the input; the arguments are those of `read`."""
    begin, end, zone, own = sys.argv[1:]
    try:
        answer = read(
            sys.stdin.buffer.read(),
            begin=datetime.fromisoformat(begin),
            end=datetime.fromisoformat(end),
            zone=ZoneInfo(zone),
            own=own,
        )
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
