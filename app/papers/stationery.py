"""How an edition wants its papers: sheet, place, emblem, who signs, numbers and wording."""

from dataclasses import asdict, dataclass
from datetime import datetime

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.kinds import SheetSize
from app.editions.models import Edition
from app.papers import queries
from app.papers.kinds import PaperKind
from app.papers.models import PaperRule, Signatory
from app.papers.wording import NUMBER_PLACES, TEXT_PLACES, check_places
from app.proposals.files import digest_of
from app.web.drawing import drawn_emblem
from app.workflow import N_, DomainError

EMBLEM_SIDE = 600  # pixels


def set_stationery(
    edition: Edition,
    *,
    size: SheetSize,
    place: str,
    emblem: bytes | None,
    by: Person,
    now: datetime,
) -> None:
    """Set sheet and place; an `emblem` (PNG or JPEG) is drawn anew, without one the last stays."""
    own = queries.stationery_of(edition)
    own.size, own.place = size, place
    if emblem is not None:
        own.emblem = drawn_emblem(emblem, side=EMBLEM_SIDE)
        own.emblem_sha256 = digest_of(own.emblem)
    db.session.add(own)
    db.session.flush()
    record(
        edition.id,
        "paper.stationery",
        by=by,
        now=now,
        size=size.value,
        place=place,
        emblem=own.emblem_sha256,
    )


def remove_emblem(edition: Edition, *, by: Person, now: datetime) -> None:
    """Take the emblem off papers that are made from now on."""
    own = queries.stationery_of(edition)
    own.emblem, own.emblem_sha256 = None, ""
    db.session.add(own)
    db.session.flush()
    record(edition.id, "paper.stationery", by=by, now=now, emblem="")


@dataclass(frozen=True)
class SignatoryFacts:
    """Who signs, and the letterhead above it; NIPs stay out of the trail."""

    capacity: str
    name: str
    rank: str
    nip: str
    head: str
    address: str
    has_emblem: bool


def keep_signatory(
    edition: Edition,
    facts: SignatoryFacts,
    *,
    own: Signatory | None,
    by: Person,
    now: datetime,
) -> Signatory:
    """Add somebody who signs, or change `own`."""
    others = {each.capacity for each in queries.signatories_of(edition) if each is not own}
    if facts.capacity in others:
        raise DomainError(N_("Somebody already signs in this capacity."))
    if own is None:
        own = Signatory(edition_id=edition.id)
        db.session.add(own)
    for name, value in asdict(facts).items():
        setattr(own, name, value)
    db.session.flush()
    record(
        edition.id,
        "paper.signatory",
        by=by,
        now=now,
        subject=f"signatory {own.id}",
        capacity=facts.capacity,
    )
    return own


def remove_signatory(own: Signatory, *, by: Person, now: datetime) -> None:
    """Remove somebody who signs; kinds of paper that named them are signed as usual again."""
    record(
        own.edition_id,
        "paper.signatory_remove",
        by=by,
        now=now,
        subject=f"signatory {own.id}",
        capacity=own.capacity,
    )
    db.session.delete(own)
    db.session.flush()


@dataclass(frozen=True)
class RuleFacts:
    """How a kind of paper is signed, numbered, worded and copied."""

    signatory_id: int | None
    code: str
    pattern: str
    opening: str
    closing: str
    opening_en: str
    closing_en: str
    copies: str


def set_rule(
    edition: Edition, kind: PaperKind, facts: RuleFacts, *, by: Person, now: datetime
) -> None:
    """Set how papers of this kind are made from now on; raise `DomainError` for a wrong place."""
    check_places(facts.pattern, NUMBER_PLACES)
    if facts.pattern and "{number}" not in facts.pattern:
        raise DomainError(N_("A number needs {number}, or all papers would have the same."))
    for opening in (facts.opening, facts.opening_en):
        check_places(opening, TEXT_PLACES)
    for closing in (facts.closing, facts.closing_en):
        check_places(closing, [name for name in TEXT_PLACES if name != "day"])
    signing = {own.id for own in queries.signatories_of(edition)}
    if facts.signatory_id is not None and facts.signatory_id not in signing:
        raise DomainError(N_("This person no longer signs. Choose somebody else."))
    rule = queries.rules_of(edition).get(kind) or PaperRule(edition_id=edition.id, kind=kind)
    for name, value in asdict(facts).items():
        setattr(rule, name, value)
    db.session.add(rule)
    db.session.flush()
    record(edition.id, "paper.rule", by=by, now=now, subject=kind.value, **asdict(facts))
