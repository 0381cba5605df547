"""Which mail that waits for a look an address means."""

from app.calendars import unread
from app.calendars.models import UnreadReply
from app.editions.models import Edition
from app.editions.permissions import User


def unread_reply_of(reply_id: int, *, user: User, edition: Edition) -> UnreadReply | None:
    """Return the edition's mail with this id."""
    return unread.unread_with(reply_id, edition)
