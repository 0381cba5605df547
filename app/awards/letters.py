"""Letters of the plenary: to who may confirm, to entrants, to judges with the chain's head."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Person
from app.database import db
from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import holders
from app.evaluation.heads import send_head
from app.evaluation.queries import locked_sheets
from app.evaluation.receipts import code_of
from app.mail import letters, outbox
from app.mail.letters import letter_text
from app.proposals.models import Proposal
from app.workflow import N_, SUBMITTED_ONCE, Message, Status

LinkTo = Callable[[Proposal], str]
Told = Callable[[Proposal, str], str]
"""What a letter in this language tells of a proposal, a line or more, or nothing."""


def ask_to_confirm(
    people: Collection[Person], edition: Edition, *, link: str, by: Person, now: datetime
) -> None:
    """Ask each of those who may confirm what `by` has prepared, and whom no conflict bars."""
    for person in people:
        outbox.queue_letter(
            person,
            subject=N_("A result is waiting to be confirmed: %(edition)s"),
            body=N_(
                "Hello %(name)s,\n\n%(by)s has prepared the result of %(edition)s. A second "
                "person must confirm it, and you can do so here:\n\n%(link)s"
            ),
            values={"name": person.name, "by": by.name, "edition": edition, "link": link},
            edition_id=edition.id,
            now=now,
        )


RESULT = N_("The result of %(edition)s")
IS_OUT = N_(
    "Hello %(name)s,\n\nThe result of %(edition)s has been published. These are your proposals; "
    "the link leads to all that the judges made of each:\n\n%(entries)s"
)


@dataclass(frozen=True)
class Announced:
    """The letters that leave with a result: how many to entrants and judges, and one of them."""

    entrants: int
    judges: int
    recipient: str
    subject: str
    body: str


def letters_at_publication(edition: Edition, told: Told, link_to: LinkTo) -> Announced:
    """Return what is told to whom when the result is confirmed and published."""
    entrants = entrants_in(edition)
    judges = len(holders(edition, Role.JUDGE))
    if not entrants:
        return Announced(0, judges, "", "", "")
    author, proposals = next(iter(entrants.items()))
    values = _values(author, proposals, edition, told, link_to)
    text = (letter_text(author.language, words, values) for words in (RESULT, IS_OUT))
    return Announced(len(entrants), judges, author.name, *text)


def tell_of_result(
    edition: Edition, told: Told, *, due_at: datetime, link_to: LinkTo, now: datetime
) -> None:
    """Tell everyone who submitted what their result is, in one letter sent at publication."""
    tell_entrants(
        edition,
        subject=RESULT,
        body=IS_OUT,
        told=told,
        link_to=link_to,
        due_at=due_at,
        now=now,
    )


def tell_entrants(
    edition: Edition,
    *,
    subject: Message,
    body: Message,
    link_to: LinkTo,
    due_at: datetime,
    now: datetime,
    values: Mapping[str, object] | None = None,
    told: Told = lambda _proposal, _language: "",
) -> None:
    """Write one letter to everyone who submitted, naming their proposals (`%(entries)s`)."""
    for author, proposals in entrants_in(edition).items():
        own = _values(author, proposals, edition, told, link_to)
        outbox.queue_letter(
            author,
            subject=subject,
            body=body,
            values=own | dict(values or {}),
            edition_id=edition.id,
            due_at=due_at,
            now=now,
        )


def _values(
    author: Person, proposals: Collection[Proposal], edition: Edition, told: Told, link_to: LinkTo
) -> dict[str, object]:
    entries = [
        "\n".join(
            part
            for part in (proposal.title, told(proposal, author.language), link_to(proposal))
            if part
        )
        for proposal in proposals
    ]
    return {"name": author.name, "edition": edition, "entries": "\n\n".join(entries)}


def entrants_in(edition: Edition) -> Mapping[Person, Collection[Proposal]]:
    """Return who is told of a result, with the proposals that they submitted and kept."""
    judged = SUBMITTED_ONCE - {Status.WITHDRAWN, Status.DISQUALIFIED}
    submitted = db.session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition.id, Proposal.status.in_(judged))
        .options(selectinload(Proposal.authors))
        .order_by(Proposal.number)
    )
    own: dict[Person, list[Proposal]] = defaultdict(list)
    for proposal in submitted:
        for author in proposal.authors:
            own[author].append(proposal)
    return own


def send_receipts(edition: Edition, head: str, *, link: str, now: datetime) -> None:
    """Mail each judge the head of the audit chain, and the codes of the sheets that they locked."""
    for judge in holders(edition, Role.JUDGE):
        person = judge.person
        codes = [
            f"{sheet.proposal.code} {code_of(sheet, edition.criteria_of(sheet.kind))}"
            for sheet in locked_sheets(person, edition)
        ]
        outbox.queue_letter(
            person,
            subject=N_("The result of %(edition)s is confirmed"),
            body=N_(
                "Hello %(name)s,\n\nThe result of %(edition)s was confirmed on "
                "%(moment)s.\n\nKeep this e-mail: up to this point, the audit trail has the "
                "fingerprint\n%(head)s\n\nThese are the codes of your score sheets. Check after "
                "the publication that they are the same:\n\n%(codes)s\n\n%(link)s"
            ),
            values={
                "name": person.name,
                "edition": edition,
                "moment": letters.moment(now, edition.zone, person.language),
                "head": head,
                "codes": "\n".join(codes) or "–",
                "link": link,
            },
            edition_id=edition.id,
            now=now,
        )


def send_published_head(edition: Edition, head: str, *, now: datetime) -> None:
    """Mail the judges the head of the audit chain as it is when the result becomes public."""
    send_head(
        edition,
        head,
        subject=N_("The result of %(edition)s is public"),
        body=N_(
            "Hello %(name)s,\n\nThe result of %(edition)s was published on %(moment)s.\n\nKeep "
            "this e-mail: up to this point, the audit trail has the fingerprint\n%(head)s"
        ),
        now=now,
    )
