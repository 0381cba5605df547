"""Serves the demo edition of Luwu Utara 2019 on loopback: what `bin/run` and `bin/dev` share."""

from __future__ import annotations  # so that an older Python reaches the refusal

import argparse
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import environment

MOMENTS = ("draft", "screening", "picking", "scoring", "plenary", "published")
PATIENCE = 60  # seconds until the server must answer


def main(
    purpose: str | None, commands: Callable[[int], list[list[str]]], *, dev: bool, hint: str
) -> str | int:
    """Prepare the demo and serve it until a signal; return how the program ends.

    `commands` returns, for a port, what Python starts: the server and its worker.
    """
    try:
        options = parse(purpose)
        stop_on_signals()
        check_port(options.port)
        data = folder(options)
        python = str(environment.make(dev=dev))
        settings = environ(options, data)
        load(python, settings, data, options.at or "picking")
        settings["AJANG_CLOCK_OFFSET"] = (data / "clock").read_text("utf-8")
        started = [[python, *command] for command in commands(options.port)]
        return serve(started, settings, options.port, hint)
    except environment.Refusal as refusal:
        return str(refusal)
    except OSError as error:
        return f"Ajang could not start: {error.strerror or error}."


def parse(purpose: str | None) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--at", choices=MOMENTS, help="the moment of a fresh demo (picking)")
    parser.add_argument("--port", type=int, default=8000, help="the port on loopback (8000)")
    parser.add_argument("--data", type=Path, help="where the data lie (var/demo-MOMENT)")
    return parser.parse_args()


def stop_on_signals() -> None:
    """Let every way of stopping this, even closing the terminal, also stop what it started."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))


def check_port(port: int) -> None:
    """Refuse a port that something else listens on, before any slow work."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise environment.Refusal(
                f"Port {port} is taken or not allowed: choose another with --port."
            ) from None


def folder(options: argparse.Namespace) -> Path:
    """Return the data folder; refuse one that holds a demo of another moment."""
    default = environment.PROJECT / "var" / f"demo-{options.at or 'picking'}"
    data = (options.data or default).resolve()
    data.mkdir(parents=True, exist_ok=True)
    marker = data / "moment"
    present = marker.read_text("utf-8") if marker.exists() else None
    if options.at and present and present != options.at:
        raise environment.Refusal(
            f"{data} holds the demo at “{present}”, not “{options.at}”: choose another --data."
        )
    return data


def environ(options: argparse.Namespace, data: Path) -> dict[str, str]:
    """Return the settings of the application."""
    key = data / "secret-key"
    if not key.exists():
        key.touch(0o600)
        key.write_text(secrets.token_urlsafe(48), "utf-8")
    return os.environ | {
        "AJANG_DATA": str(data),
        "AJANG_DATABASE_URL": f"sqlite:///{data / 'ajang.sqlite'}",
        "AJANG_SECRET_KEY": key.read_text("utf-8"),
        "AJANG_BASE_URL": f"http://127.0.0.1:{options.port}",
        "AJANG_TRUSTED_HOSTS": "127.0.0.1,localhost",
        "AJANG_MAIL_URL": "folder",
        "AJANG_HTTPS": "0",
        "AJANG_DEMO": "1",
        "AJANG_CLOCK_OFFSET": "0",
    }


def load(python: str, settings: dict[str, str], data: Path, moment: str) -> None:
    """Migrate; load the demo the first time, or again if loading was interrupted.

    Starting Python with the whole application is what takes the time: one process does all, and
    none is started where the data were prepared for these very migrations.
    """
    prepared, wanted = data / "prepared", migrations()
    if (data / "clock").exists():
        print(f"Going on with the data in {data}; delete that folder to start afresh.", flush=True)
        known, accounts = words_in(prepared)
        if known == wanted and (data / "ajang.sqlite").exists():
            print(accounts, end="", flush=True)
            return
    else:
        for leftover in data.glob("ajang.sqlite*"):
            leftover.unlink()
        print(f"Loading the demo at “{moment}” …", flush=True)
    command = [python, "-m", "flask", "--app", "wsgi", "demo", "prepare", "--at", moment]
    options = {"cwd": environment.PROJECT, "env": settings, "capture_output": True, "text": True}
    done = subprocess.run(command, check=False, **options)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        is_full = any("No space left" in line or "disk is full" in line for line in lines)
        reason = "the disk is full" if is_full else lines[-1] if lines else "no reason given"
        raise environment.Refusal(f"The demo could not be prepared: {reason}.")
    prepared.write_text(f"{wanted}\n{done.stdout}", "utf-8")
    print(done.stdout, end="", flush=True)


def migrations() -> str:
    """Return what tells these migrations from others."""
    files = sorted((environment.PROJECT / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def words_in(prepared: Path) -> tuple[str, str]:
    """Return for which migrations the data were prepared, and what was said then."""
    known, _, said = (prepared.read_text("utf-8") if prepared.exists() else "").partition("\n")
    return known, said


def serve(commands: list[list[str]], settings: dict[str, str], port: int, hint: str) -> int:
    """Serve until a signal or until one of the processes ends."""
    options = {"cwd": environment.PROJECT, "env": settings, "start_new_session": True}
    children: list[subprocess.Popen[bytes]] = []
    try:
        children += (subprocess.Popen(command, **options) for command in commands)
        wait_for_answer(port, children)
        print(f"\nhttp://127.0.0.1:{port}\n{hint}", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise environment.Refusal("The server or its worker ended by itself; see above.")
    finally:
        stop(children)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End the processes and what they started; a second signal does not leave them behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.terminate()
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=30)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # a child leads the group of what it started


def wait_for_answer(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    """Wait until the first page is answered."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and all(child.poll() is None for child in children):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise environment.Refusal("The server did not start; see above.")
