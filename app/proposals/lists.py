"""What a list of proposals shows, and in which order, as the address asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.database import db
from app.editions.units import Agency
from app.proposals.models import Proposal
from app.web.fields import search_asked, whole
from app.workflow import N_, Labelled, Status


class ProposalOrder(Labelled):
    """What the list is sorted by."""

    NUMBER = "number", N_("Number")
    TITLE = "title", N_("Title")
    AGENCY = "agency", N_("Agency")
    NEWEST = "newest", N_("Newest first")


STATUSES = tuple((status.value, status.label) for status in Status)
ORDERS = tuple((order.value, order.label) for order in ProposalOrder)


@dataclass(frozen=True)
class ProposalFilters:
    """What the reader asks of a list of proposals."""

    search: str = ""
    status: Status | None = None
    category: int | None = None
    order: ProposalOrder = ProposalOrder.NUMBER

    def as_fields(self) -> dict[str, Any]:
        """Return them as fields of an address or a form, without those that ask for nothing."""
        order = "" if self.order is ProposalOrder.NUMBER else self.order.value
        status = self.status.value if self.status else ""
        fields = {"search": self.search, "status": status, "category": self.category}
        return {name: value for name, value in (fields | {"order": order}).items() if value}

    def narrow(self, proposals: Select[Proposal]) -> Select[Proposal]:
        """Return the selection narrowed and ordered as asked."""
        statement = proposals
        if self.search:
            statement = statement.where(matching(self.search))
        if self.status:
            statement = statement.where(Proposal.status == self.status)
        if self.category:
            statement = statement.where(Proposal.category_id == self.category)
        if self.order is ProposalOrder.NUMBER:
            return statement
        return statement.order_by(None).order_by(*_columns(self.order), Proposal.number)


def proposal_filters_asked(values: Mapping[str, str]) -> ProposalFilters:
    """Read the filters from an address or a form, ignoring invalid values."""
    status, order = values.get("status", ""), values.get("order", "")
    return ProposalFilters(
        search=search_asked(values.get("search")),
        status=Status(status) if status in set(Status) else None,
        category=whole(values.get("category")) or None,
        order=ProposalOrder(order) if order in set(ProposalOrder) else ProposalOrder.NUMBER,
    )


def matching(search: str) -> ColumnElement[bool]:
    """Return the condition that title or agency contains `search`, ignoring case."""
    pattern = f"%{_escaped(search.lower())}%"
    named = select(Agency.id).where(func.lower(Agency.name).like(pattern, escape="\\"))
    in_title = func.lower(Proposal.title).like(pattern, escape="\\")
    return or_(in_title, Proposal.agency_id.in_(named))


def marked(
    listed: Select[Proposal], filters: ProposalFilters, numbers: Collection[int] | None
) -> list[Proposal]:
    """Return the proposals marked in a list: these numbers, or (None) all that its filters find."""
    found = filters.narrow(listed)
    if numbers is not None:
        found = found.where(Proposal.number.in_(numbers))
    return list(db.session.scalars(found))


def _columns(order: ProposalOrder) -> list[Any]:
    agency = select(Agency.name).where(Agency.id == Proposal.agency_id).scalar_subquery()
    columns: dict[ProposalOrder, list[Any]] = {
        ProposalOrder.NUMBER: [],
        ProposalOrder.TITLE: [Proposal.title],
        ProposalOrder.AGENCY: [agency],
        ProposalOrder.NEWEST: [Proposal.submitted_at.desc().nulls_last()],
    }
    return columns[order]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
