"""The guides for each role, open to everyone."""

from flask import Blueprint, abort, send_from_directory
from flask.typing import ResponseReturnValue

from app.accounts.permissions import anyone
from app.dashboard.guides import GUIDES, guide, picture_folder
from app.editions.permissions import User
from app.web.access import requires
from app.web.language import LANGUAGES, language
from app.web.pages import page

blueprint = Blueprint("guide", __name__, url_prefix="/guide")


@blueprint.get("/")
@requires(anyone)
def index(user: User) -> ResponseReturnValue:
    """List the guides."""
    return page("dashboard/guides.html", guides=GUIDES)


@blueprint.get("/<role>")
@requires(anyone)
def show(user: User, role: str) -> ResponseReturnValue:
    """Show a role's guide in the reader's language."""
    if role not in GUIDES:
        abort(404)
    return page("dashboard/guide.html", guides=GUIDES, role=role, guide=guide(role, language()))


@blueprint.get("/pictures/<folder>/<name>")
@requires(anyone)
def picture(user: User, folder: str, name: str) -> ResponseReturnValue:
    """Return a picture of a guide."""
    if folder not in LANGUAGES:
        abort(404)
    return send_from_directory(picture_folder(folder), name, max_age=86_400)
