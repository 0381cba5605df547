"""Applications under gunicorn on loopback, and requests to them over HTTP or in this process."""

import gzip
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

GZIP = "gzip"
TICK = os.sysconf("SC_CLK_TCK")

Send = Callable[..., tuple[int, bytes, Any]]


@dataclass
class Server:
    """One application under gunicorn, with what a client needs to talk to it."""

    application: Flask
    command: list[str]
    folder: Path
    environment: dict[str, str]
    port: int = 0
    process: Any = None
    workers: list[int] = field(default_factory=list)

    def start(self, *, workers: int = 1, threads: int = 4) -> None:
        """Start on a free port and wait for the workers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", *self.command, "--bind"]
        command += [f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--preload"]
        command += ["--workers", str(workers), "--threads", str(threads)]
        command += ["--keep-alive", "30", "--log-level", "warning"]
        self.process = subprocess.Popen(command, cwd=self.folder, env=os.environ | self.environment)
        until = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise SystemExit("A server did not start; see above.")
            time.sleep(0.1)
        self.workers = children_of(self.process.pid)

    def cpu(self) -> float:
        """Return the seconds of CPU that the worker has used, in user and system mode."""
        ticks = 0
        for pid in self.workers:
            values = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            ticks += int(values[11]) + int(values[12])
        return ticks / TICK

    def stop(self) -> None:
        """End the server, if it was started."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self.port)):
                return False
        return bool(children_of(self.process.pid))


def children_of(parent: int) -> list[int]:
    """Return the processes that `parent` started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = stat.read_text("utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if int(values[1]) == parent:
            found.append(int(stat.parent.name))
    return found


@contextmanager
def sender(server: Server) -> Iterator[Send]:
    """Yield a function that sends requests over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def send(path: str, form: str | None = None, headers: dict[str, str] | None = None) -> Any:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request("POST" if form else "GET", path, form, (headers or {}) | kind)
        response = connection.getresponse()
        return response.status, response.read(), response.headers

    try:
        yield send
    finally:
        connection.close()


@contextmanager
def in_process(server: Server) -> Iterator[Send]:
    """Yield a function that asks the application without a server."""
    client = server.application.test_client(use_cookies=False)

    def send(path: str, form: str | None = None, headers: dict[str, str] | None = None) -> Any:
        kind = {"content_type": "application/x-www-form-urlencoded"} if form else {}
        method = "POST" if form else "GET"
        options = {"base_url": "http://127.0.0.1", "headers": headers or {}} | kind
        response = client.open(path, method=method, data=form, **options)
        return response.status_code, response.data, response.headers

    yield send


def fetch(
    server: Server, path: str, cookie: str = "", *, encoding: str = GZIP
) -> tuple[int, bytes]:
    """Ask once; return the status and the body as sent."""
    with sender(server) as send:
        status, body, _ = send(path, headers={"Cookie": cookie, "Accept-Encoding": encoding})
    return status, body


def plain(body: bytes) -> str:
    """Return a body's text, unpacked if it was packed."""
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()
