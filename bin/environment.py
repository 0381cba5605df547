"""Makes the environment in `.venv` from the locked packages: `bin/environment.py [--dev]`."""

from __future__ import annotations  # so that an older Python reaches the refusal

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOME = PROJECT / ".venv"
PYTHON = HOME / "bin" / "python"
OLDEST = (3, 11)
FULL = 4 * 1024 * 1024  # with fewer bytes left, a disk counts as full


class Refusal(Exception):
    """Why the environment can't be made, in one sentence."""


def make(*, dev: bool = False) -> Path:
    """Make or update the environment; return its Python."""
    if sys.version_info < OLDEST:
        raise Refusal("Ajang needs Python 3.11 or newer: install it and call this with it.")
    lock = PROJECT / ("requirements-dev.txt" if dev else "requirements.txt")
    stamp = HOME / f"stamp-{'dev' if dev else 'run'}"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if not (stamp.exists() and stamp.read_text("utf-8") == wanted):
        _install(lock)
        stamp.write_text(wanted, "utf-8")
    _compile_messages()
    return PYTHON


def _install(lock: Path) -> None:
    if not _has_pip():
        print("Making the environment in .venv …", flush=True)
        _run([sys.executable, "-m", "venv", "--clear", str(HOME)], "the environment")
    print(f"Installing the packages of {lock.name} …", flush=True)
    command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([str(PYTHON), *command, "--require-hashes", "-r", str(lock)], "the packages")


def _has_pip() -> bool:
    """Return whether the environment is complete: its making may have been interrupted."""
    probe = [str(PYTHON), "-c", "import pip"]
    return (
        PYTHON.exists() and not subprocess.run(probe, capture_output=True, check=False).returncode
    )


def _compile_messages() -> None:
    """Compile the catalogues whose source is newer."""
    for source in (PROJECT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            files = ["-i", str(source), "-o", str(compiled)]
            _run([str(PYTHON), "-m", "babel.messages.frontend", "compile", *files], "the messages")


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(
            f"{what.capitalize()} could not be made: {_reason(done.stdout + done.stderr)}"
        )


def _reason(output: str) -> str:
    reasons = {
        "No space left on device": "the disk is full.",
        "ensurepip is not available": "Python's venv module is missing (Debian: python3-venv).",
        "No module named venv": "Python's venv module is missing (Debian: python3-venv).",
        "NewConnectionError": "the package index can't be reached.",
        "Could not find a version": "the package index can't be reached or lacks a package.",
        "ConnectTimeoutError": "the package index does not answer.",
        "DO NOT MATCH THE HASHES": "a downloaded package is not the one that was locked.",
    }
    if shutil.disk_usage(PROJECT).free < FULL:
        return reasons["No space left on device"]
    found = (text for mark, text in reasons.items() if mark in output)
    return next(found, output.strip().splitlines()[-1] if output.strip() else "no reason given.")


if __name__ == "__main__":
    try:
        make(dev="--dev" in sys.argv[1:])
    except Refusal as refusal:
        sys.exit(str(refusal))
    except OSError as error:
        sys.exit(f"The environment could not be made: {error.strerror}.")
