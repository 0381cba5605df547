"""Addresses that put a presentation, or a whole feed, into a web calendar. Pure."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from app.calendars.ics import Presentation

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"
GOOGLE_FEED = "https://calendar.google.com/calendar/render"
OUTLOOK_FEED = "https://outlook.live.com/calendar/0/addfromweb"
OFFICE_FEED = "https://outlook.office.com/calendar/0/addfromweb"


def subscriptions(address: str, name: str) -> dict[str, str]:
    """Return, by who reads it, the addresses that subscribe to the feed at a whole address.

    `webcal` is opened by the calendar of the reader's own device.
    """
    webcal = f"webcal://{address.partition('://')[2]}"
    outlook = urlencode({"url": address, "name": name})
    return {
        "webcal": webcal,
        "google": f"{GOOGLE_FEED}?{urlencode({'cid': webcal})}",
        "outlook": f"{OUTLOOK_FEED}?{outlook}",
        "office": f"{OFFICE_FEED}?{outlook}",
    }


def google(presentation: Presentation) -> str:
    """Return the address that offers the presentation to Google Calendar."""
    times = (_basic(presentation.starts_at), _basic(presentation.ends_at))
    values = {
        "action": "TEMPLATE",
        "text": presentation.title,
        "dates": "/".join(times),
        "ctz": presentation.timezone,
        "location": presentation.location,
        "details": presentation.url,
    }
    return f"{GOOGLE}?{urlencode(values)}"


def outlook(presentation: Presentation) -> str:
    """Return the address that offers the presentation to Outlook on the web."""
    values = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": presentation.title,
        "startdt": presentation.starts_at.astimezone(UTC).isoformat(),
        "enddt": presentation.ends_at.astimezone(UTC).isoformat(),
        "location": presentation.location,
        "body": presentation.url,
    }
    return f"{OUTLOOK}?{urlencode(values)}"


def _basic(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
