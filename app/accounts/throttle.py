"""How often something may be tried: counted in the database, so every worker knows."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete

from app.accounts.models import Throttle
from app.database import db, insert

PERIOD = timedelta(minutes=15)
TRIES_EACH = 10
TRIES_PER_ADDRESS = 100


def try_again(key: str, *, limit: int, now: datetime) -> bool:
    """Count a try at `key` and return whether it is within `limit` for the current period.

    One statement, so that simultaneous tries are all counted.
    """
    fresh = insert(Throttle).values(key=key[:300], tries=1, until=now + PERIOD)
    is_over = Throttle.until <= now
    counted = fresh.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "tries": case((is_over, 1), else_=Throttle.tries + 1),
            "until": case((is_over, fresh.excluded.until), else_=Throttle.until),
        },
    ).returning(Throttle.tries)
    return int(db.session.execute(counted).scalar_one()) <= limit


def forget(key: str) -> None:
    """Forget the tries at `key`, after a success."""
    db.session.execute(delete(Throttle).where(Throttle.key == key[:300]))
