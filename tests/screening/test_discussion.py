"""The discussion: closed to the conflicted and before one's own sheet; letters in own words."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.database import db, transaction
from app.demo import DOMAIN
from app.editions.kinds import Role
from app.editions.models import Membership
from app.editions.queries import locked_edition
from app.evaluation.models import Sheet
from app.mail.models import Letter
from app.proposals.models import Proposal
from tests.conftest import SLUG, E
from tests.factories import bar

DONE, OPEN = 1, 27  # at the moment “screening” the first half has its sheets, the second has not
SECRET = "Menurut saya bukti manfaatnya lemah."


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def page_of(number: int) -> str:
    return f"{E}/proposals/{number}/discussion"


def evaluators_of(app, number: int) -> list[str]:
    """The accounts of those who have a desk sheet of the proposal."""
    with app.app_context(), transaction(writing=False):
        emails = db.session.scalars(
            sa.select(Person.email)
            .join(Sheet, Sheet.evaluator_id == Person.id)
            .join(Proposal, Proposal.id == Sheet.proposal_id)
            .where(Proposal.number == number, Sheet.kind == "desk")
            .order_by(Person.email)
        )
        return [each.removesuffix(f"@{DOMAIN}") for each in emails]


def letters_to(app, name: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        return list(
            db.session.scalars(
                sa.select(Letter.subject).where(Letter.recipient == f"{name}@{DOMAIN}")
            )
        )


def test_a_remark_is_read_by_the_others_and_the_first_calls_them(app, organiser, browse):
    first, second = evaluators_of(app, DONE)
    assert organiser.post(page_of(DONE), {"text": SECRET}).status_code == 302
    assert organiser.post(page_of(DONE), {"text": "Satu lagi."}).status_code == 302
    assert SECRET in browse(app, first).get(page_of(DONE)).text
    for name in (first, second):
        calls = [each for each in letters_to(app, name) if each.startswith("Pembahasan")]
        assert len(calls) == 1


def test_nobody_reads_it_before_their_own_sheet_is_submitted(app, organiser, browse):
    assert organiser.post(page_of(OPEN), {"text": SECRET}).status_code == 302
    for name in evaluators_of(app, OPEN):
        screener = browse(app, name)
        assert screener.get(page_of(OPEN)).status_code == 403
        assert page_of(OPEN) not in screener.get(f"{E}/proposals/{OPEN}").text


def test_rule_5_an_organiser_who_evaluates_too_reads_nothing_before_their_own_sheet(
    app, organiser, browse
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
    assert organiser.get(page_of(OPEN)).status_code == 403
    place = f"{E}/proposals/{OPEN}/evaluators"
    assert organiser.post(place, {"person": person}).status_code == 302
    assert organiser.post(f"{place}/removal", {"person": person}).status_code == 422
    whole = f"{E}/proposals/{DONE}/evaluators"
    assert organiser.post(whole, {"person": person}).status_code == 422


def test_rule_3_a_conflict_closes_the_discussion_to_evaluator_and_organiser(app, organiser, browse):
    first, _ = evaluators_of(app, DONE)
    screener = browse(app, first)
    assert screener.get(page_of(DONE)).status_code == 200
    bar(app, first, DONE)
    bar(app, "sekretariat", DONE)
    for browser in (screener, organiser):
        assert browser.get(page_of(DONE)).status_code == 403
        assert browser.post(page_of(DONE), {"text": "x"}).status_code == 403


def test_an_empty_remark_is_422_and_hostile_text_is_shown_as_text(app, organiser):
    assert organiser.post(page_of(DONE), {"text": "  "}).status_code == 422
    organiser.post(page_of(DONE), {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;" in organiser.get(page_of(DONE)).text


def test_a_letter_leaves_in_the_committees_own_words(app, organiser):
    decision = {"outcome": "not_selected", "reason": "Belum cukup bukti.", "correct_until": ""}
    organiser.post(f"{E}/proposals/{DONE}/decision", decision)
    page = f"{E}/proposals/{DONE}/decision/letter"
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
    assert body.rstrip().endswith(f"/proposals/{DONE}")


def test_another_decision_forgets_the_words_of_the_one_before(app, organiser):
    decision = {"outcome": "not_selected", "reason": "A", "correct_until": ""}
    organiser.post(f"{E}/proposals/{DONE}/decision", decision)
    page = f"{E}/proposals/{DONE}/decision/letter"
    organiser.post(page, {"letter": "Kata-kata lama."})
    organiser.post(f"{E}/proposals/{DONE}/decision", decision | {"outcome": "finalist"})
    assert "Kata-kata lama." not in organiser.get(page).text


def test_a_detected_conflict_is_confirmed_with_a_reason_and_then_stands(app, organiser):
    with app.app_context(), transaction(writing=False):
        judge = db.session.scalar(sa.select(Person.id).where(Person.email == f"juri-2@{DOMAIN}"))
        proposal = db.session.scalar(sa.select(Proposal.id).where(Proposal.number == 7))
    data = {"person": judge, "proposal": proposal, "kind": "own_unit", "reason": "Kepala dinasnya"}
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
    author = browse(app, "inovator-01")
    assert all(sign in author.get(page).text for sign in signs.values())
    with app.app_context(), transaction(writing=True):
        setattr(locked_edition(SLUG), f"shows_{hidden}", False)
    text = author.get(page).text
    assert signs[shown] in text
    assert signs[hidden] not in text


def test_a_double_click_writes_one_remark(app, organiser):
    for _ in range(2):
        organiser.post(page_of(DONE), {"text": SECRET})
    assert organiser.get(page_of(DONE)).text.count(SECRET) == 1


def test_rule_3_trail_mail_and_list_tell_the_conflicted_no_finding_and_no_reason(app, organiser):
    note = "Catatan-7391"
    items = {f"finding_{n}": "fails" for n in range(1, 14)} | {
        f"note_{n}": note for n in range(1, 14)
    }
    assert organiser.post(f"{E}/proposals/{DONE}/eligibility", items).status_code == 302
    decision = {"outcome": "ineligible", "reason": note, "correct_until": ""}
    organiser.post(f"{E}/proposals/{DONE}/decision", decision)
    organiser.post(f"{E}/announcement")
    pages = [f"{E}/audit", f"{E}/screening", *(f"{E}/mail/{n}" for n in range(1, 120))]
    assert [page for page in pages if note in organiser.get(page).text]
    bar(app, "sekretariat", DONE)
    assert [page for page in pages if note in organiser.get(page).text] == []
