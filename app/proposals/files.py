"""Uploaded documents on disk: checked by content, kept unchanged under random names."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

import filetype

from app.durable import write_durably
from app.editions.kinds import FileKind
from app.proposals.pdf import Password, has_end, has_header, password_of
from app.workflow import N_, Damaged, DomainError, Size

MEGABYTE = 1024 * 1024
LONGEST_NAME = 200
PDF = ".pdf"

CUT_OFF = N_(
    "The end of this PDF is missing, perhaps because a download was interrupted. Open it on "
    "your computer, save it as a PDF again, and attach the new file."
)
LOCKED = N_(
    "This PDF asks for a password, so nobody here could read it. Save it without a password "
    "and attach the new file."
)
MISSING = N_(
    "The file “%(name)s” is no longer on the server's disk. The organiser can have it "
    "restored from a backup, or ask its author to attach it again."
)
ALTERED = N_(
    "The file “%(name)s” has been altered on the server's disk since it was attached, so "
    "it is not shown. The organiser can have it restored from a backup, or ask its author to "
    "attach it again."
)


@dataclass(frozen=True)
class StoredFile:
    """A document stored on disk."""

    filename: str
    stored_name: str
    size: int
    sha256: str
    may_be_locked: bool  # a PDF that is encrypted in a way that doesn't tell


def store_file(
    content: bytes, filename: str, *, accepts: FileKind, megabytes: int, folder: Path
) -> StoredFile:
    """Store a file; raise `DomainError` if it is empty, too large, or nobody could open it."""
    suffix = _checked_suffix(content, accepts, megabytes)
    password = _check_pdf(content) if suffix == PDF else Password.NONE
    stored_name = secrets.token_hex(16)
    write_durably(folder / stored_name, content)
    return StoredFile(
        filename=_plain_name(filename, suffix),
        stored_name=stored_name,
        size=len(content),
        sha256=digest_of(content),
        may_be_locked=password is Password.UNKNOWN,
    )


def check_pdf(content: bytes, *, megabytes: int) -> None:
    """Raise `DomainError` if it is no PDF, is too large, or nobody could open it."""
    _checked_suffix(content, FileKind.PDF, megabytes)
    _check_pdf(content)


def stored_content(folder: Path, stored_name: str, *, filename: str, sha256: str) -> bytes:
    """Return a stored file; raise `Damaged` if it is not there any more as it was attached."""
    try:
        content = (folder / stored_name).read_bytes()
    except FileNotFoundError as error:
        raise Damaged(MISSING, name=filename) from error
    if digest_of(content) != sha256:
        raise Damaged(ALTERED, name=filename)
    return content


def digest_of(content: bytes) -> str:
    """Return the SHA-256 by which a file is known wherever it is named."""
    return hashlib.sha256(content).hexdigest()


def mimetype_of(filename: str) -> str:
    """Return the type of a stored file by its suffix, which follows from its content."""
    suffix = Path(filename).suffix
    types = FileKind.OFFICE.mimetypes
    return next(
        (mimetype for mimetype in types if types[mimetype] == suffix), "application/octet-stream"
    )


def _checked_suffix(content: bytes, accepts: FileKind, megabytes: int) -> str:
    """Return what the name of such a file ends with; raise `DomainError` if it is not accepted."""
    if not content:
        raise DomainError(N_("The file is empty."))
    if len(content) > megabytes * MEGABYTE:
        raise DomainError(
            N_("The file is %(size)s; the limit is %(limit)s."),
            size=Size(len(content), beside=megabytes * MEGABYTE),
            limit=Size(megabytes * MEGABYTE, beside=len(content)),
        )
    suffix = accepts.mimetypes.get(_type_of(content))
    if suffix is None:
        raise DomainError(
            N_(
                "The file is not one of these types: %(accepted)s. Save it as one of them and "
                "attach the new file."
            ),
            accepted=accepts.label,
        )
    return suffix


def _type_of(content: bytes) -> str:
    kind = filetype.guess(content)
    if kind is None and has_header(content):
        return "application/pdf"
    return kind.mime if kind else ""


def _check_pdf(content: bytes) -> Password:
    """Raise `DomainError` if nobody could open it; return whether it may ask for a password."""
    if not has_end(content):
        raise DomainError(CUT_OFF)
    password = password_of(content)
    if password is Password.ASKED:
        raise DomainError(LOCKED)
    return password


def _plain_name(filename: str, suffix: str) -> str:
    """Return the last part of the name in its own script, without what could alter a header."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in name if character.isprintable()).strip()
    if printable.lower().endswith(suffix):
        printable = printable[: -len(suffix)]
    return f"{printable[-LONGEST_NAME:] or 'document'}{suffix}"
