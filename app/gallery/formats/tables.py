"""The schedule as a table: for spreadsheets, and for programs that want no more than rows. Pure."""

from typing import Any

from app.gallery.formats.programme import Programme, PublishedTalk

COLUMNS = (
    "date",
    "start",
    "end",
    "room",
    "code",
    "title",
    "agency",
    "category",
    "summary",
    "url",
)


def rows_of(programme: Programme) -> list[tuple[str, ...]]:
    """Return the talks as rows of `COLUMNS`."""
    return [tuple(_facts(talk).values()) for talk in programme.talks]


def plain_facts(programme: Programme) -> dict[str, Any]:
    """Return the schedule as the content of a JSON file."""
    return {
        "edition": programme.name,
        "organisation": programme.organisation,
        "venue": programme.venue,
        "timezone": programme.zone.key,
        "url": programme.url,
        "version": programme.version,
        "published_at": programme.published_at.isoformat() if programme.published_at else None,
        "presentations": [_facts(talk) for talk in programme.talks],
    }


def _facts(talk: PublishedTalk) -> dict[str, str]:
    values = (
        talk.starts_at.date().isoformat(),
        talk.starts_at.isoformat(timespec="minutes"),
        talk.ends_at.isoformat(timespec="minutes"),
        talk.room,
        talk.code,
        talk.title,
        talk.agency,
        talk.category,
        talk.summary,
        talk.url,
    )
    return dict(zip(COLUMNS, values, strict=True))
