"""Pages on which everybody gets the files to recount a result, and checks a file they hold."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.permissions import anyone
from app.awards.models import Readership
from app.awards.permissions import can_read_file
from app.awards.reading import file_lines, judges_in_file, public_result, published_file
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition
from app.gallery.state import edition_state
from app.gallery.verification import digest_of_upload, paper_behind, verdict_on
from app.web.access import requires
from app.web.pages import download, page
from app.web.shared import shared

blueprint = Blueprint("recount", __name__)


@blueprint.get("/editions/<edition>/results/recount")
@requires(can_see_edition)
@shared(edition_state)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how the result can be recounted, and from which files."""
    files = file_lines(edition, now=clock.now())
    may_read_all = can_read_file(user, Readership.FULL)
    return page(
        "gallery/recount.html",
        edition=edition,
        has_result=public_result(edition, now=clock.now()) is not None,
        files=files,
        command=f"python3 recount.py {_name(edition, Readership.PUBLIC)}",
        may_read_all=may_read_all,
        judges=judges_in_file(edition) if files and may_read_all else {},
    )


@blueprint.get("/editions/<edition>/results/recount/<scope>.json")
@requires(can_see_edition)
def file(user: User, edition: Edition, scope: str) -> ResponseReturnValue:
    """Hand out a file from which the result can be recounted, once the result is public."""
    if scope not in set(Readership) or not can_read_file(user, Readership(scope)):
        abort(404)
    found = published_file(edition, Readership(scope), now=clock.now()) or abort(404)
    return download(found.content.encode(), "application/json", _name(edition, found.scope))


@blueprint.get("/verification")
@requires(anyone)
def verification(user: User) -> ResponseReturnValue:
    """Say to what a code belongs: the digest of a file, whole or its beginning."""
    code = request.args.get("code", "").strip().lower()
    return _missing() if "code" in request.args and not code else _verdict(code)


@blueprint.post("/verification")
@requires(anyone)
def verify(user: User) -> ResponseReturnValue:
    """Compute the digest of a file that is sent, and say to what it belongs."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _missing()
    return _verdict(digest_of_upload(sent.stream))


def _missing() -> ResponseReturnValue:
    return page("gallery/verification.html", 422, code="", verdict=None, is_missing=True)


def _verdict(code: str) -> ResponseReturnValue:
    now = clock.now()
    return page(
        "gallery/verification.html",
        code=code,
        verdict=verdict_on(code, now=now) if code else None,
        paper=paper_behind(code, now=now) if code else None,
    )


def _name(edition: Edition, scope: Readership) -> str:
    return f"{edition.slug}-{scope.value}.json"
