"""The schedule as frab, pentabarf and pretalx write it: what apps and information screens read.

The XML holds exactly what its public schema knows (github.com/voc/schedule, schedule.xml.xsd), the
JSON what schema.json there asks for. Pure.
"""

import datetime as dt
from typing import Any
from xml.etree import ElementTree as ET

from app.gallery.formats.programme import Programme, PublishedTalk
from app.gallery.formats.xml import document, element

STEP = 5  # minutes
LANGUAGE, KIND = "id", "presentation"
LONGEST_ACRONYM = 60


def schedule_xml(programme: Programme) -> bytes:
    """Return the schedule as schedule.xml."""
    days = programme.days
    span = (
        [element("start", days[0].isoformat()), element("end", days[-1].isoformat())]
        if days
        else []
    )
    conference = element(
        "conference",
        element("acronym", programme.slug),
        element("title", programme.name),
        *span,
        element("days", str(len(days))),
        element("timeslot_duration", _span(STEP)),
    )
    root = element("schedule", element("version", _version(programme)), conference)
    for place, day in enumerate(days, 1):
        root.append(_day(programme, day, place))
    return document(root)


def schedule_json(programme: Programme) -> dict[str, Any]:
    """Return the schedule as the content of schedule.json."""
    days = programme.days
    return {
        "schedule": {
            "version": _version(programme),
            "base_url": programme.url,
            "conference": {
                "acronym": programme.slug.replace("-", "_")[:LONGEST_ACRONYM],
                "title": programme.name,
                "start": days[0].isoformat() if days else "",
                "end": days[-1].isoformat() if days else "",
                "daysCount": len(days),
                "timeslot_duration": _span(STEP),
                "time_zone_name": programme.zone.key,
                "url": programme.url,
                "days": [_day_facts(programme, day, place) for place, day in enumerate(days)],
            },
        }
    }


def _version(programme: Programme) -> str:
    return str(programme.version or 0)


def _day(programme: Programme, day: dt.date, place: int) -> ET.Element:
    talks = programme.on(day)
    made = element(
        "day",
        index=str(place),
        date=day.isoformat(),
        start=talks[0].starts_at.isoformat(),
        end=max(talk.ends_at for talk in talks).isoformat(),
    )
    for name, own in _by_room(talks).items():
        made.append(element("room", *(_event(programme, talk) for talk in own), name=name))
    return made


def _event(programme: Programme, talk: PublishedTalk) -> ET.Element:
    return element(
        "event",
        element("date", talk.starts_at.isoformat()),
        element("start", f"{talk.starts_at:%H:%M}"),
        element("duration", _span(talk.minutes)),
        element("room", talk.room),
        element("slug", _slug(programme, talk)),
        element("title", talk.title),
        element("subtitle", talk.agency),
        element("track", talk.category),
        element("type", KIND),
        element("language", LANGUAGE),
        element("abstract", talk.summary),
        element("persons"),
        element("links", element("link", talk.title, href=talk.url)),
        id=str(talk.number),
        guid=str(talk.guid),
    )


def _day_facts(programme: Programme, day: dt.date, place: int) -> dict[str, Any]:
    talks = programme.on(day)
    return {
        "index": place,
        "date": day.isoformat(),
        "day_start": talks[0].starts_at.isoformat(),
        "day_end": max(talk.ends_at for talk in talks).isoformat(),
        "rooms": {
            name: [_event_facts(programme, talk) for talk in own]
            for name, own in _by_room(talks).items()
        },
    }


def _event_facts(programme: Programme, talk: PublishedTalk) -> dict[str, Any]:
    return {
        "id": talk.number,
        "guid": str(talk.guid),
        "date": talk.starts_at.isoformat(),
        "start": f"{talk.starts_at:%H:%M}",
        "duration": _span(talk.minutes),
        "room": talk.room,
        "slug": _slug(programme, talk),
        "url": talk.url,
        "title": talk.title,
        "subtitle": talk.agency,
        "track": talk.category or None,
        "type": KIND,
        "language": LANGUAGE,
        "abstract": talk.summary,
        "description": None,
        "persons": [],
        "links": [],
    }


def _by_room(talks: list[PublishedTalk]) -> dict[str, list[PublishedTalk]]:
    rooms: dict[str, list[PublishedTalk]] = {}
    for talk in talks:
        rooms.setdefault(talk.room, []).append(talk)
    return rooms


def _slug(programme: Programme, talk: PublishedTalk) -> str:
    return f"{programme.slug}-{talk.code.lower()}"


def _span(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
