"""Judges' sheets: recusal, locks, versions, who sees what and when."""

import re
from fractions import Fraction

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.models import Person
from app.awards.models import Result
from app.database import db, transaction
from app.demo import DOMAIN, MOMENTS
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.editions.queries import locked_edition
from app.evaluation.models import Score, Sheet, Standing
from app.evaluation.statistics import from_units
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking, Slot
from tests.clients import names_of
from tests.conftest import SLUG, E

HTMX = {"HX-Request": "true"}
RECUSED = {
    "juri-2": [7],
    "juri-5": [2, 5],
}  # Kominfo judges not Gelisha, Sukamaju Selatan not its two


@pytest.fixture
def app(make_app):
    return make_app("scoring")


def running_order(app) -> list[int]:
    """The numbers of the proposals whose sheets are all open, in the running order."""
    with app.app_context(), transaction(writing=False):
        return list(
            db.session.scalars(
                sa.select(Proposal.number)
                .join(Standing, Standing.proposal_id == Proposal.id)
                .where(Standing.mean.is_(None), Standing.kind == SheetKind.PRESENTATION)
                .order_by(Proposal.number)
            )
        )


def path(number: int) -> str:
    return f"{E}/proposals/{number}/sheets/presentation"


def marks(browser, number: int, score: str = "80", **other: str) -> dict[str, str]:
    sheet = browser.form(path(number), path(number))
    fields = dict.fromkeys(names_of(sheet, "score_"), score)
    return fields | {"comment": "", "version": sheet["version"].value} | other


@pytest.mark.parametrize("judge", ["juri-1", "juri-2", "juri-3", "juri-4", "juri-5", "juri-6"])
def test_rule_3_a_judge_has_no_sheet_for_their_own_agency(app, browse, judge):
    browser = browse(app, judge)
    without = [n for n in range(1, 28) if browser.get(path(n)).status_code == 404]
    assert without == RECUSED.get(judge, [])
    for number in without:
        assert browser.post(path(number), {"version": "1"}).status_code == 404
        assert browser.post(f"{path(number)}/lock", {"version": "1"}).status_code == 404


def test_a_sheet_saves_by_itself_with_comma_or_point(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    answer = judge.post(path(number), marks(judge, number, "87,5"), headers=HTMX)
    assert answer.status_code == 200
    assert judge.get(path(number)).text.count('value="87,5"') == 10
    judge.post(path(number), marks(judge, number, "87.25"))
    with app.app_context(), transaction(writing=False):
        values = set(db.session.scalars(sa.select(Score.value).where(Score.value == 87.25)))
    assert len(values) == 1


@pytest.mark.parametrize(
    "score", ["-1", "100,01", "87,555", "NaN", "Infinity", "1e3", "delapan", "١٠٠٠"]
)
def test_a_bad_score_is_422_and_what_was_typed_stays(app, browse, score):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    answer = judge.post(path(number), marks(judge, number, score, comment="catatan saya"))
    text = answer.text
    assert answer.status_code == 422
    assert f'value="{score}"' in text
    assert "catatan saya" in text


def test_a_stale_save_is_409_and_shows_both(app, browse):
    number = running_order(app)[0]
    phone, desk = browse(app, "juri-1"), browse(app, "juri-1")
    stale = marks(phone, number, "70")
    desk.post(path(number), marks(desk, number, "95"))
    answer = phone.post(path(number), stale)
    text = answer.text
    assert answer.status_code == 409
    assert 'value="70"' in text
    assert "95,00" in text


def test_rule_6_a_locked_sheet_can_not_be_saved_or_locked_again(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    fields = marks(judge, number)
    assert judge.post(f"{path(number)}/lock", fields).status_code == 302
    assert judge.post(path(number), fields).status_code == 409
    assert judge.post(f"{path(number)}/lock", fields).status_code == 409


def test_rule_6_weights_and_totals_never_come_from_the_form(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    forged = marks(judge, number, "50", weight="100", points="100000000", evaluator_id="1")
    judge.post(f"{path(number)}/lock", forged)
    with app.app_context(), transaction(writing=False):
        sheet = sheet_of(number, "juri-1")
        assert sheet.points == 50_000_000


def sheet_of(number: int, name: str) -> Sheet:
    return db.session.scalar(
        sa.select(Sheet)
        .join(Proposal, Proposal.id == Sheet.proposal_id)
        .join(Person, Person.id == Sheet.evaluator_id)
        .where(
            Proposal.number == number,
            Person.email == f"{name}@{DOMAIN}",
            Sheet.kind == SheetKind.PRESENTATION,
        )
    )


def test_an_incomplete_sheet_is_not_locked_and_keeps_what_was_typed(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    fields = marks(judge, number, "80")
    gap = next(name for name in fields if name.startswith("score_"))
    answer = judge.post(f"{path(number)}/lock", fields | {gap: ""})
    assert answer.status_code == 422
    assert answer.text.count('value="80"') == 9


def test_rule_6_only_the_chair_reopens_with_a_reason_and_it_leaves_a_trace(app, browse):
    number = running_order(app)[0]
    judge, chair, organiser = (browse(app, name) for name in ("juri-1", "juri-4", "sekretariat"))
    judge.post(f"{path(number)}/lock", marks(judge, number))
    with app.app_context(), transaction(writing=False):
        sheet_id = sheet_of(number, "juri-1").id
    reopening = f"{E}/proposals/{number}/reopening"
    assert (
        organiser.post(reopening, {"sheet": sheet_id, "reason": "Salah ketik"}).status_code == 403
    )
    assert chair.post(reopening, {"sheet": sheet_id, "reason": ""}).status_code == 422
    assert chair.post(reopening, {"sheet": sheet_id, "reason": "Salah ketik"}).status_code == 302
    assert judge.post(path(number), marks(judge, number, "81")).status_code == 302
    trail = organiser.get(f"{E}/audit").text
    assert "sheet.reopen" in trail
    assert "Salah ketik" in trail


def test_rule_4_a_missing_sheet_is_no_zero_and_the_ranking_stays_provisional(app, browse):
    organiser = browse(app, "sekretariat")
    text = organiser.get(f"{E}/ranking").text
    assert "Sementara" in text
    assert organiser.post(f"{E}/plenary").status_code == 409


def test_rule_5_nobody_sees_a_value_before_all_sheets_of_the_proposal_are_locked(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    judge.post(f"{path(number)}/lock", marks(judge, number, "12,34"))
    for name in ("juri-3", "juri-4", "sekretariat", "pengamat", "inovator-01"):
        browser = browse(app, name)
        for page in (
            "audit",
            "ranking",
            "scoring",
            "plenary",
            f"proposals/{number}",
            f"proposals/{number}/decision",
        ):
            assert "12,34" not in browser.get(f"{E}/{page}").text


def test_rule_5_a_recused_judge_sees_no_live_ranking(app, browse):
    assert browse(app, "juri-1").get(f"{E}/ranking").status_code == 200
    for name in RECUSED:
        assert browse(app, name).get(f"{E}/ranking").status_code == 403


def test_a_declared_conflict_takes_the_sheet_out_of_the_mean(app, browse):
    number = running_order(app)[0]
    low = browse(app, "juri-1")
    low.post(f"{path(number)}/lock", marks(low, number, "10"))
    for name in ("juri-2", "juri-3", "juri-4", "juri-5", "juri-6"):
        judge = browse(app, name)
        if judge.get(path(number)).status_code == 200:
            judge.post(f"{path(number)}/lock", marks(judge, number, "90"))

    assert presentation(app, number) < 90
    declared = low.post(f"{E}/proposals/{number}/conflict", {"kind": "family", "reason": "Ipar"})

    assert declared.status_code == 302
    assert presentation(app, number) == 90
    assert low.get(path(number)).status_code == 404


def presentation(app, number: int) -> Fraction:
    with app.app_context(), transaction(writing=False):
        standing = db.session.scalar(
            sa.select(Standing)
            .join(Standing.proposal)
            .where(Proposal.number == number, Standing.kind == SheetKind.PRESENTATION)
        )
        return from_units(standing.mean)


def test_a_detected_conflict_can_not_be_declared_nor_dismissed_after_scoring_opened(app, browse):
    organiser, judge = browse(app, "sekretariat"), browse(app, "juri-1")
    answer = judge.post(f"{E}/proposals/20/conflict", {"kind": "own_unit", "reason": "x"})
    assert answer.status_code == 422
    with app.app_context(), transaction(writing=False):
        person = db.session.scalar(sa.select(Person.id).where(Person.email == f"juri-2@{DOMAIN}"))
        proposal = db.session.scalar(sa.select(Proposal.id).where(Proposal.number == 7))
    data = {"person": person, "proposal": proposal, "kind": "own_unit", "reason": "Pindah tugas"}
    assert organiser.post(f"{E}/conflicts/dismissal", data).status_code == 409


def test_the_rules_are_frozen_while_scoring(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        version = db.session.scalar(sa.select(Edition.version))
    answer = organiser.post(f"{E}/settings/criteria", {"version": version})
    assert answer.status_code == 409
    assert "aturan edisi ini tetap" in answer.text


def test_after_the_window_a_sheet_is_kept_as_it_was(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    fields = marks(judge, number)
    clock.shift(MOMENTS["published"] - clock.real_now())
    answer = judge.post(path(number), fields)
    assert answer.status_code == 409
    assert "Yang tersimpan sebelumnya tetap ada" in answer.text


def test_the_chair_goes_on_without_the_sheet_of_a_judge_who_fell_ill(app, browse):
    number = running_order(app)[0]
    with app.app_context(), transaction(writing=False):
        ill = sheet_of(number, "juri-1").id
    for name in ("juri-2", "juri-3", "juri-4", "juri-5", "juri-6"):
        judge = browse(app, name)
        if judge.get(path(number)).status_code == 200:
            judge.post(f"{path(number)}/lock", marks(judge, number, "90"))
    chair, excusal = browse(app, "juri-4"), f"{E}/proposals/{number}/excusal"
    assert chair.post(excusal, {"sheet": ill, "reason": ""}).status_code == 422
    assert chair.post(excusal, {"sheet": ill, "reason": "Sakit"}).status_code == 302
    assert presentation(app, number) == 90


def test_the_last_judge_of_a_proposal_can_not_leave_it_without_any(app, browse):
    number = running_order(app)[0]
    statuses = []
    for name in ("juri-1", "juri-2", "juri-3", "juri-4", "juri-5", "juri-6"):
        judge = browse(app, name)
        if judge.get(path(number)).status_code == 200:
            data = {"kind": "family", "reason": "Ipar"}
            statuses.append(judge.post(f"{E}/proposals/{number}/conflict", data).status_code)
    assert statuses == [302] * (len(statuses) - 1) + [409]


def test_a_lock_is_never_anything_that_happens_by_itself(app, browse):
    number = running_order(app)[0]
    judge = browse(app, "juri-1")
    answer = judge.post(f"{path(number)}/lock", marks(judge, number), headers=HTMX)
    assert answer.status_code == 400
    with app.app_context(), transaction(writing=False):
        assert not sheet_of(number, "juri-1").is_locked


def test_a_recused_chair_neither_reopens_nor_excuses(app, browse):
    number = running_order(app)[0]
    chair = browse(app, "juri-4")
    assert chair.get(f"{E}/proposals/{number}/reopening").status_code == 200
    chair.post(f"{E}/proposals/{number}/conflict", {"kind": "mentor", "reason": "Pembina"})
    for action in ("reopening", "excusal"):
        data = {"sheet": 1, "reason": "x"}
        assert chair.post(f"{E}/proposals/{number}/{action}", data).status_code == 403


def test_the_sheets_and_the_next_one_follow_the_running_order(app, browse):
    judge = browse(app, "juri-1")
    listed = re.findall(
        r"proposals/(\d+)/sheets/presentation", judge.get(f"{E}/sheets/presentation").text
    )
    with app.app_context(), transaction(writing=False):
        order = db.session.scalars(
            sa.select(Proposal.number)
            .join(Booking, Booking.proposal_id == Proposal.id)
            .join(Slot, Slot.id == Booking.slot_id)
            .join(Standing, Standing.proposal_id == Proposal.id)
            .where(
                Booking.given_up_at.is_(None),
                Standing.mean.is_(None),
                Standing.kind == SheetKind.PRESENTATION,
            )
            .order_by(Slot.starts_at)
        ).all()
    waiting = [int(each) for each in listed if int(each) in order]
    assert waiting == list(order)
    answer = judge.post(f"{path(order[1])}/lock", marks(judge, order[1]))
    assert answer.location == path(order[2])


def test_an_observer_reads_findings_and_decisions_but_changes_nothing(make_app, browse):
    observer = browse(make_app("screening"), "pengamat")
    for page in ("screening", "proposals/1/eligibility", "proposals/1/decision", "plenary"):
        answer = observer.get(f"{E}/{page}")
        assert answer.status_code == 200
        posting = re.findall(r'<form[^>]*method="post"(?:\s+action="([^"]*)")?', answer.text)
        assert set(posting) <= {"/sign-out", "/language", ""}


def test_an_observer_sees_no_ranking_in_the_plenary_before_it_is_confirmed(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=False):
        title = db.session.scalar(sa.select(Proposal.title).where(Proposal.number == 1))
    assert title in browse(app, "sekretariat").get(f"{E}/plenary").text
    assert title not in browse(app, "pengamat").get(f"{E}/plenary").text


def test_the_chair_is_asked_to_confirm_what_somebody_else_prepared(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        organiser = db.session.scalars(
            sa.select(Person).where(Person.email == f"sekretariat@{DOMAIN}")
        ).one()
        db.session.add(
            Result(edition_id=edition.id, prepared_by_id=organiser.id, prepared_at=clock.now())
        )
    asked = "Setujui hasil yang disiapkan"
    assert asked in browse(app, "juri-4").get("/my-work").text
    assert asked not in browse(app, "sekretariat").get("/my-work").text
    assert asked not in browse(app, "juri-1").get("/my-work").text
