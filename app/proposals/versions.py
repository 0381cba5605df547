"""What each submission said, part by part, and what changed from one to the next. Pure."""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from app.accounts.models import Person
from app.audit.chain import canonical
from app.editions.models import Edition
from app.editions.parts import Section
from app.proposals.models import Proposal, Submission
from app.workflow import N_, Message

_TOKEN = re.compile(r"\S+|\s+")

STARTED_ON = N_("Running since")
BASICS = {
    "title": N_("Title"),
    "category": N_("Category"),
    "started_on": STARTED_ON,
    "video_url": N_("Video link"),
}
DOCUMENTS = N_("Documents")


@dataclass(frozen=True)
class Part:
    """A part of what was submitted: a section of the form, or one of the basics by its name."""

    name: Section | Message
    text: str

    @property
    def section_id(self) -> int | None:
        """The id of the section, None for one of the basics."""
        return self.name.id if isinstance(self.name, Section) else None


class Called(NamedTuple):
    """What something is called in two languages."""

    name: str
    name_en: str = ""


@dataclass(frozen=True)
class ReceiptNames:
    """What the things on a receipt are called; the sections by their id, in the form's order."""

    agency: str
    person: str
    edition: Called
    unit_word: Called
    sections: dict[int, Called]

    def written(self) -> str:
        """Write the names down, as a submission keeps them."""
        sections = [[section_id, *called] for section_id, called in self.sections.items()]
        return canonical(
            agency=self.agency,
            person=self.person,
            edition=self.edition,
            unit_word=self.unit_word,
            sections=sections,
        )


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, was added, or was removed."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True)
class TextDifference:
    """A part that changed, in pieces."""

    part: Part
    pieces: tuple[Piece, ...]


def names_now(proposal: Proposal, person: Person) -> ReceiptNames:
    """Return what everything is called that the receipt of this person's submission will name."""
    edition = proposal.edition
    return ReceiptNames(
        agency=proposal.agency.name,
        person=person.name,
        edition=Called(edition.name, edition.name_en),
        unit_word=Called(edition.unit_word, edition.unit_word_en),
        sections={
            section.id: Called(section.name, section.name_en) for section in edition.sections
        },
    )


def names_then(submission: Submission) -> ReceiptNames:
    """Return what everything was called when it was submitted."""
    kept = json.loads(submission.names)
    return ReceiptNames(
        agency=kept["agency"],
        person=kept["person"],
        edition=Called(*kept["edition"]),
        unit_word=Called(*kept["unit_word"]),
        sections={section_id: Called(*called) for section_id, *called in kept["sections"]},
    )


def parts_of(submission: Submission, sections: Iterable[Section]) -> list[Part]:
    """Return the parts of what was submitted, these sections of the form in this order."""
    content = json.loads(submission.content)
    said = content["sections"]
    return [
        *(Part(label, str(content.get(key) or "")) for key, label in BASICS.items()),
        *(Part(section, said.get(str(section.id), "")) for section in sections),
        Part(DOCUMENTS, "\n".join(_documents(content))),
    ]


def digests_in(content: str) -> set[str]:
    """Return the SHA-256 of each file that a submission's content names."""
    documents = json.loads(content)["documents"]
    if isinstance(documents, dict):  # receipts of the first version name no files
        return set(documents.values())
    return {sha256 for _, _, sha256 in documents}


def differences(before: Submission, after: Submission, edition: Edition) -> list[TextDifference]:
    """Return the parts that differ between two submissions, word by word."""
    pairs = zip(parts_of(before, edition.sections), parts_of(after, edition.sections), strict=True)
    return [
        TextDifference(new, tuple(compared(old.text, new.text)))
        for old, new in pairs
        if old.text != new.text
    ]


def latest_changes(submissions: Sequence[Submission], edition: Edition) -> list[TextDifference]:
    """Return what the newest submission changed, given all of them, newest first."""
    if len(submissions) < 2:  # noqa: PLR2004 -- it takes two to differ
        return []
    return differences(submissions[1], submissions[0], edition)


def compared(before: str, after: str) -> Iterator[Piece]:
    """Compare two texts word by word."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(new[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Piece("removed", "".join(old[old_from:old_to]))
        if new_to > new_from:
            yield Piece("added", "".join(new[new_from:new_to]))


def _documents(content: dict[str, Any]) -> list[str]:
    """Return a line for each document: its name, where known, and the digest of the file."""
    documents = content["documents"]
    if isinstance(documents, dict):  # receipts of the first version name no files
        return list(documents.values())
    return [f"{name} ({sha256[:16]})" for _, name, sha256 in documents]
