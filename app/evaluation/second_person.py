"""What the chair does to a judge's sheet, and when somebody else has to agree to it.

Nobody alone changes a locked sheet of their own, or one whose scores can be read already (rule 15
of the domain): the chair asks, an organiser agrees to what was asked.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.models import Edition
from app.evaluation.models import Sheet, SheetAct, SheetRequest
from app.evaluation.permissions import can_read_scores
from app.evaluation.queries import standings_of
from app.evaluation.sheets import excuse_sheet, reopen_sheet
from app.mail import outbox
from app.proposals.models import Proposal
from app.workflow import N_, DomainError, Overtaken, check_reason

ACTS = {SheetAct.REOPEN: reopen_sheet, SheetAct.EXCUSE: excuse_sheet}


def needs_second_person(sheet: Sheet, *, by: Person) -> bool:
    """Return whether somebody else has to agree to what `by` does to the sheet."""
    standing = standings_of([sheet.proposal], sheet.kind).get(sheet.proposal_id)
    is_own = sheet.evaluator_id == by.id
    return is_own or sheet.reopened_at is not None or can_read_scores(standing)


def act_on_sheet(
    sheet: Sheet,
    act: SheetAct,
    edition: Edition,
    *,
    reason: str,
    link: str,
    by: Person,
    now: datetime,
) -> bool:
    """Reopen or excuse a sheet, or ask for agreement where it takes two; return whether it is done.

    The caller has made sure that `by` is the chair; `link` leads the judge to their sheet.
    """
    if not needs_second_person(sheet, by=by):
        _carry_out(sheet, act, edition, reason=reason, link=link, by=by, now=now)
        return True
    check_unconfirmed(edition, SHEETS_STAND)
    check_reason(reason)
    if request_for(sheet) is not None:
        raise Overtaken(N_("A request for this sheet is already waiting for agreement."))
    request = SheetRequest(
        sheet_id=sheet.id, act=act, reason=reason, asked_by_id=by.id, asked_at=now
    )
    db.session.add(request)
    _record(sheet, edition, f"sheet.ask_{act}", reason=reason, by=by, now=now)
    return False


def agree_to_request(
    request: SheetRequest, edition: Edition, *, link: str, by: Person, now: datetime
) -> None:
    """Agree to what the chair asked for: it is done. `link` leads the judge to their sheet."""
    _check_second(request, by)
    sheet, act, reason = request.sheet, request.act, request.reason
    db.session.delete(request)
    _record(sheet, edition, f"sheet.agree_{act}", reason=reason, by=by, now=now)
    _carry_out(sheet, act, edition, reason=reason, link=link, by=by, now=now)


def decline_request(request: SheetRequest, edition: Edition, *, by: Person, now: datetime) -> None:
    """Decline what the chair asked for, or take it back as the chair: the sheet stays as it is."""
    sheet, act = request.sheet, request.act
    db.session.delete(request)
    _record(sheet, edition, f"sheet.decline_{act}", reason="", by=by, now=now)


def request_for(sheet: Sheet) -> SheetRequest | None:
    """Return what is asked for a sheet."""
    return db.session.get(SheetRequest, sheet.id)


def requests_in(edition: Edition) -> list[SheetRequest]:
    """Return what is asked for in the edition, oldest first."""
    statement = (
        select(SheetRequest)
        .join(SheetRequest.sheet)
        .join(Sheet.proposal)
        .where(Proposal.edition_id == edition.id)
        .options(
            contains_eager(SheetRequest.sheet).contains_eager(Sheet.proposal),
            contains_eager(SheetRequest.sheet).joinedload(Sheet.evaluator),
            joinedload(SheetRequest.asked_by),
        )
        .order_by(SheetRequest.asked_at, SheetRequest.sheet_id)
    )
    return list(db.session.scalars(statement))


def _carry_out(
    sheet: Sheet,
    act: SheetAct,
    edition: Edition,
    *,
    reason: str,
    link: str,
    by: Person,
    now: datetime,
) -> None:
    """Do it; the judge whose sheet is open again is told why, for only they can go on with it."""
    ACTS[act](sheet, edition, reason=reason, by=by, now=now)
    if act is not SheetAct.REOPEN or sheet.evaluator_id == by.id:
        return
    outbox.queue_letter(
        sheet.evaluator,
        subject=N_("Your score sheet for “%(title)s” is open again"),
        body=N_(
            "Hello %(name)s,\n\nYour score sheet for “%(title)s” in %(edition)s has been reopened. "
            "The reason:\n\n%(reason)s\n\nCorrect it and submit it again:\n\n%(link)s"
        ),
        values={
            "name": sheet.evaluator.name,
            "title": sheet.proposal.title,
            "edition": edition,
            "reason": reason,
            "link": link,
        },
        now=now,
        edition_id=edition.id,
    )


def _check_second(request: SheetRequest, by: Person) -> None:
    if by.id in {request.asked_by_id, request.sheet.evaluator_id}:
        raise DomainError(N_("Someone else must agree to this."))


def _record(
    sheet: Sheet, edition: Edition, action: str, *, reason: str, by: Person, now: datetime
) -> None:
    subject = f"{sheet.proposal.code} person {sheet.evaluator_id}"
    record(edition.id, action, by=by, now=now, subject=subject, reason=reason, kind=sheet.kind)
