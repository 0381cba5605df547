"""What is odd about an outcome is pointed out, wherever it is prepared or announced."""

import re

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.proposals.models import Proposal
from app.screening.models import EligibilityFinding, Finding, Outcome
from app.screening.oddities import oddities, too_many
from tests import cast
from tests.cast import ask, screener
from tests.conftest import E
from tests.factories import bar, the_edition, the_person, the_proposal

PAGE = f"{E}/tabulation"
FAILS = "Syarat yang tidak dipenuhi: 1 dari 13."
OPEN = "Syarat yang belum diperiksa: "


def find(app, number: int, *first: Finding, rest: Finding | None = Finding.MEETS) -> None:
    """Let the checklist of a proposal hold these findings on its first lines, `rest` on others."""
    with app.app_context(), transaction(writing=True):
        proposal, person = the_proposal(number), the_person(screener)
        mine = EligibilityFinding.proposal_id == proposal.id
        db.session.execute(sa.delete(EligibilityFinding).where(mine))
        for place, item in enumerate(the_edition().eligibility_items):
            finding = first[place] if place < len(first) else rest
            if finding is not None:
                db.session.add(
                    EligibilityFinding(
                        proposal_id=proposal.id,
                        item_id=item.id,
                        finding=finding,
                        note="Catatan.",
                        person_id=person.id,
                        found_at=proposal.saved_at,
                    )
                )


def decide(organiser, number: int, outcome: str):
    data = {"outcome": outcome, "reason": "Alasan", "correct_until": ""}
    return organiser.post(f"{E}/proposals/{number}/decision", data)


def preview(organiser, outcome: str, *numbers: int) -> str:
    fields = {"proposal": [str(each) for each in numbers], "scope": "marked", "outcome": outcome}
    return organiser.post(f"{PAGE}/preview", fields).text


@pytest.fixture
def two(app) -> list[int]:
    return ask(app, cast.scored(SheetKind.DESK))[:2]


@pytest.mark.field("empty 5", "cases 16")
@pytest.mark.parametrize(
    ("outcome", "found", "count"),
    [
        (Outcome.FINALIST, {Finding.MEETS: 13}, 0),
        (Outcome.FINALIST, {Finding.MEETS: 12, Finding.FAILS: 1}, 1),
        (Outcome.ELIGIBLE, {Finding.MEETS: 12, Finding.FAILS: 1}, 1),
        (Outcome.RESERVE, {Finding.MEETS: 12, Finding.NEEDS_CORRECTION: 1}, 1),
        (Outcome.FINALIST, {Finding.MEETS: 11, Finding.FAILS: 1}, 2),
        (Outcome.FINALIST, {}, 1),
        (Outcome.INELIGIBLE, {Finding.MEETS: 13}, 1),
        (Outcome.INELIGIBLE, {Finding.MEETS: 12}, 0),
        (Outcome.NOT_SELECTED, {Finding.FAILS: 13}, 0),
        (Outcome.RETURNED, {Finding.FAILS: 13}, 0),
    ],
)
def test_what_is_odd_follows_from_outcome_and_findings(outcome, found, count):
    assert len(oddities(outcome, found, 13)) == count


@pytest.mark.field("empty 5")
@pytest.mark.parametrize("outcome", Outcome)
def test_without_a_checklist_nothing_is_odd(outcome):
    assert oddities(outcome, {}, 0) == []


@pytest.mark.field("empty 5")
@pytest.mark.parametrize(("finalists", "count"), [(8, 0), (9, 0), (10, 1)])
def test_more_finalists_than_foreseen_are_odd(finalists, count):
    assert len(too_many(finalists, 9)) == count


@pytest.mark.field("empty 5")
def test_a_failed_requirement_is_pointed_out_wherever_a_finalist_is_made(app, organiser, two):
    failed, sound = two
    find(app, failed, Finding.FAILS)
    find(app, sound)
    assert organiser.get(f"{PAGE}?order=number").text.count("tidak semua dipenuhi") == 1
    shown = preview(organiser, "finalist", *two)
    assert shown.count(FAILS) == 1
    assert decide(organiser, sound, "finalist").location != f"{E}/proposals/{sound}/decision"
    answer = decide(organiser, failed, "finalist")
    assert answer.location == f"{E}/proposals/{failed}/decision"
    assert FAILS in organiser.get(answer.location).text
    assert organiser.get(PAGE).text.count(FAILS) == 1
    assert organiser.get(f"{E}/announcement").text.count(FAILS) == 1
    assert organiser.post(f"{E}/announcement").status_code == 302
    assert organiser.get(f"{PAGE}?order=number").text.count("tidak semua dipenuhi") == 1


@pytest.mark.field("cases 16")
def test_ineligible_although_every_requirement_is_met_is_pointed_out(app, organiser, two):
    find(app, two[0])
    met = "semua syarat dipenuhi"
    assert met in preview(organiser, "ineligible", *two)
    answer = decide(organiser, two[0], "ineligible")
    assert met in organiser.get(answer.location).text
    assert met in organiser.get(f"{E}/announcement").text


@pytest.mark.field("empty 5")
def test_a_finalist_whose_checklist_nobody_has_finished_is_pointed_out(app, organiser, two):
    find(app, two[0], *[Finding.MEETS] * 9, rest=None)
    assert f"{OPEN}4 dari 13." in preview(organiser, "finalist", two[0])


@pytest.mark.field("empty 5")
def test_more_finalists_than_foreseen_are_pointed_out_before_and_after(app, organiser, two):
    with app.app_context(), transaction(writing=True):
        the_edition().finalists = 1
    told = "Konsep dan pengumuman finalis berjumlah 2; yang direncanakan 1."
    assert told not in preview(organiser, "finalist", two[0])
    decide(organiser, two[0], "finalist")
    assert told not in organiser.get(PAGE).text
    assert told in preview(organiser, "finalist", *two)
    assert told not in preview(organiser, "reserve", *two)
    decide(organiser, two[1], "finalist")
    for page in (PAGE, f"{E}/announcement", f"{E}/proposals/{two[1]}/decision"):
        assert told in organiser.get(page).text


@pytest.mark.field("empty 5")
def test_rule_3_who_is_barred_learns_nothing_from_a_warning(app, organiser, two):
    barred, free = two
    find(app, barred, Finding.FAILS)
    with app.app_context(), transaction(writing=True):
        the_edition().finalists = 1
    for number in two:
        decide(organiser, number, "finalist")
    assert FAILS in organiser.get(PAGE).text
    bar(app, "sekretariat", barred)
    for text in (
        organiser.get(PAGE).text,
        organiser.get(f"{E}/announcement").text,
        organiser.get(f"{E}/proposals/{barred}/decision").text,
        organiser.get(f"{E}/proposals/{free}/decision").text,
        preview(organiser, "finalist", *two),
    ):
        assert FAILS not in text
        assert "Konsep dan pengumuman finalis berjumlah 2" not in text


@pytest.mark.field("empty 5")
def test_as_many_queries_for_many_rows_as_for_one(app, organiser, counted):
    numbers = ask(app, cast.scored(SheetKind.DESK))
    for number in numbers:
        find(app, number, Finding.FAILS)
    counts = []
    for chosen in (numbers[:1], numbers):
        organiser.get(PAGE)
        with counted(app) as count:
            assert len(re.findall(re.escape(FAILS), preview(organiser, "finalist", *chosen))) > 0
        counts.append(len(count.statements))
    assert counts[0] == counts[1]
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) > 1
