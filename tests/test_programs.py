"""The programs that people start: what they say, how they notice changes, how they end."""

import hashlib
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.demo.moments import DOMAIN

PROJECT = Path(__file__).parent.parent
FOLDERS = ("app", "bin", "migrations", "static", "templates")
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
PATIENCE = 300  # seconds until a program is ended that does not do what is waited for


class Program:
    """A program of a copy of the project, so that the copy's files can be changed."""

    def __init__(self, home: Path, name: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.home, self.address = home, f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, home / "bin" / name, "--at", "draft", "--port", port],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.alarm = threading.Timer(PATIENCE, self.process.terminate)
        self.alarm.start()

    def read_until(self, text: str) -> str:
        """Return what the program says up to the line that has `text`."""
        said = ""
        for line in self.process.stdout:
            said += line
            if text in line:
                return said
        raise AssertionError(said)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return answer.read().decode()

    def change(self, path: str, before: str, after: str) -> None:
        file = self.home / path
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after), "utf-8")

    def end(self) -> int:
        """Tell it to stop; return its status once all that could write to its output has ended."""
        self.process.terminate()
        self.process.communicate(timeout=60)
        self.alarm.cancel()
        return self.process.returncode


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str], Program]]:
    """Start a program of a copy of the project, in which the packages are those of this run."""
    for name in FOLDERS:
        shutil.copytree(PROJECT / name, tmp_path / name)
    for name in ("wsgi.py", *LOCKS.values()):
        shutil.copy(PROJECT / name, tmp_path)
    environment = tmp_path / ".venv"
    environment.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (environment / name).symlink_to(Path(sys.prefix) / name)
    for purpose, lock in LOCKS.items():
        known = (PROJECT / lock).read_bytes() + sys.version.encode()
        (environment / f"stamp-{purpose}").write_text(hashlib.sha256(known).hexdigest(), "utf-8")
    programs = []

    def start(name: str) -> Program:
        programs.append(Program(tmp_path, name))
        return programs[-1]

    yield start
    for program in programs:
        program.end()


def test_bin_dev_serves_the_demo_picks_up_changes_and_ends_with_its_children(started):
    program = started("dev")
    said = program.read_until("Ctrl+C stops it")
    assert f"sekretariat@{DOMAIN}" in said
    assert f"\n{program.address}\n" in said

    program.change("templates/base.html", "</html>", "<!-- {{ word or 'changed' }} --></html>")
    assert "<!-- changed -->" in program.get("/")

    known = 'app.jinja_env.globals["word"] = "known"'
    program.change("wsgi.py", "app = serving()", f"app = serving()\n{known}")
    program.read_until("Debugger is active!")  # what asks from here on waits for the new server
    assert "<!-- known -->" in program.get("/")

    assert program.end() == 0


def test_bin_run_serves_the_demo_and_ends_with_its_children(started):
    program = started("run")
    said = program.read_until("Ctrl+C stops it")
    assert f"sekretariat@{DOMAIN}" in said
    assert f"\n{program.address}\n" in said
    assert "<html" in program.get("/")
    assert program.end() == 0
