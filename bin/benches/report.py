"""Whether a rule is met, in a line."""

SHOWN = 3  # offenders that a verdict names


def verdict(rule: str, found: dict[str, float], most: float) -> bool:
    """Print whether the rule is met, and what is furthest from it."""
    over = sorted((key for key in found if found[key] > most), key=found.__getitem__, reverse=True)
    worst = ", ".join(f"{key} {found[key]:.2f}" for key in over[:SHOWN])
    print(f"NOT MET  {rule}: {len(over)} of {len(found)}; {worst}" if over else f"met      {rule}")
    return not over
