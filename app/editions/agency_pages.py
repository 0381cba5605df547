"""Pages for adding many agencies at once, as a list that is pasted."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.accounts.permissions import site_admin
from app.editions import actions, queries
from app.editions.pasted import PastedList, read_agencies
from app.editions.permissions import User
from app.editions.units import Organisation
from app.web.access import requires
from app.web.pages import page
from app.web.typed import clean_text

blueprint = Blueprint("agency_lists", __name__)


@blueprint.post("/organisations/<int:organisation>/agencies/preview")
@requires(site_admin)
def preview(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Show what a pasted list would add."""
    text = clean_text(request.form.get("list", ""))
    return _preview(organisation, text, _read(organisation, text))


@blueprint.post("/organisations/<int:organisation>/agencies/list")
@requires(site_admin)
def add(user: User, organisation: Organisation) -> ResponseReturnValue:
    """Add the agencies of a pasted list, all or none."""
    text = clean_text(request.form.get("list", ""))
    found = _read(organisation, text)
    if found.faults or not found.new:
        return _preview(organisation, text, found)
    actions.add_agencies(organisation, found.new)
    flash(
        ngettext(
            "%(num)s agency has been added.", "%(num)s agencies have been added.", len(found.new)
        )
    )
    return redirect(url_for("editions.organisation", organisation=organisation.id))


def _preview(organisation: Organisation, text: str, found: PastedList) -> ResponseReturnValue:
    return page(
        "editions/pasted.html",
        422 if found.faults or not found.new else 200,
        organisation=organisation,
        text=text,
        found=found,
        kinds={kind.code: kind for kind in organisation.kinds},
    )


def _read(organisation: Organisation, text: str) -> PastedList:
    kinds = {
        name: kind.code
        for kind in organisation.kinds
        for name in (kind.name, kind.name_en, kind.code)
        if name
    }
    present = {agency.code: agency.name for agency in queries.agencies_of(organisation)}
    return read_agencies(text, kinds, present)
