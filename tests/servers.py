"""A real server over a database, as a deployment runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from app import clock
from app.database import engine_options
from tests.cast import Answer, Part
from tests.databases import SECRET_KEY
from tests.sessions import Identity, identity


class Live:
    """Gunicorn on a port of loopback; the application is loaded once for all its workers."""

    def __init__(
        self, url: str, data: Path, port: int, offset: int, *, database: str, workers: int
    ) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.url, self.data, self.database = url, data, database
        self.environment = os.environ | {
            "AJANG_SECRET_KEY": SECRET_KEY,
            "AJANG_DATABASE_URL": url,
            "AJANG_DATA": str(data),
            "AJANG_BASE_URL": self.base,
            "AJANG_DEMO": "1",
            "AJANG_CLOCK_OFFSET": str(offset),
        }
        self.command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--worker-class", "gthread"]
        self.command += ["--bind", f"127.0.0.1:{port}", "--threads", "8"]
        self.command += ["--workers", str(workers), "--preload"]
        self.command += ["--graceful-timeout", "5"]  # a browser may still hold a connection open
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

    def run(self, *arguments: str) -> None:
        """Run a command as who keeps the server would."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        subprocess.run(command, env=self.environment, stdout=self.log, stderr=self.log, check=True)

    def work(self) -> None:
        """Run the worker until nothing waits."""
        self.run("worker", "--once")

    def identity(self, who: str | Part) -> Identity:
        """Sign in without the sign-in page."""
        with self._engine() as engine:
            return identity(engine, who)

    def ask(self, question: Callable[[sa.Connection], Answer]) -> Answer:
        """Put a question of the cast to the server's database."""
        with self._engine() as engine, engine.connect() as connection:
            return question(connection)

    @contextmanager
    def _engine(self) -> Iterator[sa.Engine]:
        engine = sa.create_engine(self.url, **engine_options(self.url))
        try:
            yield engine
        finally:
            engine.dispose()

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

    def close(self) -> None:
        """Stop for good, at once: nobody waits for an answer any more."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self.log.close()


def free_port() -> int:
    """A port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
