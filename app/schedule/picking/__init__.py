"""How finalists come to their slots: picks, holds, queues, swaps, turns, wishes."""
