"""How sure a ranking is, and what it rests on; computed by the worker, deciding nothing."""
