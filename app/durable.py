"""Files that are on disk once they are answered for. Pure."""

import os
import secrets
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Write a file, and its folder where there is none, so that a power cut takes neither away.

    Under its name it is whole or not there at all. Raise OSError if it can't be written; then
    nothing is left behind, and an earlier file of that name is as it was.
    """
    _make_durably(path.parent)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _keep_names_in(path.parent)


def _make_durably(folder: Path) -> None:
    if not folder.is_dir():
        _make_durably(folder.parent)
        folder.mkdir(exist_ok=True)
        _keep_names_in(folder.parent)


def _keep_names_in(folder: Path) -> None:
    """Have the system write down which files the folder holds; a file's own fsync does not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
