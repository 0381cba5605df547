"""A form opened before somebody else saved overwrites nothing unseen, whatever has no version."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.proposals.models import Proposal
from app.screening.models import EligibilityFinding, Finding
from tests import cast
from tests.clients import send
from tests.conftest import E
from tests.factories import the_proposal

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
    assert "Ada yang mengubahnya" in refused.text
    assert second in refused.text
