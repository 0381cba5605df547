"""What an edition no longer allows once its result is confirmed."""

from app.editions.models import Edition
from app.workflow import N_, Message, NotAllowedNow

SHEETS_STAND = N_("The result is confirmed, so its score sheets can no longer be changed.")
SCHEDULE_STANDS = N_("The result is confirmed, so the schedule can no longer be changed.")


def check_unconfirmed(edition: Edition, refusal: Message) -> None:
    """Raise `NotAllowedNow` with this refusal once the result is confirmed."""
    if edition.is_confirmed:
        raise NotAllowedNow(refusal)
