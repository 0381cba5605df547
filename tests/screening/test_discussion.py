"""The discussion: closed to the conflicted and before one's own sheet; letters in own words."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Role, SheetKind
from app.editions.models import Membership
from app.editions.queries import locked_edition
from app.mail.models import Letter
from tests.cast import ask, author_of, evaluators_of, own_entries, recused_judge
from tests.conftest import SLUG, E
from tests.factories import bar, the_person, the_proposal

SECRET = "Menurut saya bukti manfaatnya lemah."


def page_of(number: int) -> str:
    return f"{E}/proposals/{number}/discussion"


def letters_to(app, email: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        return list(db.session.scalars(sa.select(Letter.subject).filter_by(recipient=email)))


def test_a_remark_is_read_by_the_others_and_the_first_calls_them(app, organiser, browse, scored):
    first, second = ask(app, evaluators_of(scored, SheetKind.DESK))
    assert organiser.post(page_of(scored), {"text": SECRET}).status_code == 302
    assert organiser.post(page_of(scored), {"text": "Satu lagi."}).status_code == 302
    assert SECRET in browse(app, first).get(page_of(scored)).text
    for email in (first, second):
        calls = [title for title in letters_to(app, email) if title.startswith("Pembahasan")]
        assert len(calls) == 1


def test_nobody_reads_it_before_their_own_sheet_is_submitted(app, organiser, browse, unscored):
    assert organiser.post(page_of(unscored), {"text": SECRET}).status_code == 302
    for email in ask(app, evaluators_of(unscored, SheetKind.DESK)):
        screener = browse(app, email)
        assert screener.get(page_of(unscored)).status_code == 403
        assert page_of(unscored) not in screener.get(f"{E}/proposals/{unscored}").text


def test_rule_5_an_organiser_who_evaluates_too_reads_nothing_before_their_own_sheet(
    app, organiser, browse, scored, unscored
):
    with app.app_context(), transaction(writing=True):
        held = db.session.scalars(
            sa.select(Membership).where(Membership.role == Role.ORGANISER)
        ).one()
        db.session.add(
            Membership(
                edition_id=held.edition_id,
                person_id=held.person_id,
                role=Role.SCREENER,
                pledged_at=held.pledged_at,
            )
        )
        person = held.person_id
    assert organiser.get(page_of(unscored)).status_code == 403
    place = f"{E}/proposals/{unscored}/evaluators"
    assert organiser.post(place, {"person": person}).status_code == 302
    assert organiser.post(f"{place}/removal", {"person": person}).status_code == 422
    whole = f"{E}/proposals/{scored}/evaluators"
    assert organiser.post(whole, {"person": person}).status_code == 422


def test_rule_3_a_conflict_closes_the_discussion_to_evaluator_and_organiser(
    app, organiser, browse, scored
):
    first, _ = ask(app, evaluators_of(scored, SheetKind.DESK))
    screener = browse(app, first)
    assert screener.get(page_of(scored)).status_code == 200
    bar(app, first, scored)
    bar(app, "sekretariat", scored)
    for browser in (screener, organiser):
        assert browser.get(page_of(scored)).status_code == 403
        assert browser.post(page_of(scored), {"text": "x"}).status_code == 403


def test_an_empty_remark_is_422_and_hostile_text_is_shown_as_text(app, organiser, scored):
    assert organiser.post(page_of(scored), {"text": "  "}).status_code == 422
    organiser.post(page_of(scored), {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;" in organiser.get(page_of(scored)).text


def test_a_letter_leaves_in_the_committees_own_words(app, organiser, scored):
    decision = {"outcome": "not_selected", "reason": "Belum cukup bukti.", "correct_until": ""}
    organiser.post(f"{E}/proposals/{scored}/decision", decision)
    page = f"{E}/proposals/{scored}/decision/letter"
    usual = organiser.form(page)["letter"].value
    assert "Belum cukup bukti." in usual
    assert "Yth." not in usual

    own = "Terima kasih, %(name)s bukan nama.\n\nSampai jumpa tahun depan."
    assert organiser.post(page, {"letter": own}).status_code == 302
    assert "isi disesuaikan" in organiser.get(f"{E}/announcement").text
    assert organiser.post(f"{E}/announcement").status_code == 302
    with app.app_context(), transaction(writing=False):
        body = db.session.scalar(sa.select(Letter.body).order_by(Letter.id.desc()).limit(1))
    assert own in body
    assert body.startswith("Yth. ")
    assert body.rstrip().endswith(f"/proposals/{scored}")


def test_another_decision_forgets_the_words_of_the_one_before(app, organiser, scored):
    decision = {"outcome": "not_selected", "reason": "A", "correct_until": ""}
    organiser.post(f"{E}/proposals/{scored}/decision", decision)
    page = f"{E}/proposals/{scored}/decision/letter"
    organiser.post(page, {"letter": "Kata-kata lama."})
    organiser.post(f"{E}/proposals/{scored}/decision", decision | {"outcome": "finalist"})
    assert "Kata-kata lama." not in organiser.get(page).text


def test_a_detected_conflict_is_confirmed_with_a_reason_and_then_stands(app, organiser):
    own = ask(app, own_entries(recused_judge))[0]
    with app.app_context(), transaction(writing=False):
        pair = {"person": the_person(recused_judge).id, "proposal": the_proposal(own).id}
    data = pair | {"kind": "own_unit", "reason": "Kepala dinasnya"}
    assert organiser.post(f"{E}/conflicts/confirmation", data).status_code == 302
    assert "ditetapkan" in organiser.get(f"{E}/conflicts").text
    assert organiser.post(f"{E}/conflicts/dismissal", data).status_code == 409


@pytest.mark.parametrize(("shown", "hidden"), [("averages", "comments"), ("comments", "averages")])
def test_rule_8_entrants_read_what_the_edition_lets_them(make_app, browse, shown, hidden):
    app = make_app("published")
    signs = {
        "averages": '<th scope="col" class="number">Rata-rata</th>',
        "comments": "(Data contoh)",
    }
    page = f"{E}/proposals/1/feedback"
    author = browse(app, author_of(1))
    assert all(sign in author.get(page).text for sign in signs.values())
    with app.app_context(), transaction(writing=True):
        setattr(locked_edition(SLUG), f"shows_{hidden}", False)
    text = author.get(page).text
    assert signs[shown] in text
    assert signs[hidden] not in text


def test_a_double_click_writes_one_remark(app, organiser, scored):
    for _ in range(2):
        organiser.post(page_of(scored), {"text": SECRET})
    assert organiser.get(page_of(scored)).text.count(SECRET) == 1


def test_rule_3_trail_mail_and_list_tell_the_conflicted_no_finding_and_no_reason(
    app, organiser, scored
):
    note = "Catatan-7391"
    items = {f"finding_{n}": "fails" for n in range(1, 14)} | {
        f"note_{n}": note for n in range(1, 14)
    }
    assert organiser.post(f"{E}/proposals/{scored}/eligibility", items).status_code == 302
    decision = {"outcome": "ineligible", "reason": note, "correct_until": ""}
    organiser.post(f"{E}/proposals/{scored}/decision", decision)
    organiser.post(f"{E}/announcement")
    pages = [f"{E}/audit", f"{E}/screening", *(f"{E}/mail/{n}" for n in range(1, 120))]
    assert [page for page in pages if note in organiser.get(page).text]
    bar(app, "sekretariat", scored)
    assert [page for page in pages if note in organiser.get(page).text] == []
