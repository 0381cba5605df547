"""For templates: the addresses of an organisation's emblem and colour."""

from flask import Flask, url_for

from app.editions.faces import Face


def init_app(app: Flask) -> None:
    """Let templates write the addresses."""
    app.jinja_env.globals |= {"emblem_address": emblem_address, "colour_address": colour_address}


def emblem_address(face: Face) -> str:
    """Return the address of the emblem as the head of a page shows it."""
    return url_for("branding.small_emblem", number=face.organisation_id, v=face.version)


def colour_address(face: Face) -> str:
    """Return the address of the style sheet with the organisation's colour."""
    return url_for("branding.colour", number=face.organisation_id, v=face.version)
