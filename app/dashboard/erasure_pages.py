"""The page on which the site administrator deletes a person's data."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import site_admin
from app.accounts.queries import person_with
from app.dashboard.erasing import erase_person, erasure_of
from app.editions.permissions import User
from app.web.access import requires
from app.web.pages import page

blueprint = Blueprint("erasure", __name__)


@blueprint.get("/erasure")
@requires(site_admin)
def index(user: User) -> ResponseReturnValue:
    """Find a person by their address, and show what deleting their data touches."""
    return _page(request.args.get("email", "").strip())


@blueprint.post("/erasure")
@requires(site_admin)
def erase(user: User) -> ResponseReturnValue:
    """Delete the data of the person whose address was typed once more."""
    email = request.form.get("email", "").strip()
    person = person_with(email) if email else None
    if person is None or request.form.get("again", "").strip().lower() != person.email:
        return _page(email, 422, is_unsure=True)
    erase_person(person, by=user.acting, now=clock.now())
    flash(gettext("The person's data have been deleted."))
    return redirect(url_for("erasure.index"))


def _page(email: str, status: int = 200, *, is_unsure: bool = False) -> ResponseReturnValue:
    person = person_with(email) if email else None
    return page(
        "dashboard/erasure.html",
        status,
        email=email,
        found=erasure_of(person) if person else None,
        is_unsure=is_unsure,
    )
