"""Pictures that people send, drawn anew in a process with limits; nothing else of a file stays."""

import struct
from dataclasses import dataclass
from pathlib import Path

from app.confined import Overrun, run
from app.workflow import N_, DomainError

DRAWER = Path(__file__).with_name("picture_drawer.py")
MOST_BYTES = 5_000_000
SECONDS, MEMORY = 5, 600_000_000
SIZES = struct.Struct(">II")


@dataclass(frozen=True)
class Photo:
    """A JPEG with its width and height in pixels."""

    content: bytes
    width: int
    height: int


def drawn_emblem(picture: bytes, *, side: int) -> bytes:
    """Return a picture (PNG or JPEG) as a square PNG; raise `DomainError` if it can't be read."""
    return _drawn(picture, "emblem", side)


def drawn_photo(picture: bytes, *, side: int) -> Photo:
    """Return a picture (PNG or JPEG) as a JPEG within a square of `side` pixels.

    Raise `DomainError` if it can't be read.
    """
    written = _drawn(picture, "photo", side)
    width, height = SIZES.unpack_from(written)
    return Photo(written[SIZES.size :], width, height)


def _drawn(picture: bytes, shape: str, side: int) -> bytes:
    if len(picture) > MOST_BYTES:
        raise DomainError(N_("The picture may have at most 5 MB."))
    try:
        return run(DRAWER, picture, shape, str(side), seconds=SECONDS, memory=MEMORY)
    except Overrun as error:
        raise DomainError(
            N_("This file can't be read as a picture. Choose a PNG or JPEG file.")
        ) from error
