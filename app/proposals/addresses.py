"""The addresses of a proposal's pages, in any stage."""

from typing import Any

from flask import url_for

from app.proposals.models import Proposal
from app.web.links import link_to


def address_of(endpoint: str, proposal: Proposal, **options: Any) -> str:
    """Return the address of one of the proposal's pages; `options` are those of `url_for`."""
    return url_for(endpoint, edition=proposal.edition.slug, proposal=proposal.number, **options)


def link_to_proposal(proposal: Proposal) -> str:
    """Return the address of the proposal's own page, for a letter."""
    return link_to("proposals.show", edition=proposal.edition.slug, proposal=proposal.number)
