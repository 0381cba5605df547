"""Which paper or signatory an address means, and the rules on views."""

from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User
from app.papers import queries
from app.papers.kinds import Copy, PaperKind
from app.papers.models import Paper, Signatory
from app.papers.reading import is_about
from app.proposals.models import Proposal


def paper_of(
    paper_id: int, *, user: User, edition: Edition, proposal: Proposal | None = None
) -> Paper | None:
    """Return the edition's paper with this id; of this proposal, if the address names one."""
    paper = queries.paper_with(edition, paper_id)
    is_there = paper is not None and (proposal is None or is_about(paper, proposal))
    return paper if is_there else None


def signatory_of(signatory_id: int, *, user: User, edition: Edition) -> Signatory | None:
    """Return who signs the edition's papers and has this id."""
    found = db.session.get(Signatory, signatory_id)
    return found if found is not None and found.edition_id == edition.id else None


def paper_kind_of(name: str, **_records: object) -> PaperKind | None:
    """Return the kind of paper with this name, if there is one."""
    return PaperKind(name) if name in set(PaperKind) else None


def copy_of(name: str, **_records: object) -> Copy | None:
    """Return the kind of file with this name, if there is one."""
    return Copy(name) if name in set(Copy) else None
