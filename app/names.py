"""People's own words, where a letter to somebody else quotes them. Pure."""

import unicodedata

QUOTED = 80  # characters of a name or title
LINKS = ("://", "www.")


def holds_link(text: str) -> bool:
    """Return whether a mail program would make a link of a part of the text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return any(link in plain for link in LINKS)


def quoted(text: str, *, instead: str) -> str:
    """Return the text as a letter to a stranger may quote it: one short line without a link.

    A letter that holds what its causer wrote is what advertisers look for. `instead` stands for a
    text that is empty or holds a link.
    """
    words = " ".join(text.split())
    return instead if not words or holds_link(words) else words[:QUOTED]
