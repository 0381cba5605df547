"""Commands: `flask --app wsgi demo load|accounts`."""

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.config import Config
from app.database import transaction
from app.demo.moments import DOMAIN, MOMENTS, PASSWORD
from app.demo.story import play

demo = AppGroup("demo", help="The Luwu Utara edition with an account for each role.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(demo)


@demo.command("load")
@click.option("--at", "moment", type=click.Choice(list(MOMENTS)), default="picking")
def load(moment: str) -> None:
    """Load the edition into an empty database and set the clock to MOMENT."""
    config: Config = current_app.config["AJANG"]
    with current_app.test_request_context(base_url=config.base_url), transaction(writing=True):
        play(moment)
    offset = MOMENTS[moment] - datetime.now(UTC)
    (config.data / "moment").write_text(moment, "utf-8")
    (config.data / "clock").write_text(str(int(offset.total_seconds())), "utf-8")


@demo.command("accounts")
def accounts() -> None:
    """Print who can sign in."""
    click.echo(f"Password of every account: {PASSWORD}")
    for role, name in (
        ("Administrator", "admin"),
        ("Organiser", "sekretariat"),
        ("Screeners", "verifikator-1 … verifikator-3"),
        ("Judges (juri-4 chairs)", "juri-1 … juri-6"),
        ("Innovators (02 is a delegate)", "inovator-01 … inovator-27"),
        ("Observer", "pengamat"),
    ):
        click.echo(f"  {role}: {name}@{DOMAIN}")
