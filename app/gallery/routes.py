"""Public pages, open to everyone once the edition is public."""

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.permissions import anyone
from app.awards.publication.reading import validity_of
from app.awards.reading import PublicResult, public_result
from app.editions.access import face_in
from app.editions.faces import only_face
from app.editions.models import Edition
from app.editions.permissions import User, can_see_edition
from app.editions.queries import public_editions
from app.editions.rules import unbalanced
from app.editions.timeline import timeline
from app.gallery import queries
from app.gallery.coverage import coverage_of
from app.gallery.follow_up.queries import reports_on
from app.gallery.front import cards_of, stands_at
from app.gallery.metadata import (
    card_of,
    competition_facts,
    emblem_link,
    innovation_facts,
    picture_link,
    presentation_facts,
)
from app.gallery.reading import public_innovation, public_innovations
from app.gallery.state import edition_state, site_state
from app.programme.breaks import break_at
from app.programme.daygrid import programme_days
from app.programme.extracts import Extract, extract_with, extracts_of
from app.programme.queries import appearance_of, appearances, last_version, published_places
from app.programme.rooms import rooms_now
from app.web.access import requires
from app.web.headers import KEPT_FOREVER
from app.web.language import local
from app.web.links import link_to, whatsapp
from app.web.pages import day_asked, listing, page, page_number, page_or_partial, room_asked
from app.web.shared import shared, site_part

MOST_NAMED = 300  # finalists on the page of results

blueprint = Blueprint("gallery", __name__)


@blueprint.get("/")
@requires(anyone)
@shared(site_state)
def home(user: User) -> ResponseReturnValue:
    """Show where each public edition stands, and who won."""
    editions, now = listing(public_editions(), page_number()), clock.now()
    face = site_part("face", only_face)
    title = face.name if face else gettext("Public-service innovation competitions")
    return page(
        "gallery/home.html",
        editions=editions,
        cards=cards_of(editions.items, now=now),
        now=now,
        face=face,
        card=card_of(
            link_to("gallery.home"),
            title,
            gettext("Schedule, innovations and results of public-service innovation competitions."),
            picture=emblem_link(face) if face else "",
        ),
    )


@blueprint.get("/editions/<edition>")
@requires(can_see_edition)
@shared(edition_state)
def edition(user: User, edition: Edition) -> ResponseReturnValue:
    """Show an edition: its stages, its rules and whatever is public."""
    now = clock.now()
    return page(
        "gallery/edition.html",
        edition=edition,
        now=now,
        steps=timeline(edition, now=now),
        stands=stands_at(edition, now=now),
        unbalanced=unbalanced(edition),
        card=card_of(
            link_to("gallery.edition", edition=edition.slug),
            local(edition),
            local(edition, "story") or edition.organisation.name,
            picture=emblem_link(face_in(edition)),
            facts=competition_facts(edition),
        ),
    )


@blueprint.get("/editions/<edition>/schedule")
@requires(can_see_edition)
@shared(edition_state)
def schedule(user: User, edition: Edition) -> ResponseReturnValue:
    """Show who presents when."""
    now = clock.now()
    extracts = extracts_of(published_places(edition))
    today = now.astimezone(edition.zone).date()
    alone = _alone()
    shown = alone or extract_with(extracts, day_asked() or today, room_asked())
    found = appearances(edition, shown)
    events = [presentation_facts(edition, appearance) for appearance in found]
    return page(
        "gallery/schedule.html",
        edition=edition,
        now=now,
        days=programme_days(found, edition),
        version=last_version(edition),
        extracts=extracts,
        shown=shown,
        is_alone=alone is not None,
        address=link_to("calendars.schedule", edition=edition.slug),
        card=card_of(
            link_to("gallery.schedule", edition=edition.slug),
            f"{gettext('Schedule')}: {local(edition)}",
            edition.venue or edition.organisation.name,
            picture=emblem_link(face_in(edition)),
            facts=competition_facts(edition) | ({"subEvent": events} if events else {}),
        ),
    )


@blueprint.get("/editions/<edition>/wall")
@requires(can_see_edition)
@shared(edition_state)
def wall(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what is presented now and next, in one room or in all, for a screen on the wall."""
    now, room = clock.now(), request.args.get("room", 0, type=int)
    places = rooms_now(edition, now=now)
    rooms = [place for place in places if room in {0, place.room.id if place.room else 0}]
    coming = next((place.present or place.following[0] for place in rooms), None)
    return page_or_partial(
        "gallery/wall.html",
        edition=edition,
        rooms=rooms,
        now=now,
        pause=break_at(now, edition),
        day=coming.starts_at.astimezone(edition.zone).date() if coming else None,
        asked={"room": room} if room else {},
    )


@blueprint.get("/editions/<edition>/innovations")
@requires(can_see_edition)
@shared(edition_state)
def innovations(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the catalogue of innovations."""
    found = listing(queries.catalogue(edition), page_number())
    return page_or_partial(
        "gallery/innovations.html",
        edition=edition,
        innovations=found,
        shown=public_innovations(found.items, now=clock.now()),
    )


@blueprint.get("/editions/<edition>/innovations/<int:number>")
@requires(can_see_edition)
@shared(edition_state)
def innovation(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Show one innovation: what its authors agreed to, when it is presented, its award."""
    shown = public_innovation(edition, number, now=clock.now()) or abort(404)
    proposal = shown.proposal
    before, after = queries.beside(proposal)
    return page(
        "gallery/innovation.html",
        edition=edition,
        shown=shown,
        innovation=proposal,
        appearance=appearance_of(proposal),
        reports=reports_on(proposal),
        before=before,
        after=after,
        card=card_of(
            link_to("gallery.innovation", edition=edition.slug, number=number),
            proposal.title,
            shown.summary or proposal.agency.name,
            picture=picture_link(edition, shown) or emblem_link(face_in(edition)),
            facts=innovation_facts(edition, shown),
        ),
    )


@blueprint.get("/editions/<edition>/innovations/<int:number>/picture.jpg")
@requires(can_see_edition)
def picture(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Send an innovation's picture."""
    return _picture(queries.picture_of(edition, number))


@blueprint.get("/editions/<edition>/innovations/<int:number>/small-picture.jpg")
@requires(can_see_edition)
def small_picture(user: User, edition: Edition, number: int) -> ResponseReturnValue:
    """Send an innovation's picture as lists show it."""
    return _picture(queries.small_picture_of(edition, number))


@blueprint.get("/editions/<edition>/results")
@requires(can_see_edition)
@shared(edition_state)
def results(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the awards once they are published, and what was withdrawn."""
    now = clock.now()
    public = public_result(edition, now=now)
    awarded = [award.proposal for award in public.awards] if public else []
    return page(
        "gallery/results.html",
        edition=edition,
        finalists=queries.first_finalists(edition, MOST_NAMED) if public else [],
        most_named=MOST_NAMED,
        shown={own.proposal.id: own for own in public_innovations(awarded, now=now)},
        unbalanced=unbalanced(edition),
        card=card_of(
            link_to("gallery.results", edition=edition.slug),
            f"{gettext('Results')}: {local(edition)}",
            _winners(public) if public else edition.organisation.name,
            picture=emblem_link(face_in(edition)),
            facts=competition_facts(edition),
        ),
        awards=public.awards if public else [],
        categories=public.categories if public else [],
        ties=public.ties if public else {},
        deviations=public.deviations if public else {},
        shows_points=False,
        validity=validity_of(edition, now=now),
        result=public.result if public else None,
        share=whatsapp(_told(public, edition)) if public else "",
    )


def _picture(content: bytes | None) -> ResponseReturnValue:
    response = current_app.response_class(content or abort(404), mimetype="image/jpeg")
    response.headers["Cache-Control"] = KEPT_FOREVER
    return response


def _winners(public: PublicResult) -> str:
    """Return who won, as the text below a link."""
    named = [f"{award.proposal.title} ({award.proposal.agency.name})" for award in public.awards]
    return "; ".join(named)


def _alone() -> Extract | None:
    """Return what is asked for to be printed: one day, or one room of it (0 stands for none)."""
    day, room = day_asked(), room_asked()
    if day is None or "alone" not in request.args:
        return None
    return Extract((day,), None if room is None else (room or None,))


def _told(public: PublicResult, edition: Edition) -> str:
    """Return a result as a message that can be passed on."""
    lines = [f"*{gettext('Results')}: {local(edition)}*"]
    for category in public.categories:
        lines += ["", f"*{local(category)}*"]
        lines += [
            f"{award.rank}. {award.proposal.title} – {award.proposal.agency.name}"
            if category.is_ranked
            else f"• {award.proposal.title} – {award.proposal.agency.name}"
            for award in public.awards
            if award.category == category
        ]
    return "\n".join([*lines, "", link_to("gallery.results", edition=edition.slug)])


@blueprint.get("/editions/<edition>/agencies")
@requires(can_see_edition)
@shared(edition_state)
def agencies(user: User, edition: Edition) -> ResponseReturnValue:
    """Show “One Agency, One Innovation”: who has entered and who has not, if anybody asks."""
    if not edition.shows_coverage:
        abort(404)
    return page("gallery/agencies.html", edition=edition, coverage=coverage_of(edition))
