"""Agreeing to show a proposal's parts and picture, and taking them off again."""

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.proposals.models import Proposal
from app.proposals.showcase.models import Showcase
from app.proposals.showcase.queries import showcase_of
from app.web.drawing import drawn_photo
from app.workflow import N_, DomainError

SIDE, SMALL_SIDE = 1200, 480  # pixels


@dataclass(frozen=True)
class Agreed:
    """What of a proposal its authors agreed to show, and whether others may write to them."""

    shows_summary: bool
    shows_description: bool
    shows_video: bool
    shows_themes: bool
    takes_requests: bool


USUAL = Agreed(
    shows_summary=True,
    shows_description=False,
    shows_video=False,
    shows_themes=False,
    takes_requests=True,
)
"""What holds for proposals whose authors haven't been asked."""


def agreed_of(proposal: Proposal) -> Agreed:
    """Return what the authors agreed to, or what is usual."""
    own = showcase_of(proposal)
    if own is None:
        return USUAL
    return Agreed(**{field.name: getattr(own, field.name) for field in fields(Agreed)})


def agree(proposal: Proposal, agreed: Agreed, *, by: Person, now: datetime) -> Showcase:
    """Show these parts from now on: once the proposal is public, or at once if it is."""
    known = showcase_of(proposal)
    if known is not None and agreed_of(proposal) == agreed:
        return known
    own = _kept(proposal, agreed, by=by, now=now)
    _record(proposal, by=by, now=now, **asdict(agreed))
    return own


def show_picture(
    proposal: Proposal, picture: bytes | None, text: str, *, by: Person, now: datetime
) -> None:
    """Show a picture (PNG or JPEG), or give another text to the one there is.

    It is drawn anew, so that nothing else in the file is published. `text` says what it shows.
    """
    own = showcase_of(proposal) or _kept(proposal, agreed_of(proposal), by=by, now=now)
    if picture is not None:
        large = drawn_photo(picture, side=SIDE)
        own.picture, own.width, own.height = large.content, large.width, large.height
        own.small_picture = drawn_photo(large.content, side=SMALL_SIDE).content
        own.picture_sha256 = hashlib.sha256(large.content).hexdigest()
    if not own.picture_sha256:
        raise DomainError(N_("Choose a picture."))
    own.picture_text = text
    _record(proposal, by=by, now=now, picture=own.picture_sha256)


def remove_picture(proposal: Proposal, *, by: Person, now: datetime) -> None:
    """Take the picture off: by its authors, or by an organiser for whom it is out of place."""
    own = showcase_of(proposal)
    if own is None or not own.picture_sha256:
        return
    own.picture, own.small_picture = None, None
    own.picture_sha256, own.picture_text, own.width, own.height = "", "", 0, 0
    _record(proposal, by=by, now=now, picture="")


def _kept(proposal: Proposal, agreed: Agreed, *, by: Person, now: datetime) -> Showcase:
    own = showcase_of(proposal) or Showcase(proposal_id=proposal.id)
    for name, value in asdict(agreed).items():
        setattr(own, name, value)
    own.agreed_by_id, own.agreed_at = by.id, now
    db.session.add(own)
    db.session.flush()
    return own


def _record(proposal: Proposal, *, by: Person, now: datetime, **facts: Any) -> None:
    db.session.flush()
    record(proposal.edition_id, "proposal.showcase", by=by, now=now, subject=proposal.code, **facts)
