"""Extra sheets where the last awarded place can't be told for certain, within a budget."""
