"""The minutes of the plenary (*Berita Acara*): what was decided, by whom, from which sheets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from app.awards.models import Award, Body
from app.editions.kinds import Method, Role, SheetKind
from app.editions.parts import AwardCategory
from app.evaluation.models import Participation
from app.evaluation.recusals import ConflictRow, conflict_table
from app.papers import queries
from app.papers.blocks import (
    Block,
    Column,
    Heading,
    Items,
    NewPage,
    Pairs,
    SignedList,
    Table,
    Text,
)
from app.papers.confirmed import ConfirmedResult
from app.papers.draft import Nips, PaperDraft, named, official
from app.papers.writing import Writer
from app.scoring.queries import criterion_means
from app.scoring.reading import breaking_criteria
from app.workflow import N_

MOST_COLUMNS = 10  # of criteria that a table of the annex has beside each other


def minutes(confirmed: ConfirmedResult, writer: Writer, nips: Nips) -> list[PaperDraft]:
    """Return the minutes of the plenary."""
    day = writer.local(confirmed.confirmed_at)
    heading = writer.text(N_("Minutes of the plenary"))
    title = f"{heading} – {writer.name(confirmed.edition)}"
    return [
        official(
            "",
            title,
            heading,
            dated=day,
            heading=heading,
            blocks=[*_meeting(confirmed, writer), *_result(confirmed, writer)],
            after=[_signing(confirmed, writer, nips)],
            annex=_annex(confirmed, writer),
        )
    ]


def _meeting(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    edition = confirmed.edition
    if edition.legal_basis:
        yield Heading(writer.text(N_("Legal basis")))
        yield Text(edition.legal_basis)
    yield Heading(writer.text(N_("Present and absent")))
    yield _attendance(confirmed, writer)
    yield Heading(writer.text(N_("Integrity and conflicts of interest")))
    yield Text(_pledges(confirmed, writer))
    yield from recusals(conflict_table(edition), writer)
    yield Heading(writer.text(N_("How the proposals were scored")))
    yield _method(confirmed, writer)
    yield from _unusual(confirmed, writer)


def _attendance(confirmed: ConfirmedResult, writer: Writer) -> Block:
    return Table(
        [
            Column(writer.text(N_("Name")), 3),
            Column(writer.text(N_("Capacity")), 4),
            Column(writer.text(N_("Body")), 2),
            Column(writer.text(N_("Present"))),
        ],
        [
            (
                own.person.name,
                confirmed.titles.get((own.body, own.person_id), "") or "–",
                writer.text(own.body.label),
                writer.text(N_("yes") if own.is_present else N_("no")),
            )
            for own in confirmed.recorded.attendances
        ],
    )


def _pledges(confirmed: ConfirmedResult, writer: Writer) -> str:
    """Say who of those who evaluate has signed the integrity pledge, and who hasn't."""
    own = queries.members(confirmed.edition, (Role.JUDGE, Role.SCREENER))
    lacking = sorted({member.person.name for member in own if member.pledged_at is None})
    if not lacking:
        return writer.text(N_("All who evaluated have signed the integrity pledge."))
    return writer.text(
        N_("These have not signed the integrity pledge: %(names)s"), names=", ".join(lacking)
    )


def recusals(rows: Sequence[ConflictRow], writer: Writer) -> Iterator[Block]:
    """Say who did not evaluate what and why, and which conflicts were found to be none."""
    in_force = [row for row in rows if not row.is_dismissed and not row.is_pending]
    dismissed = [row for row in rows if row.is_dismissed]
    if not in_force:
        yield Text(writer.text(N_("No conflict of interest was found or declared.")))
    else:
        yield Text(writer.text(N_("Because of a conflict of interest, these did not evaluate:")))
        yield Table(
            [
                Column(writer.text(N_("Name")), 3),
                Column(writer.text(N_("Conflict")), 3),
                Column(writer.text(N_("Proposals")), 4),
            ],
            _grouped(in_force, writer),
        )
    if dismissed:
        yield Text(writer.text(N_("These were found to be no conflict, for the reasons given:")))
        yield Items(
            [f"{row.person.name}, {row.proposal.code}: {row.reason or '–'}" for row in dismissed]
        )


def _grouped(rows: Iterable[ConflictRow], writer: Writer) -> list[tuple[str, str, str]]:
    """Return a line for each person and kind of conflict, with all proposals that it is about."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        found[row.person.name, writer.text(row.kind.label)].append(row.proposal.code)
    return [(name, kind, ", ".join(codes)) for (name, kind), codes in sorted(found.items())]


def _method(confirmed: ConfirmedResult, writer: Writer) -> Block:
    edition = confirmed.edition
    shares = writer.text(
        N_("%(desk)s%% proposal, %(presentation)s%% presentation"),
        desk=edition.desk_share,
        presentation=100 - edition.desk_share,
    )
    ladder = ", ".join(writer.name(criterion) for criterion in breaking_criteria(edition))
    pairs = [
        (writer.text(N_("Method")), writer.text(confirmed.ranking.method.label)),
        (writer.text(N_("Final score")), shares),
        *(
            (writer.text(kind.label), _weights(confirmed, kind, writer))
            for kind in SheetKind
            if edition.criteria_of(kind)
        ),
        (writer.text(N_("Ties are broken by")), ladder or "–"),
        (writer.text(N_("Prizes")), writer.text(edition.prize_limit.label)),
    ]
    return Pairs(pairs)


def _weights(confirmed: ConfirmedResult, kind: SheetKind, writer: Writer) -> str:
    return "; ".join(
        f"{writer.name(own)} {writer.points(Fraction(own.weight))}"
        for own in confirmed.edition.criteria_of(kind)
    )


def _unusual(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    sheets = queries.unusual_sheets(confirmed.edition)
    if not sheets:
        return
    yield Text(writer.text(N_("Sheets that were reopened, excused, or asked for once more:")))
    yield Table(
        [
            Column(writer.text(N_("Proposal"))),
            Column(writer.text(N_("Evaluator")), 3),
            Column(writer.text(N_("Sheet")), 2),
            Column(writer.text(N_("What happened")), 3),
        ],
        [
            (
                sheet.proposal.code,
                sheet.evaluator.name,
                writer.text(sheet.kind.label),
                ", ".join(
                    writer.text(message)
                    for message, holds in (
                        (N_("reopened and submitted again"), sheet.reopened_at is not None),
                        (N_("excused"), sheet.participation is Participation.EXCUSED),
                        (N_("second look"), sheet.is_second_look),
                    )
                    if holds
                ),
            )
            for sheet in sheets
        ],
    )


def _result(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    yield Heading(writer.text(N_("Ranking")))
    yield ranking_table(confirmed, writer)
    ties = _ties(confirmed, writer)
    if ties:
        yield Text(writer.text(N_("Equal final scores, and what decided between them:")))
        yield Items(ties)
    yield Heading(writer.text(N_("Awards")))
    for category in confirmed.categories:
        yield from _award(category, confirmed, writer)
    yield Heading(writer.text(N_("From what this can be checked")))
    yield Pairs(
        [
            *((writer.text(scope.label), digest) for scope, digest in confirmed.digests),
            (writer.text(N_("Head of the audit trail")), confirmed.audit_head or "–"),
        ]
    )


def ranking_table(confirmed: ConfirmedResult, writer: Writer) -> Block:
    """Return the ranking by the official method, with the place by the other one."""
    other = writer.text(
        N_("Place by the %(method)s"), method=writer.text(_other(confirmed).label).lower()
    )
    return Table(
        [
            Column(writer.text(N_("Rank")), 4, is_number=True),
            Column(writer.text(N_("Proposal")), 16),
            Column(writer.text(N_("Proposal score")), 4, is_number=True),
            Column(writer.text(N_("Presentation score")), 5, is_number=True),
            Column(writer.text(N_("Final score")), 4, is_number=True),
            Column(other, 5, is_number=True),
        ],
        [
            (
                str(line.rank or "–"),
                named(confirmed.proposals[line.proposal_id]),
                writer.points(line.desk),
                writer.points(line.presentation),
                writer.points(line.final),
                str(confirmed.others_place(line) or "–"),
            )
            for line in confirmed.lines
        ],
        is_dense=True,
    )


def _other(confirmed: ConfirmedResult) -> Method:
    return confirmed.ranking.method.other


def _ties(confirmed: ConfirmedResult, writer: Writer) -> list[str]:
    shared: dict[tuple[Fraction, tuple[str, ...]], list[str]] = defaultdict(list)
    for key, tie in confirmed.ties.items():
        named = tuple(writer.name(criterion) for criterion in tie.criteria)
        shared[tie.final, named].append(confirmed.proposals[key].code)
    undecided = writer.text(N_("a decision of the plenary, or equal places"))
    return [
        f"{', '.join(codes)} ({writer.points(final)}): {', '.join(named) or undecided}"
        for (final, named), codes in shared.items()
    ]


def _award(category: AwardCategory, confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    own = [award for award in confirmed.recorded.awards if award.category_id == category.id]
    yield Text(f"{writer.name(category)} ({writer.text(category.kind.label)})")
    yield awards_table(own, writer)
    deviation = confirmed.deviations.get(category.id)
    if deviation:
        yield Text(
            writer.text(
                N_(
                    "The plenary deviated from the scores: %(reason)s. In favour: %(in_favour)s. "
                    "Against: %(against)s."
                ),
                reason=deviation.reason.rstrip("."),
                in_favour=", ".join(deviation.in_favour) or "–",
                against=", ".join(deviation.against) or "–",
            )
        )
    for agreement in confirmed.recorded.agreements:
        if agreement.category_id == category.id:
            yield Text(_agreed(agreement.body, agreement.dissent, writer))


def _agreed(body: Body, dissent: str, writer: Writer) -> str:
    if not dissent:
        return writer.text(N_("%(body)s: agreed, nobody dissenting."), body=body.label)
    return writer.text(
        N_("%(body)s: agreed. Dissent: %(dissent)s"), body=body.label, dissent=dissent
    )


def awards_table(awards: Sequence[Award], writer: Writer) -> Block:
    """Return the awards of a category: place, innovation, reason, as far as there are any."""
    columns = {
        Column(writer.text(N_("Rank")), is_number=True): [_place(own, writer) for own in awards],
        Column(writer.text(N_("Innovation")), 1): [named(own.proposal) for own in awards],
        Column(writer.text(N_("Reason")), 1): [own.reason for own in awards],
    }
    told = {column: cells for column, cells in columns.items() if any(cells)}
    return Table(list(told), list(zip(*told.values(), strict=True)))


def _place(award: Award, writer: Writer) -> str:
    if not award.deviates:
        return str(award.rank or "")
    return writer.text(
        N_("%(decided)s (by scores: %(calculated)s)"),
        decided=award.rank or "–",
        calculated=award.calculated or "–",
    )


def _annex(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    yield NewPage()
    yield Heading(writer.text(N_("Annex: means by criterion")))
    ids = [line.proposal_id for line in confirmed.lines]
    means = criterion_means(confirmed.edition, ids)
    for kind in SheetKind:
        criteria = confirmed.edition.criteria_of(kind)
        if not criteria:
            continue
        yield Text(writer.text(kind.label))
        yield Items([writer.name(own) for own in criteria])
        for begin in range(0, len(criteria), MOST_COLUMNS):
            part = criteria[begin : begin + MOST_COLUMNS]
            yield Table(
                [
                    Column(writer.text(N_("Proposal"))),
                    *(
                        Column(str(place), 1, is_number=True)
                        for place, _ in enumerate(part, start=begin + 1)
                    ),
                ],
                [
                    (
                        confirmed.proposals[key].code,
                        *(writer.points(means.get((key, own.id))) for own in part),
                    )
                    for key in ids
                ],
                is_dense=True,
            )


def _signing(confirmed: ConfirmedResult, writer: Writer, nips: Nips) -> Block:
    """Return room for the signatures of who was present, judges and committee, each once."""
    rows: dict[int, tuple[str, str]] = {}
    for own in confirmed.recorded.attendances:
        title = confirmed.titles.get((own.body, own.person_id), "") or writer.text(own.body.label)
        nip = nips.get(own.person_id, "")
        if own.is_present:
            name = f"{own.person.name}\nNIP {nip}" if nip else own.person.name
            rows.setdefault(own.person_id, (name, title))
    return signed_list(rows.values(), writer)


def signed_list(rows: Iterable[tuple[str, str]], writer: Writer) -> Block:
    """Return room for signatures beside names (with NIP) and capacities."""
    columns = (N_("No."), N_("Name"), N_("Capacity"), N_("Signature"))
    return SignedList([writer.text(column) for column in columns], list(rows))
