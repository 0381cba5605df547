"""Setting how an organisation shows itself; noted in the trail of the edition where it was done."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.branding.colours import COLOUR, LEAST, contrast_with_white
from app.editions.branding.queries import branding_of
from app.editions.models import Edition
from app.editions.units import Branding
from app.web.drawing import drawn_emblem
from app.workflow import N_, DomainError

SIDE, SMALL_SIDE = 600, 96  # pixels


@dataclass(frozen=True)
class BrandingFacts:
    """What an organisation says of itself."""

    colour: str
    contact: str
    privacy: str
    privacy_en: str
    accessibility: str
    accessibility_en: str


def set_branding(
    edition: Edition, facts: BrandingFacts, *, emblem: bytes | None, by: Person, now: datetime
) -> Branding:
    """Set it; an `emblem` (PNG or JPEG) is drawn anew, without one the last stays.

    Raise `DomainError` if the emblem can't be read, or white can't be read on the colour.
    """
    check_colour(facts.colour)
    own = branding_of(edition)
    for name, value in asdict(facts).items():
        setattr(own, name, value)
    if emblem is not None:
        own.emblem = drawn_emblem(emblem, side=SIDE)
        own.small_emblem = drawn_emblem(own.emblem, side=SMALL_SIDE)
        own.emblem_sha256 = hashlib.sha256(own.emblem).hexdigest()
    _keep(own, edition, by=by, now=now)
    return own


def remove_emblem(edition: Edition, *, by: Person, now: datetime) -> None:
    """Take the emblem off the public pages."""
    own = branding_of(edition)
    own.emblem, own.small_emblem, own.emblem_sha256 = None, None, ""
    _keep(own, edition, by=by, now=now)


def check_colour(colour: str) -> None:
    """Raise `DomainError` unless it is empty, or a colour on which white text can be read."""
    if not colour:
        return
    if not COLOUR.fullmatch(colour):
        raise DomainError(N_("Write the colour as # and six digits, such as #0b5d53."))
    if contrast_with_white(colour) < LEAST:
        raise DomainError(N_("White text can't be read on this colour: choose a darker one."))


def _keep(own: Branding, edition: Edition, *, by: Person, now: datetime) -> None:
    db.session.add(own)
    db.session.flush()
    record(
        edition.id,
        "organisation.branding",
        by=by,
        now=now,
        emblem=own.emblem_sha256,
        colour=own.colour,
    )
