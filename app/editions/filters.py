"""For templates: what an edition calls its units, in the phrases built of that word."""

from flask import Flask
from flask_babel import gettext

from app.editions.models import Edition
from app.web.language import local


def init_app(app: Flask) -> None:
    """Let templates use the phrases."""
    app.jinja_env.globals["coverage_name"] = coverage_name


def coverage_name(edition: Edition) -> str:
    """Return the name of the page of who has entered: “Satu Perangkat Daerah, Satu Inovasi”."""
    if own := local(edition, "coverage_title"):
        return own
    words = local(edition, "unit_word").split()
    unit = " ".join(word[:1].upper() + word[1:] for word in words)
    return str(gettext("One %(unit)s, One Innovation", unit=unit))
