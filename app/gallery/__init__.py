"""The public face: editions, schedule, results, catalogue, coverage; nothing personal."""
