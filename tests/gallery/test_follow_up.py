"""What became of innovations: asked a year later, told by their authors, read by everyone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.gallery.follow_up.actions import ask_some
from app.gallery.follow_up.models import FollowUpCall
from app.mail.models import Letter
from tests import cast
from tests.clients import Browser, send
from tests.conftest import E

OWN, PUBLIC = f"{E}/proposals/1/follow-up", f"{E}/innovations/1"
TOLD = {"state": "continues", "replicated_in": "Kota Palopo\n\nLuwu Timur", "note": "Kini daring."}
YEAR = timedelta(days=366)


@pytest.fixture
def app(make_app):
    app = make_app("published")
    clock.shift(PUBLISHED + timedelta(seconds=1) - clock.real_now())
    return app


@pytest.fixture
def entrant(app, browse) -> Browser:
    return browse(app, cast.author_of(1))


def go_to(after: timedelta) -> None:
    clock.shift(PUBLISHED + after - clock.real_now())


def ask(app) -> int:
    with app.app_context():
        return ask_some(link_to=lambda own: f"https://x.example/{own.number}", now=clock.now())


def words(answer) -> str:
    return " ".join(answer.html.main.text.split())


def asked_letters(app) -> int:
    with app.app_context(), transaction(writing=False):
        own = sa.select(sa.func.count(Letter.id)).where(Letter.subject.startswith("Bagaimana kel"))
        return db.session.scalar(own)


def test_authors_are_asked_once_a_year_after_the_result(app, entrant):
    go_to(YEAR - timedelta(days=2))
    assert ask(app) == 0
    go_to(YEAR)
    count = ask(app)
    assert count == 27
    assert asked_letters(app) >= count
    assert ask(app) == 0
    assert "Beri kabar kelanjutan" in entrant.get("/my-work")
    go_to(3 * YEAR)
    assert ask(app) == 0


def test_nobody_is_written_to_whose_data_were_deleted(app, browse):
    email = "inovator-01@luwu-utara.example"
    erased = browse(app, "admin").post("/erasure", {"email": email, "again": email})
    assert erased.status_code == 302
    go_to(YEAR)
    assert ask(app) == 27
    with app.app_context(), transaction(writing=False):
        asked = sa.select(Letter.recipient).where(Letter.subject.startswith("Bagaimana kel"))
        recipients = set(db.session.scalars(asked))
    assert "inovator-02@luwu-utara.example" in recipients
    assert not any(each.endswith("erased.invalid") for each in recipients)


def test_a_result_of_years_ago_is_not_asked_about(app):
    go_to(2 * YEAR + timedelta(days=2))
    assert ask(app) == 0


def test_what_was_told_is_public_and_ends_the_task(app, entrant, browse):
    stranger = browse(app)
    assert "Kelanjutannya" not in stranger.get(PUBLIC)
    go_to(YEAR)
    ask(app)
    assert entrant.post(OWN, TOLD).status_code == 302
    assert "Beri kabar kelanjutan" not in entrant.get("/my-work")
    shown = words(stranger.get(PUBLIC))
    assert "2020: Berlanjut · direplikasi di Kota Palopo, Luwu Timur" in shown
    assert "Kini daring." in shown
    assert entrant.post(OWN, TOLD | {"state": "stopped", "replicated_in": ""}).status_code == 302
    assert "2020: Berhenti" in stranger.get(PUBLIC)
    go_to(2 * YEAR)
    assert entrant.post(OWN, TOLD).status_code == 302
    shown = words(stranger.get(PUBLIC))
    assert shown.index("2021: Berlanjut") < shown.index("2020: Berhenti")


def test_nobody_tells_before_the_result_is_public(make_app, browse):
    app = make_app("plenary")
    entrant = browse(app, cast.author_of(1))
    assert entrant.get(OWN).status_code == 200
    assert entrant.post(OWN, TOLD).status_code == 409


@pytest.mark.parametrize("wrong", [{"state": ""}, {"state": "gone"}, {"note": "x" * 2001}])
def test_a_fault_keeps_what_was_typed(entrant, wrong):
    answer = entrant.post(OWN, TOLD | wrong)
    assert answer.status_code == 422
    assert "Luwu Timur" in answer.html.main.find("textarea", {"name": "replicated_in"}).text


def test_an_organiser_sees_all_and_asks_once_a_year(app, entrant, browse):
    organiser = browse(app, "sekretariat")
    entrant.post(OWN, TOLD)
    shown = words(organiser.get(f"{E}/follow-up"))
    assert "Berlanjut: 1 · belum ada kabar: 26" in shown
    assert "2019: Berlanjut" in shown
    assert organiser.post(f"{E}/follow-up").status_code == 302
    assert organiser.post(f"{E}/follow-up").status_code == 409
    assert "Beri kabar kelanjutan" not in entrant.get("/my-work")
    assert "Beri kabar kelanjutan" in browse(app, cast.author_of(2)).get("/my-work")
    go_to(YEAR)
    assert ask(app) == 27  # the organiser has done so long before
    assert organiser.post(f"{E}/follow-up").status_code == 409
    with app.app_context(), transaction(writing=False):
        years = db.session.scalars(sa.select(FollowUpCall.year).order_by(FollowUpCall.year))
        assert list(years) == [2019, 2020]


def test_who_was_asked_this_year_is_not_asked_again_when_the_result_is_a_year_old(app, browse):
    go_to(timedelta(days=120))
    assert browse(app, "sekretariat").post(f"{E}/follow-up").status_code == 302
    go_to(YEAR)
    assert ask(app) == 0


def test_two_authors_do_not_overwrite_each_other_unseen(app, entrant):
    entrant.post(OWN, TOLD)
    form = entrant.form(OWN, OWN)
    entrant.fill(OWN, OWN, note="Kini di dua kota.")
    form["note"] = "Kini berhenti."
    overtaken = send(form)
    assert overtaken.status_code == 409
    assert "Kini berhenti." in overtaken.html.main.find("textarea", {"name": "note"}).text
    assert "Kini di dua kota." in entrant.get(PUBLIC)


def test_hostile_text_is_shown_as_text(app, entrant, browse):
    entrant.post(OWN, TOLD | {"replicated_in": "<script>x</script>", "note": "{{ 7*7 }}"})
    for reader in (browse(app), browse(app, "sekretariat"), entrant):
        for path in (PUBLIC, f"{E}/follow-up", OWN):
            assert "<script>x</script>" not in reader.get(path).text
