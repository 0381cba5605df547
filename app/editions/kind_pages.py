"""The page for the kinds of units that an organisation has."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.accounts.permissions import site_admin
from app.editions import actions
from app.editions.list_forms import SPARE_ROWS, list_form
from app.editions.permissions import User
from app.editions.units import Organisation
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import whole
from app.web.pages import page
from app.workflow import DomainError

blueprint = Blueprint("kinds", __name__)


@blueprint.get("/organisations/<int:organisation>/kinds")
@requires(site_admin)
def index(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Show the kinds as a table to edit."""
    form = list_form("kinds")(formdata=None)
    for place, kind in enumerate(organisation.kinds, 1):
        names = {"name": kind.name, "name_en": kind.name_en, "code": kind.code}
        form.rows.append_entry({"id": kind.id, "place": place} | names)
    for _ in range(SPARE_ROWS):
        form.rows.append_entry()
    return _kinds_page(organisation, form)


@blueprint.post("/organisations/<int:organisation>/kinds")
@requires(site_admin)
def change(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Replace the kinds with the rows sent, all or nothing."""
    form = list_form("kinds")()
    if not form.validate():
        return _kinds_page(organisation, form, 422)
    rows = [(whole(row.id.data) or None, row.values()) for row in form.filled()]
    try:
        actions.set_kinds(organisation, rows)
    except DomainError as error:
        return _kinds_page(organisation, form, refuse(form, error))
    flash(gettext("Saved."))
    return redirect(url_for("kinds.index", organisation=organisation.id))


def _kinds_page(
    organisation: Organisation,
    form: Any,  # noqa: ANN401 -- a form with rows
    status: int = 200,
) -> ResponseReturnValue:
    if not form.rows:
        form.rows.append_entry()  # a table needs a row for its head
    return page("editions/kinds.html", status, organisation=organisation, form=form)
