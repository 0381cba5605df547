"""What the head of a page shows of an organisation."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from app.database import columns, db
from app.editions.models import Edition
from app.editions.units import Branding, Organisation

FACE = (Organisation.id, Organisation.name, Branding.emblem_sha256, Branding.colour)
FACES = (
    select(*FACE)
    .outerjoin(Branding, Branding.organisation_id == Organisation.id)
    .order_by(Organisation.id)
)
# Built once, as many pages ask it: building a statement costs more than running it.
OWN_FACE = FACES.where(Organisation.id == bindparam("organisation"))


class Face(NamedTuple):
    """What the head of a page shows of an organisation; empty where it has nothing of its own."""

    organisation_id: int
    name: str
    emblem_sha256: str | None
    colour: str | None

    @property
    def version(self) -> str:
        """What changes with emblem and colour, so that browsers may keep both."""
        return f"{(self.emblem_sha256 or '')[:12]}{(self.colour or '')[1:]}"


def face_of(organisation_id: int) -> Face:
    """Return what the head of the organisation's pages shows."""
    return Face(*columns(OWN_FACE, {"organisation": organisation_id}).one())


def only_face() -> Face | None:
    """Return what the head shows where a deployment has one organisation that is public."""
    public = select(Edition.organisation_id).where(Edition.is_public)
    rows = db.session.execute(FACES.where(Organisation.id.in_(public)).limit(2)).all()
    return Face(*rows[0]) if len(rows) == 1 else None
