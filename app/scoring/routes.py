"""Pages for opening scoring, its progress, and the ranking."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser, organiser_judge_or_observer
from app.evaluation.access import barred_from
from app.evaluation.permissions import can_reopen
from app.evaluation.queries import evaluator_progress
from app.evaluation.reading import request_lines
from app.scoring import actions, following
from app.scoring.permissions import can_open_ranking, can_open_scoring
from app.scoring.queries import proposals_in, ranking_of
from app.scoring.reading import ranking_for, short_of_quorum, ties_in
from app.web.access import requires
from app.web.links import link_to
from app.web.pages import page, page_number, page_or_partial, paged
from app.workflow import COMPETING

blueprint = Blueprint("scoring", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/scoring")
@requires(organiser_judge_or_observer)
def progress(user: User, edition: Edition) -> ResponseReturnValue:
    """Show how far the sheets have come: completeness, no values."""
    lines = sorted(ranking_of(edition).lines, key=lambda line: line.number)
    shown = paged(lines, page_number())
    return page_or_partial(
        "scoring/progress.html",
        edition=edition,
        lines=shown,
        proposals=proposals_in(shown.items),
        judges=evaluator_progress(edition, SheetKind.PRESENTATION),
        screeners=evaluator_progress(edition, SheetKind.DESK),
        can_open=can_open_scoring(user) and not edition.is_frozen,
        difference=following.sheet_mismatch(edition) if can_open_scoring(user) else None,
        is_chair=can_reopen(user),
        requests=request_lines(user, edition),
    )


@blueprint.post("/scoring")
@requires(organiser)
def open_scoring(user: User, edition: Edition) -> ResponseReturnValue:
    """Freeze the rules and hand out the sheets."""
    kind = SheetKind.PRESENTATION.value
    link = link_to("sheets.index", edition=edition.slug, kind=kind)
    count = actions.open_scoring(edition, link=link, by=user.acting, now=clock.now())
    flash(gettext("Scoring is open: %(count)s sheets are handed out.", count=count))
    return redirect(url_for("scoring.progress", edition=edition.slug))


@blueprint.post("/scoring/sheets")
@requires(organiser)
def follow_schedule(user: User, edition: Edition) -> ResponseReturnValue:
    """Bring the sheets in line with the published schedule."""
    done = following.follow_schedule(edition, by=user.acting, now=clock.now())
    text = gettext(
        "%(given)s sheets are handed out, %(taken)s taken back.",
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
        return page("scoring/no_ranking.html", 403, edition=edition)
    shown = paged(found.lines, page_number())
    return page_or_partial(
        "scoring/ranking.html",
        edition=edition,
        lines=shown,
        proposals=proposals_in(shown.items),
        is_complete=found.is_complete,
        ties=ties_in(edition, found),
        short=short_of_quorum(edition, found.lines, without=barred),
    )
