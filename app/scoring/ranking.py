"""The final result: desk and presentation weighed exactly, and nothing else. Pure."""

from fractions import Fraction


def combined(
    desk: Fraction | None, presentation: Fraction | None, desk_share: int
) -> Fraction | None:
    """Return desk and presentation weighed as `desk_share` percent and the rest, in points.

    None while a part that counts is missing.
    """
    parts = [(desk, desk_share), (presentation, 100 - desk_share)]
    counting = [(value, share) for value, share in parts if share]
    if any(value is None for value, _ in counting):
        return None
    return sum((value * share for value, share in counting if value is not None), Fraction(0)) / 100
