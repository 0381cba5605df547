"""What a change to the form or to the closing of submission does to existing proposals."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.database import db
from app.editions.consequences import Consequence, Rows
from app.editions.models import Edition
from app.editions.parts import DocumentRequirement, Section, options_in
from app.proposals import queries
from app.proposals.completeness import words
from app.proposals.deadlines import tell_moved
from app.workflow import NN_

Part = Section | DocumentRequirement

LACKING = NN_(
    "%(count)s draft does not have “%(name)s” yet: it can't be submitted until it is added.",
    "%(count)s drafts do not have “%(name)s” yet: they can't be submitted until it is added.",
)
STANDING = NN_(
    "%(count)s submitted proposal stays as it is, without “%(name)s”.",
    "%(count)s submitted proposals stay as they are, without “%(name)s”.",
)
TOO_LONG = NN_(
    "%(count)s draft has more than %(limit)s words in “%(name)s”.",
    "%(count)s drafts have more than %(limit)s words in “%(name)s”.",
)
NOT_OFFERED = NN_(
    "%(count)s proposal chose “%(option)s” in “%(name)s”, which is no longer offered.",
    "%(count)s proposals chose “%(option)s” in “%(name)s”, which is no longer offered.",
)
OTHER_KIND = NN_(
    "%(count)s proposal has already answered “%(name)s” in a different way.",
    "%(count)s proposals have already answered “%(name)s” in a different way.",
)


def of_sections(edition: Edition, rows: Rows) -> list[Consequence]:
    """Return how a change to the sections affects proposals."""
    present = {section.id: section for section in edition.sections}
    found = _lacking(edition, rows, present)
    for section_id, values in rows:
        before = present.get(section_id) if section_id else None
        if before is not None:
            found += _touched(edition, before, values)
    return _real(found)


def of_documents(edition: Edition, rows: Rows) -> list[Consequence]:
    """Return how many proposals lack a document that becomes required."""
    return _real(_lacking(edition, rows, {document.id: document for document in edition.documents}))


def of_closing(edition: Edition, before: datetime, now: datetime) -> None:
    """Tell the authors of drafts that the closing of submission has moved."""
    if not edition.is_frozen:
        drafts = db.session.scalars(queries.unsubmitted(edition))
        tell_moved(drafts, edition, before=before, now=now)


def _lacking(edition: Edition, rows: Rows, present: Mapping[int, Part]) -> list[Consequence]:
    """Return how many proposals lack what becomes required."""
    found = []
    for row_id, values in rows:
        before = present.get(row_id) if row_id else None
        if not values["is_required"] or (before is not None and before.is_required):
            continue
        drafts, submitted = queries.lacking(edition, before, only_if=values.get("only_if", ""))
        found += [
            Consequence(LACKING, {"count": drafts, "name": values["name"]}),
            Consequence(STANDING, {"count": submitted, "name": values["name"]}),
        ]
    return found


def _touched(edition: Edition, before: Section, values: dict[str, Any]) -> list[Consequence]:
    is_shorter = values["word_limit"] < before.word_limit and not before.kind.has_options
    kept = {option.name for option in options_in(values["options"])}
    gone = [option.name for option in before.offered if option.name not in kept]
    if not is_shorter and not gone and values["kind"] is before.kind:
        return []
    texts = queries.editable_texts(edition, before)
    facts = {"name": values["name"]}
    if values["kind"] is not before.kind:
        return [Consequence(OTHER_KIND, facts | {"count": len(texts)})]
    limit = values["word_limit"]
    longer = sum(words(text) > limit for text in texts) if is_shorter else 0
    chose = {name: sum(name in text.splitlines() for text in texts) for name in gone}
    return [
        Consequence(TOO_LONG, facts | {"count": longer, "limit": limit}),
        *(
            Consequence(NOT_OFFERED, facts | {"count": chose[name], "option": name})
            for name in gone
        ),
    ]


def _real(found: list[Consequence]) -> list[Consequence]:
    return [consequence for consequence in found if consequence.values["count"]]
