"""Whether a file, or the code on it, is one that Ajang published."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from app.awards.models import Readership
from app.editions.models import Edition
from app.gallery import queries

SHORTEST = 16  # characters of a code, so that nobody finds another file with the same beginning
CODE = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}")
PIECE = 1 << 16  # bytes


@dataclass(frozen=True)
class Provenance:
    """What a code belongs to: a file of an edition's public result, if it is known at all."""

    edition: Edition | None = None
    scope: Readership | None = None
    published_at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether the code belongs to something that was published here."""
        return self.edition is not None


def verdict_on(code: str, *, now: datetime) -> Provenance:
    """Return what a code belongs to: a SHA-256 (hex), or at least its first 16 characters."""
    if not CODE.fullmatch(code):
        return Provenance()
    found = queries.published_file_with(code, now=now)
    return Provenance(*found) if found else Provenance()


def digest_of_upload(stream: IO[bytes]) -> str:
    """Return the SHA-256 (hex) of what a stream holds, read piece by piece."""
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
