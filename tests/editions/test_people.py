"""Who has been invited: what the organiser and the site administrator put right, on record."""

import json
import re

import pytest
import sqlalchemy as sa

from app import clock
from app.accounts.actions import person_named
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.audit.names import names_behind
from app.database import db, transaction
from app.demo.moments import PASSWORD
from app.editions.kinds import Role
from app.editions.models import Edition, Membership
from app.editions.parts import Category
from app.editions.units import Agency
from app.mail.models import Letter
from app.proposals.models import Proposal
from tests.cast import address, judge
from tests.clients import Browser
from tests.conftest import SLUG, E
from tests.factories import make_member, the_edition, the_person
from tests.plenaries import prepare

ADMIN = f"/organisations/1/editions/{SLUG}"
NEW = "kalimat yang mudah diingat"
RIGHT = "siti.benar@kab.example"
AS = {"name": "Siti Benar", "email": RIGHT}


@pytest.fixture
def app(make_app):
    return make_app("draft")


def member(app, role: Role = Role.OBSERVER, *, from_authorship: bool = False) -> int:
    """The membership of somebody whose invitation went to a mistyped address."""
    with app.app_context(), transaction(writing=True):
        agency = db.session.scalars(sa.select(Agency).order_by(Agency.id)).first()
        person = make_member(the_edition(), "Siti Slaah", role, agency=agency)
        held = db.session.scalars(sa.select(Membership).filter_by(person_id=person.id)).one()
        held.is_from_authorship = from_authorship
        return held.id


def alone(app) -> int:
    """The membership of the only organiser, whose address is mistyped."""
    with app.app_context(), transaction(writing=True):
        held = sa.select(Membership.id).where(Membership.role == Role.ORGANISER)
        others = list(db.session.scalars(held))
        make_member(the_edition(), "Siti Slaah", Role.ORGANISER)
        db.session.execute(sa.delete(Membership).where(Membership.id.in_(others)))
        return db.session.scalars(held).one()


def holder(app, membership: int) -> Person | None:
    with app.app_context(), transaction(writing=False):
        held = db.session.get(Membership, membership)
        found = held.person if held else None
        db.session.expunge_all()
        return found


def link_to(app, email: str) -> str:
    """The address of the newest invitation."""
    with app.app_context(), transaction(writing=False):
        found = sa.select(Letter.body).where(Letter.recipient == email).order_by(Letter.id.desc())
        return re.search(r"http://[^/]+(/links/\S+)", db.session.scalars(found).first())[1]


def accepted(app, browse) -> Browser:
    """The browser of who has accepted the invitation that went to the right address."""
    browser, form = browse(app), {"password": NEW, "again": NEW}
    assert browser.fill(link_to(app, RIGHT), **form).status_code == 302
    return browser


def letters(app) -> list[Letter]:
    with app.app_context(), transaction(writing=False):
        found = list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))
        db.session.expunge_all()
        return found


def records(app, action: str) -> list[dict]:
    with app.app_context(), transaction(writing=False):
        found = sa.select(AuditEntry.content).where(AuditEntry.action == action)
        rows = db.session.scalars(found.order_by(AuditEntry.sequence))
        return [json.loads(row) for row in rows]


@pytest.mark.field("empty 6")
def test_an_edition_whose_only_organiser_was_mistyped_gets_another(app, browse):
    mistyped, admin = alone(app), browse(app, "admin")
    assert ADMIN in admin.get("/organisations/1").text
    shown = admin.get(ADMIN).text
    assert "siti-slaah@factory.example" in shown
    assert "/removal" not in shown
    assert admin.fill(ADMIN, **AS, reason="Alamat salah ketik").status_code == 302
    assert records(app, "role.grant")[-1]["reason"] == "Alamat salah ketik"
    told = letters(app)[-1]
    assert told.recipient == "siti-slaah@factory.example"
    assert "Siti Benar" in told.body
    assert "Alamat salah ketik" in told.body
    assert accepted(app, browse).get(f"{E}/people").status_code == 200
    dismissal = f"/organisers/{mistyped}/removal"
    assert admin.fill(ADMIN, dismissal, reason="Alamat salah ketik").status_code == 302
    assert holder(app, mistyped) is None
    assert records(app, "role.revoke")[-1]["reason"] == "Alamat salah ketik"


@pytest.mark.field("empty 6")
def test_no_administrator_appoints_themself(app, browse):
    own = {"email": address(app, "admin").upper(), "name": "Admin", "reason": "Perlu cepat"}
    refused = browse(app, "admin").fill(ADMIN, **own)
    assert refused.status_code == 422
    assert "Perlu cepat" in refused.text
    assert browse(app, "admin").get(f"{E}/people").status_code == 403


@pytest.mark.field("empty 6")
def test_an_appointment_has_a_reason(app, browse):
    before = len(records(app, "role.grant"))
    assert browse(app, "admin").fill(ADMIN, **AS, reason=" ").status_code == 422
    assert len(records(app, "role.grant")) == before


@pytest.mark.field("empty 6")
def test_of_an_organiser_who_has_an_account_the_administrator_takes_nothing(app, browse):
    with app.app_context(), transaction(writing=False):
        found = sa.select(Membership.id).where(Membership.person_id == the_person("sekretariat").id)
        membership = db.session.scalars(found).first()
    member(app, Role.ORGANISER)
    place = f"{ADMIN}/organisers/{membership}/removal"
    assert browse(app, "admin").post(place, {"reason": "Pindah"}).status_code == 409
    assert holder(app, membership) is not None


@pytest.mark.field("empty 6")
@pytest.mark.parametrize(("reason", "status"), [("", 422), ("Salah", 409)])
def test_the_last_organiser_is_not_taken_away_nor_anybody_without_a_reason(
    app, browse, reason, status
):
    membership = alone(app)
    place = f"{ADMIN}/organisers/{membership}/removal"
    assert browse(app, "admin").post(place, {"reason": reason}).status_code == status
    assert holder(app, membership) is not None


@pytest.mark.field("empty 6")
def test_the_page_of_organisers_reaches_no_other_role_and_no_other_organisation(app, browse):
    observer, admin = member(app), browse(app, "admin")
    assert admin.post(f"{ADMIN}/organisers/{observer}/removal", {"reason": "X"}).status_code == 404
    assert admin.post(f"{ADMIN}/organisers/{observer}/invitation").status_code == 404
    admin.fill("/organisations", name="Kota Lain")
    assert admin.get(f"/organisations/2/editions/{SLUG}").status_code == 404


@pytest.mark.field("empty 9")
def test_somebody_from_outside_is_appointed_and_confirms_the_result(make_app, browse):
    app = make_app("plenary")
    with app.app_context(), transaction(writing=False):
        last = db.session.scalars(sa.select(Proposal.id).order_by(Proposal.number)).all()[-3:]
    reasons = {f"reason_2_{each}": "Alasan" for each in last}
    prepared = prepare(browse(app, "sekretariat"), {"chosen_2": last} | reasons)
    assert prepared.status_code == 302
    reason = "Semua anggota panitia berbenturan kepentingan"
    assert browse(app, "admin").fill(ADMIN, **AS, reason=reason).status_code == 302
    assert records(app, "role.grant")[-1]["reason"] == reason
    outside = accepted(app, browse)
    at = {"publish_at": "2019-10-07T10:00"}
    assert outside.fill(f"{E}/plenary", "/plenary/confirmation", **at).status_code == 302


@pytest.mark.field("empty 6")
@pytest.mark.parametrize("who", ["sekretariat", "admin"])
def test_an_invitation_is_sent_again_a_few_times_a_day(app, browse, who):
    membership = member(app, Role.ORGANISER)
    place = ADMIN if who == "admin" else f"{E}/people/{membership}"
    for _ in range(3):
        assert browse(app, who).fill(place, "/invitation").status_code == 302
    assert len(records(app, "role.invite_again")) == 3
    assert browse(app).get(link_to(app, "siti-slaah@factory.example")).status_code == 200
    sent = len(letters(app))
    assert browse(app, who).fill(place, "/invitation").status_code == 409
    assert len(letters(app)) == sent


@pytest.mark.field("empty 6")
def test_who_has_an_account_is_not_invited_again(app, browse):
    with app.app_context(), transaction(writing=False):
        held = sa.select(Membership.id).where(Membership.person_id == the_person(judge).id)
        membership = db.session.scalar(held)
    refused = browse(app, "sekretariat").post(f"{E}/people/{membership}/invitation")
    assert refused.status_code == 409


@pytest.mark.field("cases 15")
def test_a_mistyped_address_is_corrected_and_the_old_invitation_works_no_more(app, browse):
    membership, organiser = member(app), browse(app, "sekretariat")
    organiser.fill(f"{E}/people/{membership}", "/invitation")
    old = link_to(app, "siti-slaah@factory.example")
    assert organiser.fill(f"{E}/people/{membership}", **AS).status_code == 302
    assert (holder(app, membership).name, holder(app, membership).email) == ("Siti Benar", RIGHT)
    assert browse(app).get(old).status_code == 404
    assert browse(app).get(link_to(app, RIGHT)).status_code == 200
    name, email = [entry["facts"] for entry in records(app, "person.change")]
    with app.app_context(), transaction(writing=False):
        behind = names_behind(the_edition().id)
    assert [behind[name[side]] for side in ("before", "after")] == ["Siti Slaah", "Siti Benar"]
    assert email == {"email": "changed"}


@pytest.mark.field("cases 15")
def test_a_corrected_name_alone_sends_nothing(app, browse):
    membership, sent = member(app), len(letters(app))
    browse(app, "sekretariat").fill(f"{E}/people/{membership}", name="Siti Salah")
    assert holder(app, membership).name == "Siti Salah"
    assert len(letters(app)) == sent


@pytest.mark.field("cases 15")
def test_the_role_moves_to_the_account_that_the_right_address_has(app, browse):
    membership, known = member(app, Role.SCREENER), address(app, judge)
    with app.app_context(), transaction(writing=True):
        held = db.session.get_one(Membership, membership)
        held.categories = list(db.session.scalars(sa.select(Category).limit(2)))
    moved = browse(app, "sekretariat").fill(f"{E}/people/{membership}", name="Siti", email=known)
    assert moved.status_code == 302
    with app.app_context(), transaction(writing=False):
        mistyped = sa.select(Membership).join(Person).where(Person.name == "Siti Slaah")
        assert db.session.scalar(mistyped) is None
        now_held = db.session.get_one(Membership, int(moved.location.rpartition("/")[2]))
        assert (now_held.person.email, now_held.role) == (known, Role.SCREENER)
        assert now_held.person.name != "Siti"
        assert len(now_held.categories) == 2


@pytest.mark.field("cases 15")
def test_an_address_that_has_the_role_already_is_refused_in_words(app, browse):
    membership, place = member(app, Role.ORGANISER), f"{E}/people/{{}}"
    taken = {"name": "Siti", "email": address(app, "sekretariat")}
    refused = browse(app, "sekretariat").fill(place.format(membership), **taken)
    assert refused.status_code == 409
    assert taken["email"] in refused.text
    assert holder(app, membership).name == "Siti Slaah"


@pytest.mark.field("cases 15")
def test_a_role_that_came_with_a_proposal_does_not_move_alone(app, browse):
    membership = member(app, Role.INNOVATOR, from_authorship=True)
    taken = {"name": "Siti", "email": address(app, judge)}
    assert browse(app, "sekretariat").fill(f"{E}/people/{membership}", **taken).status_code == 409
    assert holder(app, membership).name == "Siti Slaah"


@pytest.mark.field("cases 15")
def test_whom_others_have_invited_too_is_theirs_and_only_the_role_moves(app, browse):
    membership = member(app)
    with app.app_context(), transaction(writing=True):
        elsewhere = Edition(
            organisation_id=1, slug="lain", name="Lain", created_at=clock.real_now()
        )
        db.session.add(elsewhere)
        db.session.flush()
        waiting = db.session.get_one(Membership, membership).person
        other = Membership(edition_id=elsewhere.id, person_id=waiting.id, role=Role.ORGANISER)
        db.session.add(other)
        db.session.flush()
        other_id = other.id
    place, organiser = f"{E}/people/{membership}", browse(app, "sekretariat")
    assert organiser.fill(place, name="Siti Benar").status_code == 409
    assert organiser.fill(place, **AS).status_code == 302
    assert holder(app, other_id).email == "siti-slaah@factory.example"
    assert holder(app, other_id).name == "Siti Slaah"
    assert browse(app).get(link_to(app, RIGHT)).status_code == 200


@pytest.mark.field("cases 15")
def test_who_has_an_account_is_not_renamed_by_the_organiser(app, browse):
    with app.app_context(), transaction(writing=False):
        found = the_person(judge)
        held, name = sa.select(Membership.id).where(Membership.person_id == found.id), found.name
        membership = db.session.scalar(held)
    organiser, place = browse(app, "sekretariat"), f"{E}/people/{membership}"
    assert "profil" in organiser.get(place).text
    assert organiser.post(place, dict(AS)).status_code == 409
    assert holder(app, membership).name == name


@pytest.mark.field("cases 15")
def test_with_the_last_role_the_invitation_ends(app, browse):
    membership, organiser = member(app), browse(app, "sekretariat")
    organiser.fill(f"{E}/people/{membership}", "/invitation")
    place = link_to(app, "siti-slaah@factory.example")
    assert organiser.post(f"{E}/people/{membership}/removal").status_code == 302
    assert browse(app).get(place).status_code == 404


def test_a_first_organiser_who_has_an_account_is_told(app, browse):
    known = address(app, judge)
    with app.app_context(), transaction(writing=True):
        person_named(known, "", now=clock.real_now())
    values = {"name": "2020", "slug": "luwu-2020", "first_day": "2020-10-01", "days": "1"}
    made = browse(app, "admin").fill("/organisations/1", "/editions", **values, organiser=known)
    assert made.status_code == 302
    assert letters(app)[-1].recipient == known
    assert browse(app).fill("/sign-in", email=known, password=PASSWORD).status_code == 302
