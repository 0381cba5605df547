"""The form as the edition's data: kinds of sections, conditions, files, and what a change does."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.demo.moments import PDF
from app.editions.kinds import SectionKind
from app.editions.parts import DocumentRequirement, Section
from app.editions.queries import locked_edition
from app.editions.rules import check_sections
from app.proposals.models import Attachment
from app.workflow import DomainError
from tests.clients import Values, fields_of
from tests.conftest import SLUG, E
from tests.proposals.writing import draft_of, save

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 64


def section(app, name: str) -> str:
    """The name of the field of a section."""
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Section).where(Section.name.startswith(name))).one()
        return f"section_{found.id}"


def settings(organiser, part: str) -> Values:
    return fields_of(organiser.form(f"{E}/settings/{part}"))


def missing(author, place: str) -> str:
    return author.get(f"{place}/submission").text.split('id="content"')[0]


def test_a_replication_is_asked_for_its_source_and_others_are_not(app, author, place):
    group, source = section(app, "Kelompok"), section(app, "Sumber inovasi")
    assert "Sumber inovasi" not in missing(author, place)

    save(author, place, {group: "Replikasi"})
    assert "Isi bagian “Sumber inovasi yang direplikasi”" in missing(author, place)

    save(author, place, {source: "SIGAP, Kabupaten Lain"})
    assert "Sumber inovasi" not in missing(author, place)
    assert "SIGAP, Kabupaten Lain" in author.get(place).text

    save(author, place, {group: "Umum"})
    assert "SIGAP, Kabupaten Lain" not in author.get(place).text
    kept = draft_of(author, place)[source]  # should it be one after all
    assert kept == "SIGAP, Kabupaten Lain"


def test_several_goals_are_chosen_kept_and_shown_in_the_readers_language(app, author, place):
    goals = section(app, "Tujuan Pembangunan")
    chosen = ["3. Kehidupan sehat dan sejahtera", "5. Kesetaraan gender"]
    assert save(author, place, {goals: chosen}).status_code == 302
    assert draft_of(author, place)[goals] == chosen
    author.post("/language", {"language": "en"})
    assert "5. Gender equality" in author.get(place).text


def test_without_a_goal_nothing_is_submitted(app, author, place):
    goals = section(app, "Tujuan Pembangunan")
    fields = draft_of(author, place)
    fields.pop(goals)
    author.post(f"{place}/draft", fields)
    assert "Isi pilihan pada “Tujuan Pembangunan Berkelanjutan (TPB/SDGs)”" in missing(
        author, place
    )


def test_an_option_nobody_offers_is_refused(app, author, place):
    group = section(app, "Kelompok")
    answer = save(author, place, {group: "Rahasia"})
    assert answer.status_code == 422
    assert "Pilihan tidak sah" in answer.text


def test_a_stale_save_of_options_shows_what_is_saved(app, author, phone, place):
    goals = section(app, "Tujuan Pembangunan")
    stale = draft_of(author, place)
    save(phone, place, {goals: ["4. Pendidikan berkualitas"]})
    answer = author.post(f"{place}/draft", stale | {goals: ["1. Tanpa kemiskinan"]})
    assert answer.status_code == 409
    assert "4. Pendidikan berkualitas<br>" in answer.text.split("Tersimpan sekarang")[1]


def test_the_organiser_is_told_what_a_change_does_before_it_is_made(app, organiser):
    fields = settings(organiser, "sections")
    place = next(name for name, value in fields.items() if value == "Ringkasan").split("-")[1]
    change = fields | {f"rows-{place}-word_limit": "3"}

    told = organiser.post(f"{E}/settings/sections", change)
    assert told.status_code == 422
    assert "9 draf berisi lebih dari 3 kata pada “Ringkasan”" in told.text
    assert settings(organiser, "sections")[f"rows-{place}-word_limit"] == "200"

    confirmed = change | {"confirmed": "yes"}
    assert organiser.post(f"{E}/settings/sections", confirmed).status_code == 302
    assert settings(organiser, "sections")[f"rows-{place}-word_limit"] == "3"


def test_a_new_required_section_and_an_option_taken_away_are_told_with_their_numbers(
    app, organiser
):
    fields = settings(organiser, "sections")
    spare = max(int(name.split("-")[1]) for name in fields if name.startswith("rows-"))
    group = next(name for name, value in fields.items() if value == "Kelompok").split("-")[1]
    change = fields | {
        f"rows-{spare}-name": "Kontak",
        f"rows-{group}-options": "Khusus | Special\nReplikasi | Replication",
    }
    text = organiser.post(f"{E}/settings/sections", change).text
    assert "9 draf belum memuat “Kontak”" in text
    assert "18 proposal yang telah diajukan tetap seperti semula, tanpa “Kontak”" in text
    assert "9 proposal memilih “Umum” pada “Kelompok”" in text


def test_the_preview_shows_every_field_and_keeps_nothing(app, organiser, author):
    text = organiser.get(f"{E}/proposals/preview").text
    assert 'method="post"' not in text.split("<main")[1]
    for name in ("Kelompok", "Ringkasan", "13. Penanganan perubahan iklim", "Judul"):
        assert name in text


ROW = {"name": "A", "options": "", "only_if": "", "kind": SectionKind.TEXT}
SENSELESS = [
    [ROW | {"kind": SectionKind.ONE, "options": "Satu"}],
    [ROW | {"kind": SectionKind.SEVERAL, "options": "Satu\nSatu"}],
    [ROW | {"only_if": "A: Satu"}],
    [ROW, ROW],
    [ROW | {"kind": SectionKind.ONE, "options": "Satu\n| One"}],
    [ROW | {"only_if": "B: Satu"}, ROW | {"name": "B", "options": "Satu\nDua"}],
]


@pytest.mark.parametrize("rows", SENSELESS)
def test_a_senseless_form_is_refused(rows):
    with pytest.raises(DomainError):
        check_sections(rows)


def attach(author, place: str, requirement: int, content: bytes, name: str = "bukti.png") -> int:
    path = f"{place}/documents/{requirement}"
    return author.post(path, files={"file": (name, content)}).status_code


def attached(app) -> list[str]:
    with app.app_context(), transaction(writing=False):
        rows = sa.select(Attachment.filename).order_by(Attachment.id)
        return list(db.session.scalars(rows.where(Attachment.requirement_id == 4)))


def test_evidence_may_be_several_pictures_up_to_its_number(app, author, place):
    assert [attach(author, place, 4, PNG) for _ in range(5)] == [302] * 5
    assert attach(author, place, 4, JPG, "lebih.jpg") == 422
    assert attached(app) == ["bukti.png"] * 5
    assert attach(author, place, 1, PNG) == 422  # a statement is a PDF


def test_a_name_gets_the_suffix_of_what_the_file_is(app, author, place):
    attach(author, place, 4, JPG, "foto.pdf")
    assert attached(app) == ["foto.pdf.jpg"]


def test_the_size_of_all_files_together_is_limited(app, author, place):
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).attachments_mb = 1
        db.session.get_one(DocumentRequirement, 4).megabytes = 2
    assert attach(author, place, 4, PNG + b"\x00" * 900_000) == 302
    assert attach(author, place, 4, PNG + b"\x00" * 900_000) == 422


def test_a_picture_is_looked_at_in_our_own_frame_and_nowhere_else(app, author, place):
    attach(author, place, 4, PNG)
    with app.app_context(), transaction(writing=False):
        number = db.session.scalar(sa.select(sa.func.max(Attachment.id)))
    answer = author.get(f"{place}/attachments/{number}/view")
    assert answer.content_type == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; frame-ancestors 'self'"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_option_taken_away_meanwhile_is_refused_in_words(app, author, place):
    goals = section(app, "Tujuan Pembangunan")
    answer = save(author, place, {goals: ["Tidak ada"]})
    assert answer.status_code == 422
    assert "Pilihan tidak sah" in answer.text


def test_a_refused_file_leaves_the_one_before_and_nothing_on_disk(app, author, place):
    with app.app_context(), transaction(writing=True):
        locked_edition(SLUG).attachments_mb = 1
    folder = app.config["AJANG"].attachments
    assert attach(author, place, 1, PDF, "surat.pdf") == 302
    files = len(list(folder.iterdir()))
    assert attach(author, place, 1, PDF + b"0" * 1_100_000, "besar.pdf") == 422
    with app.app_context(), transaction(writing=False):
        rows = sa.select(Attachment.size).where(Attachment.requirement_id == 1)
        assert len(PDF) in db.session.scalars(rows).all()
    assert len(list(folder.iterdir())) == files


def test_a_file_is_kept_by_no_cache(app, author, place):
    attach(author, place, 1, PDF, "surat.pdf")
    with app.app_context(), transaction(writing=False):
        number = db.session.scalar(sa.select(sa.func.max(Attachment.id)))
    for path in ("", "/view"):
        answer = author.get(f"{place}/attachments/{number}{path}")
        assert answer.headers["Cache-Control"] == "no-store, private"


def test_the_public_reads_the_first_longer_text_and_not_a_choice(make_app, browse):
    text = browse(make_app("published")).get(f"{E}/innovations/1").text
    assert '<p class="prose">(Data contoh) Ringkasan dari inovasi' in text
