"""A second look: judges are asked one after the other, until the line is clear or the budget ends.

Each gets the proposals nearest to the line as it then stands. Nobody is told which of them are the
anchors, and no judge sees a ranking until the second look has ended.
"""

from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.audit.chain import record
from app.database import db
from app.editions.confirmed import SHEETS_STAND, check_unconfirmed
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Look, Participation, Sheet
from app.evaluation.standings import update_standings
from app.mail import outbox
from app.scoring.certainty.asking import chances_in, is_unsure
from app.scoring.models import Ending, ExtraJudge, Material, SecondLook
from app.scoring.queries import ranking_of, second_look_of
from app.scoring.second_look.choosing import FEWEST
from app.scoring.second_look.queries import (
    budget_left,
    candidates_in,
    owed_sheets,
    results_by_nearness,
)
from app.workflow import N_, NN_, DomainError, NotAllowedNow, Overtaken, check_reason

KIND = SheetKind.PRESENTATION
ASKED = NN_(
    "Hello %(name)s,\n\nSome results of %(edition)s lie too close together to be told apart. You "
    "are asked to score %(count)s of its presentations in a second look. What to go by: "
    "%(material)s. Score it as you see it now; until the second look has ended, no judge sees "
    "the ranking:\n\n%(link)s",
    "Hello %(name)s,\n\nSome results of %(edition)s lie too close together to be told apart. You "
    "are asked to score %(count)s of its presentations in a second look. What to go by: "
    "%(material)s. Score each as you see it now; until the second look has ended, no judge sees "
    "the ranking:\n\n%(link)s",
)


def ask_judge(
    edition: Edition,
    judge_id: int,
    material: Material,
    *,
    revision: int,
    link: str | None = None,
    by: Person,
    now: datetime,
) -> ExtraJudge:
    """Ask a judge for sheets on the proposals nearest to the line; the first one opens the look.

    `revision` is the edition's `evaluation_revision` as it was shown: the judge gets what was shown
    or nothing. Raise `NotAllowedNow` while sheets are missing, and once the budget is used up.
    """
    _check_open(edition)
    if edition.evaluation_revision != revision:
        raise Overtaken(N_("The results have changed since you opened this page. Read it again."))
    if budget_left(edition) < FEWEST:
        raise NotAllowedNow(N_("The extra score sheets of this second look are used up."))
    found = {own.judge_id: own for own in candidates_in(edition, results_by_nearness(edition))}
    if judge_id not in found or not found[judge_id].choice:
        raise DomainError(N_("This judge can't score enough of what lies near the line."))
    if second_look_of(edition) is None:
        db.session.add(SecondLook(edition_id=edition.id, opened_at=now, opened_by_id=by.id))
    choice = found[judge_id].choice
    extra = ExtraJudge(
        edition_id=edition.id,
        person=db.session.get_one(Person, judge_id),
        material=material,
        band=list(choice.band),
        anchors=list(choice.anchors),
        asked_at=now,
        asked_by_id=by.id,
    )
    db.session.add(extra)
    db.session.add_all(
        Sheet(proposal_id=key, evaluator_id=judge_id, kind=KIND, look=Look.SECOND)
        for key in sorted(choice.proposals)
    )
    update_standings(edition.id, choice.proposals, KIND)
    facts: dict[str, Any] = {"band": extra.band, "anchors": extra.anchors, "material": material}
    record(edition.id, "second_look.ask", by=by, now=now, subject=_subject(extra), **facts)
    if link is not None:
        _tell(extra, edition, link=link, now=now)
    return extra


def release_judge(
    extra: ExtraJudge, edition: Edition, *, reason: str, by: Person, now: datetime
) -> None:
    """Go on without the sheets that a judge still owes; those submitted go on counting."""
    check_unconfirmed(edition, SHEETS_STAND)
    check_reason(reason)
    owed = [sheet for sheet in owed_sheets(edition) if sheet.evaluator_id == extra.person_id]
    if not owed:
        raise NotAllowedNow(N_("This judge owes no score sheet of the second look."))
    for sheet in owed:
        if sheet.saved_at is None:
            db.session.delete(sheet)
        else:
            sheet.participation = Participation.EXCUSED
    extra.released_at = now
    update_standings(edition.id, {sheet.proposal_id for sheet in owed}, KIND)
    without = sorted(sheet.proposal_id for sheet in owed)
    subject = _subject(extra)
    record(
        edition.id,
        "second_look.release",
        by=by,
        now=now,
        subject=subject,
        reason=reason,
        without=without,
    )


def end_second_look(edition: Edition, *, reason: str = "", by: Person, now: datetime) -> SecondLook:
    """End the second look: judges see the ranking from now on, and the result can be prepared.

    A `reason` is needed where somebody still lies too close to the line and sheets are left.
    """
    _check_open(edition)
    ending = ending_of(edition)
    if ending is Ending.DECIDED:
        check_reason(reason)
    look = second_look_of(edition)
    if look is None:
        look = SecondLook(edition_id=edition.id, opened_at=now, opened_by_id=by.id, reason="")
        db.session.add(look)
    look.ended_at, look.ended_by_id, look.ending, look.reason = now, by.id, ending, reason
    facts: dict[str, Any] = {"ending": ending, "sheets_left": budget_left(edition)}
    record(edition.id, "second_look.end", by=by, now=now, reason=reason, **facts)
    return look


def ending_of(edition: Edition) -> Ending:
    """Return why the second look would end now."""
    chances = chances_in(edition)
    if chances is not None and not any(map(is_unsure, chances.values())):
        return Ending.CLEAR
    return Ending.BUDGET if budget_left(edition) < FEWEST else Ending.DECIDED


def _check_open(edition: Edition) -> None:
    """Raise `NotAllowedNow` unless the second look is under way and waits for no sheet."""
    look = second_look_of(edition)
    if not edition.second_look_budget:
        raise NotAllowedNow(N_("This edition has declared no second look."))
    if edition.is_confirmed or (look is not None and look.ended_at is not None):
        raise NotAllowedNow(N_("The second look has ended."))
    if owed_sheets(edition):
        raise NotAllowedNow(N_("The second look is waiting for score sheets."))
    if not ranking_of(edition).is_complete:
        raise NotAllowedNow(
            N_("The ranking is provisional: some score sheets are still missing."),
            remedy="scoring.progress",
        )


def _subject(extra: ExtraJudge) -> str:
    return f"person {extra.person.id}"


def _tell(extra: ExtraJudge, edition: Edition, *, link: str, now: datetime) -> None:
    outbox.queue_letter(
        extra.person,
        subject=N_("Second look: %(edition)s"),
        body=ASKED,
        values={
            "name": extra.person.name,
            "edition": edition,
            "count": len(extra.proposals),
            "material": extra.material.label,
            "link": link,
        },
        edition_id=edition.id,
        now=now,
    )
