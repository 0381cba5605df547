"""The command `flask --app wsgi demo prepare`."""

from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from app.config import Config
from app.database import transaction
from app.demo.moments import DOMAIN, MOMENTS, PASSWORD
from app.demo.story import play

demo = AppGroup("demo", help="The Luwu Utara edition with an account for each role.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(demo)


@demo.command("prepare")
@click.option("--at", "moment", type=click.Choice(list(MOMENTS)), default="picking")
def prepare(moment: str) -> None:
    """Migrate, load the edition at MOMENT unless it is there, and print who can sign in."""
    config: Config = current_app.config["AJANG"]
    upgrade()
    if not (config.data / "clock").exists():
        _load(moment, config)
    _print_accounts()


def _load(moment: str, config: Config) -> None:
    with current_app.test_request_context(base_url=config.base_url), transaction(writing=True):
        play(moment)
    offset = MOMENTS[moment] - datetime.now(UTC)
    (config.data / "moment").write_text(moment, "utf-8")
    (config.data / "clock").write_text(str(int(offset.total_seconds())), "utf-8")


def _print_accounts() -> None:
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
