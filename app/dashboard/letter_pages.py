"""The letters of an edition: whether each was delivered, why not, and whether mail works at all."""

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.permissions import site_admin
from app.config import INTO_FOLDER
from app.dashboard.queries import letter_numbered, letters_of, own_letter
from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from
from app.mail.models import Letter
from app.mail.outbox import queue_letter, queue_letter_again
from app.mail.transports import explained
from app.web.access import requires
from app.web.links import whatsapp
from app.web.pages import listing, page_number, page_or_partial
from app.workflow import N_

blueprint = Blueprint("letters", __name__)


@blueprint.get("/editions/<edition>/mail")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """List the letters of the edition and whether they were delivered."""
    search, only_failed = request.args.get("search", "")[:100], request.args.get("failed") == "1"
    statement = letters_of(
        edition, without=barred_from(user, edition), search=search, only_failed=only_failed
    )
    return page_or_partial(
        "dashboard/letters.html",
        edition=edition,
        letters=listing(statement, page_number()),
        asked={"search": search, "failed": 1 if only_failed else None},
        stays=_stays_here(),
    )


@blueprint.get("/editions/<edition>/mail/<int:number>")
@requires(organiser)
def letter(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Show a letter, and how far its delivery is."""
    return _letter_page(_letter_in(user, edition, number), edition)


@blueprint.post("/editions/<edition>/mail")
@requires(organiser)
def test_mail(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the organiser a letter, to see whether mail works."""
    written = _write_test(user, edition)
    return redirect(url_for("letters.letter", edition=edition.slug, number=written.id))


@blueprint.post("/editions/<edition>/mail/<int:number>/delivery")
@requires(organiser)
def send_again(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Try once more to deliver a letter that has failed."""
    queue_letter_again(_letter_in(user, edition, number))
    return redirect(url_for("letters.letter", edition=edition.slug, number=number))


@blueprint.post("/mail")
@requires(site_admin)
def test_mail_of_site(user: User) -> ResponseReturnValue:
    """Send the site administrator a letter, to see whether mail works."""
    return redirect(url_for("letters.letter_of_site", number=_write_test(user, None).id))


@blueprint.get("/mail/<int:number>")
@requires(site_admin)
def letter_of_site(user: User, number: int) -> ResponseReturnValue:
    """Show the site administrator how far their letter's delivery is."""
    return _letter_page(own_letter(number, user.acting) or abort(404), None)


def _write_test(user: User, edition: Edition | None) -> Letter:
    written = queue_letter(
        user.acting,
        subject=N_("Mail server test"),
        body=N_("If you can read this, e-mails from this application reach you."),
        values={},
        now=clock.now(),
        edition_id=edition.id if edition else None,
    )
    db.session.flush()
    return written


def _letter_in(user: User, edition: Edition, number: int) -> Letter:
    return letter_numbered(number, edition, without=barred_from(user, edition)) or abort(404)


def _letter_page(shown: Letter, edition: Edition | None) -> ResponseReturnValue:
    return page_or_partial(
        "dashboard/letter.html",
        edition=edition,
        letter=shown,
        share=whatsapp(f"{shown.subject}\n\n{shown.body}"),
        meaning=explained(shown.last_error),
        stays=_stays_here(),
    )


def _stays_here() -> bool:
    """Return whether letters are kept as files, for want of a mail server."""
    return bool(current_app.config["AJANG"].mail_url == INTO_FOLDER)
