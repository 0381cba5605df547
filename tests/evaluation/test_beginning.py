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
    assert organiser.post(f"{E}/proposals/{number}/no-show").status_code == 302
    answer = lock(own, number, "80")
    assert (answer.status_code, "tidak ada yang datang memaparkan" in answer.text) == (409, True)
    assert organiser.post(f"{E}/proposals/{number}/arrival").status_code == 302
    assert lock(own, number, "80").status_code == 302
