"""Making a schedule: goals in their order, proven by HiGHS; `solve.py` is where to begin."""
