"""What the log tells of a failure: where it happened, and nothing that people wrote. Pure."""

import secrets
import traceback

VALUES = ("DETAIL:", "Key (", "Failing row contains")
"""How the lines begin in which PostgreSQL names the values of a row that it refused."""


def failure_number() -> str:
    """Return a number by which a failure is found in the log, short enough to read out."""
    return secrets.token_hex(4)


def told(error: BaseException) -> str:
    """Return the traceback of an error without the values that a database names in it."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line for line in lines if not line.startswith(VALUES))
