"""Addresses that an edition's letters give."""

from flask import url_for


def link_to_invitation(token: str) -> str:
    """Return the address at which an invited person sets a password."""
    return url_for("accounts.one_use_link", token=token, _external=True)
