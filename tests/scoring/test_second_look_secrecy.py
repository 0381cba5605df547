"""Until a second look has ended no judge, in whatever role, knows what it is about."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Role
from app.editions.models import Membership
from app.scoring.second_look import actions
from tests.cast import chair, judge
from tests.clients import Browser
from tests.conftest import E
from tests.factories import the_edition, the_person
from tests.scoring.second_looks import PAGE, add_judge, ask, declare, now_of


@pytest.fixture
def app(make_app):
    found = make_app("plenary")
    declare(found)
    return found


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


def test_until_it_ends_no_judge_sees_ranking_band_or_anchors(app, browse, organiser):
    viewers = [browse(app, chair), browse(app, judge)]
    pages = [f"{E}/ranking", f"{E}/ranking/certainty", PAGE]
    for viewer in viewers:
        assert [viewer.get(address).status_code for address in pages] == [403] * 3
        assert "telaah kedua" in viewer.get(f"{E}/ranking").text
        assert not viewer.get(f"{E}/ranking/method").html.select("main table")
        assert "Gelisha" not in viewer.get(f"{E}/plenary").html.select_one("main").text
    assert [organiser.get(address).status_code for address in pages] == [200] * 3
    with app.app_context(), transaction(writing=True):
        actions.end_second_look(
            the_edition(), reason="Cukup.", by=the_person("sekretariat"), now=now_of(the_edition())
        )
    assert [viewers[1].get(address).status_code for address in pages] == [200] * 3


def test_the_progress_that_judges_see_does_not_tell_what_is_looked_at_again(app, browse, organiser):
    viewer, addresses = browse(app, judge), [f"{E}/scoring", f"{E}/scoring?open=1"]

    def shown(who: Browser) -> list[str]:
        return [who.get(address).html.select_one("main").text for address in addresses]

    before, known = shown(viewer), shown(organiser)
    ask(app, add_judge(app))
    assert shown(viewer) == before
    assert shown(organiser) != known
    assert "Juri tambahan" in shown(organiser)[1]


def test_an_organiser_who_judges_neither_runs_the_second_look_nor_exports_scores(app, browse):
    export = f"{E}/exports/presentation_scores.csv"
    with app.app_context(), transaction(writing=True):
        edition, person = the_edition(), the_person(judge)
        held = sa.select(Membership).where(
            Membership.person_id == person.id, Membership.role == Role.JUDGE
        )
        agency_id = db.session.scalars(held).one().agency_id
        db.session.add(
            Membership(
                edition_id=edition.id,
                person_id=person.id,
                role=Role.ORGANISER,
                agency_id=agency_id,
            )
        )
    both = browse(app, judge)
    assert both.get(PAGE).status_code == 403
    asked = both.post(f"{PAGE}/judges", {"judge": "1", "material": "hearing", "revision": "0"})
    assert asked.status_code == 403
    assert len(both.get(export).text.splitlines()) == 1
    with app.app_context(), transaction(writing=True):
        actions.end_second_look(
            the_edition(), reason="Cukup.", by=the_person("sekretariat"), now=now_of(the_edition())
        )
    assert len(both.get(export).text.splitlines()) > 1000


def test_the_trail_says_that_somebody_was_asked_but_not_about_what(app, organiser):
    ask(app, add_judge(app))
    trail = organiser.get(f"{E}/audit").text
    assert "Juri tambahan diminta menelaah" in trail
    assert "anchors" not in trail


def test_the_chair_does_not_see_who_looks_again_where_sheets_are_reopened(app, browse):
    with app.app_context(), transaction(writing=False):
        judge_id = the_person(judge).id
    own, numbers = browse(app, chair), range(1, 28)

    def shown() -> list[str]:
        pages = (own.get(f"{E}/proposals/{number}/reopening") for number in numbers)
        return [page.html.select_one("main").text for page in pages if page.status_code == 200]

    before = shown()
    assert len(before) > 20
    ask(app, judge_id)
    assert shown() == before


def test_where_every_organiser_judges_the_plenary_asks_for_one_from_outside(app, browse):
    organiser = browse(app, "sekretariat")
    assert organiser.get(f"{E}/plenary").html.find(id="lacking") is None
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        held = sa.select(Membership).where(Membership.person_id == the_person(judge).id)
        agency_id = db.session.scalars(held).first().agency_id
        db.session.add(
            Membership(
                edition_id=edition.id,
                person_id=the_person("sekretariat").id,
                role=Role.JUDGE,
                agency_id=agency_id,
            )
        )
    assert organiser.get(f"{E}/plenary").html.find(id="lacking") is not None
