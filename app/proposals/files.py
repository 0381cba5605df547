"""Uploaded documents on disk: checked by content, kept under random names."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import filetype

from app.workflow import N_, DomainError

MEGABYTE = 1024 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True)
class StoredFile:
    """A document that lies on disk."""

    filename: str
    stored_name: str
    size: int
    sha256: str


def store_pdf(content: bytes, filename: str, *, folder: Path, limit: int) -> StoredFile:
    """Keep a PDF; raise `DomainError` for an empty, too large or different file."""
    if not content:
        raise DomainError(N_("The file is empty."))
    if len(content) > limit:
        raise DomainError(
            N_("The file has %(size)s MB; at most %(limit)s MB are allowed."),
            size=_megabytes(len(content)),
            limit=limit // MEGABYTE,
        )
    kind = filetype.guess(content)
    if kind is None or kind.mime != "application/pdf":
        raise DomainError(N_("The file is not a PDF. Save the document as PDF and attach that."))
    stored_name = secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / stored_name).write_bytes(content)
    return StoredFile(
        filename=_plain_name(filename),
        stored_name=stored_name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _plain_name(filename: str) -> str:
    """Return the last part of the name in its own script, without what could steer a header."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in name if character.isprintable()).strip()
    stem = printable.removesuffix(".pdf").removesuffix(".PDF")[-LONGEST_NAME:]
    return f"{stem or 'document'}.pdf"


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".replace(".", ",")
