"""Shared pages repeated before the application is asked: the same answers, none of them late."""

import time

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.queries import locked_edition
from app.web import early, shared
from tests.conftest import E
from tests.factories import the_edition

PAGE = f"{E}/results"


@pytest.fixture
def app(make_app):
    return make_app("published")


def statements_for(app, counted, browser, headers=None) -> tuple[int, object]:
    with counted(app) as count:
        answer = browser.get(PAGE, headers)
    return len(count.statements), answer


def renamed_elsewhere(app, name: str) -> None:
    """Change the edition's name as another process does: this one commits nothing of its own."""
    with app.app_context():
        other = sa.create_engine(db.engine.url)
    with other.begin() as connection:
        connection.execute(
            sa.text("UPDATE edition SET name = :name, version = version + 1"), {"name": name}
        )
        connection.execute(sa.text("UPDATE edition SET revision = revision + 1"))
    other.dispose()


@pytest.fixture
def patient(monkeypatch):
    """Let nothing be too long ago to be repeated."""
    monkeypatch.setattr(early, "TRUSTED", 600.0)


def test_a_page_is_repeated_whole_without_asking_the_database(app, browse, counted, patient):
    stranger = browse(app)
    _, first = statements_for(app, counted, stranger)
    asked, again = statements_for(app, counted, stranger)
    assert asked == 0
    assert again.body == first.body
    assert dict(again.headers) == dict(first.headers)
    known = {"If-None-Match": first.headers["ETag"]}
    for _ in range(2):
        unchanged = stranger.get(PAGE, known)
        assert (unchanged.status_code, unchanged.body) == (304, b"")


def test_each_language_encoding_and_part_is_its_own(app, browse, patient):
    stranger = browse(app)
    whole = stranger.get(PAGE)
    packed = stranger.get(PAGE, {"Accept-Encoding": "gzip"})
    part = stranger.get(PAGE, {"HX-Request": "true"})
    stranger.client.set_cookie("language", "en")
    english = stranger.get(PAGE)
    for _ in range(2):
        assert stranger.get(PAGE).text == english.text
        assert "Results" in english
    stranger.client.cookiejar.clear()
    assert stranger.get(PAGE).text == whole.text
    assert stranger.get(PAGE, {"Accept-Encoding": "gzip"}).text == whole.text == packed.text
    assert stranger.get(PAGE, {"HX-Request": "true"}).text == part.text


def test_who_is_signed_in_gets_their_own_page(app, browse, patient):
    stranger = browse(app)
    assert "Keluar" not in stranger.get(PAGE)
    assert "Keluar" in browse(app, "sekretariat").get(PAGE)
    assert "Keluar" not in stranger.get(PAGE)


def test_what_this_process_changes_is_seen_at_once(app, browse, patient):
    stranger = browse(app)
    assert "Nama baru" not in stranger.get(PAGE)
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(the_edition().slug)
        edition.name, edition.revision = "Nama baru", edition.revision + 1
    assert "Nama baru" in stranger.get(PAGE)


def test_what_another_process_changes_is_seen_once_the_moment_is_over(app, browse, monkeypatch):
    stranger = browse(app)
    monkeypatch.setattr(early, "TRUSTED", 600.0)
    stranger.get(PAGE)
    renamed_elsewhere(app, "Nama dari luar")
    assert "Nama dari luar" not in stranger.get(PAGE)  # the control: it is repeated
    monkeypatch.setattr(early, "TRUSTED", 0.25)
    later = time.monotonic() + 0.26
    monkeypatch.setattr(early.time, "monotonic", lambda: later)
    assert "Nama dari luar" in stranger.get(PAGE)


@pytest.mark.parametrize("path", ["/sign-in", f"{E}/innovations/1/replication", "/no-such-page"])
def test_what_is_not_shared_is_asked_for_each_time(app, browse, counted, path):
    for _ in range(2):
        browser = browse(app)
        with counted(app) as count:
            answer = browser.get(path)
        assert answer.status_code in {200, 404}
        assert not answer.headers.get("ETag")
        assert count.statements or path == "/sign-in"


def test_many_ways_of_asking_fill_no_memory(app, browse, monkeypatch, patient):
    monkeypatch.setattr(early, "KEPT", 5)
    stranger = browse(app)
    for number in range(12):
        stranger.get(f"{PAGE}?x={number}")
    assert len(app.wsgi_app.answers) == 5
    later = time.monotonic() + 601
    monkeypatch.setattr(early.time, "monotonic", lambda: later)
    stranger.get(f"{PAGE}?x=last")
    assert len(app.wsgi_app.answers) == 1


def test_what_is_too_large_for_the_memory_is_not_held_elsewhere(app, browse, monkeypatch, patient):
    monkeypatch.setattr(shared, "LARGEST", 10)
    app.wsgi_app.answers.clear()
    browse(app).get(PAGE)
    assert not app.wsgi_app.answers
