"""Everything of an edition's papers in one archive, with an index and what a recount needs."""

import zipfile
from pathlib import Path
from typing import IO

from app.awards.models import Readership
from app.awards.queries import files_of
from app.editions.models import Edition
from app.papers import queries
from app.papers.kinds import Copy
from app.papers.models import Paper, PaperFile
from app.web.spreadsheets import Format, write_table

STATIC = Path(__file__).parents[2] / "static"
INDEX = ("file", "kind", "number", "title", "language", "made_at", "copy", "sha256", "digest")


def write_archive(edition: Edition, out: IO[bytes], *, readable: bool) -> None:
    """Write the archive: a folder for each kind of paper, `index.csv`, and the result's files.

    `readable` says whether the reader may have the whole file of the result, too.
    """
    rows: list[tuple[str, ...]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for paper, file in queries.every_file(edition):
            name = f"{paper.kind.value}/{_name(paper, file.copy)}"
            archive.writestr(_entry(name, paper), file.content)
            rows.append(_row(name, paper, file))
        for result in files_of(edition):
            if readable or result.scope is Readership.PUBLIC:
                archive.writestr(f"result/{edition.slug}-{result.scope.value}.json", result.content)
        for name in ("recount.py", "recount.schema.json"):
            archive.writestr(f"result/{name}", (STATIC / name).read_bytes())
        archive.writestr("index.csv", write_table(Format.CSV, INDEX, rows))


def _name(paper: Paper, copy: Copy) -> str:
    number = f"{paper.serial:03d}-" if paper.serial else ""
    return f"{number}{paper.language}-{paper.id}-{copy.value}.pdf"


def _entry(name: str, paper: Paper) -> zipfile.ZipInfo:
    at = paper.made_at
    return zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))


def _row(name: str, paper: Paper, file: PaperFile) -> tuple[str, ...]:
    return (
        name,
        paper.kind.value,
        paper.number,
        paper.title,
        paper.language,
        paper.made_at.isoformat(),
        file.copy.value,
        file.sha256,
        paper.digest,
    )
