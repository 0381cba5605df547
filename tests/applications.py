"""Applications lent to one test after another: made once, each time with a database of its own.

What an application takes long to learn (its addresses, templates, statements) it keeps from test to
test; its database and data folder are made anew. One that a test has changed is not lent again.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import Flask

from app import clock, create_app
from app.config import Config
from app.demo.moments import MOMENTS
from app.evaluation import kept
from app.web.shared import forget
from tests.databases import Store, close, play


class Applications:
    """The applications of one process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.idle: dict[str, list[Flask]] = defaultdict(list)
        self.lent: list[tuple[str, Flask, dict[str, object]]] = []

    def lend(self, moment: str | None, **options: object) -> Flask:
        """Lend an application at a moment of the demo, or with an empty database."""
        kind = repr(sorted(options.items()))
        idle = self.idle[kind]
        app = idle.pop() if idle else self._new(**options)
        config = config_of(app)
        prepare = play(moment) if moment else lambda _app: None
        self.store.fill(config.data, moment or "migrated", prepare)
        offset = MOMENTS[moment] - clock.real_now() if moment else timedelta(0)
        app.extensions["calendars"].clear()  # what it remembers of its last database
        forget(app)
        kept._kept.clear()
        app.config["AJANG"] = replace(config, clock_offset=offset)
        clock.shift(offset)
        self.lent.append((kind, app, traits(app)))
        return app

    @contextmanager
    def lending(self, moment: str) -> Iterator[Flask]:
        """Lend one for a while, where a test needs many after each other."""
        try:
            yield self.lend(moment)
        finally:
            self.take_back()

    def take_back(self) -> None:
        """End what the test has done with those lent to it."""
        for kind, app, before in self.lent:
            close(app)
            self.store.drop(config_of(app).data)
            if traits(app) == before:
                self.idle[kind].append(app)
        self.lent.clear()
        clock.shift(timedelta(0))

    def _new(self, **options: object) -> Flask:
        return create_app(self.store.config(*self.store.place(), **options))


def config_of(app: Flask) -> Config:
    return app.config["AJANG"]


def traits(app: Flask) -> dict[str, object]:
    """What a test could have changed of an application."""
    return {
        "config": dict(app.config),
        "views": dict(app.view_functions),
        "globals": dict(app.jinja_env.globals),
    }
