"""After the publication: objections and their answers, the decree, a result withdrawn by two."""

import hashlib
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.awards.models import Award, Readership
from app.awards.publication.decrees import tell_of_finality
from app.awards.publication.models import Decree, Objection, PastResult
from app.awards.queries import file_of
from app.database import db, transaction
from app.demo.moments import PDF, PUBLISHED
from app.editions.kinds import Role
from app.mail.models import Letter
from app.workflow import Status
from tests import cast
from tests.clients import Browser
from tests.conftest import E
from tests.factories import bar, make_member, the_edition, the_person, the_proposal
from tests.plenaries import confirm, prepare

OWN = f"{E}/proposals/9/objection"
SCORES = {"matter": "scores", "text": "Nilai <b>Kebaruan</b> tidak sesuai bukti."}
DAYS = 5


@pytest.fixture
def app(make_app):
    app = make_app("published")
    with app.app_context(), transaction(writing=True):
        the_edition().objection_days = DAYS
    go_to()
    return app


def go_to(*, days: float = 0, seconds: float = 1) -> None:
    """Let it be so long after the publication."""
    clock.shift(PUBLISHED + timedelta(days=days, seconds=seconds) - clock.real_now())


@pytest.fixture
def entrant(app, browse) -> Browser:
    return browse(app, cast.author_of(9))


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def chair(app, browse) -> Browser:
    return browse(app, cast.chair)


def letters_to(app, who) -> list[str]:
    with app.app_context(), transaction(writing=False):
        email = the_person(who).email
        own = sa.select(Letter.subject).where(Letter.recipient == email).order_by(Letter.id)
        return list(db.session.scalars(own))


def id_of(app, who) -> int:
    with app.app_context(), transaction(writing=False):
        return the_person(who).id


def actions_in(app) -> list[str]:
    with app.app_context(), transaction(writing=False):
        return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


# objections


def test_an_entrant_objects_within_the_days_once_in_each_matter(app, entrant, browse):
    assert entrant.post(OWN, SCORES).status_code == 302
    assert entrant.post(OWN, SCORES).status_code == 409
    assert entrant.post(OWN, SCORES | {"matter": "procedure"}).status_code == 302
    assert (
        browse(app, cast.author_of(27)).post(f"{E}/proposals/27/objection", SCORES).status_code
        == 302
    )
    shown = entrant.get(OWN).html.main.get_text()
    assert "Nilai <b>Kebaruan</b> tidak sesuai bukti." in shown
    assert "Sanggahan atas hasil" in letters_to(app, "sekretariat")[-1]


@pytest.mark.parametrize(
    ("days", "status"), [(-0.001, 409), (0.001, 302), (5.5, 302), (5.6, 409), (30, 409)]
)
def test_objecting_is_open_from_the_publication_to_the_end_of_the_last_day(
    app, entrant, days, status
):
    go_to(days=days)  # published at 10 in the morning, local time
    assert entrant.post(OWN, SCORES).status_code == status


def test_nobody_can_object_where_no_days_are_declared(app, entrant):
    with app.app_context(), transaction(writing=True):
        the_edition().objection_days = 0
    assert entrant.post(OWN, SCORES).status_code == 409
    assert "Ajukan sanggahan" not in entrant.get(OWN)


def test_what_is_typed_about_one_objection_stands_in_no_other_form(app, entrant, organiser, chair):
    entrant.post(OWN, SCORES)
    entrant.post(OWN, SCORES | {"matter": "procedure"})
    for number in (1, 2):
        to_chair = {"person": id_of(app, cast.chair)}
        organiser.post(f"{E}/objections/{number}/assignment", to_chair)
    typed = {"answer": "dismissed", "reason": "Rahasia " * 700, "entry": ""}
    refused = chair.post(f"{E}/objections/2/answer", typed)
    assert refused.status_code == 422
    boxes = refused.html.main.select("textarea")
    assert [box["id"] for box in boxes] == ["reason-2", "reason-1"]
    assert ["Rahasia" in box.text for box in boxes] == [True, False]


def test_an_objection_that_comes_too_late_keeps_what_was_typed(app, entrant):
    go_to(days=30)
    late = entrant.post(OWN, SCORES)
    assert late.status_code == 409
    assert SCORES["text"] in late.html.main.textarea.text


@pytest.mark.parametrize("sent", [{"matter": "scores", "text": " "}, {"matter": "x", "text": "A"}])
def test_an_objection_needs_a_matter_and_a_text(entrant, sent):
    assert entrant.post(OWN, sent).status_code == 422


def test_it_is_assigned_to_who_has_no_conflict_and_answered_by_them_alone(
    app, entrant, organiser, chair, browse
):
    entrant.post(OWN, SCORES)
    assert "Tugaskan 1 sanggahan" in organiser.get("/my-work")
    path = f"{E}/objections/1"
    wrong = organiser.post(f"{path}/assignment", {"person": id_of(app, "verifikator-1")})
    assert wrong.status_code == 422
    assert (
        organiser.post(f"{path}/assignment", {"person": id_of(app, cast.chair)}).status_code == 302
    )
    assert "Tugaskan 1 sanggahan" not in organiser.get("/my-work")
    assert "Jawab 1 sanggahan" in chair.get("/my-work")
    assert "Sanggahan untuk Anda jawab" in letters_to(app, cast.chair)[-1]
    answer = {"answer": "dismissed", "reason": "Bukti sudah dinilai.", "entry": "12"}
    assert organiser.post(f"{path}/answer", answer).status_code == 409
    assert chair.post(f"{path}/answer", answer | {"entry": "99999"}).status_code == 422
    assert chair.post(f"{path}/answer", answer | {"reason": ""}).status_code == 422
    assert chair.post(f"{path}/answer", answer).status_code == 302
    assert chair.post(f"{path}/answer", answer).status_code == 409
    assert organiser.post(f"{path}/assignment", {"person": 1}).status_code in {404, 409}
    shown = entrant.get(OWN).html.main.get_text(" ", strip=True)
    assert "Ditolak" in shown
    assert "Bukti sudah dinilai." in shown
    assert "Catatan 12 dalam jejak audit" in shown
    assert "Jawaban atas sanggahan" in letters_to(app, cast.author_of(9))[-1]
    filed = [action for action in actions_in(app) if action.startswith("objection.")]
    assert filed == ["objection.file", "objection.assign", "objection.answer"]


def test_whom_a_conflict_bars_neither_sees_nor_answers_it(app, entrant, chair, organiser):
    entrant.post(OWN, SCORES)
    bar(app, cast.chair, 9)
    assert "tidak sesuai bukti" not in chair.get(f"{E}/objections")
    options = organiser.get(f"{E}/objections").html.select("select[name=person] option")
    assert [option.get_text(strip=True) for option in options] == [
        "Sekretariat (Bagian Organisasi)"
    ]
    assert chair.post(f"{E}/objections/1/answer", {"answer": "upheld"}).status_code == 404
    to_chair = {"person": id_of(app, cast.chair)}
    assert organiser.post(f"{E}/objections/1/assignment", to_chair).status_code == 422


def test_nobody_else_reads_an_objection(app, entrant, browse):
    entrant.post(OWN, SCORES)
    secret = "tidak sesuai bukti"
    assert secret in browse(app, "pengamat").get(f"{E}/objections")
    for who in (None, cast.author_of(3), cast.judge, "verifikator-1"):
        reader = browse(app, who)
        for path in (f"{E}/objections", OWN, f"{E}/results", f"{E}/results/recount"):
            assert secret not in reader.get(path)


# the decree


def decree(**changes: object) -> dict[str, object]:
    facts = {"number": "188.45/512/2019", "dated": "2019-10-14", "signed_by": "Bupati Luwu Utara"}
    return facts | {"final_at": "2019-10-15T09:00"} | changes


def test_a_result_is_provisional_until_its_decree_and_its_time(app, organiser, browse):
    stranger = browse(app)
    assert "Sementara" in stranger.get(f"{E}/results").html.select_one("#validity").get_text()
    assert organiser.post(f"{E}/decree", decree()).status_code == 409
    go_to(days=6)
    assert "Catat SK yang menetapkan hasil" in organiser.get("/my-work")
    sent = organiser.post(f"{E}/decree", decree(), files={"scan": ("SK.pdf", PDF)})
    assert sent.status_code == 302
    assert "Catat SK yang menetapkan hasil" not in organiser.get("/my-work")
    assert "Sementara" in stranger.get(f"{E}/results")
    assert stranger.get(f"{E}/results/decree.pdf").status_code == 404
    go_to(days=8)
    shown = stranger.get(f"{E}/results").html.select_one("#validity").get_text(" ", strip=True)
    assert "188.45/512/2019 pada Senin, 14 Oktober 2019" in shown
    assert stranger.get(f"{E}/results/decree.pdf").body == PDF
    assert hashlib.sha256(PDF).hexdigest() in organiser.get(f"{E}/decree")
    assert organiser.post(f"{E}/decree", decree(number="2")).status_code == 409


def test_entrants_are_told_once_when_the_decree_makes_the_result_final(app, organiser):
    go_to(days=6)
    organiser.post(f"{E}/decree", decree())
    assert told_that_it_is_final(app) == []
    organiser.post(f"{E}/decree", decree(number="188.45/513/2019"))
    go_to(days=8)
    letters = told_that_it_is_final(app)
    assert len(letters) == 27
    assert all("188.45/513/2019" in letter and f"{E}/results" in letter for letter in letters)
    assert len(told_that_it_is_final(app)) == 27


def told_that_it_is_final(app) -> list[str]:
    """Let the worker look, and return the letters that say so."""
    with app.app_context():
        tell_of_finality(link_to=lambda slug: f"/editions/{slug}/results", now=clock.now())
    with app.app_context(), transaction(writing=False):
        final = Letter.subject.contains("telah final")
        return list(db.session.scalars(sa.select(Letter.body).where(final)))


def test_an_unanswered_objection_stops_the_decree(app, entrant, organiser, chair):
    entrant.post(OWN, SCORES)
    go_to(days=6)
    stopped = organiser.post(f"{E}/decree", decree())
    assert (stopped.status_code, "1 sanggahan belum dijawab" in stopped) == (409, True)
    assert stopped.html.main.find("input", {"name": "number"})["value"] == decree()["number"]
    organiser.post(f"{E}/objections/1/assignment", {"person": id_of(app, cast.chair)})
    chair.post(f"{E}/objections/1/answer", {"answer": "upheld", "reason": "Benar.", "entry": ""})
    assert organiser.post(f"{E}/decree", decree()).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [{"number": ""}, {"final_at": "2019-10-01T09:00"}, {"dated": "2019-10-20"}, {"dated": "x"}],
)
def test_a_decree_that_cannot_be_is_refused(app, organiser, changes):
    go_to(days=6)
    assert organiser.post(f"{E}/decree", decree(**changes)).status_code == 422
    with app.app_context(), transaction(writing=False):
        assert db.session.scalars(sa.select(Decree)).all() == []


@pytest.mark.parametrize("content", [b"", b"MZ program", PDF[:40]])
def test_a_scan_that_is_no_whole_pdf_is_refused_and_nothing_is_kept(app, organiser, content):
    go_to(days=6)
    sent = organiser.post(f"{E}/decree", decree(), files={"scan": ("SK.pdf", content)})
    assert sent.status_code == 422
    with app.app_context(), transaction(writing=False):
        assert db.session.scalars(sa.select(Decree)).all() == []


# withdrawal


def test_two_people_withdraw_a_result_and_it_stays_public_beside_the_new_one(
    app, organiser, chair, browse
):
    with app.app_context(), transaction(writing=False):
        old = file_of(the_edition(), Readership.PUBLIC).digest
    assert organiser.post(f"{E}/decree/withdrawal", {"reason": ""}).status_code == 422
    reason = {"reason": "Satu lembar <i>salah</i> dihitung."}
    assert organiser.post(f"{E}/decree/withdrawal", reason).status_code == 302
    second = organiser.post(f"{E}/decree/withdrawal", reason)
    assert second.status_code == 409
    assert second.html.main.find("textarea", {"name": "reason"}).text.strip() == reason["reason"]
    assert organiser.post(f"{E}/decree/withdrawal/agreement").status_code == 422
    assert "hasil diminta ditarik" in chair.get("/my-work")
    assert "Top 7" in browse(app).get(f"{E}/results")
    assert chair.post(f"{E}/decree/withdrawal/agreement").status_code == 302
    assert chair.post(f"{E}/decree/withdrawal/agreement").status_code == 409
    page = browse(app).get(f"{E}/results")
    text = page.html.main.get_text(" ", strip=True)
    assert "Satu lembar <i>salah</i> dihitung." in text
    assert len(page.html.select(".past .awards li")) == 10
    assert old in page
    assert "belum diumumkan" in text
    assert browse(app).get(f"{E}/results/recount/public.json").status_code == 404
    assert "telah ditarik" in letters_to(app, cast.author_of(9))[-1]
    prepare(organiser, {"empty": "2"})
    assert confirm(chair, "2019-10-08T10:00").status_code == 302
    go_to(days=1)
    both = browse(app).get(f"{E}/results").html.main.get_text(" ", strip=True)
    assert both.index("Top 7") < both.index("Hasil yang ditarik")
    with app.app_context(), transaction(writing=False):
        past = db.session.scalars(sa.select(PastResult)).one()
        assert (past.round, past.asked_by_id) == (0, the_person("sekretariat").id)
        assert len(db.session.scalars(sa.select(Award)).all()) == 7


def test_what_is_asked_can_be_declined_or_taken_back(app, organiser, chair):
    organiser.post(f"{E}/decree/withdrawal", {"reason": "Keliru."})
    assert chair.post(f"{E}/decree/withdrawal/removal").status_code == 302
    assert chair.post(f"{E}/decree/withdrawal/removal").status_code == 409
    assert actions_in(app)[-2:] == ["result.ask_withdraw", "result.keep"]


def test_before_it_is_public_a_result_is_not_withdrawn(app, organiser):
    go_to(seconds=-60)
    assert organiser.post(f"{E}/decree/withdrawal", {"reason": "Keliru."}).status_code == 409


def test_whom_a_conflict_bars_does_not_agree_to_a_withdrawal(app, organiser, browse):
    organiser.post(f"{E}/decree/withdrawal", {"reason": "Keliru."})
    with app.app_context(), transaction(writing=True):
        email = make_member(the_edition(), "Siti", Role.ORGANISER).email
    bar(app, email, 3)
    assert browse(app, email).post(f"{E}/decree/withdrawal/agreement").status_code == 403


def test_a_new_result_can_be_objected_to_in_the_same_matter(app, entrant, organiser, chair):
    entrant.post(OWN, SCORES)
    organiser.post(f"{E}/decree/withdrawal", {"reason": "Keliru."})
    chair.post(f"{E}/decree/withdrawal/agreement")
    assert entrant.post(OWN, SCORES).status_code == 409
    prepare(organiser, {"empty": "2"})
    confirm(chair, "2019-10-08T10:00")
    go_to(days=1.1)
    assert entrant.post(OWN, SCORES).status_code == 302
    with app.app_context(), transaction(writing=False):
        rounds = db.session.scalars(sa.select(Objection.round).order_by(Objection.id)).all()
        assert rounds == [0, 1]


def test_the_trail_agrees_with_the_tables_through_all_of_it(app, entrant, organiser, chair):
    entrant.post(OWN, SCORES)
    organiser.post(f"{E}/decree/withdrawal", {"reason": "Keliru."})
    chair.post(f"{E}/decree/withdrawal/agreement")
    verified = app.test_cli_runner().invoke(args=["audit", "verify", "luwu-utara-2019"])
    assert (verified.exit_code, re.findall("differ|Table", verified.output)) == (0, [])


# what entrants read


def body_to(app, who, words: str) -> str:
    with app.app_context(), transaction(writing=False):
        email = the_person(who).email
        own = sa.select(Letter.body).where(Letter.recipient == email)
        return next(body for body in db.session.scalars(own) if words in body)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            5,
            ["Top 7 Inovasi Pelayanan Publik, peringkat 5", "dengan 83,82 poin, 2,84"],
        ),
        (9, ["Penghargaan: Kategori Partisipatif", "di bawah peringkat 7"]),
        (27, ["dari 27 dengan", "di bawah peringkat 7"]),
    ],
)
def test_the_letter_tells_award_place_and_distance(app, number, said):
    letter = body_to(app, cast.author_of(number), "telah diumumkan. Berikut")
    assert [words for words in said if words not in letter] == []
    assert f"/proposals/{number}/feedback" in letter


def test_who_lost_at_the_desk_reads_their_place_there_and_in_the_letter(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=True):
        the_proposal(27).status = Status.NOT_SELECTED
        the_edition().evaluation_revision += 1
    organiser, chair = browse(app, "sekretariat"), browse(app, cast.chair)
    prepare(organiser, {"empty": "2"})
    assert confirm(chair).status_code == 302
    assert "Penilaian proposal: peringkat 27 dari 27" in body_to(
        app, cast.author_of(27), "telah diumumkan. Berikut"
    )
    author, page = browse(app, cast.author_of(27)), f"{E}/proposals/27/feedback"
    assert "nilai terendah" not in author.get(page).text.lower()
    go_to()
    text = author.get(page).html.main
    assert "peringkat 27 dari 27" in text.get_text()
    assert "Nilai terendah finalis adalah" in text.get_text()
    assert text.select("svg.interval")
