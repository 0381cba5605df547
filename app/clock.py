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


def zone_name(moment: datetime) -> str:
    """Return the name of the zone in which a moment is given, such as WITA.

    Most zones of the world have a number for a name, which becomes UTC+9 or UTC+5:45.
    """
    name = moment.tzname() or ""
    if not name.startswith(("+", "-")):
        return name
    hours, minutes = name[:3].replace("-", "−"), name[3:]
    hours = f"{hours[0]}{int(hours[1:])}"
    return f"UTC{hours}:{minutes}" if minutes else f"UTC{hours}"


def shift(offset: timedelta) -> None:
    """Set how far the domain's clock is from the real one (zero outside a demo)."""
    global _offset  # noqa: PLW0603 -- one clock for the whole process is what this module is
    _offset = offset


def is_shifted() -> bool:
    """Return whether the domain's clock differs from the real one."""
    return _offset != timedelta(0)
