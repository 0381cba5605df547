"""Pages for publishing the draft, and for comparing and restoring what was published."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, committee_or_observer, organiser
from app.programme.models import Version
from app.programme.queries import last_version, version_list, version_numbered
from app.schedule.arranging import publishing
from app.schedule.arranging.forms import PublicationForm
from app.schedule.draft import queries
from app.schedule.draft.loading import timetable_of
from app.schedule.draft.permissions import can_place
from app.schedule.draft.warnings import warnings_of
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import whole
from app.web.pages import listing, page, page_number, paged
from app.workflow import DomainError

blueprint = Blueprint("versions", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/schedule/versions")
@requires(committee_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the published versions, and what publishing the draft would change."""
    return _list(user, edition, PublicationForm(formdata=None))


@blueprint.post("/schedule/versions")
@requires(organiser)
def publish(user: User, edition: Edition) -> ResponseReturnValue:
    """Publish the draft; those whom it affects are told."""
    form = PublicationForm()
    if not form.validate():
        return _list(user, edition, form, 422)
    try:
        version = publishing.publish_draft(
            edition,
            note=form.note.data or "",
            expected=whole(form.expected.data),
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _list(user, edition, form, refuse(form, error))
    flash(
        gettext(
            "Version %(number)s has been published; those affected are told.", number=version.number
        )
    )
    return redirect(url_for("versions.version", edition=edition.slug, version=version.number))


@blueprint.get("/schedule/versions/<int:version>")
@requires(committee_or_observer)
def version(user: User, edition: Edition, version: Version) -> ResponseReturnValue:
    """Show what a version changed compared with the one before, or with another one."""
    asked = whole(request.args.get("against")) or version.number - 1
    other = version_numbered(asked, edition)
    before = publishing.spots_of(other) if other else {}
    changes = publishing.differences(before, publishing.spots_of(version))
    shown = paged(changes, page_number("changes"))
    titles = publishing.titles_of(version, *([other] if other else []))
    return page(
        "schedule/version.html",
        edition=edition,
        version=version,
        other=other,
        changes=shown,
        may_publish=_may_publish(user, edition),
        titles=titles,
        last=last_version(edition),
    )


@blueprint.post("/schedule/versions/<int:version>/restoration")
@requires(organiser)
def restore(user: User, edition: Edition, version: Version) -> ResponseReturnValue:
    """Make the draft what this version says."""
    lost = publishing.restore_version(version, edition, by=user.acting, now=clock.now())
    flash(gettext("The draft is now version %(number)s again.", number=version.number))
    if lost:
        text = gettext("%(count)s have no slot: theirs no longer exists.", count=len(lost))
        flash(text)
    return redirect(url_for("versions.index", edition=edition.slug))


def _may_publish(user: User, edition: Edition) -> bool:
    return can_place(user) and not edition.is_confirmed


def _list(
    user: User, edition: Edition, form: PublicationForm, status: int = 200
) -> ResponseReturnValue:
    timetable = timetable_of(edition)
    changes = publishing.pending_changes(edition, timetable)
    shown = paged(changes, page_number("changes"))
    found = listing(version_list(edition), page_number())
    last = last_version(edition)
    wrong = warnings_of(timetable) if changes else []
    return page(
        "schedule/versions.html",
        status,
        edition=edition,
        found=found,
        changes=shown,
        may_publish=_may_publish(user, edition),
        titles=queries.proposal_titles(edition, [change.proposal_id for change in shown.items]),
        warnings=[warning for warning in wrong if not warning.kind.is_note],
        expected=(last.number if last else 0) + 1,
        form=form,
    )
