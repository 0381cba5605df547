"""Receipts as files, and what changed from one submission to the next."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.proposals.models import Proposal, Submission
from app.proposals.versions import compared
from app.workflow import Status
from tests.cast import author_of, screener
from tests.conftest import E
from tests.factories import the_edition, the_proposal

PLACE = f"{E}/proposals/1"


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def author(app, browse):
    return browse(app, author_of(1))


def correct(app, author, **changes: str) -> None:
    """Return the proposal for correction and let its author submit it changed."""
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(1)
        proposal.status = Status.RETURNED
        proposal.correct_until = clock.now() + timedelta(days=3)
    assert author.fill(f"{PLACE}/draft", **changes).status_code == 302
    assert author.post(f"{PLACE}/submission").status_code == 302


def test_the_receipt_is_a_pdf_with_the_same_bytes_each_time(app, author):
    first, second = (author.get(f"{PLACE}/submissions/1.pdf") for _ in range(2))
    assert first.content_type == "application/pdf"
    assert first.body.startswith(b"%PDF-")
    assert first.body == second.body
    with app.app_context(), transaction(writing=True):
        submission = db.session.scalars(
            sa.select(Submission).join(Proposal).where(Proposal.number == 1)
        ).one()
        submission.digest = "0" * 64
    assert author.get(f"{PLACE}/submissions/1.pdf").body != first.body


def test_the_digest_is_that_of_the_content_anybody_can_take_out(author):
    content = author.get(f"{PLACE}/submissions/1.json").body
    assert hashlib.sha256(content).hexdigest() in author.get(PLACE).text


def test_hostile_text_reaches_the_receipt_as_text(app, author):
    correct(app, author, title='#panic("x") $ * [ \\ "')
    assert author.get(f"{PLACE}/submissions/2.pdf").status_code == 200


def test_a_correction_is_shown_word_by_word_and_marked_beside_the_checklist(app, author, browse):
    correct(app, author, title="Kesraku yang baru")
    text = author.get(f"{PLACE}/submissions/2").text
    assert "<ins>" in text
    assert "Kesraku" in text
    assert "Ringkasan" not in text.split("<main")[1]

    eligibility = browse(app, screener).get(f"{PLACE}/eligibility").text
    assert "Berubah dalam perbaikan:" in eligibility
    assert re.search(r"Judul\.\s+<a", eligibility)


def test_a_changed_section_is_tagged_where_it_stands(app, author, browse):
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(1)
        sections = {each.name: f"section_{each.id}" for each in proposal.edition.sections}
    correct(app, author, **{sections["Kebaruan"]: "Kebaruan yang diperbaiki."})
    text = browse(app, screener).get(f"{PLACE}/eligibility").text
    assert text.count(">berubah</span>") == 1
    assert "Kebaruan <span" in text


def test_the_first_submission_changed_nothing(author):
    assert author.get(f"{PLACE}/submissions/1").status_code == 404
    assert author.get(f"{PLACE}/submissions/9.pdf").status_code == 404


def test_nobody_else_takes_the_content_out(app, browse):
    assert browse(app, author_of(2)).get(f"{PLACE}/submissions/1.json").status_code == 404


def test_words_are_compared_with_what_stood_around_them():
    pieces = [(each.kind, each.text) for each in compared("satu dua tiga", "satu dua empat tiga")]
    assert pieces == [("same", "satu dua "), ("added", "empat "), ("same", "tiga")]


@pytest.mark.field("cases 7", "security F29")
def test_a_receipt_keeps_the_names_of_its_time(app, author):
    languages = ("id", "en")
    before = [receipt_in(author, language) for language in languages]
    with app.app_context(), transaction(writing=True):
        edition, proposal = the_edition(), the_proposal(1)
        edition.name, edition.unit_word, edition.unit_word_en = "Lomba lain", "Sekolah", "School"
        proposal.agency.name = "Dinas Lain"
        for person in proposal.authors:
            person.name = "Nama Lain"
        for place, section in enumerate(reversed(edition.sections)):
            section.name, section.name_en, section.position = f"Bagian {place}", "", place
    assert [receipt_in(author, language) for language in languages] == before


def receipt_in(author, language: str) -> bytes:
    author.post("/language", {"language": language})
    return author.get(f"{PLACE}/submissions/1.pdf").body
