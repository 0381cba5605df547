"""The public face: editions, schedule, results, catalogue, coverage. Nothing personal stands here."""
