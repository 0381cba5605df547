"""The second look: whom it asks about what, what its sheets come to, and how it ends."""

from fractions import Fraction

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.dashboard.comparison import differences_from_trail
from app.database import db, transaction
from app.evaluation.declarations import agree_to_conflict, declare_conflict
from app.evaluation.models import ConflictKind, Look, Participation, Score, Sheet, Standing
from app.evaluation.sheets import Marks, lock_sheet, write_sheet
from app.jobs import queue
from app.jobs.models import JobState
from app.mail.models import Letter
from app.scoring.certainty.asking import KIND
from app.scoring.inputs import mean_scores, ratings_in
from app.scoring.models import Ending, ExtraJudge, SecondLook
from app.scoring.queries import ranking_of
from app.scoring.second_look import actions
from app.scoring.second_look.choosing import (
    ANCHORS,
    BAND,
)
from app.scoring.second_look.queries import (
    budget_left,
    candidates_in,
    owed_by,
    owed_sheets,
    results_by_nearness,
)
from app.workflow import NotAllowedNow, Status
from tests.cast import chair, judge, recused_judge
from tests.clients import Browser, send
from tests.conftest import E
from tests.factories import the_edition, the_person, the_proposal
from tests.plenaries import prepare
from tests.scoring.second_looks import (
    BUDGET,
    HALL,
    PAGE,
    add_judge,
    ask,
    declare,
    now_of,
    second_sheets,
    submit_all,
)


@pytest.fixture
def app(make_app):
    found = make_app("plenary")
    declare(found)
    return found


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


def measured(app, chances: dict[int, float]) -> None:
    """Let the worker have found these chances, by number, for the ranking as it stands."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        by_id = the_person("sekretariat").id
        job = queue.put_job(KIND, edition.id, by_id=by_id, now=now_of(edition))
        rows = [[the_proposal(number).id, chance, 1, 9] for number, chance in chances.items()]
        job.state = JobState.DONE
        job.result = {"places": rows, "revision": edition.evaluation_revision}


def test_a_judge_is_asked_about_what_lies_nearest_to_the_line(app):
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        contenders = results_by_nearness(edition)
        nearest = sorted(own.proposal_id for own in contenders[: BAND + ANCHORS])
        numbers = [line.number for line in ranking_of(edition).lines]
    ask(app, add_judge(app))
    found = second_sheets(app)
    with app.app_context(), transaction(writing=False):
        extra = db.session.scalars(sa.select(ExtraJudge)).one()
        assert sorted(extra.proposals) == nearest
        assert (len(extra.band), len(extra.anchors)) == (BAND, ANCHORS)
        assert budget_left(the_edition()) == BUDGET - 6
    assert {sheet.number for sheet in found} == set(numbers[4:10])


def test_a_conflict_keeps_a_judge_from_what_lies_near_the_line(app):
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        barred = the_person(recused_judge).id
        found = {own.judge_id: own for own in candidates_in(edition, results_by_nearness(edition))}
        own = {
            sheet.proposal_id
            for sheet in db.session.scalars(sa.select(Sheet).where(Sheet.evaluator_id == barred))
        }
        nearest = {own.proposal_id for own in results_by_nearness(edition)[: BAND + ANCHORS]}
    chosen = set(found[barred].choice.proposals)
    assert not nearest <= own
    assert chosen <= own
    assert len(chosen) == 6


def test_two_sheets_of_a_judge_count_as_one_their_mean(app):
    with app.app_context(), transaction(writing=False):
        person_id, edition = the_person(judge).id, the_edition()
        judges = {key: standing.sheets_expected for key, standing in standings(edition).items()}
    ask(app, person_id)
    submit_all(app, 100)
    with app.app_context(), transaction(writing=False):
        edition = the_edition()
        criteria = [criterion.id for criterion in edition.criteria_of(HALL)]
        again = set(db.session.scalars(sa.select(Sheet.proposal_id).where(Sheet.look == 2)))
        for rating in ratings_in(edition, HALL):
            if rating.judge == person_id and rating.proposal in again:
                first = values_of(rating.proposal, person_id)
                assert rating.values == tuple((value + 100) / 2 for value in first)
        assert len(ratings_in(edition, HALL)) == sum(judges.values())
        for key, standing in standings(edition).items():
            assert standing.sheets_expected == judges[key]
        key = min(again)
        own = [rating for rating in ratings_in(edition, HALL) if rating.proposal == key]
        means = mean_scores([key], criteria)
        for place, criterion in enumerate(criteria):
            plain = sum((rating.values[place] for rating in own), Fraction(0)) / len(own)
            assert means[key, criterion] == plain


def standings(edition) -> dict[int, Standing]:
    rows = db.session.scalars(
        sa.select(Standing).where(Standing.edition_id == edition.id, Standing.kind == HALL)
    )
    return {standing.proposal_id: standing for standing in rows}


def values_of(proposal_id: int, judge_id: int) -> list[Fraction]:
    """What a judge gave a proposal at first, by criterion."""
    rows = db.session.scalars(
        sa.select(Score)
        .join(Sheet, Sheet.id == Score.sheet_id)
        .where(
            Sheet.proposal_id == proposal_id,
            Sheet.evaluator_id == judge_id,
            Sheet.kind == HALL,
            Sheet.look == Look.FIRST,
        )
        .order_by(Score.criterion_id)
    )
    return [Fraction(score.value) for score in rows]


def test_while_sheets_are_missing_nobody_else_is_asked(app):
    ask(app, add_judge(app))
    other = add_judge(app, "Juri lain")
    with pytest.raises(NotAllowedNow, match="waiting for score sheets"):
        ask(app, other)
    with app.app_context(), transaction(writing=False):
        assert not ranking_of(the_edition()).is_complete
    submit_all(app)
    ask(app, other)
    assert len(second_sheets(app)) == 12


def test_the_budget_bounds_what_is_asked_for(app):
    for name in ("satu", "dua"):
        ask(app, add_judge(app, name))
        submit_all(app)
    with pytest.raises(NotAllowedNow, match="used up"):
        ask(app, add_judge(app, "tiga"))
    assert len(second_sheets(app)) == 12


def test_an_organiser_asks_and_the_judge_scores_after_the_stage_has_closed(app, browse, organiser):
    new = add_judge(app)
    sent = organiser.fill(PAGE, f"{PAGE}/judges", judge=str(new), material="hearing")
    assert sent.status_code == 302
    with app.app_context(), transaction(writing=False):
        email = db.session.get_one(Person, new).email
        letter = db.session.scalars(sa.select(Letter).where(Letter.recipient == email)).one()
        assert "6" in letter.body
    extra = browse(app, email)
    extra.post(f"{E}/pledge", {"agreed": "y"})
    listed = extra.get(f"{E}/sheets/presentation").html
    links = [link["href"] for link in listed.select("ul.work a")]
    assert len(links) == 6
    assert all(link.endswith("/sheets/second-look") for link in links)
    with app.app_context(), transaction(writing=False):
        criteria = [criterion.id for criterion in the_edition().criteria_of(HALL)]
    fields = {f"score_{key}": "77" for key in criteria} | {"version": "1"}
    assert extra.post(f"{links[0]}/lock", fields).status_code == 302
    assert sum(sheet.locked for sheet in second_sheets(app)) == 1


def test_a_judge_scores_again_without_touching_the_first_sheet(app, browse):
    with app.app_context(), transaction(writing=False):
        judge_id = the_person(judge).id
    ask(app, judge_id)
    number = second_sheets(app)[0].number
    own = browse(app, judge)
    first = own.get(f"{E}/proposals/{number}/sheets/presentation")
    second = own.get(f"{E}/proposals/{number}/sheets/second-look")
    assert "Dikirim dan dikunci" in first.text
    assert "Dikirim dan dikunci" not in second.text
    assert second.html.find("a", href=f"{E}/proposals/{number}/sheets/second-look") is None
    submit_all(app, 50)
    assert own.get(f"{E}/proposals/{number}/sheets/presentation").text.count("50,00") == 0


def test_what_was_asked_for_can_be_gone_on_without(app, organiser):
    ask(app, add_judge(app))
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        criteria = edition.criteria_of(HALL)
        begun, locked = db.session.scalars(
            sa.select(Sheet).where(Sheet.look == Look.SECOND).order_by(Sheet.id).limit(2)
        )
        for sheet in (begun, locked):
            marks = Marks({criterion.id: 70 for criterion in criteria}, {}, "")
            write_sheet(sheet, marks, criteria, version=sheet.version, now=now_of(edition))
        lock_sheet(locked, edition, by=locked.evaluator, now=now_of(edition))
        extra = db.session.scalars(sa.select(ExtraJudge.id)).one()
    refused = organiser.post(f"{PAGE}/judges/{extra}/removal", {"reason": ""})
    assert refused.status_code == 422
    sent = organiser.fill(PAGE, f"{PAGE}/judges/{extra}/removal", reason="Sakit.")
    assert sent.status_code == 302
    with app.app_context(), transaction(writing=False):
        left = db.session.scalars(sa.select(Sheet).where(Sheet.look == Look.SECOND)).all()
        assert {sheet.participation for sheet in left} == {
            Participation.COUNTS,
            Participation.EXCUSED,
        }
        assert budget_left(the_edition()) == BUDGET - 1
        assert ranking_of(the_edition()).is_complete
    again = organiser.post(f"{PAGE}/judges/{extra}/removal", {"reason": "Sakit."})
    assert again.status_code == 409


def test_it_ends_because_the_line_is_clear_the_budget_is_spent_or_for_a_reason(app, organiser):
    with app.app_context(), transaction(writing=False):
        assert actions.ending_of(the_edition()) is Ending.DECIDED
    refused = organiser.post(f"{PAGE}/end", {"reason": ""})
    assert (refused.status_code, "Alasan wajib diisi" in refused.text) == (
        422,
        True,
    )
    measured(app, {7: 0.5, 8: 0.5})
    with app.app_context(), transaction(writing=False):
        assert actions.ending_of(the_edition()) is Ending.DECIDED
    measured(app, {7: 0.97, 8: 0.03})
    with app.app_context(), transaction(writing=False):
        assert actions.ending_of(the_edition()) is Ending.CLEAR
    assert organiser.fill(PAGE, f"{PAGE}/end").status_code == 302
    with app.app_context(), transaction(writing=False):
        look = db.session.scalars(sa.select(SecondLook)).one()
        assert (look.ending, look.reason) == (Ending.CLEAR, "")
    with pytest.raises(NotAllowedNow, match="has ended"):
        ask(app, add_judge(app))


def test_a_spent_budget_ends_it(app):
    for name in ("satu", "dua"):
        ask(app, add_judge(app, name))
        submit_all(app)
    with app.app_context(), transaction(writing=False):
        assert actions.ending_of(the_edition()) is Ending.BUDGET


def test_the_result_is_prepared_once_the_second_look_has_ended(app, organiser):
    refused = prepare(organiser, {"empty": "2"})
    assert (refused.status_code, "telaah kedua" in refused.text.lower()) == (409, True)
    page = organiser.get(f"{E}/plenary")
    assert "belum berakhir" in page.text
    assert page.html.find(id="award-1") is None  # nothing is offered that would be refused
    organiser.fill(PAGE, f"{PAGE}/end", reason="Selisihnya cukup jelas.")
    page = organiser.get(f"{E}/plenary")
    assert "Selisihnya cukup jelas." in page.text
    assert page.html.find(id="award-1")
    assert prepare(organiser, {"empty": "2"}).status_code == 302


def test_what_has_changed_since_it_was_shown_is_not_asked_for(app, organiser):
    new = add_judge(app)
    form = organiser.form(PAGE, f"{PAGE}/judges")
    with app.app_context(), transaction(writing=True):
        the_edition().evaluation_revision += 1
    form["judge"] = str(new)
    assert send(form).status_code == 409
    assert second_sheets(app) == []


def test_who_does_not_judge_here_is_not_asked(app, organiser):
    with app.app_context(), transaction(writing=False):
        revision = the_edition().evaluation_revision
        stranger = the_person("sekretariat").id
    asked = {"judge": str(stranger), "material": "hearing", "revision": str(revision)}
    assert organiser.post(f"{PAGE}/judges", asked).status_code == 422
    unknown = asked | {"material": "rumour"}
    assert organiser.post(f"{PAGE}/judges", unknown).status_code == 422
    assert second_sheets(app) == []


def test_without_a_budget_there_is_no_second_look(app, organiser):
    with app.app_context(), transaction(writing=True):
        the_edition().second_look_budget = 0
    assert "tidak menetapkan telaah kedua" in organiser.get(PAGE).text
    assert organiser.post(f"{PAGE}/end", {"reason": "x"}).status_code == 409
    assert prepare(organiser, {"empty": "2"}).status_code == 302


def test_a_conflict_that_is_agreed_to_removes_both_sheets_of_a_judge(app):
    with app.app_context(), transaction(writing=False):
        person_id = the_person(judge).id
    ask(app, person_id)
    submit_all(app)
    number = second_sheets(app)[0].number
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        now = now_of(edition)
        proposal, person = the_proposal(number), db.session.get_one(Person, person_id)
        kind = ConflictKind.FAMILY
        declare_conflict(proposal, person, kind, reason="Saudara.", by=person, now=now)
        agree_to_conflict(proposal, person, kind, reason="Ya.", by=the_person(chair), now=now)
        own = sa.select(Sheet).where(
            Sheet.evaluator_id == person_id, Sheet.proposal_id == proposal.id, Sheet.kind == HALL
        )
        found = db.session.scalars(own).all()
        assert len(found) == 2
        assert {sheet.participation for sheet in found} == {Participation.RECUSED}


def test_who_owes_sheets_is_waited_for_and_reminded(app, browse, organiser):
    new = add_judge(app)
    ask(app, new)
    assert "Juri tambahan" in organiser.get(f"{E}/cockpit").text
    assert organiser.post(f"{E}/cockpit/reminders/second_look").status_code == 302
    with app.app_context(), transaction(writing=False):
        email = db.session.get_one(Person, new).email
        letters = db.session.scalars(sa.select(Letter.body).where(Letter.recipient == email)).all()
    assert any("telaah kedua" in body for body in letters)
    assert "telaah kedua" in browse(app, email).get("/my-work").text.lower()


def test_the_second_look_is_declared_with_the_adjusted_mean_before_scoring_opens(make_app, browse):
    organiser = browse(make_app("draft"), "sekretariat")
    refused = organiser.fill(f"{E}/settings", second_look_budget="24")
    assert (refused.status_code, "telaah kedua" in refused.text.lower()) == (422, True)
    rule = {"method": "adjusted", "method_rule": "Pasal 7.", "second_look_budget": "24"}
    assert organiser.fill(f"{E}/settings", **rule).status_code == 302
    assert "24 lembar" in organiser.get(f"{E}/ranking/method").text


def test_the_trail_knows_both_sheets_of_a_judge(app):
    with app.app_context(), transaction(writing=False):
        judge_id = the_person(judge).id
        before = len(differences_from_trail(the_edition()))
    ask(app, judge_id)
    submit_all(app)
    with app.app_context(), transaction(writing=False):
        assert len(differences_from_trail(the_edition())) == before
    with app.app_context(), transaction(writing=True):
        first = sa.select(Sheet).where(
            Sheet.evaluator_id == judge_id, Sheet.kind == HALL, Sheet.look == Look.FIRST
        )
        db.session.scalars(first.order_by(Sheet.id)).first().points += 1
    with app.app_context(), transaction(writing=False):
        assert len(differences_from_trail(the_edition())) == before + 1


def test_nobody_owes_a_sheet_of_who_no_longer_competes(app):
    ask(app, add_judge(app))
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        last = db.session.scalars(
            sa.select(Sheet).where(Sheet.look == Look.SECOND).order_by(Sheet.id.desc())
        ).first()
        last.proposal.status = Status.DISQUALIFIED
        edition.evaluation_revision += 1
    submit_all(app)
    with app.app_context(), transaction(writing=True):
        other = db.session.scalars(sa.select(Sheet).where(Sheet.look == Look.SECOND)).all()
        for sheet in other:
            if sheet.proposal.status is Status.DISQUALIFIED:
                sheet.locked_at = sheet.points = None
        assert owed_sheets(the_edition()) == []
        assert owed_by(the_edition()) == []
