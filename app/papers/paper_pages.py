"""Pages of papers: the list, making them, each one with its copies, and all in one archive."""

from tempfile import TemporaryFile

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.awards.models import Readership
from app.awards.permissions import can_follow_plenary, can_read_file
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.papers import making, queries, queueing
from app.papers.archive import write_archive
from app.papers.forms import CopyForm, MakeForm
from app.papers.framing import digest_of
from app.papers.kinds import Copy, PaperKind
from app.papers.models import Paper
from app.papers.reading import agrees, kind_lines, papers_for_entrant
from app.papers.setting import order_of
from app.proposals.access import author
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.errors import explain, status_of
from app.web.language import LANGUAGES, language
from app.web.links import link_to
from app.web.pages import download, page, page_number, page_or_partial, paged
from app.web.typesetting import typeset
from app.workflow import DomainError

blueprint = Blueprint("papers", __name__, url_prefix="/editions/<edition>")

PREVIEW = "PRATINJAU"


@blueprint.get("/papers")
@requires(can_follow_plenary)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show which papers were made, which can be, and how far the worker is."""
    jobs = queueing.jobs_in(edition)
    return page_or_partial(
        "papers/index.html",
        edition=edition,
        lines=kind_lines(edition, jobs),
        waiting=[job for job in jobs.values() if job.is_waiting],
        may_make=organiser(user),
        languages=LANGUAGES,
    )


@blueprint.get("/papers/<paper_kind>/all")
@requires(can_follow_plenary)
def of_kind(user: User, edition: Edition, paper_kind: PaperKind) -> ResponseReturnValue:
    """Show the papers of one kind."""
    return page(
        "papers/of_kind.html",
        edition=edition,
        kind=paper_kind,
        papers=paged(queries.standing_papers(edition, paper_kind), page_number()),
        languages=LANGUAGES,
    )


@blueprint.post("/papers/<paper_kind>")
@requires(organiser)
def make(user: User, edition: Edition, paper_kind: PaperKind) -> ResponseReturnValue:
    """Let the worker make the papers of a kind; those that would say the same stay."""
    form = MakeForm()
    if not form.validate():
        abort(422)
    queueing.queue_papers(edition, paper_kind, form.language.data, by=user.acting, now=clock.now())
    place = f"kind-{paper_kind.value}"
    return redirect(url_for("papers.index", edition=edition.slug, _anchor=place))


@blueprint.get("/papers/<paper_kind>/preview.pdf")
@requires(organiser)
def preview(user: User, edition: Edition, paper_kind: PaperKind) -> ResponseReturnValue:
    """Send the first paper of a kind as it would be made now; nothing is kept."""
    asked = asked_for(paper_kind, request.args.get("language", ""))
    made = making.made_now(edition, asked)
    if not made:
        abort(404)
    order = order_of(made[0].draft.template, made[0].content | {"mark": PREVIEW})
    body = typeset(order.template, order.data, at=order.at)
    return download(body, "application/pdf", f"{edition.slug}-{paper_kind.value}-preview.pdf")


@blueprint.post("/papers/setting")
@requires(organiser)
def resume(user: User, edition: Edition) -> ResponseReturnValue:
    """Let the worker make the PDFs that are missing."""
    queueing.queue_pdfs(edition, by=user.acting, now=clock.now())
    return redirect(url_for("papers.index", edition=edition.slug))


@blueprint.post("/papers/setting/removal")
@requires(organiser)
def stop(user: User, edition: Edition) -> ResponseReturnValue:
    """Stop making documents; what is made stays, the rest can be made later."""
    queueing.stop_jobs(edition, now=clock.now())
    return redirect(url_for("papers.index", edition=edition.slug))


@blueprint.get("/papers/<int:paper>")
@requires(can_follow_plenary)
def show(user: User, edition: Edition, paper: Paper) -> ResponseReturnValue:
    """Show who made a paper, when, from which data, whether it still agrees, and its copies."""
    return _show(user, edition, paper)


@blueprint.get("/papers/<int:paper>/<copy>.pdf")
@requires(can_follow_plenary)
def file(user: User, edition: Edition, paper: Paper, copy: Copy) -> ResponseReturnValue:
    """Send a file of a paper."""
    return _sent(edition, paper, copy)


@blueprint.post("/papers/<int:paper>/<copy>")
@requires(organiser)
def attach(user: User, edition: Edition, paper: Paper, copy: Copy) -> ResponseReturnValue:
    """Attach a scan of the signed paper, or the PDF that was signed electronically."""
    form = CopyForm()
    if not form.validate():
        return _show(user, edition, paper, 422, form.file.errors[0])
    try:
        content = form.file.data.read()
        making.attach_copy(paper, copy, content, by=user.acting, now=clock.now())
    except DomainError as refusal:
        return _show(user, edition, paper, status_of(refusal), explain(refusal))
    flash(gettext("The file is attached; its digest stands in the audit trail."))
    return redirect(url_for("papers.show", edition=edition.slug, paper=paper.id))


@blueprint.get("/papers/archive.zip")
@requires(can_follow_plenary)
def archive(user: User, edition: Edition) -> ResponseReturnValue:
    """Send every paper of the edition in one archive, with an index."""
    with TemporaryFile() as out:
        write_archive(edition, out, readable=can_read_file(user, Readership.FULL))
        out.seek(0)
        return download(out.read(), "application/zip", f"{edition.slug}-papers.zip")


@blueprint.get("/proposals/<int:proposal>/papers")
@requires(author)
def own(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show an entrant the letter and the certificates of their proposal."""
    return page(
        "papers/own.html",
        edition=edition,
        proposal=proposal,
        papers=papers_for_entrant(proposal, edition, now=clock.now()),
        languages=LANGUAGES,
    )


@blueprint.get("/proposals/<int:proposal>/papers/<int:paper>.pdf")
@requires(author)
def own_file(user: User, edition: Edition, proposal: Proposal, paper: Paper) -> ResponseReturnValue:
    """Send an entrant a letter or certificate of their proposal, a signed one if there is one."""
    papers = papers_for_entrant(proposal, edition, now=clock.now())
    if paper.id not in {own.id for own in papers}:
        abort(404)
    best = next(copy for copy in (Copy.SIGNED, Copy.SCAN, Copy.ORIGINAL) if paper.file(copy))
    return _sent(edition, paper, best)


def asked_for(kind: PaperKind, wanted: str) -> making.Request:
    """Return how papers of a kind are asked for here, in a language or else the reader's."""
    return making.Request(
        kind,
        wanted if wanted in LANGUAGES else language(),
        link_to("recount.verification"),
        is_example=current_app.config["AJANG"].demo,
    )


def _sent(edition: Edition, paper: Paper, copy: Copy) -> ResponseReturnValue:
    found = queries.file_of(paper, copy) or abort(404)
    name = f"{edition.slug}-{paper.kind.value}-{paper.id}-{copy.value}.pdf"
    return download(found.content, "application/pdf", name)


def _show(
    user: User, edition: Edition, paper: Paper, status: int = 200, error: str = ""
) -> ResponseReturnValue:
    asked = asked_for(paper.kind, paper.language)
    return page(
        "papers/show.html",
        status,
        edition=edition,
        paper=paper,
        earlier=queries.earlier_papers(paper),
        agrees=None if paper.replaced_at else agrees(paper, edition, asked),
        is_whole=digest_of(paper.content) == paper.digest,
        copies=[(copy, paper.file(copy)) for copy in Copy],
        may_attach=organiser(user) and paper.replaced_at is None,
        form=CopyForm(formdata=None),
        error=error,
        languages=LANGUAGES,
    )
