"""Pages of conflicts of interest: those that stand, and confirming or dismissing one."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.models import Person
from app.database import db
from app.editions.models import Edition
from app.editions.permissions import User, organiser, overseer
from app.editions.queries import unpledged
from app.screening import actions, queries, recusals
from app.screening.access import decider
from app.screening.models import ConflictKind
from app.screening.permissions import BOUND, evaluator
from app.screening.routes import blueprint
from app.web.access import requires
from app.web.fields import form_id, form_text, search_asked
from app.web.pages import page, page_number, paged
from app.workflow import N_

KINDS = (("", N_("All")), *((each.value, each.label) for each in ConflictKind))


@blueprint.get("/conflicts")
@requires(overseer)
def conflicts(user: User, edition: Edition) -> ResponseReturnValue:
    """List every conflict of interest of judges and evaluators, detected and declared."""
    search, kind = search_asked(request.args.get("search")), request.args.get("kind", "")
    rows = {
        name: [each for each in found if each.is_found(search, kind)]
        for name, found in recusals.conflict_table(edition).items()
    }
    return page(
        "screening/conflicts.html",
        edition=edition,
        search=search,
        kind=kind,
        kinds=KINDS,
        hosts=recusals.hosts_among_judges(edition),
        unpledged=unpledged(edition, BOUND),
        standing=paged(rows["standing"], page_number()),
        dismissed=rows["dismissed"],
        settles=organiser(user) and not edition.is_frozen,
        barred=recusals.barred_for(evaluator(user), edition),
    )


@blueprint.post("/conflicts/dismissal")
@requires(organiser)
def dismiss(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm, with a reason, that a detected conflict is none."""
    _settle(user, edition, actions.dismiss)
    flash(gettext("Recorded: this is no conflict."))
    return redirect(url_for("screening.conflicts", edition=edition.slug))


@blueprint.post("/conflicts/confirmation")
@requires(organiser)
def confirm_conflict(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm, with a reason, that a detected conflict is one."""
    _settle(user, edition, actions.confirm)
    flash(gettext("Recorded: this is a conflict."))
    return redirect(url_for("screening.conflicts", edition=edition.slug))


def _settle(user: User, edition: Edition, act: Callable[..., Any]) -> None:
    """Confirm or dismiss the conflict that the form names, as somebody it does not bar."""
    person = db.session.get(Person, form_id("person"))
    proposal = queries.proposal_in(edition, form_id("proposal"))
    kind = request.form.get("kind", "")
    if person is None or proposal is None or kind not in set(ConflictKind):
        abort(404)
    if not decider(user, edition, proposal):
        abort(403)
    reason = form_text("reason")
    act(proposal, person, ConflictKind(kind), reason=reason, by=user.acting, now=clock.now())
