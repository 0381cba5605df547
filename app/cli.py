"""Commands: `flask --app wsgi audit|calendar|files|mail|people|worker …`."""

import os
import time
from collections.abc import Callable
from typing import Any, BinaryIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from app import clock
from app.accounts.actions import forget_expired, person_named, set_password
from app.accounts.emails import is_email
from app.accounts.models import Person
from app.accounts.queries import person_with
from app.accounts.secrets import hash_password, password_fault
from app.audit.chain import verify_chain
from app.awards import confirming
from app.awards.actions import note_publications
from app.awards.publication.decrees import tell_of_finality
from app.awards.routes import LETTER_LINKS
from app.calendars import invitations, unread
from app.calendars.replies import SIZE, read_reply
from app.calendars.reply_pages import sender
from app.config import Config
from app.dashboard import export_files
from app.dashboard.comparison import differences_from_trail
from app.dashboard.imports import actions as imports
from app.database import allow_long_work, transaction
from app.editions.addresses import link_to_invitation
from app.editions.queries import edition_named
from app.fitness import Unfit, check_fit
from app.gallery.catalogue.indexing import index_some
from app.gallery.follow_up.actions import ask_some
from app.gallery.follow_up.follow_up_pages import link_to_report
from app.gallery.replication.requests import forget_requests
from app.jobs import worker
from app.mail.letters import letter_text
from app.mail.outbox import Round, deliver_letters
from app.mail.transports import sender_to
from app.papers import queueing
from app.papers.kinds import PaperKind
from app.papers.making import Request
from app.papers.paper_pages import asked_for
from app.proposals import disk
from app.schedule.arranging import plans
from app.schedule.picking import holds
from app.scoring.certainty import asking, desk_asking
from app.scoring.results import keep_some_places
from app.screening import assignments
from app.web.links import link_to
from app.workflow import DomainError

PAUSE = 1.0  # seconds between two looks into the outbox and the queue
BETWEEN_SWEEPS = 3600.0  # seconds
BETWEEN_INDEXING = 10  # seconds between looks for innovations that have changed


def _take_in(edition_id: int, report: worker.Report) -> dict[str, Any]:
    """Import a file; the links in its letters use the application's base URL."""
    config: Config = current_app.config["AJANG"]
    with current_app.test_request_context(base_url=config.base_url):
        return imports.apply_import(edition_id, report, now=clock.now(), link_to=link_to_invitation)


def _papers_asked(kind: PaperKind, language: str) -> Request:
    """Ask for papers; the link to their verification uses the application's base URL."""
    config: Config = current_app.config["AJANG"]
    with current_app.test_request_context(base_url=config.base_url):
        return asked_for(kind, language)


def _confirm(edition_id: int, report: worker.Report) -> dict[str, Any]:
    """Confirm a result that rests on many sheets."""
    return confirming.confirm_queued(edition_id, report, links=LETTER_LINKS, now=clock.now())


JOBS: dict[str, worker.Handler] = {
    assignments.KIND: assignments.propose_assignment,
    asking.KIND: asking.compute_certainty,
    confirming.KIND: _confirm,
    desk_asking.KIND: desk_asking.compute_desk_certainty,
    imports.PLAN: lambda edition_id, report: imports.plan_import(
        edition_id, report, now=clock.now()
    ),
    imports.APPLY: _take_in,
    **queueing.handlers(_papers_asked, now=clock.now),
    **{scope.value: plans.proposing(scope) for scope in plans.Scope},
    **export_files.handlers(lambda: current_app.config["AJANG"].exports),
}


def _tell() -> int:
    """Write some letters about what was published; their links use the application's base URL."""
    config: Config = current_app.config["AJANG"]
    with current_app.test_request_context(base_url=config.base_url):
        return invitations.tell_some(sender(config), now=clock.now())


def _tell_of_finality() -> int:
    """Tell entrants which results a decree has made final; the link uses the base URL."""
    config: Config = current_app.config["AJANG"]
    with current_app.test_request_context(base_url=config.base_url):
        return tell_of_finality(
            link_to=lambda slug: link_to("gallery.results", edition=slug), now=clock.now()
        )


def _ask_what_became() -> int:
    """Ask authors what became of their innovations, a year after the result."""
    return ask_some(link_to=link_to_report, now=clock.now())


def _deliver_some() -> Round:
    config: Config = current_app.config["AJANG"]
    send = sender_to(config.mail_url, config.letters)
    return deliver_letters(send, sender=config.mail_from, now=clock.now())


def _sweep() -> disk.Swept:
    disk.forget_uploads(now=clock.now())
    return disk.sweep_files(current_app.config["AJANG"].attachments, now=clock.real_now())


@with_appcontext
def _check_fit() -> None:
    """Raise `ClickException`, one sentence, where the folder or the database isn't fit for work."""
    try:
        check_fit()
    except Unfit as error:
        raise click.ClickException(str(error)) from error


audit = AppGroup("audit", help="The audit trail of an edition.", callback=_check_fit)
calendar = AppGroup("calendar", help="Answers to invitations.")
files = AppGroup("files", help="The folder of uploaded documents.", callback=_check_fit)
mail = AppGroup("mail", help="The outbox.", callback=_check_fit)
people = AppGroup("people", help="People who can sign in.", callback=_check_fit)


def init_app(app: Flask) -> None:
    """Register the commands."""
    for command in (audit, calendar, files, mail, people, work):
        app.cli.add_command(command)


@audit.command("verify")
@click.argument("edition")
@click.option("--head", default="", help="A fingerprint that somebody kept, as judges do.")
def verify_edition(edition: str, head: str) -> None:
    """Recompute the chain of EDITION and compare it with the tables; exit 1 unless all is there."""
    with transaction(writing=False):
        found = edition_named(edition)
        if found is None:
            raise click.ClickException(f"there is no edition {edition}")
        verdict = verify_chain(found.id, held=head.strip())
        differences = differences_from_trail(found) if verdict.holds else []
    if verdict.holds and not differences:
        click.echo(f"{edition}: {verdict.entries} entries, all as recorded; head {verdict.head}")
        if verdict.held_at:
            click.echo(f"{edition}: the fingerprint held is that of entry {verdict.held_at}")
        return
    if verdict.broken_at:
        click.echo(f"{edition}: broken at entry {verdict.broken_at}", err=True)
    if verdict.is_shortened:
        counts = f"{verdict.entries} entries, but {verdict.recorded} were recorded"
        click.echo(f"{edition}: {counts}", err=True)
    if verdict.is_another:
        click.echo(f"{edition}: no entry has the fingerprint held: the trail is another", err=True)
    for difference in differences:
        click.echo(
            f"{edition}: {letter_text('en', difference.message, difference.values)}", err=True
        )
    raise SystemExit(1)


@files.command("sweep")
def sweep_files() -> None:
    """Delete files of earlier days that were replaced or removed, and that no submission names."""
    swept = _sweep()
    click.echo(f"{swept.files} files deleted, {swept.size} bytes")


@files.command("verify")
def verify_files() -> None:
    """Compare the folder with the tables; exit 1 if an attachment is missing or altered."""
    found = disk.compare_files(current_app.config["AJANG"].attachments)
    for number in found.missing:
        click.echo(f"attachment {number}: missing", err=True)
    for number in found.altered:
        click.echo(f"attachment {number}: altered", err=True)
    for name in found.extra:
        click.echo(f"{name}: extra")
    counts = f"{len(found.missing)} missing, {len(found.altered)} altered"
    click.echo(f"{counts}, {len(found.extra)} extra (replaced or removed; `files sweep`)")
    raise SystemExit(0 if found.holds else 1)


@mail.command("deliver")
def deliver_mail() -> None:
    """Deliver the letters that are due, once."""
    delivered = failed = 0
    while any(sent := _deliver_some()):
        delivered, failed = delivered + sent.delivered, failed + sent.failed
    click.echo(f"{delivered} delivered, {failed} failed")


@click.command("worker")
@click.option("--once", is_flag=True, help="End when nothing waits, as for a scheduler.")
@with_appcontext
def work(*, once: bool) -> None:
    """Deliver letters and run long jobs, forever: one such process runs beside the server."""
    # Beside a busy server, threads that wait for each other make linear algebra ten times slower.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _check_fit()
    allow_long_work()
    worker.resume_jobs(now=clock.now())
    next_sweep = time.monotonic()
    catalogue = now_and_then(index_some, seconds=BETWEEN_INDEXING)
    follow_up = now_and_then(_ask_what_became, seconds=BETWEEN_SWEEPS)
    while True:
        if time.monotonic() >= next_sweep:
            next_sweep = time.monotonic() + BETWEEN_SWEEPS
            _sweep_or_log()
            with transaction(writing=True):
                forget_expired(now=clock.real_now())
                forget_requests(now=clock.now())
        holds.expire_holds(now=clock.now())
        worked = [
            _tell(),
            *_deliver_some(),
            worker.run_next(JOBS, now=clock.now),
            keep_some_places(),
            note_publications(now=clock.now()),
            _tell_of_finality(),
            catalogue(),
            follow_up(),
        ]
        if any(worked):
            continue
        if once:
            return
        time.sleep(PAUSE)


def now_and_then(work: Callable[[], int], *, seconds: float) -> Callable[[], int]:
    """Return work that is not done again so soon after it found nothing to do."""
    begins = time.monotonic()

    def paced() -> int:
        nonlocal begins
        if time.monotonic() < begins:
            return 0
        done = work()
        if not done:
            begins = time.monotonic() + seconds
        return done

    return paced


def _sweep_or_log() -> None:
    """Sweep the folder; one that can't be swept must not bring the worker down."""
    try:
        _sweep()
    except OSError:
        current_app.logger.exception("the folder of attachments was not swept")


@calendar.command("reply")
@click.argument("message", type=click.File("rb"), default="-")
def take_reply(message: BinaryIO) -> None:
    """Record a MESSAGE (by default from standard input) that answers an invitation (RFC 6047).

    Exit 1 with the reason if it answers none of ours: no answer is changed, and the mail is kept
    for the organiser to look at. Exit 75 if the database can't be reached: the mail server is to
    try again later.
    """
    content = message.read(SIZE + 1)
    try:
        _take_or_keep(content)
    except OperationalError as error:
        click.echo(f"Error: {error.orig}", err=True)
        raise SystemExit(os.EX_TEMPFAIL) from error


def _take_or_keep(content: bytes) -> None:
    config: Config = current_app.config["AJANG"]
    try:
        reply = read_reply(content, config.mail_authserv)
        with (
            current_app.test_request_context(base_url=config.base_url),
            transaction(writing=True),
        ):
            found = invitations.take_reply(reply, sender(config), now=clock.now())
            click.echo(f"{found.proposal.code}: {reply.attendee} {reply.answer}")
    except DomainError as refusal:
        with transaction(writing=True):
            unread.keep_unread(content, refusal.message, now=clock.now())
        if not (config.mail_reply_tokens or config.mail_authserv):
            click.echo("Set AJANG_MAIL_REPLY_TOKENS or AJANG_MAIL_AUTHSERV to take any.", err=True)
        raise click.ClickException(letter_text("en", refusal.message, refusal.values)) from refusal


@people.command("add-admin")
@click.argument("email")
@click.argument("name")
@click.password_option()
@click.option("--reset", is_flag=True, help="Give an account that exists this password.")
def add_admin(email: str, name: str, password: str, *, reset: bool) -> None:
    """Make a site administrator, who can make organisations and editions."""
    if not is_email(email):
        raise click.ClickException(f"“{email}” is no e-mail address: it comes first, then the name")
    if fault := password_fault(password):
        raise click.ClickException(letter_text("en", fault))
    password_hash = hash_password(password)
    with transaction(writing=True):
        known = person_with(email)
        if known is not None and known.password_hash and not reset:
            raise click.ClickException(
                f"{known.email} has an account ({known.name}), and nothing was changed; --reset "
                "gives it this password, ends its sessions and makes it an administrator"
            )
        person = known or person_named(email, name, now=clock.real_now())
        set_password(person, password_hash)
        person.is_site_admin = True
        click.echo(_told_of(person, is_new=known is None))


def _told_of(person: Person, *, is_new: bool) -> str:
    if is_new:
        return f"{person.email} ({person.name}) is a new account and can make editions"
    return (
        f"{person.email} ({person.name}) has the new password, its sessions have ended, and it "
        "can make editions"
    )
