"""Pages for exporting tables: at once or, in a large edition, once the worker has written them."""

from flask import Blueprint, abort, current_app, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.dashboard import export_files
from app.dashboard.columns import told_columns
from app.dashboard.exports import TABLES
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.jobs import queue
from app.web.access import requires
from app.web.headers import PRIVATE
from app.web.pages import download, page_or_partial
from app.web.spreadsheets import Format
from app.workflow import N_, NotAllowedNow

blueprint = Blueprint("exports", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/exports")
@requires(organiser)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show which tables can be exported, their columns, and which files are ready."""
    is_large = export_files.is_large(edition)
    jobs = {
        (table, form): export_files.job_of(user.acting, edition, table, form)
        for table in (TABLES if is_large else ())
        for form in Format
    }
    folder = current_app.config["AJANG"].exports
    without = export_files.hidden_from(user.acting, edition) if is_large else set()
    return page_or_partial(
        "dashboard/exports.html",
        edition=edition,
        tables=[
            (table, told_columns(table.name, table.columns_in(edition)))
            for table in TABLES.values()
        ],
        formats=list(Format),
        is_large=is_large,
        waiting=[job for job in jobs.values() if job and job.is_waiting],
        ready={
            key for key, job in jobs.items() if export_files.file_of(job, folder, without=without)
        },
    )


@blueprint.post("/exports/<table>.<suffix>")
@requires(organiser)
def write_export(user: User, edition: Edition, table: str, suffix: str) -> ResponseReturnValue:
    """Let the worker write a table."""
    form = _form(table, suffix)
    queue.put_job(
        export_files.kind_of(table, form), edition.id, by_id=user.acting.id, now=clock.now()
    )
    return redirect(url_for("exports.index", edition=edition.slug))


@blueprint.get("/exports/<table>.<suffix>")
@requires(organiser)
def export(user: User, edition: Edition, table: str, suffix: str) -> ResponseReturnValue:
    """Send one table as a file, without what a conflict bars the reader from."""
    form = _form(table, suffix)
    name = f"{edition.slug}-{table}.{form.value}"
    without = export_files.hidden_from(user.acting, edition)
    if export_files.is_large(edition):
        job = export_files.job_of(user.acting, edition, table, form)
        path = export_files.file_of(job, current_app.config["AJANG"].exports, without=without)
        if path is None:
            raise NotAllowedNow(
                N_("Create the file first, on the Export page."), remedy="exports.index"
            )
        response = send_file(path, mimetype=form.mimetype, as_attachment=True, download_name=name)
        response.headers["Cache-Control"] = PRIVATE
        return response
    body = export_files.body_of(table, form, edition, without=without)
    return download(body, form.mimetype, name)


def _form(table: str, suffix: str) -> Format:
    if table not in TABLES or suffix not in set(Format):
        abort(404)
    return Format(suffix)
