"""Whether a rule is met, as one printed line."""

SHOWN = 3  # offenders that a verdict names


def verdict(rule: str, found: dict[str, float], most: float) -> bool:
    """Print whether the rule is met, and what misses it most."""
    over = sorted(
        (name for name in found if found[name] > most), key=found.__getitem__, reverse=True
    )
    worst = ", ".join(f"{name} {found[name]:.2f}" for name in over[:SHOWN])
    print(f"NOT MET  {rule}: {len(over)} of {len(found)}; {worst}" if over else f"met      {rule}")
    return not over
