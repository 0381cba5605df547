"""A form opened before somebody else saved overwrites nothing unseen, whatever has no version."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Picking, Role
from app.editions.models import Expertise, Membership
from app.proposals.models import Proposal
from app.proposals.queries import presenters
from app.screening.models import EligibilityFinding, Finding
from tests import cast
from tests.cast import ask
from tests.clients import form_of, names_of, send
from tests.conftest import E
from tests.factories import make_member, make_proposal, the_edition, the_person, the_proposal

pytestmark = pytest.mark.field("cases 2")

DECISION = f"{E}/proposals/{{number}}/decision"


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def number(app) -> int:
    """A proposal whose checklist is filled in."""
    with app.app_context(), transaction(writing=False):
        found = sa.select(EligibilityFinding.proposal_id)
        return db.session.scalars(
            sa.select(Proposal.number).where(Proposal.id.in_(found)).order_by(Proposal.number)
        ).first()


def findings(app, number: int) -> dict[int, tuple[Finding, str]]:
    with app.app_context(), transaction(writing=False):
        rows = sa.select(EligibilityFinding).where(
            EligibilityFinding.proposal_id == the_proposal(number).id
        )
        return {row.item_id: (row.finding, row.note) for row in db.session.scalars(rows)}


def test_two_screeners_of_one_checklist_keep_each_others_lines(app, browse, number):
    first, second = browse(app, cast.screener), browse(app, cast.other_screener)
    place = f"{E}/proposals/{number}/eligibility"
    early, late = first.form(place), second.form(place)
    line, other = list(findings(app, number))[:2]
    late[f"finding_{line}"], late[f"note_{line}"] = "fails", "Bukti hanya 8 bulan"
    assert send(late).status_code == 302
    early[f"note_{other}"] = "Lihat lampiran"
    assert send(early).status_code == 302
    assert findings(app, number)[line] == (Finding.FAILS, "Bukti hanya 8 bulan")
    assert findings(app, number)[other] == (Finding.MEETS, "Lihat lampiran")


def test_of_two_findings_on_one_line_the_second_is_asked(app, browse, number):
    first, second = browse(app, cast.screener), browse(app, cast.other_screener)
    place = f"{E}/proposals/{number}/eligibility"
    early, late = first.form(place), second.form(place)
    line = next(iter(findings(app, number)))
    late[f"finding_{line}"], late[f"note_{line}"] = "fails", "Bukti hanya 8 bulan"
    send(late)
    early[f"note_{line}"] = "Lengkap"
    refused = send(early)
    assert refused.status_code == 409
    assert "Bukti hanya 8 bulan" in refused.text
    assert "Lengkap" in refused.text
    assert findings(app, number)[line] == (Finding.FAILS, "Bukti hanya 8 bulan")
    again = refused.forms[max(key for key in refused.forms if isinstance(key, int))]
    assert send(again).status_code == 302
    assert findings(app, number)[line] == (Finding.MEETS, "Lengkap")


@pytest.mark.parametrize(
    ("account", "place", "action", "name", "first", "second"),
    [
        (
            "sekretariat",
            f"{E}/windows",
            "/windows/scoring",
            "closes_at",
            "2019-10-08T08:00",
            "2019-10-09T08:00",
        ),
        ("admin", "/organisations/1/agencies/2", None, "name", "Badan Riset", "Badan Inovasi"),
        ("sekretariat", DECISION, None, "outcome", "finalist", "reserve"),
    ],
)
def test_a_stale_tab_is_told_what_stands_and_keeps_what_was_typed(
    app, browse, number, account, place, action, name, first, second
):
    place, browser = place.format(number=number), browse(app, account)
    stale, fresh = browser.form(place, action), browser.form(place, action)
    for form in (stale, fresh):
        if "reason" in form.fields:
            form["reason"] = "Alasan"
    fresh[name] = first
    assert send(fresh).status_code == 302
    stale[name] = second
    refused = send(stale)
    assert refused.status_code == 409
    assert "Sementara itu orang lain telah mengubahnya" in refused.text
    assert second in refused.text


def test_two_organisers_of_an_evaluators_categories_are_told_of_each_other(app, browse):
    with app.app_context(), transaction(writing=False):
        held = sa.select(Membership).where(Membership.person_id == the_person(cast.screener).id)
        membership = db.session.scalars(held.where(Membership.role == Role.SCREENER)).one().id
    place, expertise = f"{E}/people/{membership}", f"/people/{membership}/expertise"
    browser = browse(app, "sekretariat")
    early = browser.form(place, expertise)
    late = browser.form(f"{E}/people?role=screener", expertise)
    late.set("category", True, 0)
    assert send(late).status_code == 302
    early.set("category", True, 1)
    refused = send(early)
    assert refused.status_code == 409
    assert known(app, membership) == chosen(late)
    again = form_of(refused, expertise)
    assert chosen(again) == chosen(early)
    assert send(again).status_code == 302
    assert known(app, membership) == chosen(early)


def known(app, membership: int) -> set[int]:
    """The categories (ids) that an evaluator knows."""
    with app.app_context(), transaction(writing=False):
        found = sa.select(Expertise.category_id).where(Expertise.membership_id == membership)
        return set(db.session.scalars(found))


def chosen(form) -> set[int]:
    """The categories (ids) that a form would send."""
    return {int(value) for name, value in form.submit_fields() if name == "category"}


def test_two_authors_of_one_finalists_wishes_are_told_of_each_other(make_app, browse):
    app = make_app("picking")
    with app.app_context(), transaction(writing=True):
        the_edition().picking = Picking.WISHES
    number = ask(app, cast.unplaced)[0]
    place, browser = f"{E}/proposals/{number}/wishes", browse(app, cast.author_of(number))
    early, late = browser.form(place), browser.form(place)
    slots = [value for value, *_ in early.fields["slot"][0].options if value]
    late.set("slot", slots[0], 0)
    assert send(late).status_code == 302
    early.set("slot", slots[1], 0)
    refused = send(early)
    assert refused.status_code == 409
    assert "Sementara itu orang lain telah mengubahnya" in refused.text
    assert browser.form(place).fields["slot"][0].value == slots[0]
    again = form_of(refused, place)
    assert again.fields["slot"][0].value == slots[1]
    assert send(again).status_code == 302
    assert browser.form(place).fields["slot"][0].value == slots[1]


@pytest.fixture
def pair(app, number) -> list[int]:
    """The ids of the two authors of a proposal."""
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        colleague = make_member(the_edition(), "Rekan", Role.INNOVATOR, agency=proposal.agency)
        proposal.authors.append(colleague)
        return [author.id for author in proposal.authors]


def choose(form, person: int | None):
    """Tick this author alone to present."""
    for box in form.fields["presenter"]:
        box.checked = box._value == str(person)
    return form


def presenting(app, number: int) -> set[int]:
    with app.app_context(), transaction(writing=False):
        return presenters(the_proposal(number))


def test_a_stale_choice_of_presenters_is_asked_and_kept(app, browse, number, pair):
    author = browse(app, cast.author_of(number))
    place = f"{E}/proposals/{number}/authors"
    stale, fresh = author.form(place, "/presenters"), author.form(place, "/presenters")
    assert send(choose(fresh, pair[0])).status_code == 302
    refused = send(choose(stale, pair[1]))
    assert refused.status_code == 409
    assert "Sementara itu orang lain telah mengubahnya" in refused.text
    assert presenting(app, number) == {pair[0]}
    again = next(
        form for form in refused.forms.values() if (form.action or "").endswith("/presenters")
    )
    assert [box._value for box in again.fields["presenter"] if box.checked] == [str(pair[1])]
    assert send(again).status_code == 302
    assert presenting(app, number) == {pair[1]}


def test_a_choice_of_presenters_does_not_leave_out_who_has_joined_since(app, browse, number, pair):
    author = browse(app, cast.author_of(number))
    stale = author.form(f"{E}/proposals/{number}/authors", "/presenters")
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        joined = make_member(the_edition(), "Baru", Role.INNOVATOR, agency=proposal.agency)
        proposal.authors.append(joined)
        joined_id = joined.id
    assert send(choose(stale, pair[0])).status_code == 409
    assert joined_id in presenting(app, number)


def test_nobody_to_present_it_is_said_beside_the_choice(app, browse, number, pair):
    author = browse(app, cast.author_of(number))
    form = author.form(f"{E}/proposals/{number}/authors", "/presenters")
    refused = send(choose(form, None))
    assert refused.status_code == 422
    assert "/presenters" in refused.text
    assert presenting(app, number) == set(pair)


@pytest.fixture
def delegate(app, browse, number):
    """Who orders an agency's entries, of which there are two at least."""
    with app.app_context(), transaction(writing=True):
        proposal = the_proposal(number)
        make_proposal(the_edition(), proposal.agency, *proposal.authors, title="Kedua")
        person = the_person(cast.author_of(number))
        held = sa.select(Membership).where(Membership.person_id == person.id)
        db.session.scalars(held).one().is_delegate = True
    return browse(app, cast.author_of(number))


def ranks(app) -> dict[int, int]:
    with app.app_context(), transaction(writing=False):
        placed = sa.select(Proposal.number, Proposal.agency_rank)
        return dict(db.session.execute(placed.where(Proposal.agency_rank.is_not(None))).all())


def test_a_stale_order_of_an_agencys_entries_is_asked_and_kept(app, delegate):
    place = f"{E}/proposals/entries"
    stale, fresh = delegate.form(place), delegate.form(place)
    first, second, *_ = names_of(fresh, "place-")
    fresh[first], fresh[second] = "1", "2"
    assert send(fresh).status_code == 302
    before = ranks(app)
    stale[first], stale[second] = "4", "3"
    refused = send(stale)
    assert refused.status_code == 409
    assert "1. P-" in refused.text
    assert ranks(app) == before
    again = next(form for form in refused.forms.values() if first in form.fields)
    assert (again[first].value, again[second].value) == ("4", "3")
    assert send(again).status_code == 302
    assert sorted(ranks(app).values()) == [3, 4]


def test_an_order_that_is_refused_stays_on_the_page(app, delegate):
    form = delegate.form(f"{E}/proposals/entries")
    first, second, *_ = names_of(form, "place-")
    form[first] = form[second] = "7"
    refused = send(form)
    assert refused.status_code == 422
    assert refused.text.count('value="7"') == 2
