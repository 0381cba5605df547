"""My work, and the audit trail of an edition."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import signed_in
from app.audit.chain import Verification, verify_chain
from app.dashboard.comparison import differences_from_trail
from app.dashboard.forms import TrailForm
from app.dashboard.inbox import inbox_of
from app.dashboard.queries import recent_letters
from app.dashboard.reading import hidden_actions, trail_lines
from app.dashboard.tasks import tasks_of
from app.dashboard.trail import found_in_trail
from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User, organiser_or_observer
from app.editions.queries import all_memberships_of, every_edition
from app.web.access import requires
from app.web.fields import form_text
from app.web.language import moment
from app.web.pages import download, listing, page, page_number, page_or_partial
from app.web.spreadsheets import Format, write_table
from app.workflow import N_, NotAllowedNow

blueprint = Blueprint("dashboard", __name__)

MOST_IN_FILE = 5_000  # entries
RECENT = 12  # roles whose tasks are looked up; older editions are over


@blueprint.get("/my-work")
@requires(signed_in)
def my_work(user: User) -> ResponseReturnValue:
    """Show what the person must do next, in every edition."""
    memberships = all_memberships_of(user.acting)
    now = clock.now()
    inboxes = [
        inbox_of(membership, tasks_of(membership, now=now), now=now)
        for membership in memberships[:RECENT]
    ]
    is_admin = user.acting.is_site_admin
    editions = listing(every_edition(), 1).items if is_admin else []
    return page(
        "dashboard/my_work.html",
        inboxes=inboxes,
        editions=editions,
        letters=recent_letters(user.acting, now=now),
        now=now,
    )


@blueprint.get("/editions/<edition>/audit")
@requires(organiser_or_observer)
def trail(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the audit trail."""
    return _trail_page(user, edition, page_number(), None)


@blueprint.post("/editions/<edition>/audit")
@requires(organiser_or_observer)
def verify_trail(user: User, edition: Edition) -> ResponseReturnValue:
    """Recompute the chain and say whether it holds."""
    verdict = verify_chain(edition.id, held=form_text("head"))
    return _trail_page(user, edition, 1, verdict)


@blueprint.get("/editions/<edition>/audit.csv")
@requires(organiser_or_observer)
def trail_file(user: User, edition: Edition) -> ResponseReturnValue:
    """Send the entries that were looked for as a table, oldest first: a history in words."""
    filters = TrailForm(request.args, meta={"csrf": False}).filters()
    hidden = hidden_actions(user, edition)
    found = found_in_trail(edition, filters, hidden=hidden).limit(MOST_IN_FILE + 1)
    entries = list(db.session.scalars(found))
    if len(entries) > MOST_IN_FILE:
        raise NotAllowedNow(
            N_("More than %(count)s entries match. Narrow what you look for, such as to a day."),
            remedy="dashboard.trail",
            count=MOST_IN_FILE,
        )
    rows = [
        (
            line.sequence,
            moment(line.at),
            line.actor,
            gettext(line.label),
            line.subject or "",
            line.reason or "",
            gettext(line.why_hidden) if line.why_hidden else line.content,
        )
        for line in reversed(trail_lines(user, edition, entries))
    ]
    names = (N_("No."), N_("When"), N_("Who"), N_("Action"), N_("Subject"), N_("Reason"))
    columns = [gettext(name) for name in (*names, N_("As recorded"))]
    body = write_table(Format.CSV, columns, rows)
    return download(body, Format.CSV.mimetype, f"{edition.slug}-audit.csv")


def _trail_page(
    user: User, edition: Edition, number: int, verdict: Verification | None
) -> ResponseReturnValue:
    """Show entries, without the content that the reader may not read (yet)."""
    form = TrailForm(request.args, meta={"csrf": False})
    filters = form.filters()
    hidden = hidden_actions(user, edition)
    entries = listing(found_in_trail(edition, filters, hidden=hidden), number)
    return page_or_partial(
        "dashboard/trail.html",
        edition=edition,
        entries=entries,
        form=form,
        asked=filters.as_fields(),
        verdict=verdict,
        differences=differences_from_trail(edition) if verdict and verdict.holds else [],
        lines=trail_lines(user, edition, entries.items),
    )
