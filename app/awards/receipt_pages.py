"""The page on which a judge checks that their own sheets stand as they locked them."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import clock
from app.awards.receipts import receipts_of
from app.editions.models import Edition
from app.editions.permissions import User, sheet_writer
from app.evaluation.access import barred_from
from app.web.access import requires
from app.web.pages import page

blueprint = Blueprint("sheet_receipts", __name__, url_prefix="/editions/<edition>")

MOST_TYPED = 20_000  # characters: a thousand codes


@blueprint.get("/sheet-receipt")
@requires(sheet_writer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the codes of the user's own sheets, and compare them with those in a letter."""
    typed = request.args.get("codes", "")[:MOST_TYPED]
    held = set(typed.lower().split())
    barred = barred_from(user, edition)
    lines = receipts_of(user.acting, edition, without=barred, now=clock.now())
    codes = {line.code for line in lines}
    return page(
        "awards/receipt.html",
        edition=edition,
        lines=lines,
        typed=typed,
        held=held & codes,
        strange=sorted(held - codes),
    )
