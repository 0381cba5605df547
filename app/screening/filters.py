"""What templates need from screening: the names of the outcomes."""

from flask import Flask

from app.screening.models import Outcome


def init_app(app: Flask) -> None:
    """Register the names."""
    app.jinja_env.globals["OUTCOMES"] = {outcome.value: outcome.label for outcome in Outcome}
