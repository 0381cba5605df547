"""Pages on which authors say what became of their innovation, and on which organisers follow it."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_chair_or_observer
from app.gallery.follow_up import actions, queries
from app.gallery.follow_up.forms import FollowUpForm
from app.gallery.follow_up.models import Afterwards, FollowUp
from app.gallery.queries import catalogue
from app.gallery.replication.queries import counts_of
from app.proposals.access import author
from app.proposals.addresses import address_of
from app.proposals.models import Proposal
from app.web.access import requires
from app.web.errors import refuse
from app.web.links import link_to
from app.web.pages import listing, page, page_number
from app.web.seen import check_seen
from app.workflow import DomainError

blueprint = Blueprint("follow_up", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/follow-up")
@requires(organiser_chair_or_observer)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what became of each innovation, and who would like to replicate it."""
    now = clock.now()
    innovations = listing(catalogue(edition), page_number())
    call = queries.newest_call(edition)
    year = actions.year_in(edition, now)
    return page(
        "gallery/follow_up.html",
        edition=edition,
        innovations=innovations,
        reports=queries.reports_by_innovation(innovations.items),
        requests=counts_of(innovations.items),
        counts=queries.counts_in(edition),
        call=call,
        can_open_requests=organiser(user),
        may_ask=organiser(user)
        and bool(innovations.items)
        and actions.can_report(innovations.items[0], now=now)
        and (call is None or call.year < year),
    )


@blueprint.post("/follow-up")
@requires(organiser)
def ask(user: User, edition: Edition) -> ResponseReturnValue:
    """Ask the authors what became of their innovations."""
    count = actions.ask_authors(edition, link_to=link_to_report, by=user.acting, now=clock.now())
    flash(
        ngettext(
            "The authors of %(num)s innovation are asked.",
            "The authors of %(num)s innovations are asked.",
            count,
        )
    )
    return redirect(url_for("follow_up.index", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/follow-up")
@requires(author)
def own(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show authors what they have said, and let them say what has become of it now."""
    return _own(proposal, FollowUpForm(formdata=None, obj=_of_this_year(proposal)))


@blueprint.post("/proposals/<int:proposal>/follow-up")
@requires(author)
def report(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Say what became of an innovation."""
    form = FollowUpForm()
    if not form.validate():
        return _own(proposal, form, 422)
    try:
        known = _of_this_year(proposal)
        if known:
            check_seen(*known.facts, now=known.state.label)
        actions.report(
            proposal,
            Afterwards(form.state.data),
            replicated_in=form.replicated_in.data or "",
            note=form.note.data or "",
            by=user.acting,
            now=clock.now(),
        )
    except DomainError as error:
        return _own(proposal, form, refuse(form, error))
    flash(gettext("Thank you. Everyone can read it now."))
    return redirect(address_of("follow_up.own", proposal))


def link_to_report(proposal: Proposal) -> str:
    """Return the link to where its authors say what became of an innovation."""
    edition = proposal.edition.slug
    return link_to("follow_up.own", edition=edition, proposal=proposal.number)


def _of_this_year(proposal: Proposal) -> FollowUp | None:
    year = actions.year_in(proposal.edition, clock.now())
    return next((own for own in queries.reports_on(proposal) if own.year == year), None)


def _own(proposal: Proposal, form: FollowUpForm, status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    year = actions.year_in(proposal.edition, now)
    return page(
        "gallery/own_follow_up.html",
        status,
        edition=proposal.edition,
        proposal=proposal,
        reports=queries.reports_on(proposal),
        may_report=actions.can_report(proposal, now=now),
        is_asked=bool(queries.unreported_among([proposal], proposal.edition)),
        year=year,
        known=_of_this_year(proposal),
        form=form,
    )
