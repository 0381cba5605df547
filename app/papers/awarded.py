"""The draft of the decree with its annex, certificates, and the programme of the ceremony."""

from collections.abc import Iterator
from functools import partial

from app.awards.models import Award
from app.papers.blocks import Block, Heading, Items, NewPage, Text
from app.papers.confirmed import ConfirmedResult
from app.papers.draft import Nips, PaperDraft, named, official
from app.papers.minutes import awards_table
from app.papers.writing import Writer
from app.workflow import N_


def decree(confirmed: ConfirmedResult, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return the draft of the decree: its number is given by the office that signs it."""
    heading = writer.text(N_("Decree on the winners of %(edition)s"), edition=confirmed.edition)
    return [
        official(
            "",
            heading,
            writer.text(N_("Draft of the decree")),
            dated=writer.local(confirmed.confirmed_at),
            heading=heading,
            blocks=_articles(confirmed, writer),
            annex=_winners(confirmed, writer),
        )
    ]


def _articles(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    edition = confirmed.edition
    yield Heading(writer.text(N_("Considering")))
    yield Text(
        writer.text(
            N_(
                "that the plenary of %(edition)s confirmed its result on %(day)s, and that the "
                "winners are therefore to be determined by decree;"
            ),
            edition=edition,
            day=writer.date(writer.local(confirmed.confirmed_at)),
        )
    )
    if edition.legal_basis:
        yield Heading(writer.text(N_("In view of")))
        yield Text(edition.legal_basis)
    yield Heading(writer.text(N_("Decides")))
    articles = (
        N_("FIRST: The winners of %(edition)s are those listed in the annex of this decree."),
        N_("SECOND: The costs that arise from this decree are borne by the budget provided."),
        N_("THIRD: This decree takes effect on the day on which it is determined."),
    )
    for article in articles:
        yield Text(writer.text(article, edition=edition))


def _winners(confirmed: ConfirmedResult, writer: Writer) -> Iterator[Block]:
    yield NewPage()
    yield Heading(writer.text(N_("Annex: the winners")))
    for category in confirmed.categories:
        yield Text(writer.name(category))
        own = [award for award in confirmed.recorded.awards if award.category_id == category.id]
        yield awards_table(own, writer)


def certificates(confirmed: ConfirmedResult, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return a certificate for each award, in their order."""
    day = confirmed.edition.award_ceremony or writer.local(confirmed.confirmed_at)
    heading = writer.text(N_("Certificate"))
    return [
        PaperDraft(
            f"award {award.category_id}-{award.proposal_id}",
            f"{heading} – {award.proposal.code} {award.proposal.title}",
            f"{award.proposal.code} {writer.name(award.category)}",
            "certificate",
            day,
            partial(_certificate, award, confirmed, writer),
        )
        for award in confirmed.recorded.awards
    ]


def _certificate(award: Award, confirmed: ConfirmedResult, writer: Writer) -> dict[str, str]:
    return {
        "heading": writer.text(N_("Certificate of award")),
        "given_to": writer.text(N_("is given to")),
        "recipient": award.proposal.agency.name,
        "for_what": writer.text(N_("for the innovation")),
        "work": award.proposal.title,
        "as_what": _as_what(award, confirmed, writer),
    }


def _as_what(award: Award, confirmed: ConfirmedResult, writer: Writer) -> str:
    message = (
        N_("as place %(place)s of %(category)s\nin %(edition)s")
        if award.rank
        else N_("in the category %(category)s\nof %(edition)s")
    )
    return writer.text(
        message, place=award.rank, category=award.category, edition=confirmed.edition
    )


def ceremony(confirmed: ConfirmedResult, writer: Writer, _nips: Nips) -> list[PaperDraft]:
    """Return the programme of the award ceremony: every award in the order of calling."""
    day = confirmed.edition.award_ceremony or writer.local(confirmed.confirmed_at)
    heading = writer.text(N_("Programme of the award ceremony"))
    return [
        official(
            "",
            f"{heading} – {writer.name(confirmed.edition)}",
            heading,
            dated=day,
            heading=heading,
            blocks=[
                Text(writer.day(day)),
                Items(
                    [
                        writer.text(N_("Opening")),
                        writer.text(N_("Reading of the minutes and the decree")),
                        *_called(confirmed, writer),
                        writer.text(N_("Address of the regent")),
                        writer.text(N_("Closing")),
                    ]
                ),
            ],
        )
    ]


def _called(confirmed: ConfirmedResult, writer: Writer) -> Iterator[str]:
    """Yield the awards from the last category to the first, the best of each last."""
    for category in reversed(confirmed.categories):
        own = [award for award in confirmed.recorded.awards if award.category_id == category.id]
        for award in sorted(own, key=lambda each: -(each.rank or 0)):
            place = writer.text(N_("place %(place)s"), place=award.rank) if award.rank else ""
            title = ", ".join(part for part in (writer.name(category), place) if part)
            yield f"{title}: {named(award.proposal)}"
