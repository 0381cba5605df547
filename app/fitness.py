"""Whether a deployment's folder and database are ones that the application can work with."""

import os
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.config import Config
from app.database import db

UPGRADE = "run “flask --app wsgi db upgrade”"


class Unfit(Exception):
    """What is missing, and what to do, in one sentence."""


def check_fit() -> None:
    """Raise `Unfit` if the folder or the database is not one that the application can work with."""
    config: Config = current_app.config["AJANG"]
    if not config.data.is_dir():
        raise Unfit(f"the folder AJANG_DATA ({config.data}) does not exist: make it.")
    if not os.access(config.data, os.W_OK):
        raise Unfit(f"the folder AJANG_DATA ({config.data}) can't be written to.")
    script = ScriptDirectory(str(Path(current_app.extensions["migrate"].directory).resolve()))
    present, newest = _present_revision(), script.get_current_head()
    known = {revision.revision for revision in script.walk_revisions()}
    if present is None:
        raise Unfit(f"the database has no tables yet: {UPGRADE}.")
    if present not in known:
        raise Unfit(f"the database (revision {present}) is of a newer version of Ajang: update it.")
    if present != newest:
        raise Unfit(f"the database has revision {present}, and {newest} is needed: {UPGRADE}.")


def _present_revision() -> str | None:
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise Unfit(f"the database can't be opened: {reason}") from error
    finally:
        db.engine.dispose()  # nothing is open when a server makes its workers of this process
