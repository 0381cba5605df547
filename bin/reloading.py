"""Runs one of the application's commands, anew whenever its Python changes, as `worker`."""

from flask.cli import main
from werkzeug._reloader import run_with_reloader  # the public way to it is for servers only

if __name__ == "__main__":
    run_with_reloader(main)
