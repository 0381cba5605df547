"""Addresses that letters of an edition give."""

from flask import url_for


def link_to_invitation(token: str) -> str:
    """Return the address by which somebody invited sets a password."""
    return url_for("accounts.one_use_link", token=token, _external=True)
