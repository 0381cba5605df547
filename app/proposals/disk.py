"""The folder of attachments beside the tables: what can leave the disk, and what is not as it was.

A file can leave once no attachment has it and no submission names it by its digest. It stays for a
day at least, because an upload is on disk before its row is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from app.database import db, transaction
from app.proposals.files import digest_of
from app.proposals.models import Attachment, Submission, Upload
from app.proposals.versions import digests_in

KEPT_FOR = timedelta(days=1)
OURS = re.compile(r"[0-9a-f]{32}(\.[0-9a-f]{8}\.part)?")  # as `store_file` names them


@dataclass(frozen=True)
class Swept:
    """How many files left the disk, and how many bytes they had."""

    files: int
    size: int


@dataclass(frozen=True)
class Findings:
    """What differs between folder and tables: ids of attachments, and names of files."""

    missing: list[int]
    altered: list[int]
    extra: list[str]

    @property
    def holds(self) -> bool:
        """Whether each attachment can be handed out."""
        return not self.missing and not self.altered


def sweep_files(folder: Path, *, now: datetime) -> Swept:
    """Delete files that nobody needs any more; outside any transaction, `now` in real time.

    Where the tables name no file at all, none is deleted: it may be the wrong database.
    """
    old = [path for path in _files_in(folder) if _is_old(path, now - KEPT_FOR)]
    with transaction(writing=False):
        rows = db.session.execute(select(Attachment.stored_name, Attachment.sha256)).all()
    kept = {row.stored_name: row.sha256 for row in rows}
    unnamed = [path for path in old if path.name not in kept] if kept else []
    swept = [_removed(path) for path in _unneeded(unnamed, set(kept.values()))]
    return Swept(len(swept), sum(swept))


def forget_uploads(*, now: datetime) -> None:
    """Forget the uploads that no longer count towards what a proposal takes up in a day."""
    with transaction(writing=True):
        db.session.execute(delete(Upload).where(Upload.uploaded_at <= now - KEPT_FOR))


def compare_files(folder: Path) -> Findings:
    """Compare what is in the folder with the attachments, by their digests."""
    with transaction(writing=False):
        statement = select(Attachment.id, Attachment.stored_name, Attachment.sha256)
        rows = db.session.execute(statement.order_by(Attachment.id)).all()
    names = {path.name for path in _files_in(folder)}
    return Findings(
        missing=[number for number, name, _ in rows if name not in names],
        altered=[
            number
            for number, name, sha256 in rows
            if name in names and digest_of((folder / name).read_bytes()) != sha256
        ],
        extra=sorted(names - {name for _, name, _ in rows}),
    )


def _files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*")) if path.is_file())


def _is_old(path: Path, since: datetime) -> bool:
    return OURS.fullmatch(path.name) is not None and path.stat().st_mtime < since.timestamp()


def _unneeded(paths: list[Path], present: set[str]) -> Iterator[Path]:
    """Yield the files that no submission names, unless an attachment has the same `present`."""
    needed = _submitted_digests() - present if paths else set()
    yield from (path for path in paths if digest_of(path.read_bytes()) not in needed)


def _submitted_digests() -> set[str]:
    with transaction(writing=False):
        contents = db.session.scalars(
            select(Submission.content).order_by(Submission.id).execution_options(yield_per=100)
        )
        return {sha256 for content in contents for sha256 in digests_in(content)}


def _removed(path: Path) -> int:
    """Remove a file; return its size."""
    size = path.stat().st_size
    path.unlink()
    return size
