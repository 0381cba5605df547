"""How finalists get their slots: picks, holds, queues, swaps, turns, wishes."""
