"""The append-only chain of what was done in an edition, by whom, when and why."""
