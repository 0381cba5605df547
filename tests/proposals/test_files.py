"""Files of a proposal on disk: which stay, which leave, and what is said of one that is damaged."""

import json
import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.database import db, transaction
from app.demo.moments import PDF
from app.proposals.actions import DAY
from app.proposals.models import Attachment, Submission, Upload
from app.workflow import Status
from tests.cast import ask, author_of, drafts
from tests.conftest import E
from tests.factories import the_edition, the_proposal

OTHER = PDF + b"% another\n"
MEGABYTE = 1024 * 1024


def attach(author, place: str, content: bytes = PDF, name: str = "surat.pdf", document: int = 1):
    return author.post(f"{place}/documents/{document}", files={"file": (name, content)})


def newest(app: Flask) -> Attachment:
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Attachment).order_by(Attachment.id.desc())).first()
        db.session.expunge_all()
        return found


def folder_of(app: Flask) -> Path:
    return app.config["AJANG"].attachments


def path_of(app: Flask, attachment: Attachment) -> Path:
    return folder_of(app) / attachment.stored_name


def names(app: Flask) -> set[str]:
    return {path.name for path in folder_of(app).iterdir()}


def age(app: Flask, by: timedelta = timedelta(days=2)) -> None:
    """Let all files have been written so long ago."""
    then = (clock.real_now() - by).timestamp()
    for path in folder_of(app).iterdir():
        os.utime(path, (then, then))


def run(app: Flask, *arguments: str):
    return app.test_cli_runner(catch_exceptions=False).invoke(args=arguments)


def return_for_correction(app: Flask) -> None:
    with app.app_context(), transaction(writing=True):
        the_edition()
        proposal = the_proposal(1)
        proposal.status, proposal.correct_until = Status.RETURNED, clock.now() + DAY


def last_submission() -> Submission:
    newest_first = sa.select(Submission).order_by(Submission.id.desc())
    return db.session.scalars(newest_first).first()


def test_what_became_of_a_file_is_said_at_its_document_and_a_refusal_in_the_summary(author, place):
    sent = attach(author, place, document=2)
    assert sent.headers["Location"].endswith("/documents#document_2")
    page = author.get(f"{place}/documents").html
    assert "telah dilampirkan" in page.select_one("#document_2 [role=status]").text
    assert not page.select("#document_1 [role=status]")
    gone = author.post(page.select_one("#document_2 form[action$=removal]")["action"])
    assert gone.headers["Location"].endswith("/documents#document_2")
    for content in (b"", b"no pdf", None):
        refused = (
            author.post(f"{place}/documents/2")
            if content is None
            else attach(author, place, content, document=2)
        )
        assert refused.status_code == 422
        [link] = refused.html.select(".ds-error-summary[tabindex] a")
        assert refused.html.select(link["href"])[0]["aria-invalid"] == "true"
        assert [step["aria-current"] for step in refused.html.select(".sub-nav [aria-current]")]


@pytest.mark.field("faults 16", "security F8", "cases 18")
def test_a_replaced_and_a_removed_file_leave_the_disk_after_a_day(app, author, place):
    attach(author, place)
    replaced = newest(app)
    attach(author, place, OTHER)
    removed = newest(app)
    attach(author, place, document=2)
    kept = newest(app)
    author.post(f"{place}/attachments/{removed.id}/removal")

    run(app, "files", "sweep")
    assert {replaced.stored_name, removed.stored_name, kept.stored_name} <= names(app)
    age(app)
    before = names(app)
    swept = run(app, "files", "sweep")

    gone = {replaced.stored_name, removed.stored_name}
    assert names(app) == before - gone
    assert swept.output == f"2 files deleted, {len(PDF) + len(OTHER)} bytes\n"


@pytest.mark.field("faults 16", "security F8", "cases 18")
def test_the_worker_sweeps_too(app, author, place):
    attach(author, place)
    replaced = newest(app)
    attach(author, place, OTHER)
    age(app)
    assert run(app, "worker", "--once").exit_code == 0
    assert replaced.stored_name not in names(app)
    assert newest(app).stored_name in names(app)


@pytest.mark.field("faults 16")
def test_what_an_upload_left_unfinished_leaves_too_and_what_is_not_ours_stays(app, author, place):
    attach(author, place)
    folder = folder_of(app)
    for name in ("0" * 32, f"{'0' * 32}.01234567.part", "README"):
        (folder / name).write_bytes(b"x")
    age(app)
    assert run(app, "files", "sweep").output == "2 files deleted, 2 bytes\n"
    assert "README" in names(app)


@pytest.mark.field("faults 16", "cases 18")
@pytest.mark.parametrize("form", ["list", "of the first version"])
def test_what_a_submission_names_stays_though_it_was_replaced(make_app, browse, form):
    app = make_app("screening")
    author, place = browse(app, author_of(1)), f"{E}/proposals/1"
    return_for_correction(app)
    attach(author, place, OTHER)
    submitted = newest(app)
    assert author.post(f"{place}/submission").status_code == 302
    if form != "list":
        with app.app_context(), transaction(writing=True):
            the_edition()
            submission = last_submission()
            content = json.loads(submission.content)
            content["documents"] = {str(document): sha for document, _, sha in content["documents"]}
            submission.content = json.dumps(content)
    return_for_correction(app)
    attach(author, place, OTHER + b"\n")
    between = newest(app)
    attach(author, place, OTHER + b"\n\n")

    age(app)
    run(app, "files", "sweep")
    assert submitted.stored_name in names(app)
    assert between.stored_name not in names(app)


def test_nothing_is_swept_beside_tables_that_name_no_file(app):
    """A deployment may have been started on the wrong database."""
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.delete(Attachment))
    age(app)
    before = names(app)
    assert before
    assert run(app, "files", "sweep").output == "0 files deleted, 0 bytes\n"
    assert names(app) == before


@pytest.mark.field("faults 16")
def test_verifying_tells_what_is_missing_altered_and_extra(app, author, place):
    assert run(app, "files", "verify").exit_code == 0
    attach(author, place)
    missing = newest(app)
    attach(author, place, OTHER, document=2)
    altered = newest(app)
    (folder_of(app) / ("0" * 32)).write_bytes(b"x")
    assert run(app, "files", "verify").exit_code == 0  # an extra file is no fault

    path_of(app, missing).unlink()
    path_of(app, altered).write_bytes(PDF)
    told = run(app, "files", "verify")

    assert told.exit_code == 1
    assert told.output.splitlines() == [
        f"attachment {missing.id}: missing",
        f"attachment {altered.id}: altered",
        f"{'0' * 32}: extra",
        "1 missing, 1 altered, 1 extra (replaced or removed; `files sweep`)",
    ]


@pytest.mark.field("faults 16")
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.unlink(), "tidak ada lagi di server"),
        (lambda path: path.write_bytes(OTHER), "berubah di server"),
    ],
    ids=["missing", "altered"],
)
@pytest.mark.parametrize("way", ["", "/view"])
def test_a_damaged_file_is_told_in_words_and_logged_once(
    app, author, place, caplog, damage, words, way
):
    attach(author, place)
    attachment = newest(app)
    damage(path_of(app, attachment))
    with caplog.at_level(logging.WARNING):
        answer = author.get(f"{place}/attachments/{attachment.id}{way}")
    assert answer.status_code == 500
    assert f"“surat.pdf” {words}" in answer.text
    assert [f"attachment {attachment.id}:" in record.getMessage() for record in caplog.records] == [
        True
    ]


def test_what_can_not_be_viewed_is_told_within_the_frame(app, author, place):
    attach(author, place)
    path_of(app, newest(app)).unlink()
    answer = author.get(f"{place}/attachments/{newest(app).id}/view")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.content_type == "text/plain"


@pytest.mark.field("security F8", "cases 18")
def test_the_41st_replacement_of_a_day_is_refused_in_words(app, author, number, place):
    """Three statements and five proofs of 2 MB are 16 MB: five times as much is taken a day."""
    with app.app_context(), transaction(writing=True):
        the_edition()
        db.session.execute(sa.delete(Upload))
        facts = {"size": 2 * MEGABYTE, "uploaded_at": clock.now()}
        db.session.add_all(Upload(proposal_id=the_proposal(number).id, **facts) for _ in range(40))
    files = names(app)
    refused = attach(author, place)
    assert refused.status_code == 422
    assert "Dalam sehari sudah 80 MB berkas dilampirkan" in refused.text
    assert "Coba lagi besok, atau hubungi penyelenggara" in refused.text
    assert names(app) == files
    clock.shift(clock.now() + DAY - clock.real_now())
    assert attach(author, place).status_code == 302


@pytest.mark.field("security F8", "cases 18")
def test_replaced_files_count_for_a_day_and_for_their_proposal_alone(app, browse):
    with app.app_context(), transaction(writing=True):
        the_edition().attachments_mb = 1
    first, second = ask(app, drafts)[:2]
    large = PDF + b"\n" * (MEGABYTE - len(PDF))
    author, place = browse(app, author_of(first)), f"{E}/proposals/{first}"
    other, elsewhere = browse(app, author_of(second)), f"{E}/proposals/{second}"
    with app.app_context(), transaction(writing=True):
        the_edition()
        db.session.execute(sa.delete(Attachment))
        db.session.execute(sa.delete(Upload))
    assert [attach(author, place, large).status_code for _ in range(6)] == [302] * 5 + [422]
    assert attach(other, elsewhere, large).status_code == 302


SIZES = [
    (PDF + b"\n" * (2 * MEGABYTE - len(PDF) + 1), "2.097.153 byte; paling besar 2.097.152 byte"),
    (PDF + b"\n" * (2 * MEGABYTE + 100_000), "2,10 MB; paling besar 2 MB"),
]


@pytest.mark.field("empty 12")
@pytest.mark.parametrize(("content", "words"), SIZES, ids=["a byte", "more"])
def test_a_file_that_is_too_large_is_told_so_that_the_sizes_differ(author, place, content, words):
    assert words in attach(author, place, content).text


@pytest.mark.field("empty 12")
def test_sizes_are_written_in_the_readers_language(app, author, place):
    attach(author, place, PDF)
    attach(author, place, PDF + b"\n" * 1234, document=2)
    indonesian = author.get(f"{place}/documents").text
    author.client.set_cookie("language", "en")
    english = author.get(f"{place}/documents").text
    size = len(PDF)
    assert f'<span class="hint">{size} byte</span>' in indonesian
    assert f'<span class="hint">{size} bytes</span>' in english
    assert "1,4 kB" in indonesian
    assert "1.4 kB" in english


def test_a_file_is_handed_out_unchanged_with_its_own_mark(app, author, place):
    attach(author, place, OTHER)
    address = f"{place}/attachments/{newest(app).id}"
    whole = author.get(address)
    assert whole.body == OTHER
    again = author.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
