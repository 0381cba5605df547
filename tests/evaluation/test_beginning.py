"""A presentation is scored once it has begun; only the next one of the day begins early."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.programme.models import Appearance
from app.proposals.models import Proposal
from tests import cast
from tests.cast import ask, judge
from tests.clients import names_of
from tests.conftest import E
from tests.evaluation.acting import actions_on, lock


@pytest.fixture
def to_come(scoring) -> int:
    """A presentation of tomorrow."""
    return ask(scoring, cast.unscored(SheetKind.PRESENTATION))[-1]


@pytest.fixture
def ahead(scoring) -> list[int]:
    """The presentations (numbers) still to come, in their order."""
    with scoring.app_context(), transaction(writing=False):
        return list(
            db.session.scalars(
                sa.select(Proposal.number)
                .join(Appearance, Appearance.proposal_id == Proposal.id)
                .where(Appearance.starts_at > clock.now())
                .order_by(Appearance.starts_at)
            )
        )


@pytest.mark.field("empty 4")
def test_rule_13_a_presentation_is_not_scored_before_it_has_begun(scoring, browse, ahead):
    early, organiser = browse(scoring, judge), browse(scoring, "sekretariat")
    answer = lock(early, ahead[0], "80")
    assert answer.status_code == 409
    assert "Pemaparan dimulai" in answer.text
    begin = f"{E}/proposals/{ahead[0]}/beginning"
    assert organiser.post(begin, {"reason": ""}).status_code == 422
    assert organiser.post(begin, {"reason": "Tampil lebih awal"}).status_code == 302
    assert f"{begin}/removal" in organiser.get(f"{E}/day").text
    assert organiser.post(f"{begin}/removal").status_code == 302
    assert lock(early, ahead[0], "80").status_code == 409
    assert organiser.post(begin, {"reason": "Tampil lebih awal"}).status_code == 302
    assert lock(early, ahead[0], "80").status_code == 302
    assert actions_on(scoring, "day.begin") == ["day.begin"] * 2
    assert actions_on(scoring, "day.unbegin") == ["day.unbegin"]
    assert organiser.post(begin, {"reason": "Lagi"}).status_code == 409
    assert organiser.post(f"{begin}/removal").status_code == 409


def test_only_the_next_presentation_of_today_begins_early(scoring, browse, ahead, to_come):
    organiser = browse(scoring, "sekretariat")
    reason = {"reason": "Tampil lebih awal"}
    answer = organiser.post(f"{E}/proposals/{ahead[1]}/beginning", reason)
    assert (answer.status_code, "lebih dulu di ruang ini" in answer.text) == (409, True)
    answer = organiser.post(f"{E}/proposals/{to_come}/beginning", reason)
    assert (answer.status_code, "hanya pada hari itu" in answer.text) == (409, True)
    offered = re.findall(r"proposals/(\d+)/beginning\b", organiser.get(f"{E}/day").text)
    assert set(offered) == {str(ahead[0])}
    assert f"proposals/{to_come}/beginning" not in organiser.get(f"{E}/day?day=2019-10-06").text
    assert organiser.post(f"{E}/proposals/{ahead[0]}/beginning/removal").status_code == 409


@pytest.mark.field("empty 4")
def test_rule_13_nobody_has_missed_what_has_not_begun(scoring, browse, to_come, number):
    organiser = browse(scoring, "sekretariat")
    assert organiser.post(f"{E}/proposals/{to_come}/no-show").status_code == 409
    assert organiser.post(f"{E}/proposals/{number}/no-show").status_code == 302
    assert f"proposals/{to_come}/no-show" not in organiser.get(f"{E}/day").text


def test_what_nobody_came_to_present_is_not_scored_until_they_are_checked_in(
    scoring, browse, number
):
    own, organiser = browse(scoring, judge), browse(scoring, "sekretariat")
    sheet, before = f"{E}/proposals/{number}/sheets/presentation", sheets_to_do(own)
    assert organiser.post(f"{E}/proposals/{number}/no-show").status_code == 302
    answer = lock(own, number, "80")
    assert (answer.status_code, "tidak ada yang datang memaparkan" in answer.text) == (409, True)
    page = own.get(sheet)
    assert "tidak ada yang datang memaparkan" in page
    assert not page.html.select("[data-dialog], [hx-post]")
    assert [tag.text for tag in tags(own, number)] == ["tidak hadir"]
    assert sheets_to_do(own) == before - 1
    assert organiser.post(f"{E}/proposals/{number}/arrival").status_code == 302
    assert lock(own, number, "80").status_code == 302


def test_not_even_a_sheet_that_was_begun_goes_on_where_nobody_came(scoring, browse, number):
    own, organiser = browse(scoring, judge), browse(scoring, "sekretariat")
    sheet = f"{E}/proposals/{number}/sheets/presentation"
    form = own.form(sheet, sheet)
    first = names_of(form, "score_")[0]
    fields = {first: "80", "version": form["version"].value}
    assert own.post(sheet, fields).status_code == 302
    assert organiser.post(f"{E}/proposals/{number}/no-show").status_code == 302
    assert lock(own, number, "80").status_code == 409
    assert "tidak ada yang datang memaparkan" in own.get(sheet)


def test_who_began_early_and_did_not_come_has_not_begun_in_the_slot_they_get(
    scoring, browse, ahead
):
    own, organiser = browse(scoring, judge), browse(scoring, "sekretariat")
    missing, called = ahead[:2]
    path, reason = f"{E}/proposals/{missing}", {"reason": "Tampil lebih awal"}
    assert organiser.post(f"{path}/beginning", reason).status_code == 302
    assert organiser.post(f"{path}/no-show").status_code == 302
    answer = organiser.post(f"{path}/call", {"called": called})
    assert "kini menempati slotnya: 5 Oktober 2019, 11.15 WITA" in organiser.get(answer.location)
    refused = lock(own, missing, "80")
    assert (refused.status_code, "Pemaparan dimulai" in refused.text) == (409, True)
    assert "11.15" in own.get(f"{path}/sheets/presentation")


def test_the_next_sheet_is_none_that_nobody_came_to(scoring, browse):
    first, second, third = ask(scoring, cast.unscored(SheetKind.PRESENTATION))[:3]
    own, organiser = browse(scoring, judge), browse(scoring, "sekretariat")
    with scoring.app_context(), transaction(writing=True):
        for appearance in db.session.scalars(sa.select(Appearance)):
            appearance.begun_at = clock.now()
    assert organiser.post(f"{E}/proposals/{second}/no-show").status_code == 302
    assert f"/proposals/{third}/" in lock(own, first, "80").location


def sheets_to_do(browser) -> int:
    """How many sheets of presentations my work asks for."""
    found = re.search(r"Isi dan kirim (\d+) lembar", browser.get("/my-work").text)
    overdue = re.search(r"Kirim (\d+) lembar", browser.get("/my-work").text)
    return sum(int(each[1]) for each in (found, overdue) if each)


def tags(browser, number: int) -> list:
    """What the list says of the sheet of this proposal."""
    rows = browser.get(f"{E}/sheets/presentation").html.select(".work li")
    (row,) = [row for row in rows if f"P-{number:03d}" in row.text]
    return row.select(".ds-tag")
