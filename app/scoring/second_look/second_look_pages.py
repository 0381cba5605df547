"""The page of the second look: what lies near the line, whom to ask, and its end."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.database import db
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.permissions import User, organiser
from app.evaluation.access import barred_from
from app.scoring.access import no_ranking
from app.scoring.certainty.asking import request_certainty
from app.scoring.models import ExtraJudge, Material
from app.scoring.permissions import can_open_ranking
from app.scoring.reading import may_read_ranking
from app.scoring.second_look.actions import ask_judge, end_second_look, release_judge
from app.scoring.second_look.reading import second_look_page
from app.web.access import requires
from app.web.errors import explain
from app.web.fields import form_id, form_text, whole
from app.web.links import link_to
from app.web.pages import page
from app.workflow import COMPETING, DomainError, NotAllowedNow

blueprint = Blueprint("second_look", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/ranking/second-look")
@requires(can_open_ranking)
def index(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what lies near the line and who was asked to look at it again."""
    if not _may_read(user, edition):
        return no_ranking(user, edition)
    return _page(user, edition)


@blueprint.post("/ranking/second-look/judges")
@requires(organiser)
def ask(user: User, edition: Edition) -> ResponseReturnValue:
    """Ask a judge for more sheets near the line."""
    _refuse_judges(user, edition)
    material, kind = form_text("material"), SheetKind.PRESENTATION.value
    if material not in set(Material):
        return _page(user, edition, 422, message=gettext("Choose what the judge goes by."))
    extra = ask_judge(
        edition,
        form_id("judge"),
        Material(material),
        revision=whole(request.form.get("revision")),
        link=link_to("sheets.index", edition=edition.slug, kind=kind),
        by=user.acting,
        now=clock.now(),
    )
    count, name = len(extra.proposals), extra.person.name
    flash(
        ngettext(
            "%(name)s is asked for %(count)s score sheet.",
            "%(name)s is asked for %(count)s score sheets.",
            count,
            name=name,
            count=count,
        )
    )
    return redirect(url_for("second_look.index", edition=edition.slug))


@blueprint.post("/ranking/second-look/judges/<int:extra>/removal")
@requires(organiser)
def release(user: User, edition: Edition, extra: int) -> ResponseReturnValue:
    """Go on without the sheets that a judge owes."""
    _refuse_judges(user, edition)
    found = db.session.get(ExtraJudge, extra)
    if found is None or found.edition_id != edition.id:
        abort(404)
    reason, by, now = form_text("reason"), user.acting, clock.now()
    return _carried_out(
        user,
        edition,
        lambda: release_judge(found, edition, reason=reason, by=by, now=now),
        gettext("The second look goes on without the missing sheets."),
    )


@blueprint.post("/ranking/second-look/end")
@requires(organiser)
def end(user: User, edition: Edition) -> ResponseReturnValue:
    """End the second look, with a reason where neither the line nor the budget is one."""
    _refuse_judges(user, edition)
    reason, by, now = form_text("reason"), user.acting, clock.now()
    return _carried_out(
        user,
        edition,
        lambda: end_second_look(edition, reason=reason, by=by, now=now),
        gettext("The second look has ended. Judges see the ranking from now on."),
    )


@blueprint.post("/ranking/second-look/certainty")
@requires(organiser)
def measure(user: User, edition: Edition) -> ResponseReturnValue:
    """Have the worker compute how sure the ranking is as it stands now."""
    _refuse_judges(user, edition)
    request_certainty(edition, by=user.acting, now=clock.now())
    return redirect(url_for("certainty.index", edition=edition.slug))


def _carried_out(
    user: User, edition: Edition, act: Callable[[], object], message: str
) -> ResponseReturnValue:
    """Do what takes a reason; without one show the page again, which says so."""
    try:
        act()
    except NotAllowedNow:
        raise
    except DomainError as refusal:
        return _page(user, edition, 422, message=explain(refusal))
    flash(message)
    return redirect(url_for("second_look.index", edition=edition.slug))


def _page(
    user: User, edition: Edition, status: int = 200, *, message: str = ""
) -> ResponseReturnValue:
    return page(
        "scoring/second_look.html",
        status,
        edition=edition,
        second=second_look_page(edition) if edition.second_look_budget else None,
        materials=list(Material),
        may_act=organiser(user) and not edition.is_confirmed,
        message=message,
        typed=request.form,
    )


def _may_read(user: User, edition: Edition) -> bool:
    is_recused = bool(barred_from(user, edition, COMPETING))
    return may_read_ranking(user, edition, is_recused=is_recused)


def _refuse_judges(user: User, edition: Edition) -> None:
    """Refuse whom a conflict bars, and organisers who judge themselves."""
    if not _may_read(user, edition):
        abort(403)
