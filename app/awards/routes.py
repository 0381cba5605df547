"""Pages of the plenary and of the feedback to entrants."""

from collections.abc import Collection, Sequence

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.awards import actions, queries
from app.awards.actions import Confirmation
from app.awards.bodies import barred_members, members_of
from app.awards.cascade import Decisions
from app.awards.confirming import confirming_job, is_left_to_worker, queue_confirmation
from app.awards.deciding import decisions_in
from app.awards.forms import UnconfirmForm, left_empty, proceedings, publication_form
from app.awards.letters import letters_at_publication
from app.awards.models import Body, Disclosure
from app.awards.permissions import can_confirm, can_follow_plenary, can_prepare
from app.awards.plenary_reading import (
    AwardChange,
    boards_of,
    changes_between,
    changes_without,
    guessable_in,
    open_points,
    plenary_view,
)
from app.awards.proceedings import Proceedings, as_recorded
from app.awards.reading import desk_place_of, deviation_lines, feedback_on, place_of, public_result
from app.awards.shown import digest_of_shown
from app.awards.supposing import lines_without_sheet
from app.awards.telling import told_of
from app.database import db
from app.editions.kinds import Method
from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.editions.permissions import User, organiser, organiser_or_chair
from app.evaluation.access import barred_from
from app.proposals.access import author
from app.proposals.models import Proposal
from app.scoring.certainty.asking import certainty_in
from app.scoring.permissions import can_open_ranking
from app.scoring.queries import proposals_in, ranking_of
from app.scoring.ranking import Ranked
from app.scoring.reading import may_read_ranking, short_of_quorum, ties_in, waits_for_second_look
from app.scoring.second_look.reading import second_look_note
from app.screening.queries import announced_for
from app.web.access import requires
from app.web.errors import explain, refuse, status_of
from app.web.fields import Form, form_id, form_text_as_sent
from app.web.links import link_to
from app.web.pages import page
from app.workflow import COMPETING, DomainError, NotAllowedNow, Overtaken

blueprint = Blueprint("awards", __name__, url_prefix="/editions/<edition>")


@blueprint.get("/plenary")
@requires(can_follow_plenary)
def plenary(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the ranking, the choices to make, and how far the result has come."""
    return _plenary(user, edition, publication_form(edition)(formdata=None))


@blueprint.post("/plenary")
@requires(organiser)
def prepare(user: User, edition: Edition) -> ResponseReturnValue:
    """Prepare the result."""
    _refuse_recused(user, edition)
    try:
        actions.prepare_result(
            edition,
            proceedings(edition, members_of(edition)),
            seen=request.form.get("seen", ""),
            link=link_to("awards.plenary", edition=edition.slug),
            by=user.acting,
            now=clock.now(),
        )
    except NotAllowedNow as refusal:
        if not isinstance(refusal, Overtaken):
            raise
        return _not_prepared(user, edition, refusal)
    except DomainError as refusal:
        return _not_prepared(user, edition, refusal)
    flash(gettext("The result has been prepared. A second person must confirm it."))
    return redirect(url_for("awards.plenary", edition=edition.slug))


@blueprint.post("/plenary/places")
@requires(organiser)
def places(user: User, edition: Edition) -> ResponseReturnValue:
    """Show the places as they would be with what is chosen so far; this keeps nothing."""
    _refuse_recused(user, edition)
    found = ranking_of(edition)
    lines = found.lines if found.is_complete else []
    so_far = proceedings(edition, members_of(edition), form_text_as_sent)
    boards = boards_of(edition, lines, so_far.decisions)
    return page(
        "awards/_places.html",
        boards=boards,
        proposals=proposals_in(lines),
        open_points=open_points(boards, so_far),
    )


@blueprint.get("/plenary/what-if")
@requires(organiser_or_chair)
def what_if(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what the awards would come to without some proposals, before anybody decides."""
    _refuse_recused(user, edition)
    found = ranking_of(edition)
    lines = found.lines if found.is_complete else []
    prepared = decisions_in(queries.awards_of(edition), queries.deviations_of(edition))
    gone = {line.proposal_id for line in lines}.intersection(request.args.getlist("out", type=int))
    changes = changes_without(edition, lines, gone, prepared) if gone else []
    return _what_if(edition, lines, changes, gone=gone)


@blueprint.post("/plenary/what-if")
@requires(organiser_or_chair)
def what_if_sheet(user: User, edition: Edition) -> ResponseReturnValue:
    """Show what the awards would come to without one judge's sheet; nothing stays changed."""
    _refuse_recused(user, edition)
    found = ranking_of(edition)
    lines, proposal, judge = found.lines, form_id("proposal"), form_id("judge")
    if not found.is_complete or edition.is_confirmed:
        return _what_if(edition, [], [])
    prepared = decisions_in(queries.awards_of(edition), queries.deviations_of(edition))
    try:
        others = lines_without_sheet(edition, proposal, judge)
    except DomainError as refusal:
        return _what_if(edition, lines, [], 422, asked=(proposal, judge), message=explain(refusal))
    left = Decisions(prepared.chosen)
    changes = changes_between(edition, lines, others, prepared, left)
    return _what_if(edition, lines, changes, asked=(proposal, judge))


@blueprint.get("/plenary/preview")
@requires(organiser_or_chair)
def preview(user: User, edition: Edition) -> ResponseReturnValue:
    """Show once more what readers will see of the prepared result, and which letters leave."""
    result = queries.result_of(edition) or abort(404)
    _refuse_recused(user, edition)
    awards = queries.awards_of(edition)
    given = {award.category for award in awards}
    return page(
        "awards/preview.html",
        edition=edition,
        result=result,
        awards=awards,
        categories=[own for own in edition.award_categories if own in given],
        ties=ties_in(edition, ranking_of(edition)),
        deviations=deviation_lines(edition, awards, queries.deviations_of(edition)),
        shows_points=False,
        letters=letters_at_publication(edition, told_of(edition), _feedback_url),
    )


@blueprint.post("/plenary/confirmation")
@requires(organiser_or_chair)
def confirm(user: User, edition: Edition) -> ResponseReturnValue:
    """Confirm the result as a second person, with the time of publication."""
    result = queries.result_of(edition) or abort(404)
    if not can_confirm(user, result):
        abort(403)
    _refuse_recused(user, edition)
    form = publication_form(edition)()
    if not form.validate():
        return _plenary(user, edition, form, 422)
    asked = Confirmation(
        form.seen.data or "", Disclosure(form.disclosure.data), form.publish_at.data
    )
    by, now = user.acting, clock.now()
    try:
        if is_left_to_worker(edition):
            queue_confirmation(result, edition, asked, by=by, now=now)
        else:
            actions.confirm_result(result, edition, asked, links=LETTER_LINKS, by=by, now=now)
            flash(gettext("The result is confirmed."))
    except DomainError as error:
        return _plenary(user, edition, form, refuse(form, error))
    return redirect(url_for("awards.plenary", edition=edition.slug))


@blueprint.post("/plenary/confirmation/removal")
@requires(organiser_or_chair)
def unconfirm(user: User, edition: Edition) -> ResponseReturnValue:
    """Take the confirmation back before publication."""
    result = queries.result_of(edition) or abort(404)
    _refuse_recused(user, edition)
    form = UnconfirmForm()
    if not form.validate():
        publication = publication_form(edition)(formdata=None)
        return _plenary(user, edition, publication, 422, take_back=form)
    actions.unconfirm_result(
        result, edition, reason=form.reason.data or "", by=user.acting, now=clock.now()
    )
    flash(gettext("The confirmation has been revoked."))
    return redirect(url_for("awards.plenary", edition=edition.slug))


@blueprint.get("/proposals/<int:proposal>/feedback")
@requires(author)
def feedback(user: User, edition: Edition, proposal: Proposal) -> ResponseReturnValue:
    """Show an entrant, once the result is public, the averages and comments on their proposal."""
    now = clock.now()
    public = public_result(edition, now=now)
    return page(
        "awards/feedback.html",
        edition=edition,
        proposal=proposal,
        feedback=feedback_on(proposal, edition, now=now),
        place=place_of(proposal, edition, now=now),
        desk=desk_place_of(proposal, edition, now=now),
        tie=public.ties.get(proposal.id) if public else None,
        awards=public.awards_of(proposal) if public else [],
        passed_up=public.passed_up(proposal) if public else [],
        deviations=public.deviations if public else {},
        decisions=announced_for(proposal),
    )


def _what_if(
    edition: Edition,
    lines: Sequence[Ranked],
    changes: Sequence[AwardChange],
    status: int = 200,
    *,
    gone: Collection[int] = (),
    asked: tuple[int, int] = (0, 0),
    message: str = "",
) -> ResponseReturnValue:
    judges = [own for own in members_of(edition) if own.body is Body.JUDGES]
    return page(
        "awards/what_if.html",
        status,
        edition=edition,
        lines=lines,
        proposals=proposals_in(lines),
        gone=gone,
        changes=changes,
        judges=judges,
        asked=asked,
        message=message,
    )


def _not_prepared(user: User, edition: Edition, refusal: DomainError) -> ResponseReturnValue:
    """Show the plenary again with what was typed, and why it could not be prepared."""
    db.session.rollback()
    form = publication_form(edition)(formdata=None)
    typed = proceedings(edition, members_of(edition), form_text_as_sent)
    about, message = refusal.values.get("category"), explain(refusal)
    row = about.id if isinstance(about, AwardCategory) else None
    status = status_of(refusal)
    return _plenary(user, edition, form, status, message=message, row=row, so_far=typed)


def _plenary(
    user: User,
    edition: Edition,
    form: Form,
    status: int = 200,
    *,
    message: str = "",
    row: int | None = None,
    so_far: Proceedings | None = None,
    take_back: Form | None = None,
) -> ResponseReturnValue:
    may_act, is_open = organiser_or_chair(user), edition.is_frozen and not edition.is_confirmed
    barred = barred_from(user, edition, COMPETING)
    may_look = edition.is_confirmed or (
        may_act and may_read_ranking(user, edition, is_recused=bool(barred))
    )
    found, recorded = ranking_of(edition), queries.recorded_in(edition)
    ranking = found.lines if may_look and found.is_complete else []
    so_far = so_far or as_recorded(recorded)
    leaving = barred_members(edition) if may_act else {}
    result, proposals = recorded.result, proposals_in(ranking)
    view = plenary_view(edition, ranking, recorded, leaving, so_far) if ranking else None
    may_confirm = result is not None and can_confirm(user, result) and not edition.is_confirmed
    return page(
        "awards/plenary.html",
        status,
        edition=edition,
        view=view,
        proposals=proposals,
        guessable=guessable_in(edition, proposals, view) if view and may_confirm else None,
        is_complete=found.is_complete,
        is_adjusted=found.method is Method.ADJUSTED,
        may_look=may_look,
        may_read_ranking=can_open_ranking(user, edition),
        waits_for_second_look=may_act and waits_for_second_look(user, edition),
        looked_again=second_look_note(edition) if may_look else None,
        so_far=so_far,
        seen=digest_of_shown(edition, found, recorded),
        ties=ties_in(edition, found) if may_look else {},
        short=short_of_quorum(edition, found.lines, without=barred) if may_look else [],
        lacks_people=may_act and is_open and actions.lacks_people(edition, result, leaving),
        categories=edition.award_categories,
        shows_points=True,
        empty=left_empty(edition),
        typed=request.form,
        result=result,
        form=form,
        take_back=take_back or UnconfirmForm(formdata=None),
        message=message,
        row=row,
        may_act=may_act,
        may_prepare=can_prepare(user),
        may_confirm=may_confirm,
        certainty_job=certainty_in(edition)[0] if view and may_act else None,
        confirming_job=confirming_job(edition, result) if may_act else None,
        is_public=result is not None and result.is_public(clock.now()),
    )


def _refuse_recused(user: User, edition: Edition) -> None:
    is_recused = bool(barred_from(user, edition, COMPETING))
    if not edition.is_confirmed and not may_read_ranking(user, edition, is_recused=is_recused):
        abort(403)
    if is_recused:
        abort(403)


def _feedback_url(proposal: Proposal) -> str:
    slug = proposal.edition.slug
    return link_to("awards.feedback", edition=slug, proposal=proposal.number)


def _receipts_url(edition: Edition) -> str:
    return link_to("sheet_receipts.index", edition=edition.slug)


LETTER_LINKS = actions.Links(_feedback_url, _receipts_url)
"""Where the letters of a confirmation lead."""
