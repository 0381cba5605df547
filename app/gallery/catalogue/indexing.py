"""Keeping the catalogue's words up to date: the worker looks for what has changed, now and then."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.database import db, transaction
from app.editions.models import Edition
from app.editions.parts import Category
from app.editions.units import Agency
from app.gallery.catalogue.models import CatalogueEntry, CatalogueTheme
from app.gallery.catalogue.words import indexed
from app.gallery.reading import shown_of
from app.proposals.models import Proposal
from app.proposals.showcase.models import Showcase
from app.workflow import COMPETING

AT_ONCE = 200  # innovations in one transaction


def index_some() -> int:
    """Write the words of innovations that are new or have changed; return of how many."""
    with transaction(writing=False):
        keys = list(db.session.scalars(_outdated().limit(AT_ONCE)))
    if not keys:
        return 0
    with transaction(writing=True):
        found = list(db.session.scalars(_whole(keys)))
        for proposal in found:
            _index(proposal)
    return len(found)


def _outdated() -> Select[int]:
    """Select the innovations (ids) whose words are missing, or of another version or time."""
    entry = CatalogueEntry
    return (
        select(Proposal.id)
        .join(Proposal.edition)
        .join(Agency, Agency.id == Proposal.agency_id)
        .outerjoin(Category, Category.id == Proposal.category_id)
        .outerjoin(Showcase, Showcase.proposal_id == Proposal.id)
        .outerjoin(entry, entry.proposal_id == Proposal.id)
        .where(
            Edition.is_public,
            Proposal.status.in_(COMPETING),
            or_(
                entry.proposal_id.is_(None),
                entry.version != Proposal.version,
                entry.agreed_at.is_distinct_from(Showcase.agreed_at),
                entry.agency != Agency.name,
                entry.category != func.coalesce(Category.name, ""),
            ),
        )
        .order_by(Proposal.id)
    )


def _whole(keys: Sequence[int]) -> Select[Proposal]:
    return (
        select(Proposal)
        .where(Proposal.id.in_(keys))
        .options(
            joinedload(Proposal.agency),
            joinedload(Proposal.category),
            joinedload(Proposal.edition).selectinload(Edition.sections),
            joinedload(Proposal.edition).selectinload(Edition.days),
            selectinload(Proposal.texts),
        )
    )


def _index(proposal: Proposal) -> None:
    own = db.session.get(Showcase, proposal.id)
    shown = shown_of(proposal, own)
    themes = {option.name for _, chosen in shown.themes for option in chosen}
    category = proposal.category.name if proposal.category else ""
    texts = (proposal.title, proposal.agency.name, category, shown.summary, *sorted(themes))
    entry = db.session.get(CatalogueEntry, proposal.id) or CatalogueEntry(proposal_id=proposal.id)
    entry.version, entry.agreed_at = proposal.version, own.agreed_at if own else None
    entry.year = year_of(proposal.edition)
    entry.agency, entry.category = proposal.agency.name, category
    entry.title_words, entry.words = indexed(proposal.title), indexed(" ".join(texts))
    db.session.execute(delete(CatalogueTheme).where(CatalogueTheme.proposal_id == proposal.id))
    db.session.add(entry)
    db.session.add_all(
        CatalogueTheme(proposal_id=proposal.id, name=name[:300], year=entry.year)
        for name in sorted(themes)
    )
    db.session.flush()


def year_of(edition: Edition) -> int:
    """Return the year of an edition: of its first presentation day, or of its making."""
    first: datetime = edition.created_at.astimezone(edition.zone)
    return edition.days[0].date.year if edition.days else first.year
