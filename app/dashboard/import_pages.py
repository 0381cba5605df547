"""Pages for importing tables: send a file, look at what it would do, apply it or drop it."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.dashboard import queries
from app.dashboard.columns import told_columns
from app.dashboard.forms import ImportForm
from app.dashboard.imports import actions
from app.dashboard.imports.sources import SOURCES
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.jobs import queue
from app.jobs.models import JobState
from app.web.access import requires
from app.web.errors import refuse
from app.web.fields import form_text
from app.web.pages import download, page_number, page_or_partial, paged
from app.web.spreadsheets import Format, write_table
from app.workflow import DomainError

blueprint = Blueprint("imports", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/imports")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show which tables can be imported, and what the file sent in would do."""
    return _imports_page(edition, ImportForm(formdata=None))


@blueprint.post("/imports")
@requires(organiser)
def send_in(user: User, edition: Edition) -> ResponseReturnValue:
    """Keep a file; the worker computes what it would do."""
    form = ImportForm()
    if not form.validate():
        return _imports_page(edition, form, 422)
    try:
        actions.send_in(
            edition,
            form.table.data,
            form.file.data.read(),
            form.file.data.filename or "",
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _imports_page(edition, form, refuse(form, error))
    return redirect(url_for("imports.index", edition=edition.slug))


@blueprint.post("/imports/application")
@requires(organiser)
def apply_import(user: User, edition: Edition) -> ResponseReturnValue:
    """Import the file as previewed."""
    actions.request_apply(edition, form_text("digest", 64), by=user.acting, now=clock.now())
    return redirect(url_for("imports.index", edition=edition.slug))


@blueprint.post("/imports/removal")
@requires(organiser)
def drop_import(user: User, edition: Edition) -> ResponseReturnValue:
    """Drop the file without importing it."""
    actions.drop_import(edition, now=clock.now())
    flash(gettext("The file has been discarded. Nothing was changed."))
    return redirect(url_for("imports.index", edition=edition.slug))


@blueprint.get("/imports/<table>.<suffix>")
@requires(organiser)
def import_columns(user: User, edition: Edition, table: str, suffix: str) -> ResponseReturnValue:
    """Send an empty file with the columns that can be imported."""
    if table not in SOURCES or suffix not in {Format.CSV, Format.XLSX}:
        abort(404)
    form = Format(suffix)
    body = write_table(form, SOURCES[table].columns_in(edition), [])
    return download(body, form.mimetype, f"{table}.{suffix}")


def _imports_page(edition: Edition, form: ImportForm, status: int = 200) -> ResponseReturnValue:
    taken = queries.open_import(edition.id)
    planned = queue.latest_job(actions.PLAN, edition.id) if taken else None
    is_planned = planned is not None and planned.state is JobState.DONE
    result = (planned.result or {}) if planned and is_planned else None
    return page_or_partial(
        "dashboard/imports.html",
        status,
        edition=edition,
        form=form,
        taken=taken,
        planned=planned,
        can_drop=actions.can_drop(edition, now=clock.now()),
        applied=queue.latest_job(actions.APPLY, edition.id),
        result=result,
        changes=paged(result["changes"], page_number()) if result else None,
        last=queries.last_import(edition.id),
        sources=[
            (source, told_columns(source.name, source.columns_in(edition)))
            for source in SOURCES.values()
        ],
    )
