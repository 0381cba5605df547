"""The case's result, the second person, the time of publication, and a recount by hand."""

import tomllib
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa

from app import clock
from app.awards.models import Award
from app.database import db, transaction
from app.demo.moments import CASE, MOMENTS, PUBLISHED
from app.editions.kinds import SheetKind
from app.editions.parts import Criterion
from app.editions.queries import edition_named, locked_edition
from app.evaluation.models import Score, Sheet
from app.evaluation.standings import update_standings
from app.evaluation.statistics import MILLION
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.scoring.queries import ranking_of
from tests import cast
from tests.clients import Browser, send
from tests.conftest import SLUG, E
from tests.plenaries import confirm, prepare

INNOVATIONS = tomllib.loads(CASE.read_text("utf-8"))["innovations"]
TOP = [each["title"] for each in INNOVATIONS if each.get("award") == "top"]
PARTICIPATORY = [each["title"] for each in INNOVATIONS if each.get("award") == "partisipatif"]
UNAWARDED = [each["title"] for each in INNOVATIONS if "award" not in each]


def test_the_published_demo_shows_exactly_the_awards_of_the_case(make_app, browse):
    app = make_app("published")
    page = browse(app).get(f"{E}/results").html
    awarded = [heading.text.strip() for heading in page.select("#winners h3")]
    assert set(awarded[:7]) == set(TOP)
    assert set(awarded[7:]) == set(PARTICIPATORY)


def test_the_result_is_public_at_the_set_time_and_not_before(make_app, browse):
    app = make_app("published")
    stranger = browse(app)
    clock.shift(PUBLISHED - timedelta(seconds=30) - clock.real_now())
    for path in (f"{E}/results", E, f"{E}/innovations/1"):
        assert "Top 7" not in stranger.get(path).text
    clock.shift(PUBLISHED - clock.real_now() + timedelta(seconds=1))
    assert "Top 7" in stranger.get(f"{E}/results").text


def test_an_innovator_reads_averages_and_comments_only_once_it_is_public(make_app, browse):
    app = make_app("published")
    author = browse(app, cast.author_of(1))
    with app.app_context(), transaction(writing=True):
        sheets = sa.select(Sheet.id).join(Sheet.proposal).where(Proposal.number == 1)
        db.session.execute(
            sa.update(Score).where(Score.sheet_id.in_(sheets)).values(note="Catatan aspek.")
        )
    clock.shift(PUBLISHED - timedelta(minutes=1) - clock.real_now())
    before = author.get(f"{E}/proposals/1/feedback").text
    assert "Pemaparan jelas" not in before
    assert "Catatan aspek." not in before
    clock.shift(PUBLISHED - clock.real_now() + timedelta(seconds=1))
    text = author.get(f"{E}/proposals/1/feedback").text
    assert "Pemaparan jelas" in text
    assert "Catatan aspek." in text
    assert "Camat" not in text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (5, "Peringkat 5 dari 27, dengan 83,82 poin. Itu 2,84 poin di atas peringkat 7"),
        (7, "Itu sama dengan peringkat 7"),
        (8, "Itu 0,32 poin di bawah peringkat 7"),
    ],
)
def test_an_innovator_reads_their_place_and_the_distance_to_the_line(
    make_app, browse, number, said
):
    app = make_app("published")
    author = browse(app, cast.author_of(number))
    clock.shift(PUBLISHED - timedelta(minutes=1) - clock.real_now())
    assert "dari 27" not in author.get(f"{E}/proposals/{number}/feedback").text
    clock.shift(PUBLISHED - clock.real_now() + timedelta(seconds=1))
    text = author.get(f"{E}/proposals/{number}/feedback").html.main.get_text()
    assert said in " ".join(text.split())


def test_a_recount_from_the_sheets_by_other_means_gives_every_standing_exactly(make_app):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=False):
        weights = {
            each.id: Fraction(each.weight) for each in db.session.scalars(sa.select(Criterion))
        }
        totals: dict[tuple[int, SheetKind], list[Fraction]] = defaultdict(list)
        for sheet in db.session.scalars(
            sa.select(Sheet).options(sa.orm.selectinload(Sheet.scores))
        ):
            total = sum(weights[s.criterion_id] * Fraction(s.value) for s in sheet.scores) / 100
            totals[sheet.proposal_id, sheet.kind].append(total)
        lines = ranking_of(edition_named(SLUG)).lines
        assert len(lines) == 27
        for line in lines:
            desk = totals[line.proposal_id, SheetKind.DESK]
            hall = totals[line.proposal_id, SheetKind.PRESENTATION]
            expected = Fraction(2, 5) * sum(desk) / len(desk) + Fraction(3, 5) * sum(hall) / len(
                hall
            )
            assert line.final == expected


@pytest.fixture
def plenary(make_app):
    return make_app("plenary")


@pytest.fixture
def organiser(plenary, browse) -> Browser:
    return browse(plenary, "sekretariat")


@pytest.fixture
def chair(plenary, browse) -> Browser:
    return browse(plenary, cast.chair)


def choices(app, titles: list[str]) -> dict[str, str]:
    """What the form of the plenary sends for these participatory awards."""
    with app.app_context(), transaction(writing=False):
        ids = {p.title: p.id for p in db.session.scalars(sa.select(Proposal))}
    reasons = {f"reason_2_{ids[title]}": "Alasan tertulis" for title in titles}
    return {"chosen_2": [ids[title] for title in titles]} | reasons


def test_who_prepared_the_result_can_not_confirm_it(plenary, organiser, chair):
    assert prepare(organiser, choices(plenary, PARTICIPATORY)).status_code == 302
    at = {"publish_at": "2019-10-07T10:00"}
    assert organiser.post(f"{E}/plenary/confirmation", at).status_code == 403
    assert confirm(chair).status_code == 302
    assert confirm(chair).status_code == 409


@pytest.mark.field("security F1")
def test_who_confirms_agrees_to_what_they_have_seen(plenary, organiser, chair):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    seen = chair.form(f"{E}/plenary", "/plenary/confirmation")
    seen["publish_at"] = "2019-10-07T10:00"
    prepare(organiser, choices(plenary, UNAWARDED[: len(PARTICIPATORY)]))
    assert send(seen).status_code == 409
    assert confirm(chair).status_code == 302


@pytest.mark.parametrize(
    ("titles", "without_reason"),
    [([*PARTICIPATORY, UNAWARDED[0]], False), (PARTICIPATORY, True), (TOP[:1], False)],
)
def test_a_wrong_choice_is_422_and_keeps_what_was_written(
    plenary, organiser, titles, without_reason
):
    data = choices(plenary, titles)
    if without_reason:
        first = next(key for key in data if key.startswith("reason_"))
        data[first] = ""
    answer = prepare(organiser, data)
    assert answer.status_code == 422
    assert "Alasan tertulis" in answer.text or len(titles) == 1


@pytest.mark.field("security F21")
@pytest.mark.parametrize("reason", ["\u200b", "\u3164", "Z" + "\u0300" * 9, "x" * 1001])
def test_a_reason_that_nobody_sees_or_no_page_can_hold_is_none(plenary, organiser, reason):
    data = choices(plenary, PARTICIPATORY)
    data[next(key for key in data if key.startswith("reason_"))] = reason
    answer = prepare(organiser, data)
    assert answer.status_code == 422
    assert "Alasan tertulis" in answer.text


@pytest.mark.field("security F21")
def test_a_reason_is_kept_without_what_a_database_refuses(plenary, organiser):
    data = choices(plenary, PARTICIPATORY)
    data[next(key for key in data if key.startswith("reason_"))] = "Karena\0 dekat\vdan murah"
    assert prepare(organiser, data).status_code == 302
    with plenary.app_context(), transaction(writing=False):
        reasons = set(db.session.scalars(sa.select(Award.reason).where(Award.reason != "")))
    assert reasons == {"Karena dekat\ndan murah", "Alasan tertulis"}


def test_a_time_of_publication_in_the_past_is_refused(plenary, organiser, chair):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    assert confirm(chair, "2019-10-01T10:00").status_code == 422


def test_taking_the_confirmation_back_tears_up_the_letters_that_wait(plenary, organiser, chair):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    confirm(chair)
    assert waiting(plenary) == 27
    answer = chair.post(f"{E}/plenary/confirmation/removal", {"reason": "Salah waktu"})
    assert answer.status_code == 302
    assert waiting(plenary) == 0


@pytest.mark.field("cases 8")
def test_a_reason_for_taking_back_that_is_too_long_stays_in_its_field(plenary, organiser, chair):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    confirm(chair)
    reason = "Salah waktu " * 200
    answer = chair.post(f"{E}/plenary/confirmation/removal", {"reason": reason})
    assert answer.status_code == 422
    assert reason.strip() in answer.text


def waiting(app) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(
            sa.select(sa.func.count()).select_from(Letter).where(Letter.due_at.is_not(None))
        )


def test_after_a_sheet_was_reopened_the_result_is_not_confirmed(plenary, organiser, chair):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    shown = chair.form(f"{E}/plenary", "/plenary/confirmation")
    shown["publish_at"] = "2019-10-07T10:00"
    with plenary.app_context(), transaction(writing=False):
        sheet = db.session.scalars(sa.select(Sheet).filter_by(kind=SheetKind.PRESENTATION)).first()
        place = f"{E}/proposals/{sheet.proposal.number}"
        data = {"sheet": sheet.id, "reason": "Salah"}
    assert chair.post(f"{place}/reopening", data).status_code == 302
    assert organiser.post(f"{place}/requests", data).status_code == 302
    assert send(shown).status_code == 409


def score_alike(edition, proposals: list[int], value: Decimal) -> None:
    """Let every criterion on every sheet of these proposals (ids) have the same score."""
    sheets = db.session.scalars(sa.select(Sheet).where(Sheet.proposal_id.in_(proposals))).all()
    for sheet in sheets:
        sheet.points = int(value * MILLION)
        for score in sheet.scores:
            score.value = value
    for kind in SheetKind:
        update_standings(edition.id, proposals, kind)


def test_a_tie_at_the_last_place_needs_the_plenarys_choice_with_a_reason(plenary, organiser):
    with plenary.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        lines = ranking_of(edition).lines[6:8]
        tied = [line.proposal_id for line in lines]
        score_alike(edition, tied, Decimal(int(lines[0].final * 100)) / 100)
    data = choices(plenary, PARTICIPATORY[1:])
    assert prepare(organiser, data).status_code == 422
    assert prepare(organiser, data | {"chosen_1": [tied[1]]}).status_code == 422
    none_chosen = data | {"tie_reason_1": "Alasan yang diketik"}
    refused = prepare(organiser, none_chosen)
    assert refused.status_code == 422
    assert "Alasan yang diketik" in refused.text
    decided = data | {"chosen_1": [tied[1]], "tie_reason_1": "Dampak lebih luas"}
    assert prepare(organiser, decided).status_code == 302
    text = organiser.get(f"{E}/plenary").text
    assert "Dampak lebih luas" in text


def test_the_plenary_at_its_moment_is_complete(organiser):
    assert MOMENTS["plenary"] < PUBLISHED
    assert "Lengkap" in organiser.get(f"{E}/ranking").text


def test_a_disqualified_proposal_takes_the_prepared_result_with_it(plenary, organiser, chair):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    number = next(n for n, each in enumerate(INNOVATIONS, 1) if each["title"] == PARTICIPATORY[0])
    out = organiser.post(f"{E}/proposals/{number}/disqualification", {"reason": "Data tidak benar"})
    assert out.status_code == 302
    assert confirm(chair).status_code == 409


def test_preparing_anew_begins_from_the_choices_made_before(plenary, organiser):
    prepare(organiser, choices(plenary, PARTICIPATORY))
    text = organiser.get(f"{E}/plenary").text
    chosen = organiser.get(f"{E}/plenary").html.select("[name=chosen_2][checked]")
    assert len(chosen) == len(PARTICIPATORY)
    assert text.count(">Alasan tertulis</textarea>") == len(PARTICIPATORY)
