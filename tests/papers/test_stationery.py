"""How an edition wants its papers: letterhead, emblem, who signs, numbers, wording."""

import io
import json

import pytest
from PIL import Image

from app.papers.kinds import PaperKind
from tests.conftest import E
from tests.papers.making import made, set_all


@pytest.fixture
def app(make_app):
    return make_app("published")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def signatory(organiser, **changes):
    typed = {
        "capacity": "Bupati Luwu Utara",
        "name": "Nama Bupati",
        "rank": "",
        "nip": "1234",
        "head": "Pemerintah Kabupaten Luwu Utara\nBupati",
        "address": "Jalan Simpurusiang, Masamba",
        "has_emblem": "y",
    }
    return organiser.post(f"{E}/papers/signatories", typed | changes)


def picture(kind: str = "PNG", size=(900, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 90, 160)).save(out, kind)
    return out.getvalue()


def test_letterhead_signatory_number_and_wording_are_the_editions(app, organiser):
    assert signatory(organiser).status_code == 302
    sent = {"size": "f4", "place": "Masamba"}
    emblem = {"emblem": ("lambang.jpg", picture("JPEG"))}
    assert organiser.post(f"{E}/papers/stationery", sent, files=emblem).status_code == 302
    rule = {
        "signatory": "1",
        "code": "ORG",
        "pattern": "{number}/{code}/{year}",
        "opening": "Sidang {edition} pada {day}.",
        "closing": "Selesai.",
        "copies": "Gubernur\nInspektorat",
    }
    assert organiser.post(f"{E}/papers/rules/minutes", rule).status_code == 302
    own = made(app, PaperKind.MINUTES)[0]
    written = json.dumps(own.content, ensure_ascii=False)
    assert own.number == "001/ORG/2019"
    assert own.content["size"] == [215, 330]
    assert own.content["head"]["lines"] == ["Pemerintah Kabupaten Luwu Utara", "Bupati"]
    assert own.content["head"]["emblem"].startswith("<svg")
    for said in (
        "Masamba, 6 Oktober 2019",
        "NIP 1234",
        "tanggal enam bulan Oktober",
        "Inspektorat",
    ):
        assert said in written
    set_all([own])
    assert organiser.get(f"{E}/papers/rules/minutes").html.select("option[selected][value='1']")


def test_documents_in_english_have_a_wording_of_their_own(app, organiser):
    rule = {"signatory": "", "opening": "Sidang {edition}."}
    rule |= {"opening_en": "The plenary of {edition}."}
    assert organiser.post(f"{E}/papers/rules/minutes", rule).status_code == 302
    indonesian, english = (
        json.dumps(made(app, PaperKind.MINUTES, language)[0].content, ensure_ascii=False)
        for language in ("id", "en")
    )
    assert "Sidang Kompetisi" in indonesian
    assert "The plenary of Public Service" in english
    assert "Sidang Kompetisi" not in english


@pytest.mark.parametrize(
    "typed",
    [
        {"pattern": "{number}{secret}"},
        {"pattern": "BA/{year}"},
        {"opening": "{day"},
        {"opening_en": "{secret}"},
        {"closing": "{day}"},
        {"closing_en": "{day}"},
        {"signatory": "99"},
    ],
)
def test_a_wrong_place_is_refused_and_what_was_typed_stays(app, organiser, typed):
    answer = organiser.post(f"{E}/papers/rules/minutes", typed)
    assert answer.status_code == 422
    if "signatory" not in typed:
        assert next(iter(typed.values())) in answer.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg/>",
        b"GIF89a",
        picture()[:200],
        b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        b"x" * 5_000_001,
    ],
    ids=["nothing", "svg", "gif", "cut", "zeros", "large"],
)
def test_what_is_no_picture_is_refused(app, organiser, content):
    sent = {"size": "a4", "place": ""}
    emblem = {"emblem": ("lambang.png", content)}
    answer = organiser.post(f"{E}/papers/stationery", sent, files=emblem)
    assert answer.status_code == 422
    assert organiser.get(f"{E}/papers/stationery/emblem.png").status_code == 404


def test_an_emblem_is_drawn_anew_and_holds_nothing_else(app, organiser):
    out = io.BytesIO()
    secret = Image.Exif()
    secret[0x010E] = "rahasia"
    Image.new("RGB", (50, 20)).save(out, "JPEG", exif=secret)
    sent = {"size": "a4", "place": ""}
    organiser.post(f"{E}/papers/stationery", sent, files={"emblem": ("a.jpg", out.getvalue())})
    drawn = organiser.get(f"{E}/papers/stationery/emblem.png").body
    assert b"rahasia" in out.getvalue()
    assert b"rahasia" not in drawn
    assert Image.open(io.BytesIO(drawn)).size == (600, 600)
    organiser.post(f"{E}/papers/stationery/emblem/removal", {})
    assert organiser.get(f"{E}/papers/stationery/emblem.png").status_code == 404


def test_without_an_emblem_of_its_own_a_paper_carries_the_organisations(app, organiser):
    def emblem() -> str:
        return made(app, PaperKind.MINUTES)[0].content["head"]["emblem"]

    def picture(colour: str) -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (60, 60), colour).save(out, "PNG")
        return out.getvalue()

    page = f"{E}/papers/stationery"
    assert emblem() == ""
    organiser.post(f"{E}/branding", {}, files={"emblem": ("a.png", picture("red"))})
    of_organisation = emblem()
    assert of_organisation
    assert "lambang organisasi" in organiser.get(page).text
    sent = {"size": "a4", "place": ""}
    organiser.post(page, sent, files={"emblem": ("b.png", picture("blue"))})
    assert emblem() not in {"", of_organisation}
    organiser.post(f"{page}/emblem/removal", {})
    assert emblem() == of_organisation
