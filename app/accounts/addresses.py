"""Addresses that letters about accounts give."""

from app.web.links import link_to


def link_to_password(token: str) -> str:
    """Return the address at which somebody sets a password: a new one, or their first."""
    return link_to("accounts.one_use_link", token=token)


def link_to_email(token: str) -> str:
    """Return the address at which somebody confirms a new e-mail address."""
    return link_to("accounts.email_link", token=token)
