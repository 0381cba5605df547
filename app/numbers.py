"""How numbers are written in each language: exactly rounded half up, with its decimal sign."""

from decimal import Decimal
from fractions import Fraction


def points(spoken: str, value: Decimal | Fraction | float | None, places: int = 2) -> str:
    """Write points in the language `spoken`, a dash for none."""
    return "–" if value is None else quotient(spoken, *value.as_integer_ratio(), places)


def signed(spoken: str, value: Decimal | Fraction | float, places: int = 2) -> str:
    """Write points with their sign, as a difference is written."""
    written = points(spoken, value, places)
    return f"+{written}" if value > 0 and not _is_nought(written) else written


def quotient(spoken: str, dividend: int, divisor: int, places: int = 2) -> str:
    """Write the quotient of two whole numbers as `points` does."""
    if dividend < 0:
        written = quotient(spoken, -dividend, divisor, places)
        return written if _is_nought(written) else f"−{written}"
    scale = 10**places
    rounded = (2 * dividend * scale + divisor) // (2 * divisor)
    whole, rest = divmod(rounded, scale)
    point, comma = (".", ",") if spoken == "en" else (",", ".")
    grouped = f"{whole:,}".replace(",", comma)
    return f"{grouped}{point}{rest:0{places}d}" if places else grouped


def _is_nought(written: str) -> bool:
    """Return whether a number was rounded to zero, which has no sign."""
    return not written.strip("0,.")  # in either language
