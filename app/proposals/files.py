"""Uploaded documents on disk: checked by content, kept under random names."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import filetype

from app.durable import write_durably
from app.editions.kinds import FileKind
from app.workflow import N_, DomainError

MEGABYTE = 1024 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True)
class StoredFile:
    """A document stored on disk."""

    filename: str
    stored_name: str
    size: int
    sha256: str


def store_file(
    content: bytes, filename: str, *, accepts: FileKind, megabytes: int, folder: Path
) -> StoredFile:
    """Store a file; raise `DomainError` if it is empty, too large or of another type."""
    if not content:
        raise DomainError(N_("The file is empty."))
    if len(content) > megabytes * MEGABYTE:
        raise DomainError(
            N_("The file has %(size)s MB; at most %(limit)s MB are allowed."),
            size=_megabytes(len(content)),
            limit=megabytes,
        )
    kind = filetype.guess(content)
    suffix = accepts.mimetypes.get(kind.mime) if kind else None
    if suffix is None:
        raise DomainError(
            N_("The file is none of these: %(accepted)s. Save it as one of them and attach that."),
            accepted=accepts.label,
        )
    stored_name = secrets.token_hex(16)
    write_durably(folder / stored_name, content)
    return StoredFile(
        filename=_plain_name(filename, suffix),
        stored_name=stored_name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def mimetype_of(filename: str) -> str:
    """Return the type of a stored file by its suffix, which follows from its content."""
    suffix = Path(filename).suffix
    types = FileKind.OFFICE.mimetypes
    return next(
        (mimetype for mimetype in types if types[mimetype] == suffix), "application/octet-stream"
    )


def _plain_name(filename: str, suffix: str) -> str:
    """Return the last part of the name in its own script, without what could alter a header."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in name if character.isprintable()).strip()
    if printable.lower().endswith(suffix):
        printable = printable[: -len(suffix)]
    return f"{printable[-LONGEST_NAME:] or 'document'}{suffix}"


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".replace(".", ",")
