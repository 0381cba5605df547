"""Fixtures: an application on a fresh database of either kind, clients in each role."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from app import clock, create_app, demo
from app.accounts.models import Person
from app.config import Config
from app.database import db, transaction
from app.editions.models import Membership
from app.proposals.models import Proposal

SLUG = "luwu-utara-2019"
E = f"/editions/{SLUG}"
BASE = "http://127.0.0.1:8000"

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database of this run."""
    return request.config.getoption("--database")


class Store:
    """Makes databases quickly: each is a copy of one that was prepared once."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder
        self.templates: dict[str, tuple[str, Path]] = {}

    def config(self, url: str, data: Path, **options: object) -> Config:
        return Config(secret_key="x" * 40, database_url=url, data=data, demo=True, **options)

    def empty(self) -> tuple[str, Path]:
        """A new address and data folder, with nothing in the database."""
        name = f"ajang_{uuid4().hex}"
        data = self.folder / name
        data.mkdir()
        if self.kind == "sqlite":
            return f"sqlite:///{data}/ajang.sqlite", data
        self._administer(f'CREATE DATABASE "{name}"')
        return self._server().set(database=name).render_as_string(hide_password=False), data

    def template(self, name: str, prepare: Callable[[Flask], None]) -> tuple[str, Path]:
        if name not in self.templates:
            url, data = self.empty()
            app = create_app(self.config(url, data))
            with app.app_context():
                upgrade()
                prepare(app)
                db.session.remove()
                db.engine.dispose()
            self.templates[name] = url, data
        return self.templates[name]

    def copy(self, name: str, prepare: Callable[[Flask], None]) -> tuple[str, Path]:
        """A new database like the prepared one."""
        source, source_data = self.template(name, prepare)
        if self.kind == "sqlite":
            data = self.folder / uuid4().hex
            shutil.copytree(source_data, data)
            return f"sqlite:///{data}/ajang.sqlite", data
        new = f"ajang_{uuid4().hex}"
        self._administer(f'CREATE DATABASE "{new}" TEMPLATE "{sa.make_url(source).database}"')
        data = self.folder / new
        shutil.copytree(source_data, data)
        return self._server().set(database=new).render_as_string(hide_password=False), data

    def drop(self, url: str, data: Path) -> None:
        if self.kind == "postgresql":
            self._administer(f'DROP DATABASE "{sa.make_url(url).database}" WITH (FORCE)')
        shutil.rmtree(data)

    def _server(self) -> sa.URL:
        return sa.make_url(os.environ["AJANG_TEST_POSTGRES"])

    def _administer(self, statement: str) -> None:
        engine = sa.create_engine(self._server(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def store(database: str, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(database, tmp_path_factory.mktemp("databases"))


def play(moment: str) -> Callable[[Flask], None]:
    """Return what brings an application to a moment of the demo."""

    def prepare(app: Flask) -> None:
        with app.test_request_context(base_url=BASE), transaction(writing=True):
            demo.play(moment)

    return prepare


@pytest.fixture
def make_app(store: Store) -> Iterator[Callable[..., Flask]]:
    """Make an application at a moment of the demo, or with an empty database."""
    made = []

    def make(moment: str | None = None, **options: object) -> Flask:
        prepare = play(moment) if moment else lambda _app: None
        url, data = store.copy(moment or "migrated", prepare)
        offset = demo.MOMENTS[moment] - clock.real_now() if moment else timedelta(0)
        app = create_app(store.config(url, data, clock_offset=offset, **options))
        made.append((app, url, data))
        return app

    yield make
    for app, url, data in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        store.drop(url, data)
    clock.shift(timedelta(0))


def bar(app: Flask, account: str, number: int) -> None:
    """Let a person act for the agency of a proposal, in all their roles: a conflict of interest."""
    with app.app_context(), transaction(writing=True):
        person = sa.select(Person.id).where(Person.email == f"{account}@{demo.DOMAIN}")
        agency = sa.select(Proposal.agency_id).where(Proposal.number == number)
        db.session.execute(
            sa.update(Membership)
            .where(Membership.person_id == person.scalar_subquery())
            .values(agency_id=agency.scalar_subquery())
        )


class Browser:
    """A client that signs in, reads tokens from pages and fills in forms, without JavaScript."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: object) -> object:
        response = self.client.get(path, base_url=BASE, **options)
        text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        self.token = found[1] if found else self.token
        return response

    def post(self, path: str, data: dict | None = None, **options: object) -> object:
        if not self.token:
            self.get("/sign-in")
        values = {"csrf_token": self.token} | (data or {})
        return self.client.post(path, data=values, base_url=BASE, **options)

    def sign_in(self, name: str, password: str = demo.PASSWORD) -> "Browser":
        self.get("/sign-in")
        email = name if "@" in name else f"{name}@{demo.DOMAIN}"
        response = self.post("/sign-in", {"email": email, "password": password})
        assert response.status_code == 302, response.get_data(as_text=True)
        self.token = ""
        self.get("/my-work")
        return self

    def version(self, path: str) -> str:
        text = self.get(path).get_data(as_text=True)
        return re.search(r'name="version" value="(\d+)"', text)[1]


def publish(organiser: Browser) -> object:
    """Publish the draft of the schedule, as the organiser."""
    page = organiser.get(f"{E}/schedule/versions").get_data(as_text=True)
    expected = re.search(r'name="expected" value="(\d+)"', page)[1]
    return organiser.post(f"{E}/schedule/versions", {"expected": expected, "note": ""})


@pytest.fixture
def browse() -> Callable[..., Browser]:
    """Open a browser on an application, signed in under a demo account or as a stranger."""

    def opened(app: Flask, name: str | None = None) -> Browser:
        browser = Browser(app.test_client())
        return browser.sign_in(name) if name else browser

    return opened


@pytest.fixture
def counted() -> Callable[..., object]:
    """Count the SQL statements of a block on an application's engine."""

    class Count:
        def __init__(self, app: Flask) -> None:
            self.app, self.statements = app, []

        def __enter__(self) -> Self:
            with self.app.app_context():
                self.engine = db.engine
            sa.event.listen(self.engine, "before_cursor_execute", self._note)
            return self

        def __exit__(self, *_: object) -> None:
            sa.event.remove(self.engine, "before_cursor_execute", self._note)

        def _note(self, _c: object, _cur: object, statement: str, *_: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
                self.statements.append(statement)

    return Count


class Live:
    """A real server over a database, as a deployment runs it."""

    def __init__(
        self, url: str, data: Path, port: int, offset: int, *, database: str, workers: int
    ) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.url, self.data, self.database = url, data, database
        self.environment = os.environ | {
            "AJANG_SECRET_KEY": "x" * 40,
            "AJANG_DATABASE_URL": url,
            "AJANG_DATA": str(data),
            "AJANG_BASE_URL": self.base,
            "AJANG_DEMO": "1",
            "AJANG_CLOCK_OFFSET": str(offset),
        }
        self.command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--worker-class", "gthread"]
        self.command += ["--bind", f"127.0.0.1:{port}", "--threads", "8"]
        self.command += ["--workers", str(workers)]
        self.log = (data / "server.log").open("wb")

    def start(self) -> "Live":
        self.process = subprocess.Popen(
            self.command, env=self.environment, stdout=self.log, stderr=self.log
        )
        return self.wait()

    def move_to(self, moment: datetime) -> None:
        """Start again, on the same data, with the domain's clock at another moment."""
        self.stop()
        offset = int((moment - clock.real_now()).total_seconds())
        self.environment["AJANG_CLOCK_OFFSET"] = str(offset)
        self.start()

    def work(self) -> None:
        """Run the worker until nothing waits."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"]
        subprocess.run(command, env=self.environment, stdout=self.log, stderr=self.log, check=True)

    def wait(self) -> "Live":
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.base, timeout=5):
                    return self
            except OSError:
                time.sleep(0.1)  # until the port opens; a listening server answers at once
        raise AssertionError((self.data / "server.log").read_text("utf-8"))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture
def live(store: Store) -> Iterator[Callable[..., Live]]:
    """Serve the demo at a moment by gunicorn on a free port of loopback."""
    servers = []

    def start(
        moment: str, change: Callable[[sa.Engine], None] | None = None, *, workers: int = 2
    ) -> Live:
        url, data = store.copy(moment, play(moment))
        if change:
            engine = sa.create_engine(url)
            change(engine)
            engine.dispose()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        offset = int((demo.MOMENTS[moment] - clock.real_now()).total_seconds())
        server = Live(url, data, port, offset, database=store.kind, workers=workers)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.stop()
        store.drop(server.url, server.data)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for each process of a run: Playwright can't be started twice in one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("AJANG_CHROMIUM", "/usr/bin/chromium"),
            args=CHROMIUM_FLAGS,
        )
        yield browser
        browser.close()


@pytest.fixture
def app_on(store: Store) -> Iterator[Callable[[Live], Flask]]:
    """An application on the same database as a live server, to prepare and to look."""
    made = []

    def make(server: Live) -> Flask:
        made.append(create_app(store.config(server.url, server.data)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
