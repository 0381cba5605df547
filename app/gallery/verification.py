"""Whether a file, or the code on it, is one that Ajang published or made."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from app.awards.models import Readership
from app.awards.queries import result_of
from app.awards.reading import public_result
from app.editions.models import Edition
from app.gallery import queries
from app.papers.kinds import Copy, PaperKind
from app.papers.models import Paper
from app.papers.queries import paper_by_code
from app.papers.reading import is_overtaken

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


@dataclass(frozen=True)
class PaperProvenance:
    """What an official document is that has this code, or of which this is a file."""

    paper: Paper
    edition: Edition
    copy: Copy | None
    title: str
    is_overtaken: bool


def paper_behind(code: str, *, now: datetime) -> PaperProvenance | None:
    """Return the document with this code, or with a file of this SHA-256 (hex).

    Its title is told of a certificate alone, and once the result is public: others name people.
    """
    found = paper_by_code(code) if CODE.fullmatch(code) else None
    if found is None:
        return None
    paper, edition, copy = found
    is_told = paper.kind is PaperKind.CERTIFICATE and public_result(edition, now=now) is not None
    is_over = is_overtaken(paper, result_of(edition))
    return PaperProvenance(paper, edition, copy, paper.title if is_told else "", is_over)


def digest_of_upload(stream: IO[bytes]) -> str:
    """Return the SHA-256 (hex) of what a stream holds, read piece by piece."""
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
