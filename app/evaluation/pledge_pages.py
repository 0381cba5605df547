"""The page of the integrity pledge, which everyone who examines or scores signs."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User
from app.editions.roles import sign_pledge
from app.evaluation.access import pledger
from app.web.access import requires
from app.web.pages import page

blueprint = Blueprint("pledge", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/pledge")
@requires(pledger)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the integrity pledge."""
    return page("evaluation/pledge.html", edition=edition)


@blueprint.post("/pledge")
@requires(pledger)
def sign(user: User, edition: Edition) -> ResponseReturnValue:
    """Sign the integrity pledge."""
    sign_pledge(edition, by=user.acting, now=clock.now())
    flash(gettext("You have signed the integrity pledge."))
    return redirect(url_for("dashboard.my_work"))
