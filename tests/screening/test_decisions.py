"""Decisions: resting on enough sheets, prepared privately, announced together."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.database import db, transaction
from app.demo import DOMAIN
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.workflow import Status
from tests.clients import names_of
from tests.conftest import E
from tests.factories import bar

DONE, OPEN = 1, 27  # at the moment “screening” the first half has its sheets, the second has not


@pytest.fixture
def app(make_app):
    return make_app("screening")


def status_of(app, number: int) -> Status:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(sa.select(Proposal.status).where(Proposal.number == number))


def decide(organiser, number: int, outcome: str, **values: str):
    data = {"outcome": outcome, "reason": "", "correct_until": ""} | values
    return organiser.post(f"{E}/proposals/{number}/decision", data)


def test_a_decision_on_merit_needs_every_desk_sheet(app, browse):
    organiser = browse(app, "sekretariat")
    assert decide(organiser, DONE, "finalist").status_code == 302
    for outcome in ("finalist", "reserve", "not_selected"):
        assert decide(organiser, OPEN, outcome, reason="Alasan").status_code == 409
    assert decide(organiser, OPEN, "ineligible", reason="Alasan").status_code == 302


@pytest.mark.parametrize(
    ("outcome", "values"),
    [
        ("reserve", {}),
        ("not_selected", {}),
        ("ineligible", {}),
        ("returned", {"reason": "Perbaiki"}),
        ("returned", {"reason": "Perbaiki", "correct_until": "2019-09-01T10:00"}),
        ("champion", {"reason": "x"}),
        ("finalist", {"reason": "x" * 2001}),
    ],
)
def test_a_decision_without_what_it_needs_is_422(app, browse, outcome, values):
    assert decide(browse(app, "sekretariat"), DONE, outcome, **values).status_code == 422


def test_until_announced_together_the_innovator_sees_the_old_status_everywhere(app, browse):
    organiser, author = browse(app, "sekretariat"), browse(app, "inovator-01")
    decide(organiser, DONE, "finalist")
    decide(organiser, 2, "not_selected", reason="Dampak belum terukur")
    pages = [
        f"{E}/proposals",
        f"{E}/proposals/1",
        f"{E}/proposals/1/feedback",
        "/my-work",
        f"{E}/slots",
    ]
    for page in pages:
        assert ">Finalis</span>" not in author.get(page).text
    assert ">Finalis<" not in author.get(f"{E}/proposals/1").text
    preview = organiser.get(f"{E}/announcement").text
    assert "Dampak belum terukur" in preview

    assert organiser.post(f"{E}/announcement").status_code == 302

    assert (status_of(app, 1), status_of(app, 2)) == (Status.FINALIST, Status.NOT_SELECTED)
    with app.app_context(), transaction(writing=False):
        told = db.session.scalars(
            sa.select(Letter.recipient).order_by(Letter.id.desc()).limit(2)
        ).all()
    assert {name.partition("@")[0] for name in told} == {"inovator-01", "inovator-02"}
    assert organiser.post(f"{E}/announcement").status_code == 409


def test_a_returned_proposal_is_corrected_within_its_own_window_and_comes_back(app, browse):
    organiser, author = browse(app, "sekretariat"), browse(app, "inovator-27")
    decide(organiser, OPEN, "returned", reason="Lampirkan bukti", correct_until="2019-09-23T10:00")
    organiser.post(f"{E}/announcement")
    assert status_of(app, OPEN) is Status.RETURNED
    assert author.get(f"{E}/proposals/{OPEN}/draft").status_code == 200
    assert author.post(f"{E}/proposals/{OPEN}/submission").status_code == 302
    assert status_of(app, OPEN) is Status.SUBMITTED


def test_a_requirement_that_is_not_met_needs_a_note_and_nothing_typed_is_lost(app, browse):
    screener = browse(app, "verifikator-1")
    path = f"{E}/proposals/{OPEN}/eligibility"
    checklist = screener.form(path)
    names = names_of(checklist, "finding_")
    data = dict.fromkeys(names, "meets") | {names[0]: "fails", "note_2": "catatan lain"}
    answer = screener.post(path, data)
    assert answer.status_code == 422
    assert "catatan lain" in answer.text
    assert screener.post(path, data | {"note_1": "Bukan perangkat daerah"}).status_code == 302


def test_an_open_sheet_can_be_taken_back_and_a_submitted_one_not(app, browse):
    organiser = browse(app, "sekretariat")
    form = organiser.form(f"{E}/proposals/{OPEN}/decision", "/evaluators/removal")
    removal = {"person": form["person"].value_if_submitted()}
    assert organiser.post(f"{E}/proposals/{OPEN}/evaluators/removal", removal).status_code == 302
    assert organiser.post(f"{E}/proposals/{OPEN}/evaluators/removal", removal).status_code == 404
    assert organiser.post(f"{E}/proposals/{DONE}/evaluators/removal", removal).status_code in {
        404,
        409,
    }


def test_evaluators_are_shared_evenly_and_each_proposal_has_two(app, browse):
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(
            sa.text("SELECT evaluator_id, count(*) FROM sheet GROUP BY evaluator_id")
        ).all()
    assert sorted(count for _, count in rows) == [18, 18, 18]


def test_a_withdrawn_proposal_does_not_block_the_announcement_of_the_others(app, browse):
    organiser, author = browse(app, "sekretariat"), browse(app, "inovator-01")
    decide(organiser, 1, "finalist")
    decide(organiser, 2, "finalist")
    author.post(f"{E}/proposals/1/withdrawal", {"reason": "Batal"})
    assert organiser.post(f"{E}/announcement").status_code == 302
    assert (status_of(app, 1), status_of(app, 2)) == (Status.WITHDRAWN, Status.FINALIST)


def test_a_finding_of_eligibility_can_be_announced_first(app, browse):
    organiser = browse(app, "sekretariat")
    assert decide(organiser, OPEN, "eligible").status_code == 302
    assert organiser.post(f"{E}/announcement").status_code == 302
    assert status_of(app, OPEN) is Status.ELIGIBLE


def test_only_a_conflict_that_was_detected_can_be_dismissed(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        judge = db.session.scalar(sa.select(Person.id).where(Person.email == f"juri-2@{DOMAIN}"))
        ids = dict(db.session.execute(sa.select(Proposal.number, Proposal.id)).all())
    data = {"person": judge, "kind": "own_unit", "reason": "Sudah pindah tugas"}
    unrelated = organiser.post(f"{E}/conflicts/dismissal", data | {"proposal": ids[1]})
    detected = organiser.post(f"{E}/conflicts/dismissal", data | {"proposal": ids[7]})
    assert (unrelated.status_code, detected.status_code) == (422, 302)
    again = organiser.post(f"{E}/conflicts/dismissal", data | {"proposal": ids[7]})
    assert again.status_code == 422


def test_rule_3_a_conflicted_screener_opens_neither_checklist_nor_decision(app, browse):
    screener = browse(app, "verifikator-1")
    assert screener.get(f"{E}/proposals/1/eligibility").status_code == 200
    bar(app, "verifikator-1", 1)
    assert screener.get(f"{E}/proposals/1/eligibility").status_code == 403
    assert screener.post(f"{E}/proposals/1/eligibility").status_code == 403
