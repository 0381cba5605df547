"""Opening scoring, sheets that follow the schedule, and the ranking of both kinds of sheet."""
