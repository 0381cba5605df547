"""Calendars: entries as iCalendar bytes, the public feed and each person's secret one."""
