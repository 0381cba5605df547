"""What three parsers by others read of a calendar, in one shape, to be compared."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import vobject
from icalendar import Calendar
from playwright.sync_api import Page

from app.calendars.ics import Attendee, Frame, Presentation, plain, plain_name

SOURCE = Path(__file__).parent / "vendored" / "ical-2.2.1.js"

READ = """texts => texts.map(text => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.reset();
    ICAL.TimezoneService.register(zone);
  }
  const value = (component, name) => component.getFirstPropertyValue(name);
  const text_of = (component, name) => value(component, name) ?? "";
  const address = property => [
    property.getParameter("cn"), property.getFirstValue(),
    ...["partstat", "role", "rsvp"].map(name => property.getParameter(name) ?? ""),
  ];
  const alarm = found => [value(found, "action"), value(found, "trigger").toSeconds() / 60];
  const event = found => ({
    uid: value(found, "uid"),
    sequence: value(found, "sequence"),
    stamp: value(found, "dtstamp").toUnixTime(),
    changed: value(found, "last-modified").toUnixTime(),
    starts_at: new ICAL.Event(found).startDate.toUnixTime(),
    ends_at: new ICAL.Event(found).endDate.toUnixTime(),
    timezone: found.getFirstProperty("dtstart").getParameter("tzid"),
    title: value(found, "summary"),
    location: value(found, "location"),
    url: value(found, "url"),
    categories: found.getFirstProperty("categories").getValues(),
    status: value(found, "status"),
    transparency: value(found, "transp"),
    description: text_of(found, "description"),
    colour: text_of(found, "color"),
    organizer: found.getAllProperties("organizer").map(address),
    attendees: found.getAllProperties("attendee").map(address),
    alarms: found.getAllSubcomponents("valarm").map(alarm),
  });
  return {
    method: value(calendar, "method"),
    name: text_of(calendar, "name"),
    colour: text_of(calendar, "color"),
    url: text_of(calendar, "url"),
    refresh: text_of(calendar, "refresh-interval").toString(),
    zones: calendar.getAllSubcomponents("vtimezone").map(each => value(each, "tzid")),
    events: calendar.getAllSubcomponents("vevent").map(event),
  };
})"""


def load(page: Page) -> Page:
    """Let a page have ical.js."""
    source = SOURCE.read_text("utf-8")
    page.add_script_tag(content=f"{source}\nglobalThis.ICAL = ICALmodule;", type="module")
    page.wait_for_function("globalThis.ICAL !== undefined")
    return page


def by_ical_js(page: Page, bodies: list[bytes]) -> list[dict]:
    read = page.evaluate(READ, [body.decode() for body in bodies])
    moments = ("stamp", "changed", "starts_at", "ends_at")
    for event in (event for each in read for event in each["events"]):
        event |= {name: datetime.fromtimestamp(event[name], UTC) for name in moments}
        event["alarms"] = [tuple(each) for each in event["alarms"]]
        for name in ("organizer", "attendees"):
            event[name] = [tuple(each) for each in event[name]]
    return read


def by_icalendar(body: bytes) -> dict:
    calendar = Calendar.from_ical(body)

    def text(component: object, name: str) -> str:
        return str(component.get(name, ""))

    def address(found: object) -> tuple[str, ...]:
        params = [str(found.params.get(name, "")) for name in ("PARTSTAT", "ROLE", "RSVP")]
        return (str(found.params["CN"]), str(found), *params)

    def addresses(event: object, name: str) -> list[tuple[str, ...]]:
        found = event.get(name, [])
        return [address(each) for each in (found if isinstance(found, list) else [found])]

    def event(found: object) -> dict:
        return {
            "uid": text(found, "UID"),
            "sequence": int(found["SEQUENCE"]),
            "stamp": found["DTSTAMP"].dt,
            "changed": found["LAST-MODIFIED"].dt,
            "starts_at": found["DTSTART"].dt.astimezone(UTC),
            "ends_at": found["DTEND"].dt.astimezone(UTC),
            "timezone": str(found["DTSTART"].params["TZID"]),
            "title": text(found, "SUMMARY"),
            "location": text(found, "LOCATION"),
            "url": text(found, "URL"),
            "categories": [str(each) for each in found["CATEGORIES"].cats],
            "status": text(found, "STATUS"),
            "transparency": text(found, "TRANSP"),
            "description": text(found, "DESCRIPTION"),
            "colour": text(found, "COLOR"),
            "organizer": addresses(found, "ORGANIZER"),
            "attendees": addresses(found, "ATTENDEE"),
            "alarms": [_alarm(each["ACTION"], each["TRIGGER"].dt) for each in found.walk("VALARM")],
        }

    refresh = calendar.get("REFRESH-INTERVAL")
    return {
        "method": text(calendar, "METHOD"),
        "name": text(calendar, "NAME"),
        "colour": text(calendar, "COLOR"),
        "url": text(calendar, "URL"),
        "refresh": refresh.to_ical().decode() if refresh else "",
        "zones": [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")],
        "events": [event(each) for each in calendar.walk("VEVENT")],
    }


def by_vobject(body: bytes) -> dict:
    calendar = vobject.readOne(body.decode())

    def text(component: object, name: str) -> str:
        found = component.contents.get(name, [])
        return found[0].value if found else ""

    def address(found: object) -> tuple[str, ...]:
        params = [found.params.get(name, [""])[0] for name in ("PARTSTAT", "ROLE", "RSVP")]
        return (found.params["CN"][0], found.value, *params)

    def event(found: object) -> dict:
        return {
            "uid": text(found, "uid"),
            "sequence": int(text(found, "sequence")),
            "stamp": text(found, "dtstamp").astimezone(UTC),
            "changed": text(found, "last-modified").astimezone(UTC),
            "starts_at": found.dtstart.value.astimezone(UTC),
            "ends_at": found.dtend.value.astimezone(UTC),
            "timezone": found.dtstart.params["X-VOBJ-ORIGINAL-TZID"][0],
            "title": text(found, "summary"),
            "location": text(found, "location"),
            "url": text(found, "url"),
            "categories": found.categories.value,
            "status": text(found, "status"),
            "transparency": text(found, "transp"),
            "description": text(found, "description"),
            "colour": text(found, "color"),
            "organizer": [address(each) for each in found.contents.get("organizer", [])],
            "attendees": [address(each) for each in found.contents.get("attendee", [])],
            "alarms": [
                _alarm(each.action.value, each.trigger.value)
                for each in found.contents.get("valarm", [])
            ],
        }

    return {
        "method": text(calendar, "method"),
        "name": text(calendar, "name"),
        "colour": text(calendar, "color"),
        "url": text(calendar, "url"),
        "refresh": text(calendar, "refresh-interval"),
        "zones": [text(each, "tzid") for each in calendar.contents.get("vtimezone", [])],
        "events": [event(each) for each in calendar.contents.get("vevent", [])],
    }


def published(frame: Frame, presentations: list[Presentation]) -> dict:
    """What a feed should say."""
    return {
        "method": "PUBLISH",
        "name": plain(frame.name),
        "colour": frame.colour,
        "url": frame.url,
        "refresh": "PT1H",
        "zones": [frame.timezone],
        "events": [_event(each) | {"attendees": []} for each in presentations],
    }


def sent(frame: Frame, presentation: Presentation, method: str) -> dict:
    """What an invitation should say."""
    rsvp = "TRUE" if method == "REQUEST" else ""
    event = _event(presentation)
    event["attendees"] = [
        (*_address(each), each.partstat, each.role, rsvp) for each in presentation.attendees
    ]
    if method == "CANCEL":
        event |= {"status": "CANCELLED", "alarms": []}
    silent = dict.fromkeys(("name", "colour", "url", "refresh"), "")
    return {"method": method, **silent, "zones": [frame.timezone], "events": [event]}


def _event(expected: Presentation) -> dict:
    organizer = expected.organizer
    return {
        "uid": expected.uid,
        "sequence": expected.revision,
        "stamp": expected.stamp,
        "changed": expected.stamp,
        "starts_at": expected.starts_at,
        "ends_at": expected.ends_at,
        "timezone": expected.timezone,
        "title": plain(expected.title),
        "location": plain(expected.location),
        "url": expected.url,
        "categories": [plain(expected.category)],
        "status": expected.status,
        "transparency": "OPAQUE",
        "description": plain(expected.description),
        "colour": expected.colour,
        "organizer": [(*_address(organizer), "", "", "")] if organizer else [],
        "alarms": [] if expected.alarm is None else [("DISPLAY", -expected.alarm)],
    }


def _address(party: Attendee) -> tuple[str, str]:
    return plain_name(party.name) or plain_name(party.email), f"mailto:{party.email}"


def _alarm(action: object, trigger: timedelta) -> tuple[str, int]:
    return str(action), int(trigger / timedelta(minutes=1))
