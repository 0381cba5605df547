"""Files that are on disk once they are answered for, and nothing of those that could not be."""

import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from app import clock
from app.dashboard.export_files import handlers, kind_of
from app.database import transaction
from app.demo.moments import PDF
from app.durable import write_durably
from app.editions.kinds import FileKind
from app.jobs import queue, worker
from app.mail.transports import sender_to
from app.proposals.files import store_file
from app.web.spreadsheets import Format
from tests.factories import the_edition, the_person

TOO_LITTLE = 1000  # bytes that a disk still takes


def write(folder: Path, size: int) -> None:
    write_durably(folder / "name", b"x" * size)


def attach(folder: Path, size: int) -> None:
    content = PDF + b"\n" * size
    store_file(content, "surat.pdf", accepts=FileKind.PDF, megabytes=1, folder=folder)


def send(folder: Path, size: int) -> None:
    message = EmailMessage()
    message["Message-ID"] = "<letter@ajang>"
    message.set_content("x " * size)
    sender_to("folder", folder)(message)


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "file": write,
    "document": attach,
    "letter": send,
}


@contextmanager
def full_disk() -> Iterator[None]:
    """A disk that takes next to nothing any more."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (TOO_LITTLE, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.fixture
def synced(monkeypatch) -> list[tuple[str, int]]:
    """What the system was asked to put on disk, in order: which kind of thing, of which size."""
    asked, fsync = [], os.fsync

    def note(descriptor: int) -> None:
        state = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(state.st_mode)
        asked.append(("folder", 0) if is_folder else ("file", state.st_size))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return asked


@pytest.mark.field("faults 2")
@pytest.mark.parametrize("writer", WRITERS)
def test_the_whole_file_is_on_disk_and_then_its_name(tmp_path, synced, writer):
    WRITERS[writer](tmp_path, 5000)
    written = [path.stat().st_size for path in tmp_path.iterdir()]
    assert synced == [("file", *written), ("folder", 0)]


@pytest.mark.field("faults 2")
@pytest.mark.parametrize("writer", WRITERS)
def test_so_is_the_name_of_each_folder_that_was_not_there(tmp_path, synced, writer):
    WRITERS[writer](tmp_path / "new" / "folder", 5000)
    assert [kind for kind, _ in synced] == ["folder", "folder", "file", "folder"]


@pytest.mark.field("faults 2", "faults 16")
@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_keeps_no_part_of_a_file(tmp_path, writer):
    with full_disk(), pytest.raises(OSError, match="File too large"):
        WRITERS[writer](tmp_path, 100_000)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_can_not_be_replaced_stays_as_it_was(tmp_path):
    (tmp_path / "name").write_bytes(b"before")
    with full_disk(), pytest.raises(OSError, match="File too large"):
        write(tmp_path, 100_000)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]


@pytest.mark.field("faults 2")
def test_a_table_that_is_answered_for_is_on_disk_and_takes_the_place_of_the_last(
    make_app, tmp_path, synced
):
    app, kind = make_app("screening"), kind_of("proposals", Format.CSV)
    synced.clear()
    with app.app_context():
        with transaction(writing=False):
            edition, organiser = the_edition().id, the_person("sekretariat").id
        for _ in range(2):
            with transaction(writing=True):
                queue.put_job(kind, edition, by_id=organiser, now=clock.now())
            assert worker.run_next(handlers(lambda: tmp_path), now=clock.now)
    [written] = tmp_path.iterdir()
    assert synced == [("file", written.stat().st_size), ("folder", 0)] * 2


def test_a_file_can_be_read_by_whom_the_deployment_lets_read(tmp_path):
    """As for any file of the process: a backup may run as somebody else."""
    before = os.umask(0o027)
    try:
        write_durably(tmp_path / "name", b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "name").stat().st_mode) == 0o640
