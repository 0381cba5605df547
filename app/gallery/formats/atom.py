"""A feed of what was published, for readers of news (Atom, RFC 4287). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from app.gallery.formats.xml import document, element

NAMESPACE = "http://www.w3.org/2005/Atom"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedEntry:
    """Something that was published: its whole address, unlike that of any other, and its text."""

    address: str
    title: str
    text: str
    updated: datetime


@dataclass(frozen=True)
class NewsFeed:
    """A feed with its entries, newest first; `own` is the address at which it is read."""

    own: str
    page: str
    title: str
    author: str
    entries: Sequence[FeedEntry]


def atom(feed: NewsFeed) -> bytes:
    """Return the feed's document."""
    newest = max((entry.updated for entry in feed.entries), default=LONG_AGO)
    root = element(
        "feed",
        element("id", feed.own),
        element("title", feed.title),
        element("updated", _moment(newest)),
        element("author", element("name", feed.author)),
        element("link", rel="self", href=feed.own),
        element("link", rel="alternate", href=feed.page),
        *(_entry(entry) for entry in feed.entries),
        xmlns=NAMESPACE,
    )
    return document(root)


def _entry(entry: FeedEntry) -> ET.Element:
    return element(
        "entry",
        element("id", entry.address),
        element("title", entry.title),
        element("updated", _moment(entry.updated)),
        element("link", rel="alternate", href=entry.address),
        element("content", entry.text, type="text"),
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
