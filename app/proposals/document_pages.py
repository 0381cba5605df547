"""Pages for the files of a proposal: attaching, removing, downloading."""

from io import BytesIO

from flask import Blueprint, Response, current_app, flash, redirect, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.models import Edition
from app.editions.parts import DocumentRequirement
from app.editions.permissions import User
from app.proposals import actions
from app.proposals.access import author, proposal_reader
from app.proposals.addresses import address_of
from app.proposals.deadlines import check_open
from app.proposals.files import MEGABYTE, mimetype_of, store_file, stored_content
from app.proposals.forms import DocumentForm
from app.proposals.models import Attachment, Proposal
from app.web.access import requires
from app.web.errors import explain
from app.web.headers import FRAMED, PRIVATE
from app.web.pages import page
from app.workflow import Damaged, DomainError

blueprint = Blueprint("documents", __name__, url_prefix="/editions/<edition>/proposals")


@blueprint.get("/<int:proposal>/documents")
@requires(author)
def index(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show which documents are attached."""
    return _documents_page(edition, proposal)


@blueprint.post("/<int:proposal>/documents/<int:requirement>")
@requires(author)
def attach(
    user: User, edition: Edition, proposal: Proposal, requirement: DocumentRequirement
) -> ResponseReturnValue:
    """Attach a document."""
    check_open(proposal, now=clock.now())
    form = DocumentForm()
    if not form.validate():
        return _documents_page(edition, proposal, 422, {requirement.id: form.file.errors[0]})
    try:
        content = form.file.data.read()
        actions.check_room(proposal, requirement, len(content), now=clock.now())
        file = store_file(
            content,
            form.file.data.filename or "",
            accepts=requirement.accepts,
            megabytes=requirement.megabytes,
            folder=current_app.config["AJANG"].attachments,
        )
        actions.attach_file(proposal, requirement, file, by=user.acting, now=clock.now())
    except DomainError as refusal:
        return _documents_page(edition, proposal, 422, {requirement.id: explain(refusal)})
    message = gettext("“%(name)s” is attached.", name=file.filename)
    if file.may_be_locked:
        message = gettext(
            "“%(name)s” is attached. It is encrypted and may ask for a password: open "
            "it from here to check. If it asks, attach one without a password instead.",
            name=file.filename,
        )
    return _done(proposal, requirement.id, message)


@blueprint.get("/<int:proposal>/attachments/<int:attachment>")
@requires(proposal_reader)
def download(
    user: User, edition: Edition, proposal: Proposal, attachment: Attachment
) -> ResponseReturnValue:
    """Send a file as a download."""
    return _sent(attachment, as_download=True)


@blueprint.get("/<int:proposal>/attachments/<int:attachment>/view")
@requires(proposal_reader)
def view(
    user: User, edition: Edition, proposal: Proposal, attachment: Attachment
) -> ResponseReturnValue:
    """Send a PDF or a picture to be viewed in one of our pages; other files as a download."""
    try:
        response = _sent(attachment, as_download=not attachment.can_be_viewed)
    except Damaged as damage:  # in words alone, for a whole page would not show in a frame
        return explain(damage), 500, {"Content-Type": "text/plain; charset=utf-8"} | FRAMED
    if attachment.can_be_viewed:
        response.headers.update(FRAMED)
    return response


@blueprint.post("/<int:proposal>/attachments/<int:attachment>/removal")
@requires(author)
def detach(
    user: User, edition: Edition, proposal: Proposal, attachment: Attachment
) -> ResponseReturnValue:
    """Remove a file."""
    name, required = attachment.filename, attachment.requirement_id
    actions.detach_file(attachment, proposal, by=user.acting, now=clock.now())
    return _done(proposal, required, gettext("“%(name)s” has been removed.", name=name))


def _done(proposal: Proposal, required: int, message: str) -> ResponseReturnValue:
    """Show the documents again, and at the place of the required one (id) what was done."""
    flash(message, f"document-{required}")
    return redirect(address_of("documents.index", proposal, _anchor=f"document_{required}"))


def _sent(attachment: Attachment, *, as_download: bool) -> Response:
    response = send_file(
        BytesIO(_content(attachment)),
        mimetype=mimetype_of(attachment.filename),
        as_attachment=as_download,
        download_name=attachment.filename,
        etag=attachment.sha256,
    )
    response.headers["Cache-Control"] = PRIVATE
    return response


def _content(attachment: Attachment) -> bytes:
    """Return the file; log and raise `Damaged` if it is not on disk as it was attached."""
    try:
        return stored_content(
            current_app.config["AJANG"].attachments,
            attachment.stored_name,
            filename=attachment.filename,
            sha256=attachment.sha256,
        )
    except Damaged as damage:
        current_app.logger.error("attachment %s: %s", attachment.id, damage.message)  # noqa: TRY400 -- the words say it all
        raise


def _documents_page(
    edition: Edition, proposal: Proposal, status: int = 200, errors: dict[int, str] | None = None
) -> ResponseReturnValue:
    return page(
        "proposals/documents.html",
        status,
        edition=edition,
        proposal=proposal,
        used=sum(attachment.size for attachment in proposal.attachments),
        limit=edition.attachments_mb * MEGABYTE,
        errors=errors or {},
    )
