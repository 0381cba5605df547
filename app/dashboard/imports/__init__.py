"""What can be taken in as a table, mirrored by `exports.py`: agencies, people, proposals."""

from app.dashboard.imports import agencies, people, proposals

SOURCES = {each.name: each for each in (agencies.SOURCE, people.SOURCE, proposals.SOURCE)}
