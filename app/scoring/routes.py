"""Pages for opening scoring, its progress, and the ranking."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import (
    User,
    organiser,
    organiser_judge_or_observer,
    organiser_or_chair,
)
from app.evaluation.access import barred_from
from app.evaluation.permissions import can_reopen
from app.evaluation.queries import sheet_counts
from app.evaluation.reading import request_lines
from app.scoring import actions, following
from app.scoring.access import no_ranking
from app.scoring.explained import shifts_for
from app.scoring.permissions import can_open_ranking, can_open_scoring
from app.scoring.progress import Mark, in_progress_order, progress_of
from app.scoring.queries import proposals_in
from app.scoring.reading import looks_for, ranking_for, short_of_quorum, ties_in
from app.web.access import requires
from app.web.links import link_to
from app.web.pages import listing, page_number, page_or_partial, paged
from app.workflow import COMPETING

blueprint = Blueprint("scoring", __name__, url_prefix="/editions/<edition>")

AT_ONCE = 150  # proposals whose progress is seen at one look


@blueprint.get("/scoring")
@requires(organiser_judge_or_observer)
def progress(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the sheets have come: completeness, no values."""
    kind, only_open = _kind_asked(edition), request.args.get("open") == "1"
    looks = looks_for(user, edition)
    lines = in_progress_order(edition, kind, only_open=only_open, looks=looks)
    found = listing(lines, page_number(), size=AT_ONCE)
    return page_or_partial(
        "scoring/progress.html",
        edition=edition,
        kind=kind,
        kinds=Mark,
        only_open=only_open,
        found=found,
        progress=progress_of(found.items, edition, kind, looks=looks, now=clock.now()),
        counts=sheet_counts(edition, looks),
        can_open=can_open_scoring(user) and not edition.is_frozen,
        difference=following.sheet_mismatch(edition) if can_open_scoring(user) else None,
        is_chair=can_reopen(user),
        may_remind=organiser_or_chair(user),
        requests=request_lines(user, edition),
    )


@blueprint.post("/scoring")
@requires(organiser)
def open_scoring(user: User, edition: Edition) -> ResponseReturnValue:
    """Freeze the rules and hand out the sheets."""
    kind = SheetKind.PRESENTATION.value
    link = link_to("sheets.index", edition=edition.slug, kind=kind)
    count = actions.open_scoring(edition, link=link, by=user.acting, now=clock.now())
    flash(
        ngettext(
            "Scoring is open: %(count)s score sheet has been handed out.",
            "Scoring is open: %(count)s score sheets have been handed out.",
            count,
            count=count,
        )
    )
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.post("/scoring/sheets")
@requires(organiser)
def follow_schedule(user: User, edition: Edition) -> ResponseReturnValue:
    """Bring the sheets in line with the published schedule."""
    done = following.follow_schedule(edition, by=user.acting, now=clock.now())
    text = gettext(
        "Score sheets handed out: %(given)s, removed: %(taken)s.",
        given=len(done.missing),
        taken=len(done.needless),
    )
    flash(text)
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.get("/ranking")
@requires(can_open_ranking)
def ranking(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the ranking, provisional while a sheet is missing."""
    barred = barred_from(user, edition, COMPETING)
    found = ranking_for(user, edition, is_recused=bool(barred))
    if found is None:
        return no_ranking(user, edition)
    shown = paged(found.lines, page_number())
    return page_or_partial(
        "scoring/ranking.html",
        edition=edition,
        lines=shown,
        proposals=proposals_in(shown.items),
        is_complete=found.is_complete,
        ranking=found,
        shifts=shifts_for(user, edition, found, shown.items),
        places=edition.last_awarded_place,
        ties=ties_in(edition, found),
        short=short_of_quorum(edition, found.lines, without=barred),
    )


def _kind_asked(edition: Edition) -> SheetKind:
    """Return the kind of sheets asked for, without a question the one that is being filled in."""
    asked = request.args.get("kind")
    if asked in set(SheetKind):
        return SheetKind(asked)
    return SheetKind.PRESENTATION if edition.is_frozen else SheetKind.DESK
