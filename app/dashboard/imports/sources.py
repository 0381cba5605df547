"""The tables that can be taken in, by name, mirrored by `exports.py`."""

from app.dashboard.imports import agencies, people, proposals

SOURCES = {source.name: source for source in (agencies.SOURCE, people.SOURCE, proposals.SOURCE)}
