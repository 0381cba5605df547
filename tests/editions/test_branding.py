"""How an organisation shows itself: emblem, colour, contact and statements on every page."""

import io

import pytest
from PIL import Image

from app.editions.branding.colours import contrast_with_white
from tests.conftest import E
from tests.pictures import HIDDEN, png

BRANDING = f"{E}/branding"
TEXTS = {"contact": "Jl. Contoh 1", "privacy": "Kami menjaga data.", "privacy_en": "We take care."}


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def test_emblem_colour_and_words_show_on_every_public_page(app, browse, organiser):
    files = {"emblem": ("lambang.png", png())}
    organiser.post(BRANDING, TEXTS | {"colour": " #0B5D53 "}, files=files)
    stranger = browse(app)
    for path in ("/", E, f"{E}/results", "/sign-in"):
        head = stranger.get(path).html.header
        assert "Pemerintah Kabupaten Luwu Utara" in head.text
        assert "coloured" in head["class"]
        small = stranger.get(head.img["src"])
        assert Image.open(io.BytesIO(small.body)).size == (96, 96)
        assert "immutable" in small.headers["Cache-Control"]
    assert stranger.get("/branding/1/colour.css").text == ":root{--own-colour:#0b5d53}"
    emblem = stranger.get("/branding/1/emblem.png").body
    assert HIDDEN.encode() in png()
    assert HIDDEN.encode() not in emblem
    assert "Kami menjaga data." in stranger.get(f"{E}/privacy").text
    assert "Kami menjaga data." in stranger.get("/privacy").text
    assert "Jl. Contoh 1" in stranger.get(f"{E}/accessibility").text
    assert "http://127.0.0.1:8000/branding/1/emblem.png?v=" in stranger.get("/").text


def test_without_a_new_file_the_emblem_stays_until_it_is_removed(organiser):
    organiser.post(BRANDING, {}, files={"emblem": ("lambang.png", png())})
    organiser.post(BRANDING, TEXTS)
    assert organiser.get("/branding/1/emblem.png").status_code == 200
    organiser.post(f"{BRANDING}/emblem/removal")
    assert organiser.get("/branding/1/emblem.png").status_code == 404
    assert organiser.get("/").html.header.img is None


@pytest.mark.parametrize(
    "colour", ["#fff000", "teal", "#12345", "#0b5d53;}", "url(//x)", "#0b5d5３", "0b5d53"]
)
def test_a_colour_that_is_none_or_hides_white_text_is_refused(organiser, colour):
    answer = organiser.post(BRANDING, TEXTS | {"colour": colour})
    assert answer.status_code == 422
    assert "Jl. Contoh 1" in answer.text
    assert organiser.get("/branding/1/colour.css").status_code == 404


def test_contrast_is_that_of_wcag():
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast_with_white("#777777") == pytest.approx(4.48, abs=0.005)


def test_own_words_for_who_has_entered_and_the_story(organiser):
    form = organiser.form(f"{E}/settings", f"{E}/settings")
    form["story"], form["story_en"] = "Kisah kompetisi.", "The story."
    form["coverage_title"] = "Satu Sekolah, Seribu Ide"
    form.submit()
    assert "Kisah kompetisi." in organiser.get(E).text
    assert "Satu Sekolah, Seribu Ide" in organiser.get(f"{E}/agencies").html.h1.text
