"""Commands: `flask --app wsgi audit|mail|people …`."""

import time

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app import clock
from app.accounts.actions import person_named
from app.accounts.secrets import hash_password
from app.audit.chain import verify
from app.config import Config
from app.database import transaction
from app.editions.queries import edition_named
from app.mail.outbox import deliver, sender_to

PAUSE = 2.0  # seconds between two looks into the outbox

audit = AppGroup("audit", help="The audit trail of an edition.")
mail = AppGroup("mail", help="The outbox.")
people = AppGroup("people", help="People who can sign in.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    for group in (audit, mail, people):
        app.cli.add_command(group)


@audit.command("verify")
@click.argument("edition")
def verify_edition(edition: str) -> None:
    """Recompute the chain of EDITION; exit 1 at the first broken entry."""
    with transaction(writing=False):
        found = edition_named(edition)
        if found is None:
            raise click.ClickException(f"there is no edition {edition}")
        verdict = verify(found.id)
    if verdict.holds:
        click.echo(f"{edition}: {verdict.entries} entries, all as recorded; head {verdict.head}")
        return
    click.echo(f"{edition}: broken at entry {verdict.broken_at}", err=True)
    raise SystemExit(1)


@mail.command("deliver")
@click.option("--forever", is_flag=True, help="Look again every two seconds.")
def deliver_mail(*, forever: bool) -> None:
    """Deliver the letters that are due."""
    config: Config = current_app.config["AJANG"]
    send = sender_to(config.mail_url, config.letters)
    while True:
        count = deliver(send, sender=config.mail_from, now=clock.now())
        if not forever:
            click.echo(f"{count} delivered")
            return
        time.sleep(PAUSE)


@people.command("add-admin")
@click.argument("email")
@click.argument("name")
@click.password_option()
def add_admin(email: str, name: str, password: str) -> None:
    """Make a site administrator, who can make organisations and editions."""
    password_hash = hash_password(password)
    with transaction(writing=True):
        person = person_named(email, name, now=clock.real_now())
        person.password_hash = password_hash
        person.is_site_admin = True
    click.echo(f"{email} can sign in and make editions")
