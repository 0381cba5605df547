"""Starting under a server: what could not work says so in one sentence, and doesn't start."""

import os
import sys

from flask import Flask

from app import create_app
from app.config import UnsafeConfiguration
from app.fitness import Unfit, check_fit

UNFIT = 3  # the status by which gunicorn's workers say that there is no use in starting others


def serving() -> Flask:
    """Return the application, or end the process.

    Under the command `flask`, which also migrates, only the settings are asked.
    """
    try:
        app = create_app()
        if "FLASK_RUN_FROM_CLI" not in os.environ:
            with app.app_context():
                check_fit()
    except (UnsafeConfiguration, Unfit) as error:
        print(f"Ajang can't start: {error}", file=sys.stderr, flush=True)  # noqa: T201 -- no log yet
        raise SystemExit(UNFIT) from None
    return app
