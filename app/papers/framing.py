"""From a draft to all that its PDF is set from: letterhead, number, wording, signature, copies."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.editions.kinds import SheetSize
from app.editions.models import Edition
from app.papers import queries
from app.papers.blocks import Block, Heading, Items, Signatures, Signer, Text
from app.papers.draft import PaperDraft
from app.papers.kinds import PaperKind
from app.papers.models import PaperRule, Signatory, Stationery
from app.papers.usual import closing_of, opening_of
from app.papers.wording import USUAL_NUMBER, filled, number_of
from app.papers.writing import Writer
from app.workflow import N_

EXAMPLE = "CONTOH – BUKAN DOKUMEN RESMI"
"""What a demo's papers carry on each page, in Indonesian for whoever meets one."""
WORDED = {
    ("id", "opening"): "opening",
    ("id", "closing"): "closing",
    ("en", "opening"): "opening_en",
    ("en", "closing"): "closing_en",
}
"""Which column of the rule words a part of a paper in a language."""
UNNAMED = "…………………………"


@dataclass(frozen=True)
class PaperFrame:
    """What an edition puts around its papers; an example has no NIP, number or emblem."""

    edition: Edition
    stationery: Stationery
    rule: PaperRule
    writer: Writer
    link: str  # to the page of verification
    is_example: bool
    emblem: str = ""  # as SVG

    @property
    def signatory(self) -> Signatory | None:
        """Who signs, under whose letterhead."""
        return self.rule.signatory if self.rule.kind.is_signed else None


def frame_of(
    edition: Edition, kind: PaperKind, writer: Writer, *, link: str, is_example: bool
) -> PaperFrame:
    """Return what this edition puts around papers of this kind."""
    unworded = dict.fromkeys(("code", "pattern", *WORDED.values(), "copies"), "")
    rule = queries.rules_of(edition).get(kind) or PaperRule(
        edition_id=edition.id, kind=kind, **unworded
    )
    emblem = "" if is_example else emblem_as_svg(queries.emblem_of(edition))
    stationery = queries.stationery_of(edition)
    return PaperFrame(edition, stationery, rule, writer, link, is_example, emblem)


def number_for(draft: PaperDraft, serial: int | None, frame: PaperFrame) -> str:
    """Return the number of a paper, empty where its kind has none and in an example."""
    kind = frame.rule.kind
    if serial is None or frame.is_example or not kind.is_numbered:
        return ""
    pattern = frame.rule.pattern or USUAL_NUMBER
    return number_of(pattern, serial, frame.rule.code or kind.prefix, draft.dated)


def framed(draft: PaperDraft, number: str, frame: PaperFrame) -> dict[str, Any]:
    """Return all that the PDF is set from, but for what follows from its own digest."""
    writer, edition = frame.writer, frame.edition
    parts = dict(draft.parts)
    if draft.template == "official":
        before, after = parts.pop("blocks"), parts.pop("after")
        begun = [block.as_data() for block in _opening(draft, frame)]
        ended = [block.as_data() for block in _closing(frame)]
        signed = [block.as_data() for block in _signed(draft.dated, frame)]
        parts["blocks"] = [*begun, *before, *ended, *after, *signed, *parts.pop("annex")]
    if draft.template == "certificate":
        parts["signer"] = asdict(_signer(frame))
        parts["dated"] = _dated(draft.dated, frame)
    return {
        "language": writer.language,
        "title": draft.title,
        "number": number,
        "number_label": writer.text(N_("Number")),
        "size": list((frame.stationery.size or SheetSize.A4).millimetres),
        "mark": EXAMPLE if frame.is_example else "",
        "foot": f"{writer.name(edition)} · {draft.name}",
        "head": _head(frame),
        "link": frame.link,
        "verify": writer.text(N_("Whether this document is genuine can be checked with this code")),
        "dated_on": str(draft.dated),
    } | parts


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of what a paper is set from."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def emblem_as_svg(png: bytes | None) -> str:
    """Return a picture (PNG) as an SVG that holds it, as typst takes it from data."""
    if not png:
        return ""
    held = base64.b64encode(png).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100">'
        f'<image width="100" height="100" href="data:image/png;base64,{held}"/></svg>'
    )


def _opening(draft: PaperDraft, frame: PaperFrame) -> Iterator[Block]:
    usual = opening_of(frame.rule.kind)
    text = _own(frame, "opening") or (frame.writer.text(usual) if usual else "")
    if text:
        yield Text(_filled(text, draft.dated, frame))


def _closing(frame: PaperFrame) -> Iterator[Block]:
    usual = closing_of(frame.rule.kind)
    text = _own(frame, "closing") or (frame.writer.text(usual) if usual else "")
    if text:
        yield Text(_filled(text, None, frame))


def _own(frame: PaperFrame, part: str) -> str:
    """Return how the edition itself words the part in the language of the paper, if it does."""
    return str(getattr(frame.rule, WORDED[frame.writer.language, part]))


def _filled(text: str, day: date | None, frame: PaperFrame) -> str:
    edition, writer = frame.edition, frame.writer
    values = {
        "edition": writer.name(edition),
        "venue": edition.venue or "–",
        "host": edition.host.name if edition.host else "–",
    }
    return filled(text, values | ({"day": writer.in_words(day)} if day else {}))


def _signed(day: date, frame: PaperFrame) -> Iterator[Block]:
    kind = frame.rule.kind
    if kind.is_signed:
        yield Signatures([_signer(frame)], dated=_dated(day, frame))
    copies = frame.rule.copies.split("\n") if frame.rule.copies else []
    if copies:
        yield Heading(frame.writer.text(N_("Copies to")))
        yield Items(copies)


def _dated(day: date, frame: PaperFrame) -> str:
    place, written = frame.stationery.place, frame.writer.date(day)
    return f"{place}, {written}" if place else written


def _signer(frame: PaperFrame) -> Signer:
    own = frame.signatory
    if own is None:
        host = frame.edition.host
        return Signer(host.name if host else "", UNNAMED)
    nip = "" if frame.is_example or not own.nip else f"NIP {own.nip}"
    return Signer(own.capacity, own.name, own.rank, nip)


def _head(frame: PaperFrame) -> dict[str, Any]:
    own, edition = frame.signatory, frame.edition
    usual = [edition.organisation.name, *([edition.host.name] if edition.host else [])]
    lines = own.head.split("\n") if own and own.head else usual
    has_emblem = own is None or own.has_emblem
    return {
        "lines": lines,
        "address": own.address if own else "",
        "emblem": frame.emblem if has_emblem else "",
        "alt": frame.writer.text(
            N_("Emblem of %(organisation)s"), organisation=edition.organisation.name
        ),
    }
