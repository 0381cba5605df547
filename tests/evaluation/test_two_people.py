"""Where two must agree: late conflicts, locked sheets, own roles; and one truth about both."""

import re

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db, transaction
from app.editions.actions import change_agency
from app.editions.kinds import Role, SheetKind
from app.editions.models import Membership
from app.editions.units import Agency
from app.evaluation.models import Participation, Sheet, Standing
from app.mail.models import Letter
from app.proposals.models import Proposal
from tests import cast
from tests.cast import ask, author_of, judge, screener
from tests.clients import Browser
from tests.conftest import E
from tests.evaluation.acting import actions_on, lock
from tests.factories import the_edition, the_person, the_proposal
from tests.plenaries import prepare

FAMILY = {"kind": "family", "reason": "Ipar"}


@pytest.fixture
def done(scoring) -> int:
    """A presentation that everybody has scored."""
    return ask(scoring, cast.scored(SheetKind.PRESENTATION))[0]


def sheet_of(app, number: int, who, kind=SheetKind.PRESENTATION) -> Sheet:
    with app.app_context(), transaction(writing=False):
        sheet = db.session.scalars(
            sa.select(Sheet)
            .join(Sheet.proposal)
            .where(
                Proposal.number == number,
                Sheet.evaluator_id == the_person(who).id,
                Sheet.kind == kind,
            )
        ).one()
        db.session.expunge_all()
        return sheet


def counting(app, number: int, kind=SheetKind.PRESENTATION) -> int:
    """How many sheets the standing of a proposal rests on."""
    with app.app_context(), transaction(writing=False):
        standing = sa.select(Standing.sheets_expected).join(Standing.proposal)
        return db.session.scalar(standing.where(Proposal.number == number, Standing.kind == kind))


# a conflict that arises after a sheet exists


@pytest.fixture
def picking(make_app):
    return make_app("picking")


@pytest.fixture
def judged(picking) -> int:
    """A proposal that a screener has evaluated."""
    with picking.app_context(), transaction(writing=False):
        own = sa.select(Proposal.number).join(Sheet).where(Sheet.kind == SheetKind.DESK)
        mine = own.where(Sheet.evaluator_id == the_person(screener).id, Sheet.is_locked)
        return db.session.scalars(mine.order_by(Proposal.number)).first()


@pytest.mark.field("cases 1")
def test_rule_3_a_role_that_brings_a_conflict_recuses_a_sheet_that_exists(picking, browse, judged):
    organiser, before = browse(picking, "sekretariat"), counting(picking, judged, SheetKind.DESK)
    with picking.app_context(), transaction(writing=False):
        agency, person = the_proposal(judged).agency_id, the_person(screener)
        fields = {"email": person.email, "name": person.name}
    given = organiser.post(f"{E}/people", fields | {"role": "observer", "agency": str(agency)})
    assert given.status_code == 302
    assert counting(picking, judged, SheetKind.DESK) == before - 1
    sheet = sheet_of(picking, judged, screener, SheetKind.DESK)
    assert (sheet.participation, sheet.is_locked) == (Participation.RECUSED, True)
    assert actions_on(picking, "sheet.recuse")
    with picking.app_context(), transaction(writing=False):
        letters = sa.select(Letter.subject).where(Letter.recipient == fields["email"])
        assert any("Konflik kepentingan" in subject for subject in db.session.scalars(letters))


@pytest.mark.field("cases 1")
def test_rule_3_a_tree_that_moves_recuses_a_sheet_that_exists(picking, browse, judged):
    before = counting(picking, judged, SheetKind.DESK)
    with picking.app_context(), transaction(writing=True):
        edition, person = the_edition(), the_person(screener)
        unit = db.session.scalars(sa.select(Agency).where(Agency.code == "perpus")).one()
        db.session.execute(
            sa.update(Membership).where(Membership.person_id == person.id).values(agency_id=unit.id)
        )
        moved = the_proposal(judged).agency
        values = {"name": moved.name, "kind": moved.kind, "parent": unit}
        change_agency(moved, **values, by=the_person("admin"), now=clock.now())
        assert edition.organisation_id == unit.organisation_id
    assert counting(picking, judged, SheetKind.DESK) == before - 1


@pytest.mark.field("cases 1")
def test_a_recused_sheet_counts_again_once_the_mistake_is_undone_and_somebody_says_why(
    picking, browse, judged
):
    organiser, before = browse(picking, "sekretariat"), counting(picking, judged, SheetKind.DESK)
    with picking.app_context(), transaction(writing=False):
        agency, person = the_proposal(judged).agency_id, the_person(screener)
        fields = {"email": person.email, "name": person.name}
    organiser.post(f"{E}/people", fields | {"role": "observer", "agency": str(agency)})
    sheet = sheet_of(picking, judged, screener, SheetKind.DESK)
    restore = f"{E}/conflicts/recusal/removal"
    still_barred = organiser.post(restore, {"sheet": sheet.id, "reason": "Salah instansi"})
    assert still_barred.status_code == 409
    with picking.app_context(), transaction(writing=False):
        role = sa.select(Membership.id).where(Membership.role == Role.OBSERVER)
        mistake = db.session.scalar(role.where(Membership.person_id == sheet.evaluator_id))
    organiser.post(f"{E}/people/{mistake}/removal")
    assert counting(picking, judged, SheetKind.DESK) == before - 1  # not by itself
    answer = organiser.fill(f"{E}/conflicts", "/recusal/removal", reason="Salah instansi")
    assert answer.status_code == 302
    assert counting(picking, judged, SheetKind.DESK) == before
    assert actions_on(picking, "sheet.restore") == ["sheet.restore"]


@pytest.mark.field("cases 1")
def test_rule_14_a_confirmed_result_stays_as_it_was_judged_until_it_is_taken_back(make_app, browse):
    app = make_app("plenary")
    organiser, chair = browse(app, "sekretariat"), browse(app, cast.chair)
    number = ask(app, cast.own_entries(author_of(1)))[0]
    prepare_the_last(app, organiser)
    at = {"publish_at": "2019-10-07T10:00"}
    assert chair.fill(f"{E}/plenary", "/plenary/confirmation", **at).status_code == 302
    before = counting(app, number)
    with app.app_context(), transaction(writing=True):
        kept = sa.select(Membership.agency_id).where(Membership.person_id == the_person(judge).id)
        own = db.session.scalar(sa.select(Agency).where(Agency.id.in_(origins(kept))))
        moved = db.session.get_one(Agency, the_proposal(number).agency.origin_id)
        values = {"name": moved.name, "kind": moved.kind, "parent": own}
        change_agency(moved, **values, by=the_person("admin"), now=clock.now())
    assert counting(app, number) == before
    taken_back = chair.post(f"{E}/plenary/confirmation/removal", {"reason": "Salah waktu"})
    assert taken_back.status_code == 302
    assert counting(app, number) < before


def origins(kept: sa.Select) -> sa.Select:
    """Select the agencies as they are now of those that a confirmed edition keeps."""
    return sa.select(Agency.origin_id).where(Agency.id.in_(kept))


def prepare_the_last(app, organiser: Browser) -> None:
    with app.app_context(), transaction(writing=False):
        last = db.session.scalars(sa.select(Proposal.id).order_by(Proposal.number)).all()[-3:]
    reasons = {f"reason_2_{each}": "Alasan" for each in last}
    assert prepare(organiser, {"chosen_2": last} | reasons).status_code == 302


# declared after one's own sheet is locked


@pytest.mark.field("security F3")
def test_rule_15_a_conflict_declared_after_locking_counts_once_the_chair_agrees(
    scoring, browse, done
):
    late, chair = browse(scoring, judge), browse(scoring, cast.chair)
    before = counting(scoring, done)
    assert "baru berlaku" in late.get(f"{E}/proposals/{done}/conflict").text
    assert late.post(f"{E}/proposals/{done}/conflict", FAMILY).status_code == 302
    assert counting(scoring, done) == before
    assert "1" in re.findall(r"Menunggu persetujuan.*?\((\d+)\)", chair.get(f"{E}/conflicts").text)
    for other in (late, browse(scoring, "sekretariat")):
        assert other.post(f"{E}/conflicts/agreement", named(scoring, done)).status_code == 403
    assert chair.fill(f"{E}/conflicts", "/conflicts/agreement").status_code == 302
    assert counting(scoring, done) == before - 1


@pytest.mark.field("security F3")
def test_rule_15_what_the_chair_declines_leaves_the_sheet_as_it_is(scoring, browse, done):
    late, chair = browse(scoring, judge), browse(scoring, cast.chair)
    before = counting(scoring, done)
    late.post(f"{E}/proposals/{done}/conflict", FAMILY)
    place = f"{E}/conflicts/agreement/removal"
    assert chair.post(place, named(scoring, done) | {"reason": ""}).status_code == 422
    assert chair.post(place, named(scoring, done) | {"reason": "Bukan"}).status_code == 302
    assert counting(scoring, done) == before
    assert chair.post(place, named(scoring, done) | {"reason": "Bukan"}).status_code == 409


@pytest.mark.field("security F3")
def test_rule_15_of_the_chairs_own_late_conflict_an_organiser_agrees(scoring, browse, done):
    chair, organiser = browse(scoring, cast.chair), browse(scoring, "sekretariat")
    before = counting(scoring, done)
    chair.post(f"{E}/proposals/{done}/conflict", FAMILY)
    own = named(scoring, done, cast.chair)
    assert chair.post(f"{E}/conflicts/agreement", own).status_code == 403
    assert organiser.fill(f"{E}/conflicts", "/conflicts/agreement").status_code == 302
    assert counting(scoring, done) == before - 1


def named(app, number: int, who=judge) -> dict[str, object]:
    with app.app_context(), transaction(writing=False):
        ids = {"person": the_person(who).id, "proposal": the_proposal(number).id}
    return ids | {"kind": "family"}


# locked sheets


@pytest.mark.field("security F2")
def test_rule_15_the_chair_reopens_a_sheet_alone_only_before_scores_can_be_read(
    scoring, browse, number, done
):
    chair, organiser = browse(scoring, cast.chair), browse(scoring, "sekretariat")
    lock(browse(scoring, judge), number, "70")
    early = {"sheet": sheet_of(scoring, number, judge).id, "reason": "Salah ketik"}
    chair.post(f"{E}/proposals/{number}/reopening", early)
    assert not sheet_of(scoring, number, judge).is_locked
    late = {"sheet": sheet_of(scoring, done, judge).id, "reason": "Salah ketik"}
    assert chair.post(f"{E}/proposals/{done}/reopening", late).status_code == 302
    assert sheet_of(scoring, done, judge).is_locked
    assert "Salah ketik" in organiser.get(f"{E}/scoring").text
    for nobody in (chair, browse(scoring, judge)):
        assert nobody.post(f"{E}/proposals/{done}/requests", late).status_code == 403
    assert organiser.fill(f"{E}/scoring", "/requests").status_code == 302
    assert not sheet_of(scoring, done, judge).is_locked
    assert organiser.post(f"{E}/proposals/{done}/requests", late).status_code == 404


@pytest.mark.field("security F2")
def test_rule_15_the_chair_never_reopens_a_sheet_of_their_own_alone(scoring, browse, number):
    chair, organiser = browse(scoring, cast.chair), browse(scoring, "sekretariat")
    lock(chair, number, "70")
    own = {"sheet": sheet_of(scoring, number, cast.chair).id, "reason": "Salah ketik"}
    chair.post(f"{E}/proposals/{number}/reopening", own)
    assert sheet_of(scoring, number, cast.chair).is_locked
    assert organiser.fill(f"{E}/scoring", "/requests/removal").status_code == 302
    assert sheet_of(scoring, number, cast.chair).is_locked
    assert actions_on(scoring, "sheet.decline") == ["sheet.decline_reopen"]


@pytest.mark.field("security F2")
def test_rule_15_a_sheet_once_reopened_is_not_left_out_by_the_chair_alone(scoring, browse, number):
    chair, organiser = browse(scoring, cast.chair), browse(scoring, "sekretariat")
    lock(browse(scoring, judge), number, "70")
    data = {"sheet": sheet_of(scoring, number, judge).id, "reason": "Sakit"}
    chair.post(f"{E}/proposals/{number}/reopening", data)
    chair.post(f"{E}/proposals/{number}/excusal", data)
    assert sheet_of(scoring, number, judge).counts
    assert organiser.fill(f"{E}/scoring", "/requests").status_code == 302
    assert not sheet_of(scoring, number, judge).counts


# one's own roles


def membership(app, who, role: Role) -> int:
    with app.app_context(), transaction(writing=False):
        return db.session.scalar(
            sa.select(Membership.id).where(
                Membership.person_id == the_person(who).id, Membership.role == role
            )
        )


def make_organiser(app, who) -> None:
    with app.app_context(), transaction(writing=True):
        person = the_person(who).id
        role = {"edition_id": the_edition().id, "person_id": person, "role": Role.ORGANISER}
        db.session.add(Membership(**role))


@pytest.mark.field("security F5")
def test_rule_15_an_organiser_does_not_take_off_the_role_that_recuses_them(picking, browse):
    make_organiser(picking, author_of(1))
    both = browse(picking, author_of(1))
    own = membership(picking, author_of(1), Role.INNOVATOR)
    assert both.post(f"{E}/people/{own}/removal").status_code == 409
    assert membership(picking, author_of(1), Role.INNOVATOR) == own


@pytest.mark.field("security F5")
def test_rule_15_after_scoring_has_opened_no_role_that_recuses_a_judge_is_taken_away(
    scoring, browse
):
    with scoring.app_context(), transaction(writing=True):
        role = {"edition_id": the_edition().id, "role": Role.OBSERVER}
        agency = the_proposal(1).agency_id
        db.session.add(Membership(**role, person_id=the_person(judge).id, agency_id=agency))
    other = membership(scoring, judge, Role.OBSERVER)
    assert browse(scoring, "sekretariat").post(f"{E}/people/{other}/removal").status_code == 409


@pytest.mark.field("security F20")
def test_rule_15_nobody_makes_themself_judge_or_chair(picking, browse):
    organiser = browse(picking, "sekretariat")
    with picking.app_context(), transaction(writing=False):
        person = the_person("sekretariat")
        fields = {"email": person.email, "name": person.name, "title": "Juri", "role": "judge"}
        agency = db.session.scalar(sa.select(Agency.id).where(Agency.code == "bappeda"))
    answer = organiser.post(f"{E}/people", fields | {"agency": str(agency)})
    assert answer.status_code == 409
    make_organiser(picking, judge)
    own = membership(picking, judge, Role.JUDGE)
    assert browse(picking, judge).post(f"{E}/people/{own}/chair").status_code == 409
    assert organiser.post(f"{E}/people/{own}/chair").status_code == 302
