"""The form of a draft, as its page offers it."""

from tests.clients import Browser, Page, Values, fields_of


def draft_of(author: Browser, place: str) -> Values:
    """The fields as a browser would send them."""
    return fields_of(author.form(f"{place}/draft"))


def save(author: Browser, place: str, changes: Values) -> Page:
    """Send them changed, also to what the form does not offer."""
    return author.post(f"{place}/draft", draft_of(author, place) | changes)
