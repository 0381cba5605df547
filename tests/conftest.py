"""Fixtures: an application on a fresh database of either kind, clients in each role."""

import os
from collections.abc import Callable, Iterator
from typing import Self

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from app import clock, create_app
from app.database import db
from app.demo.moments import MOMENTS
from tests.applications import Applications
from tests.cast import Part
from tests.clients import Browser
from tests.databases import Store, close, play
from tests.servers import Live, free_port

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

SLUG = "luwu-utara-2019"
E = f"/editions/{SLUG}"

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
    parser.addoption(
        "--second-database",
        action="store_true",
        help="leave out what another database can't change",
    )
    parser.addoption("--long", action="store_true", help="run the longest tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run is not asked for."""
    is_second = config.getoption("--second-database")
    is_long = config.getoption("--long") or "long" in config.option.markexpr

    def is_wanted(item: pytest.Item) -> bool:
        needs_database = "store" in item.fixturenames
        is_other = needs_database and not item.get_closest_marker("one_database")
        return (is_other or not is_second) and (is_long or not item.get_closest_marker("long"))

    config.hook.pytest_deselected(items=[item for item in items if not is_wanted(item)])
    items[:] = filter(is_wanted, items)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database of this run."""
    return request.config.getoption("--database")


@pytest.fixture(scope="session")
def store(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """What makes databases; the processes of one run share what each has prepared."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    store = Store(database, shared / "databases")
    yield store
    store.close()


@pytest.fixture(scope="session")
def applications(store: Store) -> Applications:
    return Applications(store)


@pytest.fixture
def make_app(applications: Applications) -> Iterator[Callable[..., Flask]]:
    """Make an application at a moment of the demo, or with an empty database."""

    def make(moment: str | None = None, **options: object) -> Flask:
        return applications.lend(moment, **options)

    yield make
    applications.take_back()


@pytest.fixture
def browse() -> Callable[..., Browser]:
    """Open a browser on an application, signed in as somebody or as a stranger."""

    def opened(app: Flask, who: str | Part | None = None) -> Browser:
        browser = Browser(app)
        return browser.sign_in(who) if who else browser

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


@pytest.fixture
def live(store: Store) -> Iterator[Callable[..., Live]]:
    """Serve the demo at a moment, or an empty database, by gunicorn on a free port of loopback."""
    servers = []

    def start(
        moment: str | None, change: Callable[[sa.Engine], None] | None = None, *, workers: int = 2
    ) -> Live:
        prepare = play(moment) if moment else lambda _app: None
        url, data = store.copy(moment or "migrated", prepare)
        if change:
            engine = sa.create_engine(url)
            change(engine)
            engine.dispose()
        offset = int((MOMENTS[moment] - clock.real_now()).total_seconds()) if moment else 0
        server = Live(url, data, free_port(), offset, database=store.kind, workers=workers)
        servers.append(server)
        return server.start()

    yield start
    for server in servers:
        server.close()
        store.drop(server.data)


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
        close(app)
