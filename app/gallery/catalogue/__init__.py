"""The innovations of every public edition, to be searched: a place to learn from each other."""
