"""Reading what an organisation says of itself."""

from app.database import db
from app.editions.faces import only_face
from app.editions.models import Edition
from app.editions.units import Branding


def branding_of(edition: Edition) -> Branding:
    """Return how the edition's organisation shows itself, a new row if it said nothing yet."""
    found = db.session.get(Branding, edition.organisation_id)
    return found or Branding(
        organisation_id=edition.organisation_id,
        emblem_sha256="",
        colour="",
        contact="",
        privacy="",
        privacy_en="",
        accessibility="",
        accessibility_en="",
    )


def branding_numbered(organisation_id: int) -> Branding | None:
    """Return how this organisation shows itself, if it said anything."""
    return db.session.get(Branding, organisation_id)


def only_branding() -> Branding | None:
    """Return how the deployment's organisation shows itself, None if there are several."""
    face = only_face()
    return branding_numbered(face.organisation_id) if face else None
