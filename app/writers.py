"""How SQLite's writers wait for each other: in order of arrival, and not for ever. Pure.

SQLite itself lets writers try again and again, and the luckiest is next: of 64 at once, some waited
twice as long. Here the threads of a process queue at a lock, and one thread of each process at two
files: who holds the first is next at the second, so no process is passed by twice.
"""

import fcntl
import time
from collections import defaultdict, deque
from pathlib import Path
from threading import Lock
from typing import BinaryIO

LOOK_AGAIN = 0.001  # seconds between two looks at whether the one before has finished
HURRY = 1.0  # seconds that are waited once others have waited in vain


class TooBusy(Exception):
    """Somebody has been writing for too long to go on waiting for them; nothing was changed."""


class WritingTurn:
    """A turn to write, until it is closed."""

    def __init__(self, threads: "_Line", file: BinaryIO) -> None:
        self._threads, self._file = threads, file

    def close(self) -> None:
        """End the turn."""
        self._file.close()
        self._threads.leave()


def wait_for_turn(database: str, *, patience: float) -> WritingTurn:
    """Wait for a turn to write to the database (a file); raise `TooBusy` after `patience` seconds.

    While a writer hangs, those who come later wait a second only, so that the server's threads
    remain free for readers.
    """
    threads = _lines[database]
    until = time.monotonic() + (min(patience, HURRY) if threads.is_stuck else patience)
    try:
        threads.enter(until)
        file = _next_file(database, threads, until)
    except _TooLate as error:
        threads.is_stuck = True
        raise TooBusy("somebody has been writing for too long") from error
    threads.is_stuck = False
    return WritingTurn(threads, file)


class _TooLate(Exception):
    """A turn did not come in time."""


class _Line:
    """The threads of this process that wait to write to a database, first come, first served."""

    def __init__(self) -> None:
        self.is_stuck = False  # whether the last one waited in vain
        self._changing, self._is_taken = Lock(), False
        self._waiting: deque[Lock] = deque()

    def enter(self, until: float) -> None:
        """Wait to be the first; a lock of one's own, as those who share one may be passed by."""
        with self._changing:
            if not self._is_taken:
                self._is_taken = True
                return
            own = Lock()
            own.acquire()
            self._waiting.append(own)
        if own.acquire(timeout=max(until - time.monotonic(), 0)):
            return
        with self._changing:
            if own in self._waiting:
                self._waiting.remove(own)
                raise _TooLate

    def leave(self) -> None:
        """Let the next one in."""
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_lines: dict[str, _Line] = defaultdict(_Line)


def _next_file(database: str, threads: _Line, until: float) -> BinaryIO:
    """Return the file whose lock is a turn among processes, or leave the line."""
    try:
        with _locked(f"{database}-next", until):
            return _locked(f"{database}-queue", until)
    except BaseException:
        threads.leave()
        raise


def _locked(name: str, until: float) -> BinaryIO:
    """Return the file once it is locked; closing it lets the next one in."""
    file = Path(name).open("ab")  # noqa: SIM115 -- open for as long as it is locked
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                file.close()
                raise _TooLate from error
            time.sleep(LOOK_AGAIN)
        else:
            return file
