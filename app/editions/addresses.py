"""Addresses that an edition's letters give."""

from app.web.links import link_to


def link_to_invitation(token: str) -> str:
    """Return the address at which an invited person sets a password."""
    return link_to("accounts.one_use_link", token=token)
