"""Who is told by letter what somebody else did: once, in their language, with a link; and where a
refusal leads."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest
import sqlalchemy as sa

from app import clock
from app.cli import JOBS
from app.database import db, transaction
from app.editions.kinds import Picking, Role, SheetKind
from app.editions.models import Membership
from app.evaluation.models import Sheet
from app.jobs import worker
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.screening.letters import usual_words
from app.screening.models import Decision, Outcome
from app.workflow import SUBMITTED_ONCE, Status
from tests.cast import (
    address,
    ask,
    author_of,
    chair,
    drafts,
    innovator,
    screener,
    screeners,
    submitted,
    unplaced,
)
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal
from tests.plenaries import confirm, prepare

NOBODY = {"empty": "2"}
"""What the plenary's form sends if nobody gets the award that it gives."""


def letters(app) -> list[Letter]:
    with app.app_context(), transaction(writing=False):
        found = list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))
        db.session.expunge_all()
        return found


class Told:
    """The letters that a block writes."""

    def __init__(self, app) -> None:
        self.app = app

    def __enter__(self) -> Self:
        self.before = len(letters(self.app))
        return self

    def __exit__(self, *_: object) -> None:
        self.letters = letters(self.app)[self.before :]

    def about(self, subject: str) -> dict[str, Letter]:
        """The letters on this subject by their readers, each of whom has one."""
        found = [letter for letter in self.letters if subject in letter.subject]
        assert set(Counter(letter.recipient for letter in found).values()) <= {1}
        return {letter.recipient: letter for letter in found}


@pytest.mark.field("empty 10")
@pytest.mark.parametrize(
    ("role", "named"), [("judge", "Juri"), ("innovator", "Inovator"), ("observer", "Pengamat")]
)
def test_an_invitation_names_the_role(make_app, browse, role, named):
    app = make_app("draft")
    organiser = browse(app, "sekretariat")
    form = organiser.form(f"{E}/people", "/people")
    form["email"], form["name"], form["role"] = "baru@kota.example", "Baru", role
    form["agency"] = form["agency"].options[1][0]
    with Told(app) as told:
        assert form.submit().status_code == 302
    [letter] = told.letters
    assert letter.subject.startswith(f"Undangan sebagai {named}")
    assert named in letter.body
    assert "pelaksana" not in letter.subject


@pytest.mark.field("empty 10")
def test_screeners_are_told_of_the_desk_sheets_they_get(make_app, browse):
    app = make_app("screening")
    with app.app_context(), transaction(writing=True):
        the_person(screener).language = "en"
        unscored = sa.select(Sheet.proposal_id).where(Sheet.locked_at.is_not(None))
        db.session.execute(
            sa.delete(Sheet).where(Sheet.kind == SheetKind.DESK, Sheet.proposal_id.not_in(unscored))
        )
    organiser = browse(app, "sekretariat")
    assert organiser.post(f"{E}/assignment").status_code == 302
    with app.app_context():
        assert worker.run_next(JOBS, now=clock.now)
    with Told(app) as told:
        assert organiser.post(f"{E}/assignment/sheets").status_code == 302
    indonesian = told.about("Lembar penilaian proposal")
    assert set(indonesian) | {address(app, screener)} == set(ask(app, screeners))
    assert f"{E}/sheets/desk" in told.about("Desk sheets for you")[address(app, screener)].body
    assert all(f"{E}/sheets/desk" in letter.body for letter in indonesian.values())


@pytest.mark.field("empty 10")
def test_a_corrected_proposal_is_told_to_whoever_examines(make_app, browse):
    app = make_app("screening")
    number = ask(app, submitted)[0]
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        proposal.status = Status.RETURNED
        proposal.correct_until = clock.now() + timedelta(days=1)
    with Told(app) as told:
        sent = browse(app, author_of(number)).post(f"{E}/proposals/{number}/submission")
        assert sent.status_code == 302
    found = told.about("Sudah diperbaiki")
    assert set(found) == {address(app, "sekretariat"), *ask(app, screeners)}
    assert all(f"{E}/proposals/{number}" in letter.body for letter in found.values())


@pytest.mark.field("empty 10")
def test_a_first_submission_is_told_to_its_authors_alone(make_app, browse):
    app = make_app("draft")
    number = ask(app, submitted)[0]
    with app.app_context(), transaction(writing=True):
        the_proposal(number).status = Status.DRAFT
    author = author_of(number)
    with Told(app) as told:
        assert browse(app, author).post(f"{E}/proposals/{number}/submission").status_code == 302
    assert {letter.recipient for letter in told.letters} == {address(app, author)}


def reopened(app) -> None:
    """Take scoring back, as if it had not been opened yet."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        edition.frozen_at = None
        sheets = sa.select(Sheet.id).where(Sheet.kind == SheetKind.PRESENTATION)
        db.session.execute(
            sa.text(
                "DELETE FROM score WHERE sheet_id IN (SELECT id FROM sheet "
                "WHERE kind = 'presentation')"
            )
        )
        db.session.execute(sa.delete(Sheet).where(Sheet.id.in_(sheets)))
        db.session.execute(
            sa.update(Proposal)
            .where(Proposal.status == Status.PRESENTED)
            .values(status=Status.FINALIST)
        )


@pytest.mark.field("empty 10")
def test_judges_are_told_that_scoring_is_open(make_app, browse):
    app = make_app("scoring")
    reopened(app)
    with Told(app) as told:
        assert browse(app, "sekretariat").post(f"{E}/scoring").status_code == 302
    with app.app_context(), transaction(writing=False):
        evaluators = set(
            db.session.scalars(sa.select(Sheet.evaluator_id).where(Sheet.kind == "presentation"))
        )
        found = told.about("Penilaian dibuka")
        assert {the_person(lambda _, email=email: email).id for email in found} == evaluators
    assert all(f"{E}/sheets/presentation" in letter.body for letter in found.values())


@pytest.mark.field("empty 10")
def test_a_second_person_is_asked_to_confirm_the_result(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        second = Membership(
            edition_id=the_edition().id, person_id=the_person(innovator).id, role=Role.ORGANISER
        )
        db.session.add(second)
    with Told(app) as told:
        assert prepare(browse(app, "sekretariat"), NOBODY).status_code == 302
    found = told.about("menunggu persetujuan")
    assert address(app, "sekretariat") not in found  # who prepared it can't confirm it
    assert address(app, innovator) not in found  # bars a conflict: it is their own entry
    assert all(f"{E}/plenary" in letter.body for letter in found.values())
    with app.app_context(), transaction(writing=False):
        free = the_person(chair)
        is_barred = free.email not in found
    assert browse(app, chair).get(f"{E}/plenary").status_code == 200
    assert is_barred == (
        "Anda memiliki konflik kepentingan" in browse(app, chair).get(f"{E}/plenary").text
    )


@pytest.mark.field("empty 10")
def test_everybody_who_submitted_is_told_once_that_the_result_is_out(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        lost, twice = the_proposal(2), the_proposal(3)
        lost.status = Status.NOT_SELECTED
        twice.authors.append(the_person(author_of(1)))
        loser = lost.authors[0].email
    prepare_and_confirm(app, browse)
    with app.app_context(), transaction(writing=False):
        statement = sa.select(Proposal).where(
            Proposal.status.in_(SUBMITTED_ONCE - {Status.WITHDRAWN})
        )
        everybody = {
            person.email
            for proposal in db.session.scalars(statement)
            for person in proposal.authors
        }
    told = [letter for letter in letters(app) if letter.subject.startswith("Hasil ")]
    out = [letter for letter in told if letter.due_at]
    assert Counter(letter.recipient for letter in out) == Counter(everybody)
    assert loser in everybody
    [own] = [letter for letter in out if letter.recipient == address(app, author_of(1))]
    assert all(f"{E}/proposals/{number}/feedback" in own.body for number in (1, 3))


def prepare_and_confirm(app, browse) -> None:
    """Let the organiser prepare the result, and somebody free of conflicts confirm it."""
    organiser = browse(app, "sekretariat")
    assert prepare(organiser, NOBODY).status_code == 302
    with app.app_context(), transaction(writing=True):
        member = the_person("pengamat")
        db.session.add(
            Membership(edition_id=the_edition().id, person_id=member.id, role=Role.ORGANISER)
        )
    second = browse(app, "pengamat")
    at = (clock.now() + timedelta(days=1, hours=8)).strftime("%Y-%m-%dT%H:%M")
    assert confirm(second, at).status_code == 302


@pytest.mark.field("empty 9")
def test_a_result_of_an_edition_that_is_not_public_is_warned_of(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        the_edition().is_public = False
    organiser = browse(app, "sekretariat")
    warning = "edisi ini belum terbuka untuk umum"
    assert warning not in organiser.get(f"{E}/plenary").text
    prepare_and_confirm(app, browse)
    assert warning in organiser.get(f"{E}/plenary").text
    organiser.post(f"{E}/publicity")
    assert warning not in organiser.get(f"{E}/plenary").text


@pytest.mark.field("empty 10")
def test_letters_about_a_draft_lead_to_it(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    organiser = browse(app, "sekretariat")
    marked = {"proposal": str(number), "scope": "marked"}
    later = {"until": "2019-09-20T10:00", "reason": "Listrik padam."}
    with Told(app) as told:
        organiser.post(f"{E}/proposals/drafts/reminder", marked)
        organiser.post(f"{E}/proposals/drafts/extension", marked | later)
    assert len(told.letters) >= 2
    assert all(re.search(rf"{E}/proposals/{number}\b", each.body) for each in told.letters)


@pytest.mark.field("empty 9")
def test_a_reminder_after_the_deadline_says_why_nobody_got_one(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    clock.shift(clock.now() - clock.real_now() + timedelta(days=30))
    organiser = browse(app, "sekretariat")
    with Told(app) as told:
        answer = organiser.post(f"{E}/proposals/drafts/reminder", {"proposal": str(number)})
    assert answer.status_code == 409
    assert "Tidak ada yang diingatkan" in answer.text
    assert f'href="{E}/proposals/drafts"' in answer.text
    assert told.letters == []


@pytest.mark.field("empty 9")
def test_a_draft_after_the_deadline_says_that_it_is_over(make_app, browse):
    app = make_app("draft")
    number = ask(app, drafts)[0]
    author = browse(app, author_of(number))
    pages = [f"{E}/proposals/{number}/{page}" for page in ("submission", "draft")]
    over = "Batas waktu telah lewat", "Tidak ada lagi yang dapat disimpan"
    assert not any(each in author.get(page).text for page in pages for each in over)
    clock.shift(clock.now() - clock.real_now() + timedelta(days=30))
    assert over[0] in author.get(pages[0]).text
    assert over[1] in author.get(pages[1]).text
    assert "Ajukan proposal</button>" not in author.get(pages[0]).text


@pytest.mark.field("empty 9")
def test_a_refusal_leads_to_where_it_is_put_right(make_app, browse):
    app = make_app("picking")
    organiser = browse(app, "sekretariat")
    refused = organiser.post(f"{E}/scoring")
    assert refused.status_code == 409
    assert f'href="{E}/arrangement"' in refused.text
    partial = organiser.post(f"{E}/scoring", headers={"HX-Request": "true"})
    assert f'href="{E}/arrangement"' in partial.text


@pytest.mark.field("empty 9")
def test_who_has_not_pledged_is_led_to_the_pledge(make_app, browse):
    app = make_app("screening")
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Membership).values(pledged_at=None))
    number = ask(app, submitted)[0]
    refused = browse(app, screener).post(f"{E}/proposals/{number}/eligibility")
    assert (refused.status_code, f'href="{E}/pledge"' in refused.text) == (409, True)


@pytest.mark.field("empty 9")
@pytest.mark.one_database
def test_every_remedy_is_a_page_of_an_edition(make_app):
    app = make_app()
    named = {
        found
        for path in Path("app").rglob("*.py")
        for found in re.findall(r'remedy="([\w.]+)"', path.read_text("utf-8"))
    }
    assert len(named) > 5
    for endpoint in named:
        rules = list(app.url_map.iter_rules(endpoint))
        assert [rule.arguments for rule in rules if "GET" in rule.methods] == [{"edition"}]


@pytest.mark.field("empty 9")
def test_the_administrator_is_led_to_the_organisations(make_app, browse):
    page = browse(make_app("draft"), "admin").get("/my-work").text
    main = page[page.index("<main") :]
    assert 'href="/organisations"' in main


@pytest.mark.field("empty 9")
def test_who_wishes_for_slots_is_not_asked_to_pick_one(make_app, browse):
    app = make_app("picking")
    number = ask(app, unplaced)[0]
    with app.app_context(), transaction(writing=True):
        the_edition().picking = Picking.WISHES
    author = browse(app, author_of(number))
    work = author.get("/my-work").text
    assert "Pilih slot" not in work
    assert f"{E}/proposals/{number}/wishes" in work
    slot = re.search(r'<option value="(\d+)"', author.get(f"{E}/proposals/{number}/wishes").text)[1]
    assert author.post(f"{E}/proposals/{number}/wishes", {"slot": [slot]}).status_code == 302
    assert f"{E}/proposals/{number}/wishes" not in author.get("/my-work").text


@pytest.mark.field("empty 9", "empty 10")
@pytest.mark.parametrize(
    ("picking", "words"),
    [
        (Picking.FIRST_COME, "Silakan pilih slot pemaparan Anda:"),
        (Picking.TURNS, "giliran Anda"),
        (Picking.WISHES, "sampaikan pilihan slot pemaparan Anda:"),
    ],
)
def test_the_letter_to_a_finalist_says_how_slots_are_given(make_app, picking, words):
    app = make_app("screening")
    with app.app_context(), transaction(writing=True):
        the_edition().picking = picking
    number = ask(app, submitted)[0]
    with app.test_request_context(), transaction(writing=False):
        decision = Decision(proposal=the_proposal(number), outcome=Outcome.FINALIST, reason="")
        assert words in usual_words(decision, the_edition())
        reserve = Decision(proposal=the_proposal(number), outcome=Outcome.RESERVE, reason="-")
        assert "dapat menggantikan" in usual_words(reserve, the_edition())
        db.session.rollback()
