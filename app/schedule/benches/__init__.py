"""Who judges what is presented: panels, absences, busy times."""
