"""Runs one of the application's commands, such as `worker`, again whenever its Python changes."""

from flask.cli import main
from werkzeug._reloader import run_with_reloader  # the public way to it is for servers only

if __name__ == "__main__":
    run_with_reloader(main)
