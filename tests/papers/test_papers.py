"""Papers: made once from frozen data, numbered, set the same everywhere, verified by everyone."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.awards.models import Result
from app.editions.kinds import SheetSize
from app.papers.framing import EXAMPLE
from app.papers.kinds import Copy, PaperKind
from app.papers.models import Paper, PaperFile
from app.papers.setting import order_of
from app.web.typesetting import Unsettable, typeset_all
from tests.cast import author_of
from tests.conftest import E
from tests.papers.making import ask, change, made, make, set_all

RESULT_KINDS = [kind for kind in PaperKind if kind.needs_result]


@pytest.fixture
def app(make_app):
    return make_app("published")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", PaperKind)
def test_every_kind_is_set_in_both_languages_and_on_both_papers(app, kind, language):
    papers = made(app, kind, language)
    assert papers
    (first,) = set_all(papers[:1])
    assert first.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in first
    assert b"pdfuaid" in first
    on_f4 = papers[0].content | {"size": list(SheetSize.F4.millimetres)}
    (other,) = typeset_all([order_of(papers[0].draft.template, on_f4)])
    assert isinstance(other, bytes)
    assert other != first


@pytest.mark.parametrize("kind", PaperKind)
def test_the_same_data_give_the_same_bytes(app, kind, make_app):
    again = made(make_app("published"), kind)
    papers = made(app, kind)
    assert [own.content for own in papers] == [own.content for own in again]
    assert set_all(papers[:2]) == set_all(again[:2])


def test_another_day_and_zone_of_the_server_change_nothing(app, monkeypatch):
    before = made(app, PaperKind.MINUTES)[0].content
    monkeypatch.setenv("TZ", "America/New_York")
    clock.shift(clock.now() + timedelta(days=400) - clock.real_now())
    assert made(app, PaperKind.MINUTES)[0].content == before


@pytest.mark.parametrize("kind", RESULT_KINDS)
def test_what_tells_a_result_waits_for_its_confirmation(make_app, browse, kind):
    app = make_app("plenary")
    organiser = browse(app, "sekretariat")
    answer = organiser.post(f"{E}/papers/{kind}", {"language": "id"})
    assert answer.status_code == 409
    assert organiser.get(f"{E}/papers/{kind}/preview.pdf").status_code == 409
    assert ask(app, sa.select(Paper)) == []


def test_minutes_tell_who_was_there_who_left_and_what_was_decided(app):
    written = json.dumps(made(app, PaperKind.MINUTES)[0].content, ensure_ascii=False)
    for said in (
        "Camat Sukamaju Selatan",
        "Perangkat daerah sendiri",
        "Top 7 Inovasi Pelayanan Publik",
        "Kategori Partisipatif",
        "menyetujui, tanpa pendapat berbeda",
        "Peraturan Bupati Luwu Utara Nomor 61 Tahun 2018",
        "001/BA/X/2019",
    ):
        assert said in written


def test_minutes_of_the_screening_hold_no_score(app):
    content = made(app, PaperKind.SCREENING_MINUTES)[0].content
    assert not re.search(r"\d\d,\d\d", json.dumps(content["blocks"]))


def test_a_certificate_for_each_award(app):
    papers = made(app, PaperKind.CERTIFICATE)
    assert [own.serial for own in papers] == list(range(1, 11))
    assert len({own.number for own in papers}) == 10


def test_an_example_carries_its_mark_and_neither_nip_number_nor_emblem(app):
    change(app, sa.text("UPDATE person SET nip = '197512312005011008'"))
    for kind in PaperKind:
        real = json.dumps(made(app, kind)[0].content)
        example = made(app, kind, is_example=True)[0].content
        assert example["mark"] == EXAMPLE
        assert example["number"] == ""
        assert example["head"]["emblem"] == ""
        assert "197512312005011008" not in json.dumps(example)
        if kind in {PaperKind.MINUTES, PaperKind.SCREENING_MINUTES, PaperKind.SCORE_SHEET}:
            assert "197512312005011008" in real


def test_a_paper_made_stays_when_names_change_and_says_that_it_no_longer_agrees(app, organiser):
    make(organiser, "minutes")
    (before,) = ask(app, sa.select(PaperFile))
    place = f"{E}/papers/1"
    assert "sesuai dengan data saat ini" in organiser.get(place).text
    change(app, sa.text("UPDATE person SET name = 'Nama Lain' WHERE email LIKE 'juri-1@%'"))
    shown = organiser.get(place).text
    assert "sesuai dengan data saat ini" not in shown
    assert "telah berubah sejak itu" in shown
    assert organiser.get(f"{place}/original.pdf").body == before_content(app, before)


def before_content(app, file: PaperFile) -> bytes:
    own = sa.select(PaperFile.content).where(PaperFile.sha256 == file.sha256)
    return ask(app, own)[0]


def test_made_again_it_keeps_its_number_and_the_earlier_one_stays(app, organiser):
    make(organiser, "minutes")
    make(organiser, "minutes")  # nothing has changed
    assert len(ask(app, sa.select(Paper))) == 1
    change(app, sa.text("UPDATE person SET name = 'Nama Lain' WHERE email LIKE 'juri-1@%'"))
    make(organiser, "minutes")
    first, second = ask(app, sa.select(Paper).order_by(Paper.id))
    assert first.replaced_at is not None
    assert second.replaced_at is None
    assert first.digest != second.digest
    assert "lebih baru telah menggantikan" in organiser.get(f"{E}/papers/{first.id}").text
    assert f"papers/{first.id}" in organiser.get(f"{E}/papers/{second.id}").text


def test_the_trail_names_the_kind_in_words(app, organiser):
    make(organiser, "decree")
    cell = organiser.get(f"{E}/audit").html.select_one("tbody tr td:last-child strong")
    assert cell.text == "Rancangan keputusan (SK)"


def test_what_was_changed_behind_the_back_is_said(app, organiser):
    make(organiser, "dossier")
    content = ask(app, sa.select(Paper.content))[0] | {"title": "Lain"}
    change(app, sa.update(Paper).values(content=content))
    assert "telah diubah dalam basis data" in organiser.get(f"{E}/papers/1").text


def test_a_code_and_a_file_lead_to_the_paper_and_tell_no_title_too_early(app, organiser, browse):
    make(organiser, "certificate")
    paper = ask(app, sa.select(Paper).order_by(Paper.id))[0]
    file = ask(app, sa.select(PaperFile).order_by(PaperFile.paper_id))[0]
    anyone = browse(app)
    assert paper.title in anyone.get(f"/verification?code={paper.code}").text
    assert "bita demi bita" in anyone.get(f"/verification?code={file.sha256}").text
    assert not anyone.get(f"/verification?code={paper.code[:-1]}0").html.select("#paper")
    later = clock.now() + timedelta(days=1)
    change(app, sa.update(Result).values(publish_at=later))
    early = anyone.get(f"/verification?code={paper.code}")
    assert early.html.select("#paper")
    assert paper.title not in early.text


@pytest.mark.parametrize("copy", [Copy.SCAN, Copy.SIGNED])
def test_a_signed_copy_is_attached_with_a_digest_of_its_own(app, organiser, copy):
    make(organiser, "minutes")
    place = f"{E}/papers/1/{copy}"
    signed = organiser.get(f"{E}/papers/1/original.pdf").body + b"\n"
    refused = organiser.post(place, files={"file": ("a.pdf", b"no pdf")})
    assert refused.status_code == 422
    assert refused.html.select(".ds-error-summary[tabindex] li")
    assert organiser.post(place, files={"file": ("a.pdf", signed)}).status_code == 302
    assert organiser.get(f"{place}.pdf").body == signed
    files = {own.copy: own for own in ask(app, sa.select(PaperFile))}
    assert set(files) == {Copy.ORIGINAL, copy}
    assert files[Copy.ORIGINAL].sha256 != files[copy].sha256
    trail = organiser.get(f"{E}/audit").text
    assert "Dokumen bertanda tangan dilampirkan" in trail


def test_the_original_is_never_replaced_by_a_file(app, organiser):
    make(organiser, "minutes")
    sent = {"file": ("a.pdf", set_all(made(app, PaperKind.DECREE))[0])}
    assert organiser.post(f"{E}/papers/1/original", files=sent).status_code == 422


def test_an_entrant_gets_their_own_once_the_result_is_public(app, organiser, browse):
    for kind in ("letter", "certificate"):
        make(organiser, kind)
    author, other = browse(app, author_of(1)), browse(app, author_of(2))
    links = [a["href"] for a in author.get(f"{E}/proposals/1/papers").html.select("main li a")]
    assert len(links) == 2
    for link in links:
        assert author.get(link).body.startswith(b"%PDF-")
        assert other.get(link).status_code == 404
        foreign = link.replace("/proposals/1/", "/proposals/2/")
        assert other.get(foreign).status_code == 404
    change(app, sa.update(Result).values(publish_at=clock.now() + timedelta(days=1)))
    assert not author.get(f"{E}/proposals/1/papers").html.select("main li a")
    assert author.get(links[0]).status_code == 404


def test_everything_in_one_archive_with_an_index(app, organiser):
    for kind in ("minutes", "certificate"):
        make(organiser, kind)
    archive = zipfile.ZipFile(io.BytesIO(organiser.get(f"{E}/papers/archive.zip").body))
    index = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))
    assert len(index) == 11
    assert {line["file"] for line in index} <= set(archive.namelist())
    assert {"result/recount.py", "result/luwu-utara-2019-public.json"} <= set(archive.namelist())
    assert archive.testzip() is None


HOSTILE = [
    "#panic(1) $x$ *tebal* _miring_ `kode` @rujukan <label> \\ // /* */ [#sys.inputs]",
    "<script>alert(1)</script> &amp;",
    "=HYPERLINK(1)",
    "مرحبا بالعالم abc",
    "e\u0301" * 50,
    "👩‍👩‍👧 ᨕᨅᨗ 日本",
    "katapanjang" * 90,
]


@pytest.mark.one_database
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_in_every_field_comes_out_as_text(app, text):
    for statement in (
        "UPDATE person SET name = :text",
        "UPDATE proposal SET title = :text",
        "UPDATE agency SET name = :text",
        "UPDATE edition SET name = :text, venue = :text, legal_basis = :text",
        "UPDATE membership SET title = :text",
        "UPDATE award SET reason = :text",
        "UPDATE agreement SET dissent = :text",
        "UPDATE criterion SET name = :text",
        "UPDATE award_category SET name = :text",
    ):
        change(app, sa.text(statement).bindparams(text=text))
    for kind in PaperKind:
        set_all(made(app, kind)[:1])


def test_what_no_font_has_is_said_on_the_papers_page(app, organiser):
    change(app, sa.text("UPDATE edition SET venue = 'Gedung 𓀀'"))
    make(organiser, "minutes")
    assert "𓀀" in organiser.get(f"{E}/papers/1").text
    assert organiser.get(f"{E}/papers/1/original.pdf").status_code == 404


def test_a_conflicted_organiser_gets_no_score_before_the_result(make_app, browse):
    app = make_app("scoring")
    organiser = browse(app, "sekretariat")
    answers = [organiser.get(f"{E}/papers/{kind}/preview.pdf").status_code for kind in PaperKind]
    assert answers == [200 if not kind.needs_result else 409 for kind in PaperKind]


def test_a_word_without_end_is_refused_within_its_limit(app):
    change(app, sa.text("UPDATE edition SET legal_basis = :word").bindparams(word="x" * 1_000_000))
    (own,) = made(app, PaperKind.MINUTES)
    (done,) = typeset_all([order_of(own.draft.template, own.content)])
    assert isinstance(done, Unsettable) or done.startswith(b"%PDF-")


def test_the_longest_names_and_numbers_are_kept(app, organiser):
    longest = "x" * 150 + " " + "y" * 49
    for table in ("proposal SET title", "edition SET name", "agency SET name"):
        change(app, sa.text(f"UPDATE {table} = :name").bindparams(name=longest))
    long_category = sa.text("UPDATE award_category SET name = :name")
    change(app, long_category.bindparams(name="z " * 149))
    pattern = "{code}" * 15 + "{number}"
    rule = {"signatory": "", "code": "k" * 60, "pattern": pattern}
    assert organiser.post(f"{E}/papers/rules/certificate", rule).status_code == 302
    for kind in PaperKind:
        make(organiser, kind)
    unset = sa.select(Paper.kind).where(Paper.id.not_in(sa.select(PaperFile.paper_id)))
    assert ask(app, unset) == []


def test_what_tells_of_a_result_that_was_taken_back_says_so_and_no_entrant_gets_it(
    app, organiser, browse
):
    make(organiser, "certificate")
    paper = ask(app, sa.select(Paper).order_by(Paper.id))[0]
    own = f"{E}/proposals/1/papers"
    author = browse(app, author_of(1))
    assert author.get(own).html.select("main li a")
    later = clock.now() + timedelta(seconds=1)
    change(app, sa.update(Result).values(confirmed_at=later))  # confirmed anew
    assert "tidak berlaku lagi" in browse(app).get(f"/verification?code={paper.code}").text
    assert not author.get(own).html.select("main li a")
