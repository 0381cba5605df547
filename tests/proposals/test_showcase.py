"""What of a proposal everyone sees: what its authors agreed to, and nothing else of its files."""

import html
import io
from datetime import timedelta

import pytest
from PIL import Image

from app import clock
from app.database import db, transaction
from app.editions.kinds import SectionKind
from app.proposals.showcase.models import Showcase
from app.workflow import Status
from tests.cast import author_of
from tests.clients import send
from tests.conftest import E
from tests.factories import the_edition, the_proposal
from tests.pictures import HIDDEN, jpeg, png

PAGE, PUBLIC = f"{E}/proposals/1/public", f"{E}/innovations/1"
PICTURES = (f"{PUBLIC}/picture.jpg", f"{PUBLIC}/small-picture.jpg")
VIDEO = "https://video."


@pytest.fixture
def app(make_app):
    return make_app("picking")


@pytest.fixture
def author(app, browse):
    return browse(app, author_of(1))


def ticked(**shown: bool) -> dict[str, str]:
    return {f"shows_{name}": "y" for name, is_shown in shown.items() if is_shown}


def show_picture(author, content: bytes, text: str = "Loket pelayanan"):
    files = {"picture": ("foto.jpg", content)}
    return author.post(f"{PAGE}/picture", {"picture_text": text}, files=files)


def test_each_part_is_shown_only_while_it_is_agreed_to(app, browse, author):
    stranger = browse(app)
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(1)
        longer = [own for own in proposal.sections if own.kind is SectionKind.TEXT]
        summary, description = (proposal.text_of(own.id) for own in longer[:2])
    parts = {"summary": summary, "video": VIDEO, "themes": "Tujuan Pembangunan Berkelanjutan"}
    parts["description"] = description
    for name, words in parts.items():
        author.post(PAGE, ticked(**{name: True}))
        shown = html.unescape(stranger.get(PUBLIC).text)
        assert [each for each in parts.values() if each in shown] == [words]
    author.post(PAGE, {})
    assert not any(words in stranger.get(PUBLIC).text for words in parts.values())
    assert summary not in stranger.get(f"{E}/innovations").text


def test_a_proposal_whose_authors_were_never_asked_shows_its_summary_alone(app, browse):
    with app.app_context(), transaction(writing=True):
        db.session.delete(db.session.get_one(Showcase, the_proposal(1).id))
        summary = the_proposal(1).summary
    shown = browse(app).get(PUBLIC).text
    assert summary in shown
    assert VIDEO not in shown
    assert "Uraian lengkap" not in shown


@pytest.mark.parametrize("content", [jpeg(), png(300, 200)], ids=["jpeg", "png"])
def test_a_picture_is_scaled_and_holds_nothing_else(app, browse, author, content):
    show_picture(author, content)
    stranger = browse(app)
    large, small = (Image.open(io.BytesIO(stranger.get(path).body)) for path in PICTURES)
    assert (large.format, small.format) == ("JPEG", "JPEG")
    assert max(large.size) <= 1200
    assert max(small.size) <= 480
    assert HIDDEN.encode() in content
    assert HIDDEN.encode() not in b"".join(stranger.get(path).body for path in PICTURES)
    assert stranger.get(PUBLIC).html.main.img["alt"] == "Loket pelayanan"
    assert f"{PUBLIC}/picture.jpg?v=" in stranger.get(PUBLIC).text


def test_a_picture_needs_words_and_must_be_one(app, browse, author):
    assert show_picture(author, jpeg(), "").status_code == 422
    for content in (b"", b"<svg/>", b"GIF89a", png()[:90], b"\x89PNG\r\n\x1a\n" + b"\0" * 500):
        assert show_picture(author, content).status_code == 422
    assert author.post(f"{PAGE}/picture", {"picture_text": "Tanpa gambar"}).status_code == 422
    assert {browse(app).get(path).status_code for path in PICTURES} == {404}


def test_authors_and_organisers_take_a_picture_off(app, browse, author):
    for browser in (author, browse(app, "sekretariat")):
        show_picture(author, jpeg())
        browser.post(f"{PAGE}/picture/removal")
        assert {browse(app).get(path).status_code for path in PICTURES} == {404}


def test_no_picture_is_public_before_its_proposal_is(make_app, browse):
    app = make_app("draft")
    author = browse(app, author_of(1))
    show_picture(author, jpeg())
    assert author.get(f"{PAGE}/picture.jpg").status_code == 200
    assert {
        browse(app, who).get(path).status_code for path in PICTURES for who in (None, "pengamat")
    } == {404}


def test_authors_agree_when_they_submit(make_app, browse):
    app = make_app("screening")
    with app.app_context(), transaction(writing=True):
        the_edition()
        proposal = the_proposal(1)
        proposal.status, proposal.correct_until = Status.RETURNED, clock.now() + timedelta(days=1)
    form = browse(app, author_of(1)).form(f"{E}/proposals/1/submission")
    assert form["shows_summary"].checked
    form["shows_video"], form["shows_themes"] = True, False
    assert send(form).status_code == 302
    with app.app_context(), transaction(writing=False):
        own = db.session.get_one(Showcase, the_proposal(1).id)
        assert (own.shows_summary, own.shows_video, own.shows_themes) == (True, True, False)
