"""The minutes of the screening: who decided, and what was announced on each proposal.

They hold no score: who has a conflict of interest reads them before the result is public.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from app.editions.kinds import Role
from app.editions.models import Edition
from app.evaluation.recusals import conflict_table
from app.papers import queries
from app.papers.blocks import Block, Column, Heading, Pairs, Table, Text
from app.papers.draft import Nips, PaperDraft, named, official
from app.papers.minutes import recusals, signed_list
from app.papers.writing import Writer
from app.screening.models import Decision, Outcome
from app.workflow import N_, NotAllowedNow

NOT_YET = N_("These minutes tell what was announced. They can be made after an announcement.")


def screening_minutes(edition: Edition, writer: Writer, nips: Nips) -> list[PaperDraft]:
    """Return the minutes of the screening; raise `NotAllowedNow` before an announcement."""
    decisions = queries.announced_in(edition)
    moments = [own.announced_at for own in decisions if own.announced_at]
    if not moments:
        raise NotAllowedNow(NOT_YET, remedy="announcement.index")
    heading = writer.text(N_("Minutes of the screening"))
    return [
        official(
            "",
            f"{heading} – {writer.name(edition)}",
            heading,
            dated=writer.local(max(moments)),
            heading=heading,
            blocks=_blocks(edition, decisions, max(moments), writer),
            after=[_signing(edition, writer, nips)],
        )
    ]


def _blocks(
    edition: Edition, decisions: Sequence[Decision], announced_at: datetime, writer: Writer
) -> Iterator[Block]:
    if edition.legal_basis:
        yield Heading(writer.text(N_("Legal basis")))
        yield Text(edition.legal_basis)
    yield Heading(writer.text(N_("What was decided")))
    counts = Counter(own.outcome for own in decisions)
    yield Pairs(
        [
            (writer.text(N_("Announced")), writer.moment(announced_at)),
            *((writer.text(own.label), str(counts[own])) for own in Outcome if counts[own]),
        ]
    )
    yield Table(
        [
            Column(writer.text(N_("Proposal")), 4),
            Column(writer.text(N_("Decision")), 2),
            Column(writer.text(N_("Reason")), 3),
        ],
        [
            (
                named(own.proposal),
                writer.text(own.outcome.label),
                own.reason or "–",
            )
            for own in decisions
        ],
        is_dense=True,
    )
    yield Heading(writer.text(N_("Conflicts of interest")))
    yield from recusals(conflict_table(edition), writer)


def _signing(edition: Edition, writer: Writer, nips: Nips) -> Block:
    rows: dict[int, tuple[str, str]] = {}
    for own in queries.members(edition, (Role.ORGANISER, Role.SCREENER)):
        nip = nips.get(own.person_id, "")
        name = f"{own.person.name}\nNIP {nip}" if nip else own.person.name
        rows.setdefault(own.person_id, (name, own.title or writer.text(own.role.label)))
    return signed_list(rows.values(), writer)
