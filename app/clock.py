"""The one source of the domain's time.

Windows, ages, stamps and publication ask this clock. Sessions, tokens and throttles ask the real
one. A demo shifts the domain's clock to the moment of its case and lets it run.
"""

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """Return the current moment of the domain, in UTC."""
    return real_now() + _offset


def real_now() -> datetime:
    """Return the moment of the machine's own clock, in UTC."""
    return datetime.now(UTC)


def shift(offset: timedelta) -> None:
    """Set how far the domain's clock is from the real one (zero outside a demo)."""
    global _offset  # noqa: PLW0603 -- one clock for the whole process is what this module is
    _offset = offset


def is_shifted() -> bool:
    """Return whether the domain's clock differs from the real one."""
    return _offset != timedelta(0)
