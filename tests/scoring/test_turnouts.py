"""Fewer judges than the quorum: said on the ranking, in the plenary, and before one is excused."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.evaluation.models import Participation, Sheet
from app.evaluation.quorum import Turnout
from app.evaluation.standings import update_standings
from app.programme.models import Appearance
from app.proposals.models import Proposal
from app.schedule.draft.models import Panel
from app.scoring.turnouts import turnouts_of
from tests import cast
from tests.cast import ask
from tests.clients import Browser
from tests.conftest import E
from tests.factories import bar, the_edition, the_person, the_proposal

PRESENTATION = SheetKind.PRESENTATION


@pytest.fixture
def app(make_app):
    return make_app("plenary")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


def excuse_all_but(app, number: int, left: int) -> None:
    with app.app_context(), transaction(writing=True):
        edition, proposal = the_edition(), the_proposal(number)
        own = sa.select(Sheet).where(Sheet.proposal_id == proposal.id, Sheet.kind == PRESENTATION)
        for sheet in db.session.scalars(own.order_by(Sheet.id)).all()[left:]:
            sheet.participation = Participation.EXCUSED
        update_standings(edition.id, [proposal.id], PRESENTATION)


def sit(app, number: int, quorum: int, *, on_its_day: bool) -> None:
    """Let a panel with this quorum sit where a proposal is presented, on its day or every day."""
    with app.app_context(), transaction(writing=True):
        edition, appearance = the_edition(), db.session.get_one(Appearance, the_proposal(number).id)
        appearance.room_id = edition.rooms[0].id
        day = appearance.starts_at.astimezone(edition.zone).date() if on_its_day else None
        panel = Panel(edition_id=edition.id, name=f"Panel {quorum}", quorum=quorum, seats=quorum)
        panel.room_id, panel.day = appearance.room_id, day
        db.session.add(panel)


def turnout(app, number: int) -> Turnout:
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(number).id
        return turnouts_of(the_edition(), [proposal])[proposal]


@pytest.mark.field("empty 8")
def test_ranking_and_plenary_name_who_lacks_the_quorum(app, organiser):
    for page in ("ranking", "plenary"):
        assert "juri dihitung" not in organiser.get(f"{E}/{page}")
    excuse_all_but(app, 11, left=2)
    with app.app_context(), transaction(writing=False):
        title = the_proposal(11).title
    for page in ("ranking", "plenary"):
        shown = organiser.get(f"{E}/{page}").html.select("#short li")
        texts = [" ".join(each.get_text().split()) for each in shown]
        assert texts == [f"P-011 {title}: 2 dari 3 juri dihitung"]


@pytest.mark.field("empty 8")
def test_the_quorum_is_that_of_the_panel_which_sits_there_on_that_day(app):
    assert turnout(app, 11) == Turnout(6, 3)
    sit(app, 11, 7, on_its_day=False)
    assert turnout(app, 11) == Turnout(6, 7)
    sit(app, 11, 5, on_its_day=True)
    assert turnout(app, 11) == Turnout(6, 5)


@pytest.mark.field("empty 8")
def test_a_presentation_without_any_sheet_lacks_the_quorum(app):
    with app.app_context(), transaction(writing=True):
        sheets = sa.select(Sheet).where(Sheet.proposal_id == the_proposal(11).id)
        for sheet in db.session.scalars(sheets.where(Sheet.kind == PRESENTATION)):
            db.session.delete(sheet)
        update_standings(the_edition().id, [the_proposal(11).id], PRESENTATION)
    assert turnout(app, 11) == Turnout(0, 3)


@pytest.mark.field("empty 8")
def test_rule_3_who_is_barred_does_not_read_of_it(app, organiser):
    excuse_all_but(app, 11, left=2)
    bar(app, "sekretariat", 11)
    with app.app_context(), transaction(writing=True):
        the_edition().closed_at = the_edition().created_at
    assert organiser.get(f"{E}/ranking").status_code == 200
    for page in ("ranking", "plenary"):
        assert "juri dihitung" not in organiser.get(f"{E}/{page}")


@pytest.mark.field("empty 8")
def test_as_many_queries_for_many_as_for_one(app, organiser, counted):
    counts = []
    for numbers in ([11], range(3, 27)):
        for number in numbers:
            excuse_all_but(app, number, left=2)
        organiser.get(f"{E}/ranking")
        with counted(app) as count:
            organiser.get(f"{E}/ranking")
        counts.append(len(count.statements))
    assert counts[1] <= counts[0]  # where a place differs by the other method, two more say why


@pytest.mark.field("empty 8")
def test_before_a_judge_is_excused_the_chair_and_who_agrees_are_warned(make_app, browse):
    app = make_app("scoring")
    number = ask(app, cast.unscored(PRESENTATION))[0]
    chair, organiser = browse(app, cast.chair), browse(app, "sekretariat")
    page, warning = f"{E}/proposals/{number}/reopening", "kurang dari kuorum"
    assert warning not in chair.get(page)
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(number)
        counting = sa.select(Sheet).where(
            Sheet.proposal_id == proposal.id, Sheet.kind == PRESENTATION, Sheet.counts
        )
        count = len(db.session.scalars(counting).all())
    with app.app_context(), transaction(writing=True):
        the_edition().quorum = count
        own = counting.where(Sheet.evaluator_id == the_person(cast.chair).id)
        own_id = db.session.scalars(own).one().id
    assert f"Setelah ini tersisa {count - 1} dari {count} juri" in chair.get(page)
    data = {"sheet": own_id, "reason": "Sakit"}
    assert chair.post(f"{E}/proposals/{number}/excusal", data).status_code == 302
    assert warning in organiser.get(f"{E}/scoring")
    assert organiser.post(f"{E}/proposals/{number}/requests", {"sheet": own_id}).status_code == 302
    assert turnout(app, number) == Turnout(count - 1, count)


def test_only_competing_proposals_have_a_turnout(app):
    with app.app_context(), transaction(writing=True):
        the_proposal(11).status = "disqualified"
        ids = db.session.scalars(sa.select(Proposal.id)).all()
        assert the_proposal(11).id not in turnouts_of(the_edition(), ids)
