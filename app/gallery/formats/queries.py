"""Reading the newest published versions with what they changed."""

from sqlalchemy.orm import joinedload, selectinload

from app.database import db
from app.editions.models import Edition
from app.programme.models import Change, Version
from app.programme.queries import version_list


def newest_versions(edition: Edition, count: int) -> list[Version]:
    """Return so many versions, newest first, with the changes and proposals of each."""
    changes = selectinload(Version.changes).options(joinedload(Change.proposal))
    return list(db.session.scalars(version_list(edition).options(changes).limit(count)))
