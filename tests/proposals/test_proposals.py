"""Writing, attaching, submitting: what is kept, what is refused and with which words."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo.moments import MOMENTS, PDF, WINDOWS
from app.editions.kinds import Stage
from app.mail.models import Letter
from app.proposals.models import Proposal, Submission
from app.workflow import Status
from tests.cast import ask, screener, submitted
from tests.clients import form_of, send
from tests.conftest import E
from tests.factories import the_edition, the_proposal
from tests.proposals.writing import draft_of, save

HTMX = {"HX-Request": "true"}


def text_sections(author, place: str) -> list[str]:
    """The names of the fields for longer texts."""
    page = author.get(f"{place}/draft").text
    return re.findall(r'<textarea[^>]*name="(section_\d+)"', page)


def saved(app, number: int) -> Proposal:
    with app.app_context(), transaction(writing=False):
        proposal = db.session.scalar(
            sa.select(Proposal).where(Proposal.number == number).options(sa.orm.selectinload("*"))
        )
        db.session.expunge_all()
        return proposal


def test_autosave_keeps_what_was_typed_and_moves_the_version_on(app, author, number, place):
    fields = draft_of(author, place) | {"title": "Judul baru"}
    answer = author.post(f"{place}/draft", fields, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="state"')
    assert saved(app, number).title == "Judul baru"
    assert draft_of(author, place)["version"] == str(int(fields["version"]) + 1)


def test_a_stale_save_is_409_and_shows_both_texts(app, author, phone, number, place):
    stale = draft_of(author, place)
    save(phone, place, {"title": "Dari ponsel"})

    answer = author.post(f"{place}/draft", stale | {"title": "Dari komputer"})

    text = answer.text
    assert answer.status_code == 409
    assert 'value="Dari komputer"' in text
    assert "Dari ponsel" in text
    assert saved(app, number).title == "Dari ponsel"
    assert send(form_of(answer, "/draft")).status_code == 302
    assert saved(app, number).title == "Dari komputer"


BAD = [
    ("title", "x" * 201, "paling banyak 200 karakter"),
    ("started_on", "31-12-2018", "Tanggal tidak sah"),
    ("started_on", "2018-02-30", "Tanggal tidak sah"),
    ("video_url", "javascript:alert(1)", "https://"),
    ("video_url", "https://" + "x" * 500, "paling banyak 500"),
    ("category_id", "9999", "Pilihan tidak sah"),
    ("category_id", "x", "Pilihan tidak sah"),
]


@pytest.mark.parametrize(("field", "value", "message"), BAD)
def test_bad_input_is_422_with_its_message_and_keeps_everything_typed(
    author, place, field, value, message
):
    fields = draft_of(author, place) | {"section_5": "tulisan yang belum tersimpan"}
    answer = author.post(f"{place}/draft", fields | {field: value})
    text = answer.text
    assert answer.status_code == 422
    assert message in text
    assert "tulisan yang belum tersimpan" in text


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999999", "²"])
def test_a_senseless_version_is_a_conflict_and_no_failure(author, place, version):
    assert save(author, place, {"title": "x", "version": version}).status_code == 409


def test_hostile_text_is_shown_and_not_run(app, author, number, place):
    hostile = '"><script>alert(1)</script>{{ 7*7 }}%(name)s'
    save(author, place, {"title": hostile})
    text = author.get(place).text
    assert saved(app, number).title == hostile
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}%(name)s" in text


FILES = [
    (b"", "kosong.pdf", 422),
    (b"MZ\x90\x00" + b"x" * 100, "program.pdf", 422),
    (b"<html>", "surat.pdf", 422),
    (PDF + b"0" * (2 * 1024 * 1024), "besar.pdf", 422),
    (PDF, "surat.pdf", 302),
    (PDF, "../../etc/passwd", 302),
    (PDF, "surat pernyataan – 日本語.pdf", 302),
]


@pytest.mark.parametrize(("content", "name", "status"), FILES)
def test_rule_10_only_a_pdf_of_the_allowed_size_is_attached(
    app, author, number, place, content, name, status
):
    answer = author.post(f"{place}/documents/1", files={"file": (name, content)})
    assert answer.status_code == status
    attached = saved(app, number).attachments
    assert len(attached) == (status == 302)
    for each in attached:
        assert each.stored_name.isalnum()
        download = author.get(f"{place}/attachments/{each.id}")
        assert download.headers["Content-Disposition"].startswith("attachment;")
        assert download.headers["X-Content-Type-Options"] == "nosniff"
        assert download.body == PDF


def test_each_file_is_listed_with_the_document_that_it_is(app, author, number, place):
    author.post(f"{place}/documents/2", files={"file": ("kedua.pdf", PDF)})
    author.post(f"{place}/documents/1", files={"file": ("pertama.pdf", PDF)})
    with app.app_context(), transaction(writing=False):
        first, second = (document.name for document in the_edition().documents[:2])
    facts = " ".join(author.get(f"{place}/submission").html.select_one("#content").text.split())
    assert f"{first}: pertama.pdf {second}: kedua.pdf" in facts


def test_an_incomplete_proposal_is_not_submitted_and_the_list_says_what_is_missing(
    app, author, number, place
):
    answer = author.post(f"{place}/submission")
    text = answer.text
    assert answer.status_code == 422
    assert "Isi bagian “Signifikansi”." in text
    assert "Lampirkan “Surat pernyataan implementasi”." in text
    assert saved(app, number).status is Status.DRAFT


def complete(author, place: str) -> None:
    texts = dict.fromkeys(text_sections(author, place), "Teks lengkap.")
    save(author, place, texts | {"video_url": "https://video.example/3"})
    for requirement in (1, 2, 3):
        files = {"file": ("surat.pdf", PDF)}
        author.post(f"{place}/documents/{requirement}", files=files)


def test_rule_2_submitting_gives_a_receipt_with_time_and_digest_by_mail_too(
    app, author, number, place
):
    complete(author, place)
    assert author.post(f"{place}/submission").status_code == 302
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(number)
        receipt = db.session.scalar(
            sa.select(Submission).where(Submission.proposal_id == proposal.id)
        )
        letter = db.session.scalar(sa.select(Letter).order_by(Letter.id.desc()).limit(1))
        assert proposal.status is Status.SUBMITTED
        digest = receipt.digest
        assert digest in letter.body
        assert "10 September 2019, 10.0" in letter.body
    assert digest in author.get(place).text


def test_submitting_twice_is_409_and_makes_one_receipt(app, author, number, place):
    complete(author, place)
    statuses = [author.post(f"{place}/submission").status_code for _ in range(2)]
    with app.app_context(), transaction(writing=False):
        count = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Submission)
            .join(Proposal)
            .where(Proposal.number == number)
        )
    assert (statuses, count) == ([302, 409], 1)


def test_rule_2_the_deadline_holds_to_the_minute_by_the_servers_clock(author, place):
    complete(author, place)
    fields = draft_of(author, place)
    closing = WINDOWS[Stage.SUBMISSION][1]
    clock.shift(closing - clock.real_now() + timedelta(seconds=1))
    late = author.post(f"{place}/draft", fields | {"title": "Terlambat"})
    assert late.status_code == 409
    assert "Yang tersimpan sebelumnya tetap ada" in late.text
    assert author.post(f"{place}/submission").status_code == 409
    clock.shift(closing - clock.real_now() - timedelta(seconds=30))
    assert author.post(f"{place}/submission").status_code == 302


def test_rule_1_the_age_is_counted_back_from_the_closing_day(author, place):
    complete(author, place)
    save(author, place, {"started_on": "2018-09-17"})
    text = author.get(f"{place}/submission").text
    assert "1 hari lebih awal" in text
    save(author, place, {"started_on": "2018-09-16"})
    assert author.post(f"{place}/submission").status_code == 302


def test_withdrawing_asks_first_needs_a_reason_and_is_final(app, author, number, place):
    assert author.get(f"{place}/withdrawal").status_code == 200
    assert author.post(f"{place}/withdrawal").status_code == 422
    assert author.post(f"{place}/withdrawal", {"reason": "Batal"}).status_code == 302
    assert saved(app, number).status is Status.WITHDRAWN
    assert author.post(f"{place}/draft", {"title": "x"}).status_code in {409, 422}
    assert author.post(f"{place}/withdrawal", {"reason": "Lagi"}).status_code == 409


def test_an_innovator_sees_own_proposals_only(app, author, number):
    text = author.get(f"{E}/proposals").text
    assert saved(app, number).title in text
    assert saved(app, ask(app, submitted)[0]).title not in text


def test_search_finds_a_percent_sign_literally(app, organiser):
    proposal = saved(app, ask(app, submitted)[0])
    title = quote(proposal.title.lower())
    assert proposal.code in organiser.get(f"{E}/proposals?search={title}").text
    assert proposal.code not in organiser.get(f"{E}/proposals?search=%25").text


def test_an_overlong_section_is_kept_but_not_submitted(author, place):
    complete(author, place)
    save(author, place, {"section_4": "kata " * 201})
    text = author.post(f"{place}/submission").text
    assert "berisi 201 kata; paling banyak 200" in text


def test_before_and_after_the_window_nobody_starts_a_proposal(author):
    assert author.post(f"{E}/proposals").status_code == 302
    clock.shift(MOMENTS["screening"] - clock.real_now())
    assert author.post(f"{E}/proposals").status_code == 409


def test_htmx_gets_the_partial_and_the_browser_the_page_that_includes_it(organiser):
    partial = organiser.get(f"{E}/proposals", headers=HTMX).text
    whole = organiser.get(f"{E}/proposals").text
    assert partial.lstrip().startswith('<div id="list"')
    assert partial.strip() in whole


def test_a_stale_save_of_the_same_content_is_no_conflict(author, place):
    """The button pressed while the save by itself was under way says nothing else."""
    fields = draft_of(author, place) | {"title": "Judul baru"}
    assert author.post(f"{place}/draft", fields, headers=HTMX).status_code == 200
    assert author.post(f"{place}/draft", fields).status_code == 302


def test_a_stale_save_with_a_fault_shows_both_texts_and_saves_nothing(
    app, author, phone, number, place
):
    stale = draft_of(author, place)
    save(phone, place, {"title": "Dari ponsel"})
    answer = author.post(f"{place}/draft", stale | {"started_on": "x", "title": "Dari komputer"})
    assert answer.status_code == 409
    assert 'value="Dari komputer"' in answer.text
    assert "Tersimpan sekarang:</strong> Dari ponsel" in answer.text
    assert "kecuali" not in answer.text
    assert saved(app, number).title == "Dari ponsel"


def test_an_untitled_draft_can_be_withdrawn_and_stays_hidden_from_the_committee(
    app, author, browse
):
    untitled = author.post(f"{E}/proposals").headers["Location"].removesuffix("/draft")
    assert author.post(f"{untitled}/withdrawal", {"reason": "Batal"}).status_code == 302
    assert author.get(untitled).status_code == 200
    assert browse(app, screener).get(untitled).status_code == 404
