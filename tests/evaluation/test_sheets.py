"""Judges' sheets: recusal, locks, versions, who sees what and when."""

import re
from fractions import Fraction

import pytest
import sqlalchemy as sa

from app import clock
from app.awards.models import Result
from app.database import db, transaction
from app.demo.moments import MOMENTS
from app.editions.kinds import SheetKind
from app.editions.models import Edition
from app.evaluation.models import Score, Sheet, Standing
from app.evaluation.statistics import from_units
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.schedule.draft.models import Booking, Slot
from tests import cast
from tests.cast import ask
from tests.clients import Browser, Page, names_of
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal

HTMX = {"HX-Request": "true"}


@pytest.fixture
def app(make_app):
    return make_app("scoring")


@pytest.fixture
def number(app) -> int:
    """A proposal whose sheets are all open."""
    return ask(app, cast.unscored(SheetKind.PRESENTATION))[0]


@pytest.fixture
def judge(app, browse) -> Browser:
    return browse(app, cast.judge)


@pytest.fixture
def others(app, browse, number) -> list[Browser]:
    """The other judges of the proposal."""
    emails = ask(app, cast.evaluators_of(number, SheetKind.PRESENTATION))
    return [browse(app, email) for email in emails if email != cast.address(app, cast.judge)]


@pytest.fixture
def chair(app, browse) -> Browser:
    return browse(app, cast.chair)


def path(number: int) -> str:
    return f"{E}/proposals/{number}/sheets/presentation"


def marks(browser, number: int, score: str = "80", **other: str) -> dict[str, str]:
    sheet = browser.form(path(number), path(number))
    fields = dict.fromkeys(names_of(sheet, "score_"), score)
    return fields | {"comment": "", "version": sheet["version"].value} | other


def lock(browser: Browser, number: int, score: str = "80", **other: str) -> Page:
    return browser.post(f"{path(number)}/lock", marks(browser, number, score, **other))


def sheet_of_judge(number: int) -> Sheet:
    person, proposal = the_person(cast.judge), the_proposal(number)
    sheets = sa.select(Sheet).filter_by(proposal_id=proposal.id, evaluator_id=person.id)
    return db.session.scalars(sheets.filter_by(kind=SheetKind.PRESENTATION)).one()


def test_rule_3_a_judge_has_no_sheet_for_their_own_agency(app, browse):
    for email in ask(app, cast.judges):
        browser = browse(app, email)
        without = [n for n in ask(app, cast.placed) if browser.get(path(n)).status_code == 404]
        assert without == ask(app, cast.own_entries(email))
        for number in without:
            assert browser.post(path(number), {"version": "1"}).status_code == 404
            assert browser.post(f"{path(number)}/lock", {"version": "1"}).status_code == 404


def test_a_sheet_saves_by_itself_with_comma_or_point(app, number, judge):
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
def test_a_bad_score_is_422_and_what_was_typed_stays(number, judge, score):
    answer = judge.post(path(number), marks(judge, number, score, comment="catatan saya"))
    text = answer.text
    assert answer.status_code == 422
    assert f'value="{score}"' in text
    assert "catatan saya" in text


@pytest.mark.field("cases 5")
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_wrong_score_keeps_nothing_else_from_being_saved(app, number, judge, headers):
    fields = marks(judge, number, "80", comment="Catatan umum")
    first, second = (name for name in list(fields)[:2])
    fields |= {first: "8o", second: "101", first.replace("score", "note"): "Catatan aspek"}
    answer = judge.post(path(number), fields, headers=headers)
    assert answer.status_code == (200 if headers else 422)
    assert "Tersimpan, kecuali:" in answer.text
    assert "Isi angka dengan paling banyak dua desimal" in answer.text
    assert ("Nilai berada antara 0 dan 100" if not headers else "dan 1 lainnya") in answer.text
    again = judge.form(path(number), path(number))
    scores = [again[name].value for name in names_of(again, "score_")]
    assert scores == ["", "", *["80"] * 8]
    assert again[first.replace("score", "note")].value == "Catatan aspek"
    assert again["comment"].value == "Catatan umum"


def test_a_note_that_is_refused_names_its_criterion(number, judge):
    fields = marks(judge, number, "80")
    note = next(iter(fields)).replace("score", "note")
    answer = judge.post(path(number), fields | {note: "kata " * 401})
    [lacking] = answer.html.select(".ds-error-summary a")
    criterion = answer.html.select_one(".criterion label").find(string=True).strip()
    assert lacking.get_text(strip=True).startswith(f"Catatan untuk “{criterion}”: ")


@pytest.mark.field("cases 5")
def test_a_sheet_with_a_wrong_score_is_saved_but_not_locked(app, number, judge):
    fields = marks(judge, number, "80")
    answer = judge.post(f"{path(number)}/lock", fields | {next(iter(fields)): "8o"})
    assert answer.status_code == 422
    assert 'value="8o"' in answer.text
    assert judge.get(path(number)).text.count('value="80"') == 9
    with app.app_context(), transaction(writing=False):
        assert not sheet_of_judge(number).is_locked


@pytest.mark.field("security F21")
def test_a_reason_that_nobody_sees_is_none(app, number, judge, chair):
    lock(judge, number)
    with app.app_context(), transaction(writing=False):
        data = {"sheet": sheet_of_judge(number).id, "reason": "\u200b\u3164"}
    assert chair.post(f"{E}/proposals/{number}/reopening", data).status_code == 422
    heaped = data | {"reason": "Z" + "\u0300" * 9}
    assert chair.post(f"{E}/proposals/{number}/reopening", heaped).status_code == 422


def test_a_stale_save_is_409_and_shows_both(app, browse, number):
    phone, desk = browse(app, cast.judge), browse(app, cast.judge)
    stale = marks(phone, number, "70")
    desk.post(path(number), marks(desk, number, "95"))
    answer = phone.post(path(number), stale)
    text = answer.text
    assert answer.status_code == 409
    assert 'value="70"' in text
    assert "95,00" in text
    [bar] = answer.html.select("#state")
    assert "Belum tersimpan: diubah di tempat lain" in bar.text
    assert "Tersimpan " not in bar.text
    assert answer.html.select(bar.a["href"])


def test_rule_6_a_locked_sheet_can_not_be_saved_or_locked_again(number, judge):
    fields = marks(judge, number)
    assert judge.post(f"{path(number)}/lock", fields).status_code == 302
    assert judge.post(path(number), fields).status_code == 409
    assert judge.post(f"{path(number)}/lock", fields).status_code == 409


def test_rule_6_weights_and_totals_never_come_from_the_form(app, number, judge):
    lock(judge, number, "50", weight="100", points="100000000", evaluator_id="1")
    with app.app_context(), transaction(writing=False):
        assert sheet_of_judge(number).points == 50_000_000


def test_an_incomplete_sheet_is_not_locked_and_keeps_what_was_typed(number, judge):
    fields = marks(judge, number, "80")
    gap = next(name for name in fields if name.startswith("score_"))
    answer = judge.post(f"{path(number)}/lock", fields | {gap: ""})
    assert answer.status_code == 422
    assert answer.text.count('value="80"') == 9


def test_rule_6_only_the_chair_reopens_with_a_reason_and_it_leaves_a_trace(
    app, browse, number, judge, chair
):
    organiser = browse(app, "sekretariat")
    lock(judge, number)
    with app.app_context(), transaction(writing=False):
        data = {"sheet": sheet_of_judge(number).id, "reason": "Salah ketik"}
    reopening = f"{E}/proposals/{number}/reopening"
    assert organiser.post(reopening, data).status_code == 403
    assert chair.post(reopening, data | {"reason": ""}).status_code == 422
    assert "Hubungi ketua tim juri" in judge.get(path(number))
    assert chair.post(reopening, data).status_code == 302
    assert "Dibuka kembali pada" in judge.get(path(number))
    with app.app_context(), transaction(writing=False):
        letter = db.session.scalars(sa.select(Letter).order_by(Letter.id.desc())).first()
        assert letter.recipient == cast.address(app, cast.judge)
        assert "Salah ketik" in letter.body
        assert letter.body.rstrip().endswith(path(number))
    assert judge.post(path(number), marks(judge, number, "81")).status_code == 302
    trail = organiser.get(f"{E}/audit").text
    assert "sheet.reopen" in trail
    assert "Salah ketik" in trail


def test_rule_4_a_missing_sheet_is_no_zero_and_the_ranking_stays_provisional(app, browse):
    organiser = browse(app, "sekretariat")
    text = organiser.get(f"{E}/ranking").text
    assert "Bersifat sementara" in text
    assert organiser.post(f"{E}/plenary").status_code == 409


def test_rule_5_nobody_sees_a_value_before_all_sheets_of_the_proposal_are_locked(
    app, browse, number, judge
):
    lock(judge, number, "12,34")
    readers = (cast.other_judge, cast.chair, "sekretariat", "pengamat", cast.author_of(number))
    for reader in readers:
        browser = browse(app, reader)
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
    for email in ask(app, cast.judges):
        status = 403 if ask(app, cast.own_entries(email)) else 200
        assert browse(app, email).get(f"{E}/ranking").status_code == status


def test_a_declared_conflict_takes_the_sheet_out_of_the_mean(app, number, judge, others):
    judge.post(path(number), marks(judge, number, "10"))
    declared = judge.post(f"{E}/proposals/{number}/conflict", {"kind": "family", "reason": "Ipar"})
    for other in others:
        lock(other, number, "90")

    assert declared.status_code == 302
    assert presentation(app, number) == 90
    assert judge.get(path(number)).status_code == 404


def presentation(app, number: int) -> Fraction:
    with app.app_context(), transaction(writing=False):
        standing = db.session.scalar(
            sa.select(Standing)
            .join(Standing.proposal)
            .where(Proposal.number == number, Standing.kind == SheetKind.PRESENTATION)
        )
        return from_units(standing.mean)


def test_a_detected_conflict_can_not_be_declared_nor_dismissed_after_scoring_opened(
    app, browse, number, judge
):
    answer = judge.post(f"{E}/proposals/{number}/conflict", {"kind": "own_unit", "reason": "x"})
    assert answer.status_code == 422
    own = ask(app, cast.own_entries(cast.recused_judge))[0]
    with app.app_context(), transaction(writing=False):
        pair = {"person": the_person(cast.recused_judge).id, "proposal": the_proposal(own).id}
    data = pair | {"kind": "own_unit", "reason": "Pindah tugas"}
    organiser = browse(app, "sekretariat")
    assert organiser.post(f"{E}/conflicts/dismissal", data).status_code == 409


def test_the_rules_are_frozen_while_scoring(app, browse):
    organiser = browse(app, "sekretariat")
    with app.app_context(), transaction(writing=False):
        version = db.session.scalar(sa.select(Edition.version))
    answer = organiser.post(f"{E}/settings/criteria", {"version": version})
    assert answer.status_code == 409
    assert "aturan edisi ini tidak dapat diubah" in answer.text


def test_after_the_window_a_sheet_is_kept_as_it_was(number, judge):
    fields = marks(judge, number)
    clock.shift(MOMENTS["published"] - clock.real_now())
    answer = judge.post(path(number), fields)
    assert answer.status_code == 409
    assert "Yang tersimpan sebelumnya tetap ada" in answer.text


def test_the_chair_goes_on_without_the_sheet_of_a_judge_who_fell_ill(app, number, others, chair):
    for other in others:
        lock(other, number, "90")
    with app.app_context(), transaction(writing=False):
        data = {"sheet": sheet_of_judge(number).id, "reason": "Sakit"}
    excusal = f"{E}/proposals/{number}/excusal"
    assert chair.post(excusal, data | {"reason": ""}).status_code == 422
    assert chair.post(excusal, data).status_code == 302
    assert presentation(app, number) == 90


def test_the_last_judge_of_a_proposal_can_not_leave_it_without_any(number, judge, others):
    conflict, data = f"{E}/proposals/{number}/conflict", {"kind": "family", "reason": "Ipar"}
    statuses = [browser.post(conflict, data).status_code for browser in (judge, *others)]
    assert statuses == [302] * len(others) + [409]


def test_a_lock_is_never_anything_that_happens_by_itself(app, number, judge):
    answer = judge.post(f"{path(number)}/lock", marks(judge, number), headers=HTMX)
    assert answer.status_code == 400
    with app.app_context(), transaction(writing=False):
        assert not sheet_of_judge(number).is_locked


def test_a_recused_chair_neither_reopens_nor_excuses(number, chair):
    assert chair.get(f"{E}/proposals/{number}/reopening").status_code == 200
    chair.post(f"{E}/proposals/{number}/conflict", {"kind": "mentor", "reason": "Pembina"})
    for action in ("reopening", "excusal"):
        data = {"sheet": 1, "reason": "x"}
        assert chair.post(f"{E}/proposals/{number}/{action}", data).status_code == 403


def test_the_sheets_and_the_next_one_follow_the_running_order(app, judge):
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
    assert lock(judge, order[1]).location == path(order[2])


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
        title = the_proposal(1).title
    assert title in browse(app, "sekretariat").get(f"{E}/plenary").text
    assert title not in browse(app, "pengamat").get(f"{E}/plenary").text


def test_the_chair_is_asked_to_confirm_what_somebody_else_prepared(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        edition, organiser = the_edition(), the_person("sekretariat")
        prepared = Result(edition_id=edition.id, prepared_by_id=organiser.id)
        prepared.prepared_at = clock.now()
        prepared.evaluation_revision = edition.evaluation_revision
        db.session.add(prepared)
    asked = "Setujui hasil yang disusun"
    assert asked in browse(app, cast.chair).get("/my-work").text
    assert asked not in browse(app, "sekretariat").get("/my-work").text
    assert asked not in browse(app, cast.judge).get("/my-work").text


def test_a_sheet_says_from_when_on_it_can_be_written(make_app, browse):
    page = browse(make_app("scoring"), "juri-1")
    early = page.get(f"{E}/proposals/26/sheets/presentation").html.select_one("#sheet .ds-alert")
    assert "Pemaparan dimulai pada 6 Oktober 2019, 16.00 WITA" in early.text
    begun = page.get(f"{E}/proposals/5/sheets/presentation").html.select_one("#sheet .ds-alert")
    assert begun is None
