"""Links in letters, calendars and documents follow the deployment's address, not the request's."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.mail.models import Letter
from tests.cast import address, ask, author_of, drafts, judge
from tests.conftest import E

APP = Path(__file__).parent.parent.parent / "app"
OTHER = {"HTTP_HOST": "127.0.0.1:4444"}


@pytest.fixture
def app(make_app):
    return make_app("draft", base_url="https://inovasi.example/lomba")


def letters(app, count: int) -> list[str]:
    with app.app_context(), transaction(writing=False):
        newest = sa.select(Letter.body).order_by(Letter.id.desc()).limit(count)
        return list(db.session.scalars(newest))


@pytest.mark.field("security F11")
def test_a_letter_ignores_the_host_and_the_scheme_of_the_request(app, browse):
    browser = browse(app)
    browser.client.extra_environ |= OTHER
    browser.fill("/password-reset", email=address(app, judge))
    number = ask(app, drafts)[0]
    author = browse(app, author_of(number))
    author.client.extra_environ |= OTHER
    values = {"email": "rekan@kab.example", "name": "Rekan"}
    assert author.post(f"{E}/proposals/{number}/authors", values).status_code == 302
    links = re.findall(r"https?://\S+", "\n".join(letters(app, 3)))
    assert len(links) == 3
    assert {link.partition("/lomba/")[0] for link in links} == {"https://inovasi.example"}


@pytest.mark.field("security F11")
def test_a_calendar_that_is_kept_for_all_ignores_the_host_of_who_asked_first(make_app, browse):
    browser = browse(make_app("published"))
    browser.client.extra_environ |= OTHER
    text = browser.get(f"{E}/schedule.ics").text.replace("\r\n ", "")
    assert "4444" not in text
    assert "http://127.0.0.1:8000" in text


@pytest.mark.field("security F11")
def test_one_place_makes_whole_addresses():
    texts = {
        path.relative_to(APP).as_posix(): path.read_text("utf-8") for path in APP.rglob("*.py")
    }
    assert [path for path, text in texts.items() if "_external" in text] == ["web/links.py"]
