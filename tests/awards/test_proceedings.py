"""What stands on record of a plenary: who sat there, what bodies agreed to, votes to deviate."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.awards.models import Agreement, Attendance, Award, Body, Deviation
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.editions.kinds import SheetKind
from app.evaluation.models import Sheet
from app.proposals.models import Proposal
from app.scoring.queries import ranking_of
from tests import cast
from tests.clients import Browser
from tests.conftest import E
from tests.factories import bar, the_edition, the_person, the_proposal
from tests.plenaries import as_shown, confirm, prepare

TOP, BOTH = 1, 2  # the categories of the case


@pytest.fixture
def app(make_app):
    return make_app("plenary")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def chair(app, browse) -> Browser:
    return browse(app, cast.chair)


def ranked_ids(app) -> list[int]:
    with app.app_context(), transaction(writing=False):
        return [line.proposal_id for line in ranking_of(the_edition()).lines]


def chosen(*ids: int) -> dict[str, object]:
    return {"chosen_2": list(ids)} | {f"reason_2_{key}": "Dampak nyata." for key in ids}


def ids_of(app, *who) -> list[int]:
    with app.app_context(), transaction(writing=False):
        return [the_person(each).id for each in who]


# agreement of both bodies


@pytest.mark.parametrize("body", Body)
def test_an_award_of_both_bodies_needs_the_agreement_of_each(app, organiser, body):
    sent = as_shown(organiser) | chosen(ranked_ids(app)[8])
    del sent[f"agrees_2_{body}"]
    refused = organiser.post(f"{E}/plenary", sent)
    name = {Body.COMMITTEE: "Panitia Seleksi", Body.JUDGES: "Tim Penilai"}[body]
    assert (refused.status_code, f"catat apakah {name} sepakat" in refused.text) == (422, True)
    [link] = refused.html.select(".ds-error-summary[tabindex] a")
    assert "Partisipatif" in refused.html.select_one(f"{link['href']} legend").text
    assert "Dampak nyata." in refused.text
    other = next(each for each in Body if each is not body)
    assert refused.html.select_one(f"[name=agrees_2_{other}]").has_attr("checked")
    assert prepare(organiser, chosen(ranked_ids(app)[8])).status_code == 302


def test_nobody_agrees_for_a_body_of_which_nobody_free_of_conflict_is_present(app, organiser):
    eighth = ranked_ids(app)[8]
    judge = ids_of(app, cast.judge)[0]
    with app.app_context(), transaction(writing=False):
        number = ranking_of(the_edition()).by_proposal[eighth].number
    sent = as_shown(organiser) | chosen(eighth)
    sent["present"] = [
        key for key in sent["present"] if key.startswith("committee") or key == f"judges-{judge}"
    ]
    allowed = organiser.post(f"{E}/plenary", sent)
    assert allowed.status_code == 302
    bar(app, cast.judge, number)
    refused = organiser.post(f"{E}/plenary", sent | {"seen": as_shown(organiser)["seen"]})
    assert (refused.status_code, "tidak ada anggota Tim Penilai" in refused.text) == (422, True)


def test_who_sat_there_and_what_was_said_against_it_stands_on_record(app, organiser, chair):
    sent = as_shown(organiser) | chosen(ranked_ids(app)[8])
    absent = sent["present"].pop()
    sent["dissent_2_judges"] = "Satu juri menilai <b>belum</b> cukup bukti."
    assert organiser.post(f"{E}/plenary", sent).status_code == 302
    text = chair.get(f"{E}/plenary").html.select_one("#record").get_text(" ", strip=True)
    assert "disepakati oleh Panitia Seleksi" in text
    assert "Satu juri menilai <b>belum</b> cukup bukti." in text
    with app.app_context(), transaction(writing=False):
        rows = db.session.scalars(sa.select(Attendance)).all()
        missed = [f"{row.body}-{row.person_id}" for row in rows if not row.is_present]
        assert (len(rows), missed) == (10, [absent])
        assert len(db.session.scalars(sa.select(Agreement)).all()) == 2
    assert prepare(organiser, {"empty": "2"}).status_code == 302
    with app.app_context(), transaction(writing=False):
        assert not db.session.scalars(sa.select(Agreement)).all()


def test_the_page_says_who_leaves_for_which_line(app, organiser):
    bar(app, "verifikator-1", 3)
    page = organiser.get(f"{E}/plenary")
    rows = page.html.select("#list tr, .desk tbody tr")
    with app.app_context(), transaction(writing=False):
        title = the_proposal(3).title
    leaving = [row.get_text(" ", strip=True) for row in rows if title in row.get_text()]
    assert "Keluar saat baris ini dibahas: Verifikator 1" in leaving[0]
    voting = {
        box.legend.get_text(strip=True): " ".join(box.get_text().split())
        for box in page.html.select("fieldset:has([name^=vote_])")
    }
    assert (
        f"Tidak boleh memilih jika peringkat salah satu proposal ini berubah: {title}"
        in (voting["Verifikator 1"])
    )
    assert title not in voting["Verifikator 2"]


# deviations


def deviating(app, organiser, *, votes: int = 6) -> dict[str, object]:
    """The form by which the eighth of the ranking gets the seventh place."""
    ids = ranked_ids(app)
    places = {f"place_1_{key}": str(place) for place, key in enumerate(ids[:6], 1)}
    voters = ids_of(app, *("verifikator-1", "verifikator-2", "verifikator-3", "juri-1"))
    votes = {f"vote_1_{key}": "for" for key in voters[:votes]}
    return (
        as_shown(organiser)
        | {"empty": "2", "deviate_1": "1", "deviation_1": "Cakupan layanan lebih luas."}
        | places
        | {f"place_1_{ids[6]}": "", f"place_1_{ids[7]}": "7"}
        | votes
    )


def test_a_deviation_shows_calculated_and_decided_place_everywhere(app, organiser, chair, browse):
    ids = ranked_ids(app)
    assert organiser.post(f"{E}/plenary", deviating(app, organiser)).status_code == 302
    with app.app_context(), transaction(writing=False):
        award = db.session.scalars(sa.select(Award).where(Award.proposal_id == ids[7])).one()
        assert (award.rank, award.calculated, award.deviates) == (7, 8, True)
        kept = db.session.scalars(sa.select(Deviation)).one()
        assert [tuple(pair) for pair in kept.calculated] == [
            (key, place) for place, key in enumerate(ids[:7], 1)
        ]
        numbers = {line.proposal_id: line.number for line in ranking_of(the_edition()).lines}
    shown = chair.get(f"{E}/plenary").html.main.get_text(" ", strip=True)
    assert "Menurut nilai: peringkat 8" in shown
    assert "Setuju: Kepala" in shown or "Verifikator 1" in shown
    assert confirm(chair).status_code == 302
    clock.shift(PUBLISHED - clock.real_now() + timedelta(days=1))
    public = browse(app).get(f"{E}/results").html.main.get_text(" ", strip=True)
    for said in ("Menurut nilai: peringkat 8", "peringkat 7 di sini", "dengan 4 suara setuju"):
        assert said in public
    assert "Cakupan layanan lebih luas." in public
    assert "Verifikator 1" not in public
    feedback = f"{E}/proposals/{numbers[ids[6]]}/feedback"
    lost = browse(app, cast.author_of(numbers[ids[6]])).get(feedback).html.main.get_text()
    assert "menempati peringkat 7 dalam" in lost
    assert "Cakupan layanan lebih luas." in lost
    table = organiser.get(f"{E}/exports/awards.csv").text
    assert "Rank by scores" in table or "calculated" in table


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"deviation_1": ""}, "Berikan alasan tertulis mengapa"),
        ({"votes": 0}, "Belum ada yang tercatat setuju"),
        ({"place": "8"}, "harus berurutan mulai dari 1"),
        ({"present": []}, "hanya anggota yang hadir"),
    ],
    ids=["no reason", "no votes", "a gap", "absent voters"],
)
def test_a_deviation_needs_places_a_reason_and_votes(app, organiser, changed, said):
    sent = deviating(app, organiser)
    if "votes" in changed:
        sent = {key: value for key, value in sent.items() if not key.startswith("vote_")}
    elif "place" in changed:
        sent[f"place_1_{ranked_ids(app)[7]}"] = changed["place"]
    else:
        sent |= changed
    refused = organiser.post(f"{E}/plenary", sent)
    assert (refused.status_code, said in refused.text) == (422, True)
    assert refused.html.select_one("[name=deviate_1]").has_attr("checked")
    assert organiser.post(f"{E}/plenary", deviating(app, organiser)).status_code == 302


def test_who_has_a_conflict_with_a_proposal_that_moves_has_no_vote(app, organiser):
    with app.app_context(), transaction(writing=False):
        numbers = [line.number for line in ranking_of(the_edition()).lines]
    bar(app, "verifikator-2", numbers[7])
    refused = organiser.post(f"{E}/plenary", deviating(app, organiser))
    assert (refused.status_code, "tidak memiliki konflik" in refused.text) == (422, True)


# what was shown


def test_of_two_who_prepare_at_once_the_second_sees_what_the_first_did(app, organiser, chair):
    ids = ranked_ids(app)
    first, second = (as_shown(organiser) | chosen(ids[place]) for place in (8, 9))
    assert organiser.post(f"{E}/plenary", first).status_code == 302
    refused = organiser.post(f"{E}/plenary", second)
    assert refused.status_code == 409
    assert refused.html.select_one(f"#choose-2-{ids[9]}").has_attr("checked")
    again = second | {"seen": refused.html.select_one("#decide [name=seen]")["value"]}
    assert organiser.post(f"{E}/plenary", again).status_code == 302
    with app.app_context(), transaction(writing=False):
        given = sa.select(Award.proposal_id).where(Award.category_id == BOTH)
        assert db.session.scalars(given).all() == [ids[9]]


def test_what_is_chosen_so_far_fills_the_places_and_keeps_nothing(app, organiser):
    ids = ranked_ids(app)
    shown = organiser.post(f"{E}/plenary/places", as_shown(organiser) | chosen(ids[8], ids[9]))
    text = shown.html.get_text(" ", strip=True)
    assert "1 dari 3 tempat belum terisi" in text
    assert "1 tempat belum terisi" in text
    without = as_shown(organiser) | {"chosen_2": [ids[8]]}
    text = organiser.post(f"{E}/plenary/places", without).html.get_text(" ", strip=True)
    assert "alasan belum ada" in text
    twice = organiser.post(f"{E}/plenary/places", as_shown(organiser) | chosen(ids[0]))
    assert "hanya dapat menerima satu penghargaan" in twice.text
    with app.app_context(), transaction(writing=False):
        assert db.session.scalars(sa.select(Award)).all() == []


def test_the_preview_shows_what_readers_will_see_and_which_letters_leave(app, organiser, chair):
    assert chair.get(f"{E}/plenary/preview").status_code == 404
    ninth = ranked_ids(app)[8]
    prepare(organiser, chosen(ninth))
    with app.app_context(), transaction(writing=False):
        title = db.session.get_one(Proposal, ninth).title
    shown = chair.get(f"{E}/plenary/preview").html.main
    awards = shown.select_one(".preview").get_text(" ", strip=True)
    assert title in awards
    assert "Dampak nyata." in awards
    text = shown.get_text(" ", strip=True)
    assert "27 peserta menerima surat" in text
    assert "6 juri menerima" in text
    assert "/feedback" in text
    bar(app, cast.chair, 3)
    assert chair.get(f"{E}/plenary/preview").status_code == 403


# what if a sheet were missing


def everything(app) -> str:
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(sa.text("SELECT * FROM sheet ORDER BY id")).all()
        standings = db.session.execute(sa.text("SELECT * FROM standing ORDER BY proposal_id")).all()
        return f"{rows}{standings}{the_edition().evaluation_revision}"


def test_without_a_sheet_the_awards_are_computed_anew_and_nothing_stays(app, organiser):
    ids, before = ranked_ids(app), everything(app)
    with app.app_context(), transaction(writing=False):
        of_seventh = sa.select(Sheet).where(
            Sheet.proposal_id == ids[6], Sheet.kind == SheetKind.PRESENTATION
        )
        sheets = sorted(db.session.scalars(of_seventh), key=lambda sheet: -sheet.points)
        best, title = sheets[0].evaluator_id, db.session.get_one(Proposal, ids[7]).title
    path = f"{E}/plenary/what-if"
    shown = organiser.post(path, {"proposal": ids[6], "judge": best}).html.select_one("#change-1")
    assert title in shown.get_text()  # the eighth moves up: it had lain 0.32 points behind
    assert "baru" in shown.get_text()
    assert everything(app) == before
    nobody = organiser.post(path, {"proposal": ids[6], "judge": 999})
    assert (nobody.status_code, "tidak memiliki lembar" in nobody) == (422, True)
    assert everything(app) == before
