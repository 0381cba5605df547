"""Databases for tests: each a copy of one that was prepared once in the whole run."""

import fcntl
import os
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.config import Config
from app.database import db, sqlite, transaction
from app.demo import story

BASE = "http://127.0.0.1:8000"
SECRET_KEY = "x" * 40

Prepare = Callable[[Flask], None]


@sa.event.listens_for(sa.Engine, "connect")
def _wait_for_no_disk(connection: object, _record: object) -> None:
    """Tests' own connections need not survive a power cut; live servers keep the app's rule."""
    if isinstance(connection, sqlite.Connection):
        connection.execute("PRAGMA synchronous=OFF")


class Store:
    """Makes databases of one kind in a folder that the processes of a run share."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder
        folder.mkdir(exist_ok=True)

    def config(self, url: str, data: Path, **options: object) -> Config:
        return Config(secret_key=SECRET_KEY, database_url=url, data=data, demo=True, **options)

    def place(self) -> tuple[str, Path]:
        """A new address and the folder for its data, where nothing is yet."""
        data = self.folder / f"ajang_{uuid4().hex}"
        if self.kind == "sqlite":
            return f"sqlite:///{data}/ajang.sqlite", data
        return self._server.set(database=data.name).render_as_string(hide_password=False), data

    def empty(self) -> tuple[str, Path]:
        """A new database with nothing in it."""
        url, data = self.place()
        data.mkdir()
        if self.kind == "postgresql":
            self._administer(f'CREATE DATABASE "{data.name}"')
        return url, data

    def copy(self, name: str, prepare: Prepare) -> tuple[str, Path]:
        """A new database like the prepared one of this name."""
        url, data = self.place()
        self.fill(data, name, prepare)
        return url, data

    def fill(self, data: Path, name: str, prepare: Prepare) -> None:
        """Make the database of this place like the prepared one of this name."""
        source = self._prepared(name, prepare)
        shutil.copytree(source, data)
        if self.kind == "postgresql":
            # copying files takes half the time of writing each page to the log
            self._administer(
                f'CREATE DATABASE "{data.name}" TEMPLATE "{source.name}" STRATEGY FILE_COPY'
            )

    def drop(self, data: Path) -> None:
        if self.kind == "postgresql":
            self._administer(f'DROP DATABASE "{data.name}" WITH (FORCE)')
        shutil.rmtree(data)

    def close(self) -> None:
        """Leave the server, if any was asked."""
        if "_administration" in self.__dict__:
            self._administration.close()
            self._administration.engine.dispose()

    def _prepared(self, name: str, prepare: Prepare) -> Path:
        """The folder of the prepared database, which whoever asks first prepares."""
        known = self.folder / f"{name}.prepared"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not known.exists():
                known.symlink_to(self._new(prepare))
        return known.resolve()

    def _new(self, prepare: Prepare) -> Path:
        url, data = self.empty()
        app = create_app(self.config(url, data))
        with app.app_context():
            upgrade()
            prepare(app)
        close(app)
        return data

    @property
    def _server(self) -> sa.URL:
        return sa.make_url(os.environ["AJANG_TEST_POSTGRES"])

    @cached_property
    def _administration(self) -> sa.Connection:
        return sa.create_engine(self._server, isolation_level="AUTOCOMMIT").connect()

    def _administer(self, statement: str) -> None:
        self._administration.exec_driver_sql(statement)


def play(moment: str) -> Prepare:
    """Return what brings an application to a moment of the demo."""

    def prepare(app: Flask) -> None:
        with app.test_request_context(base_url=BASE), transaction(writing=True):
            story.play(moment)

    return prepare


def close(app: Flask) -> None:
    """Close what an application has opened."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
