"""Writers wait for each other in order, and not for ever; readers never wait for them."""

import fcntl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from app.database import engine_options
from app.writers import TooBusy, wait_for_turn
from tests.cast import author_of, drafts
from tests.conftest import SLUG, E

PATIENCE = 0.3


@contextmanager
def hanging(url: str) -> Iterator[None]:
    """Somebody who has begun to write and goes no further."""
    if url.startswith("sqlite"):
        with Path(f"{sa.make_url(url).database}-queue").open("ab") as queue:
            fcntl.flock(queue, fcntl.LOCK_EX)
            yield
        return
    engine = sa.create_engine(url, **engine_options(url))
    with engine.begin() as connection:
        connection.execute(
            sa.text("select id from edition where slug = :slug for update"), {"slug": SLUG}
        )
        yield
    engine.dispose()


@pytest.mark.field("faults 8")
def test_who_waits_too_long_for_a_hanging_writer_is_told_that_nothing_was_saved(make_app, browse):
    app = make_app("draft", patience=PATIENCE)
    organiser = browse(app, "sekretariat")
    with hanging(app.config["SQLALCHEMY_DATABASE_URI"]):
        begun = time.monotonic()
        answer = organiser.post(f"{E}/publicity")
        assert time.monotonic() - begun < PATIENCE + 5
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "30"
        assert "tidak tersimpan" in answer.text
        assert organiser.get(E).status_code == 200
    assert organiser.post(f"{E}/publicity").status_code == 302


@pytest.mark.field("faults 8")
def test_public_pages_answer_while_a_writer_hangs_and_others_wait(live):
    server = live("draft", workers=1)
    number = server.ask(drafts)[0]
    holder = server.identity(author_of(number))
    form = urlencode({"csrf_token": holder.token, "title": "Baru"}).encode()

    def save() -> int:
        request = urllib.request.Request(f"{server.base}{E}/proposals/{number}/draft", form)
        request.add_header("Cookie", f"session={holder.cookie}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    with ThreadPoolExecutor(4) as pool:
        with hanging(server.url):
            waiting = [pool.submit(save) for _ in range(4)]
            begun = time.monotonic()
            for path in ("/", E, f"{E}/schedule"):
                with urllib.request.urlopen(server.base + path, timeout=5) as answer:
                    assert answer.status == 200
            assert time.monotonic() - begun < 5
            assert not any(each.done() for each in waiting)
        assert {each.result(timeout=30) for each in waiting} <= {200, 409, 422}


@pytest.mark.field("faults 8")
def test_once_one_has_waited_in_vain_the_next_gives_up_soon_until_a_turn_comes(tmp_path):
    database = str(tmp_path / "some.sqlite")
    with hanging(f"sqlite:///{database}"):
        with pytest.raises(TooBusy):
            wait_for_turn(database, patience=0.05)
        begun = time.monotonic()
        with pytest.raises(TooBusy):
            wait_for_turn(database, patience=60)
        assert time.monotonic() - begun < 10
    wait_for_turn(database, patience=60).close()
    with hanging(f"sqlite:///{database}"):
        begun = time.monotonic()
        with pytest.raises(TooBusy):
            wait_for_turn(database, patience=1.2)
        assert time.monotonic() - begun > 1.1
