"""Writing, attaching, submitting: what is kept, what is refused and with which words."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo import MOMENTS, PDF, WINDOWS
from app.editions.kinds import Stage
from app.mail.models import Letter
from app.proposals.models import Proposal, Submission
from app.workflow import Status
from tests.clients import fields_of, form_of, send
from tests.conftest import E

DRAFT = f"{E}/proposals/3/draft"  # the third innovator has not submitted at the moment “draft”
HTMX = {"HX-Request": "true"}


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def author(app, browse):
    return browse(app, "inovator-03")


def draft_of(browser) -> dict:
    """The fields of the draft's form as a browser would send them."""
    return fields_of(browser.form(DRAFT, "/draft"))


def text_sections(browser) -> list[str]:
    """The names of the fields for longer texts."""
    return re.findall(r'<textarea[^>]*name="(section_\d+)"', browser.get(DRAFT).text)


def saved(app, number: int = 3) -> Proposal:
    with app.app_context(), transaction(writing=False):
        proposal = db.session.scalar(
            sa.select(Proposal).where(Proposal.number == number).options(sa.orm.selectinload("*"))
        )
        db.session.expunge_all()
        return proposal


def test_autosave_keeps_what_was_typed_and_moves_the_version_on(app, author):
    fields = draft_of(author) | {"title": "Judul baru"}
    answer = author.post(DRAFT, fields, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="state"')
    assert saved(app).title == "Judul baru"
    assert draft_of(author)["version"] == str(int(fields["version"]) + 1)


def test_a_stale_save_is_409_and_shows_both_texts(app, author, browse):
    stale = draft_of(author)
    other = browse(app, "inovator-03")
    other.post(DRAFT, draft_of(other) | {"title": "Dari ponsel"})

    answer = author.post(DRAFT, stale | {"title": "Dari komputer"})

    text = answer.text
    assert answer.status_code == 409
    assert 'value="Dari komputer"' in text
    assert "Dari ponsel" in text
    assert saved(app).title == "Dari ponsel"
    assert send(form_of(answer, "/draft")).status_code == 302
    assert saved(app).title == "Dari komputer"


BAD = [
    ("title", "x" * 201, "paling banyak 200 karakter"),
    ("title", "a\x00b", "karakter kendali"),
    ("section_4", "a\u2028b", "karakter kendali"),
    ("started_on", "31-12-2018", "Tanggal tidak sah"),
    ("started_on", "2018-02-30", "Tanggal tidak sah"),
    ("video_url", "javascript:alert(1)", "https://"),
    ("video_url", "https://" + "x" * 500, "paling banyak 500"),
    ("category_id", "9999", "Pilihan tidak sah"),
    ("category_id", "x", "Pilihan tidak sah"),
]


@pytest.mark.parametrize(("field", "value", "message"), BAD)
def test_bad_input_is_422_with_its_message_and_keeps_everything_typed(
    app, author, field, value, message
):
    fields = draft_of(author) | {"section_5": "tulisan yang belum tersimpan"}
    answer = author.post(DRAFT, fields | {field: value})
    text = answer.text
    assert answer.status_code == 422
    assert message in text
    assert "tulisan yang belum tersimpan" in text


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999999", "²"])
def test_a_senseless_version_is_a_conflict_and_no_failure(author, version):
    assert (
        author.post(DRAFT, draft_of(author) | {"title": "x", "version": version}).status_code == 409
    )


def test_hostile_text_is_shown_and_not_run(app, author):
    hostile = '"><script>alert(1)</script>{{ 7*7 }}%(name)s'
    author.post(DRAFT, draft_of(author) | {"title": hostile})
    text = author.get(f"{E}/proposals/3").text
    assert saved(app).title == hostile
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
def test_rule_10_only_a_pdf_of_the_allowed_size_is_attached(app, author, content, name, status):
    answer = author.post(
        f"{E}/proposals/3/documents/1",
        files={"file": (name, content)},
    )
    assert answer.status_code == status
    attached = saved(app).attachments
    assert len(attached) == (status == 302)
    for each in attached:
        assert each.stored_name.isalnum()
        download = author.get(f"{E}/proposals/3/attachments/{each.id}")
        assert download.headers["Content-Disposition"].startswith("attachment;")
        assert download.headers["X-Content-Type-Options"] == "nosniff"
        assert download.body == PDF


def test_an_incomplete_proposal_is_not_submitted_and_the_list_says_what_is_missing(app, author):
    answer = author.post(f"{E}/proposals/3/submission")
    text = answer.text
    assert answer.status_code == 422
    assert "Tulis bagian “Signifikansi”." in text
    assert "Lampirkan “Surat pernyataan implementasi”." in text
    assert saved(app).status is Status.DRAFT


def complete(author) -> None:
    texts = dict.fromkeys(text_sections(author), "Teks lengkap.")
    author.post(DRAFT, draft_of(author) | texts | {"video_url": "https://video.example/3"})
    for number in (1, 2, 3):
        files = {"file": ("surat.pdf", PDF)}
        author.post(f"{E}/proposals/3/documents/{number}", files=files)


def test_rule_2_submitting_gives_a_receipt_with_time_and_digest_by_mail_too(app, author):
    complete(author)
    assert author.post(f"{E}/proposals/3/submission").status_code == 302
    with app.app_context(), transaction(writing=False):
        proposal = db.session.scalar(sa.select(Proposal).where(Proposal.number == 3))
        receipt = db.session.scalar(
            sa.select(Submission).where(Submission.proposal_id == proposal.id)
        )
        letter = db.session.scalar(sa.select(Letter).order_by(Letter.id.desc()).limit(1))
        assert proposal.status is Status.SUBMITTED
        digest = receipt.digest
        assert digest in letter.body
        assert "10 September 2019, 10.0" in letter.body
    assert digest in author.get(f"{E}/proposals/3").text


def test_submitting_twice_is_409_and_makes_one_receipt(app, author):
    complete(author)
    statuses = [author.post(f"{E}/proposals/3/submission").status_code for _ in range(2)]
    with app.app_context(), transaction(writing=False):
        count = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Submission)
            .join(Proposal)
            .where(Proposal.number == 3)
        )
    assert (statuses, count) == ([302, 409], 1)


def test_rule_2_the_deadline_holds_to_the_minute_by_the_servers_clock(app, author):
    complete(author)
    fields = draft_of(author)
    closing = WINDOWS[Stage.SUBMISSION][1]
    clock.shift(closing - clock.real_now() + timedelta(seconds=1))
    late = author.post(DRAFT, fields | {"title": "Terlambat"})
    assert late.status_code == 409
    assert "Yang tersimpan sebelumnya tetap ada" in late.text
    assert author.post(f"{E}/proposals/3/submission").status_code == 409
    clock.shift(closing - clock.real_now() - timedelta(seconds=30))
    assert author.post(f"{E}/proposals/3/submission").status_code == 302


def test_rule_1_the_age_is_counted_back_from_the_closing_day(app, author):
    complete(author)
    form = draft_of(author)
    author.post(DRAFT, form | {"started_on": "2018-09-17"})
    text = author.get(f"{E}/proposals/3/submission").text
    assert "1 hari lebih awal" in text
    author.post(DRAFT, draft_of(author) | {"started_on": "2018-09-16"})
    assert author.post(f"{E}/proposals/3/submission").status_code == 302


def test_withdrawing_asks_first_needs_a_reason_and_is_final(app, author):
    assert author.get(f"{E}/proposals/3/withdrawal").status_code == 200
    assert author.post(f"{E}/proposals/3/withdrawal").status_code == 422
    assert author.post(f"{E}/proposals/3/withdrawal", {"reason": "Batal"}).status_code == 302
    assert saved(app).status is Status.WITHDRAWN
    assert author.post(DRAFT, {"title": "x"}).status_code in {409, 422}
    assert author.post(f"{E}/proposals/3/withdrawal", {"reason": "Lagi"}).status_code == 409


def test_an_innovator_sees_own_proposals_only(app, author):
    text = author.get(f"{E}/proposals").text
    assert "Kampung Donor Darah" in text
    assert "Kesraku" not in text


def test_search_finds_a_percent_sign_literally(app, browse):
    organiser = browse(app, "sekretariat")
    assert "P-001" in organiser.get(f"{E}/proposals?search=kesraku").text
    assert "P-001" not in organiser.get(f"{E}/proposals?search=%25").text


def test_an_overlong_section_is_kept_but_not_submitted(app, author):
    complete(author)
    author.post(DRAFT, draft_of(author) | {"section_4": "kata " * 201})
    text = author.post(f"{E}/proposals/3/submission").text
    assert "berisi 201 kata; yang diperbolehkan 200" in text


def test_before_and_after_the_window_nobody_starts_a_proposal(app, author):
    assert author.post(f"{E}/proposals").status_code == 302
    clock.shift(MOMENTS["screening"] - clock.real_now())
    assert author.post(f"{E}/proposals").status_code == 409


def test_htmx_gets_the_partial_and_the_browser_the_page_that_includes_it(app, browse):
    organiser = browse(app, "sekretariat")
    partial = organiser.get(f"{E}/proposals", headers=HTMX).text
    whole = organiser.get(f"{E}/proposals").text
    assert partial.lstrip().startswith('<div id="list"')
    assert partial.strip() in whole


def test_a_stale_save_of_the_same_content_is_no_conflict(app, author):
    """The button pressed while the save by itself was under way says nothing else."""
    fields = draft_of(author) | {"title": "Judul baru"}
    assert author.post(DRAFT, fields, headers=HTMX).status_code == 200
    assert author.post(DRAFT, fields).status_code == 302


def test_a_refused_save_in_a_stale_tab_does_not_let_it_overwrite_the_other(app, author, browse):
    stale = draft_of(author)
    other = browse(app, "inovator-03")
    other.post(DRAFT, draft_of(other) | {"title": "Dari ponsel"})
    refused = form_of(author.post(DRAFT, stale | {"started_on": "x"}), "/draft")
    refused["started_on"], refused["title"] = "2018-01-01", "Dari komputer"
    answer = send(refused)
    assert answer.status_code == 409
    assert saved(app).title == "Dari ponsel"


def test_an_untitled_draft_can_be_withdrawn_and_stays_hidden_from_the_committee(app, browse):
    author, screener = browse(app, "inovator-01"), browse(app, "verifikator-1")
    place = author.post(f"{E}/proposals").headers["Location"].removesuffix("/draft")
    assert author.post(f"{place}/withdrawal", {"reason": "Batal"}).status_code == 302
    assert author.get(place).status_code == 200
    assert screener.get(place).status_code == 404
