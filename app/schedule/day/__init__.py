"""The presentation days: check-in, no-shows, calls, delays."""
