"""Runs a program of ours on foreign content in a process of its own that can be stopped. Pure.

Libraries that read foreign files can't be told how long they may take or how much memory they may
use; the system can. The server calls `run`. The process starts with this file and is limited before
the program begins; it knows none of the server's settings and imports none of its modules.
"""

import os
import resource
import runpy
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore

OUTPUT = 20_000_000  # bytes
OPEN_FILES = 64
AT_ONCE = 2  # in each server process, so that their memory together has a known limit
SLACK = 3  # on a busy machine a second of CPU time takes longer than a second
_KEPT = ("LD_LIBRARY_PATH",)  # where some systems keep the libraries of Python itself
_places = BoundedSemaphore(AT_ONCE)


class Overrun(Exception):
    """A program that needed more time or memory than it was allowed, or failed."""


def run(program: Path, content: bytes, *arguments: str, seconds: int, memory: int) -> bytes:
    """Return what a program (a module or a package) writes, given `content`, or raise Overrun.

    It may use `seconds` of CPU time, three times as many by the clock, and `memory` bytes.
    """
    own = [sys.executable, "-I", __file__]
    command = [*own, str(program.resolve()), str(seconds), str(memory), *arguments]
    if not _places.acquire(timeout=seconds):
        raise Overrun("too many at once")
    try:
        return _output(command, content, seconds * SLACK)
    finally:
        _places.release()


def _output(command: list[str], content: bytes, seconds: int) -> bytes:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # A file rather than a pipe: the system itself keeps it from growing too large.
    with TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 -- our own program; nothing in it is by others
                command,
                input=content,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Overrun("stopped by the clock") from error
        if done.returncode:
            raise Overrun(f"ended with {done.returncode}")
        output.seek(0)
        return output.read()


def _limit(seconds: int, memory: int) -> None:
    """Limit this process for good."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        allowed = resource.getrlimit(kind)[1]
        most_allowed = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (most_allowed, most_allowed))


def _begin(program: Path, seconds: int, memory: int) -> None:
    """Limit this process, then run the program in it."""
    _limit(seconds, memory)
    sys.path.append(str(program.parent))  # last, so that its neighbours hide no library
    runpy.run_module(program.stem, run_name="__main__")


if __name__ == "__main__":
    given, *figures = sys.argv[1:4]
    sys.argv[:4] = [given]
    _begin(Path(given), *map(int, figures))
