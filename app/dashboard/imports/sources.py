"""The tables that can be imported, by name; `exports.py` mirrors them."""

from app.dashboard.imports import agencies, people, proposals

SOURCES = {source.name: source for source in (agencies.SOURCE, people.SOURCE, proposals.SOURCE)}
