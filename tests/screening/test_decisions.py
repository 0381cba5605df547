"""Decisions: resting on enough sheets, prepared privately, announced together."""

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.workflow import Status
from tests import cast
from tests.cast import address, ask, author_of
from tests.clients import Browser, names_of, send
from tests.conftest import E
from tests.factories import bar, the_person, the_proposal


@pytest.fixture
def author(app, browse, scored) -> Browser:
    """Who wrote `scored`."""
    return browse(app, author_of(scored))


@pytest.fixture
def other(app) -> int:
    """Another proposal like `scored`."""
    return ask(app, cast.scored(SheetKind.DESK))[1]


def status_of(app, number: int) -> Status:
    with app.app_context(), transaction(writing=False):
        return the_proposal(number).status


def decide(organiser, number: int, outcome: str, **values: str):
    data = {"outcome": outcome, "reason": "", "correct_until": ""} | values
    return organiser.post(f"{E}/proposals/{number}/decision", data)


def test_a_decision_on_merit_needs_every_desk_sheet(organiser, scored, unscored):
    assert decide(organiser, scored, "finalist").status_code == 302
    for outcome in ("finalist", "reserve", "not_selected"):
        assert decide(organiser, unscored, outcome, reason="Alasan").status_code == 409
    assert decide(organiser, unscored, "ineligible", reason="Alasan").status_code == 302


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
def test_a_decision_without_what_it_needs_is_422(organiser, scored, outcome, values):
    assert decide(organiser, scored, outcome, **values).status_code == 422


def test_until_announced_together_the_innovator_sees_the_old_status_everywhere(
    app, organiser, author, scored, other
):
    decide(organiser, scored, "finalist")
    decide(organiser, other, "not_selected", reason="Dampak belum terukur")
    own = f"{E}/proposals/{scored}"
    for page in (f"{E}/proposals", own, f"{own}/feedback", "/my-work", f"{E}/slots"):
        assert ">Finalis</span>" not in author.get(page).text
    assert ">Finalis<" not in author.get(own).text
    preview = organiser.get(f"{E}/announcement").text
    assert "Dampak belum terukur" in preview

    assert organiser.post(f"{E}/announcement").status_code == 302

    assert (status_of(app, scored), status_of(app, other)) == (Status.FINALIST, Status.NOT_SELECTED)
    with app.app_context(), transaction(writing=False):
        told = db.session.scalars(
            sa.select(Letter.recipient).order_by(Letter.id.desc()).limit(2)
        ).all()
    assert set(told) == {address(app, author_of(number)) for number in (scored, other)}
    assert organiser.post(f"{E}/announcement").status_code == 409


def test_a_returned_proposal_is_corrected_within_its_own_window_and_comes_back(
    app, browse, organiser, unscored
):
    author, own = browse(app, author_of(unscored)), f"{E}/proposals/{unscored}"
    until = "2019-09-23T10:00"
    decide(organiser, unscored, "returned", reason="Lampirkan bukti", correct_until=until)
    organiser.post(f"{E}/announcement")
    assert status_of(app, unscored) is Status.RETURNED
    assert author.get(f"{own}/draft").status_code == 200
    assert author.post(f"{own}/submission").status_code == 302
    assert status_of(app, unscored) is Status.SUBMITTED


def test_a_requirement_that_is_not_met_needs_a_note_and_nothing_typed_is_lost(
    app, browse, unscored
):
    screener = browse(app, cast.screener)
    path = f"{E}/proposals/{unscored}/eligibility"
    checklist = screener.form(path)
    names = names_of(checklist, "finding_")
    data = dict.fromkeys(names, "meets") | {names[0]: "fails", "note_2": "catatan lain"}
    answer = screener.post(path, data)
    assert answer.status_code == 422
    assert "catatan lain" in answer.text
    [lacking] = answer.html.select(".ds-error-summary a")
    line = answer.html.select_one(".check-line legend").get_text(strip=True).partition(" ")[2]
    assert lacking.get_text(strip=True).startswith(f"Catatan untuk “{line}”: ")
    assert screener.post(path, data | {"note_1": "Bukan perangkat daerah"}).status_code == 302


def test_an_open_sheet_can_be_taken_back_and_a_submitted_one_not(organiser, scored, unscored):
    action = f"{E}/proposals/{unscored}/evaluators/removal"
    form = organiser.form(f"{E}/proposals/{unscored}/decision", "/evaluators/removal")
    removal = {"person": form["person"].value}
    assert organiser.post(action, removal).status_code == 302
    assert organiser.post(action, removal).status_code == 404
    submitted = organiser.post(f"{E}/proposals/{scored}/evaluators/removal", removal)
    assert submitted.status_code in {404, 409}


def test_who_is_assigned_twice_keeps_the_sheet_and_the_organiser_is_told(app, organiser, unscored):
    form = organiser.form(f"{E}/proposals/{unscored}/decision", "/evaluators/removal")
    person = {"person": form["person"].value}
    with app.app_context(), transaction(writing=False):
        recorded = db.session.scalar(sa.text("SELECT count(*) FROM audit_entry"))
    again = organiser.post(f"{E}/proposals/{unscored}/evaluators", person)
    assert "sudah memiliki lembar penilaian proposal ini" in organiser.get(again.location).text
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.text("SELECT count(*) FROM audit_entry")) == recorded


def test_evaluators_are_shared_evenly_and_each_proposal_has_two(app):
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(
            sa.text("SELECT evaluator_id, count(*) FROM sheet GROUP BY evaluator_id")
        ).all()
    assert sorted(count for _, count in rows) == [18, 18, 18]


def test_a_withdrawn_proposal_does_not_block_the_announcement_of_the_others(
    app, organiser, author, scored, other
):
    decide(organiser, scored, "finalist")
    decide(organiser, other, "finalist")
    author.post(f"{E}/proposals/{scored}/withdrawal", {"reason": "Batal"})
    assert organiser.post(f"{E}/announcement").status_code == 302
    assert status_of(app, scored) is Status.WITHDRAWN
    assert status_of(app, other) is Status.FINALIST


def test_a_finding_of_eligibility_can_be_announced_first(app, organiser, unscored):
    assert decide(organiser, unscored, "eligible").status_code == 302
    assert organiser.post(f"{E}/announcement").status_code == 302
    assert status_of(app, unscored) is Status.ELIGIBLE


def test_only_a_conflict_that_was_detected_can_be_dismissed(app, organiser):
    own = ask(app, cast.own_entries(cast.recused_judge))
    with app.app_context(), transaction(writing=False):
        judge = the_person(cast.recused_judge).id
        ids = dict(db.session.execute(sa.select(Proposal.number, Proposal.id)).all())
    data = {"person": judge, "kind": "own_unit", "reason": "Sudah pindah tugas"}
    unrelated = min(ids.keys() - own)
    statuses = [
        organiser.post(f"{E}/conflicts/dismissal", data | {"proposal": ids[number]}).status_code
        for number in (unrelated, own[0], own[0])
    ]
    assert statuses == [422, 302, 422]


def test_rule_3_a_conflicted_screener_opens_neither_checklist_nor_decision(app, browse, scored):
    screener, checklist = browse(app, cast.screener), f"{E}/proposals/{scored}/eligibility"
    assert screener.get(checklist).status_code == 200
    bar(app, cast.screener, scored)
    assert screener.get(checklist).status_code == 403
    assert screener.post(checklist).status_code == 403


@pytest.mark.field("security polish")
def test_what_is_sent_again_unchanged_is_recorded_once(app, organiser, scored, unscored):
    def entries() -> int:
        with app.app_context(), transaction(writing=False):
            return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))

    checklist = organiser.form(f"{E}/proposals/{unscored}/eligibility")
    for name in names_of(checklist, "finding"):
        checklist[name] = "meets"
    before = entries()
    for _ in range(3):
        assert decide(organiser, scored, "finalist").status_code == 302
        assert send(checklist).status_code == 302
        assert organiser.post(f"{E}/publicity").status_code == 302
    assert entries() == before + 2
    assert decide(organiser, scored, "reserve", reason="Alasan").status_code == 302
    assert entries() == before + 3
