"""A page needs no more queries for 300 proposals than for 3."""

import pytest
import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.evaluation.models import Sheet, Standing
from app.proposals.models import Proposal
from app.web.shared import forget
from app.workflow import Status
from tests.cast import Part, innovator, judge
from tests.conftest import E
from tests.factories import make_proposal, make_sheet_like, the_edition

PAGES = [
    ("sekretariat", f"{E}/proposals"),
    ("sekretariat", f"{E}/screening"),
    ("sekretariat", f"{E}/slots"),
    ("sekretariat", f"{E}/scoring"),
    ("sekretariat", f"{E}/ranking"),
    ("sekretariat", f"{E}/plenary"),
    ("sekretariat", f"{E}/conflicts"),
    ("sekretariat", f"{E}/announcement"),
    ("sekretariat", f"{E}/cockpit"),
    ("sekretariat", "/my-work"),
    (judge, f"{E}/sheets/presentation"),
    (judge, "/my-work"),
    (innovator, f"{E}/slots"),
    ("sekretariat", f"{E}/arrangement"),
    ("sekretariat", f"{E}/schedule/warnings"),
    ("sekretariat", f"{E}/schedule/versions"),
    ("sekretariat", f"{E}/schedule/plan"),
    ("sekretariat", f"{E}/panels"),
    ("sekretariat", f"{E}/absences"),
    ("sekretariat", f"{E}/day"),
    (judge, f"{E}/calendar"),
    (None, "/"),
    (None, E),
    (None, f"{E}/presentations.json"),
    (None, f"{E}/schedule.atom"),
    (None, f"{E}/wall"),
    (None, f"{E}/innovations"),
    (None, f"{E}/schedule"),
    (None, f"{E}/agencies"),
    (None, f"{E}/results"),
]


def add_proposals(app, count: int) -> None:
    """Add copies of the last finalist still to present, in every table that a list reads."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        finalists = sa.select(Proposal).where(Proposal.status == Status.FINALIST)
        model = db.session.scalars(finalists.order_by(Proposal.number.desc())).first()
        edition.evaluation_revision += 1
        sheets = db.session.scalars(sa.select(Sheet).where(Sheet.proposal_id == model.id)).all()
        standings = db.session.scalars(
            db.select(Standing).where(Standing.proposal_id == model.id)
        ).all()
        for place in range(count):
            proposal = make_proposal(
                edition,
                model.agency,
                *model.authors,
                status=Status.PRESENTED if place % 2 else Status.SUBMITTED,
                category_id=model.category_id,
            )
            for sheet in sheets:
                make_sheet_like(sheet, proposal, is_blank=sheet.kind is not SheetKind.DESK)
            for standing in standings:
                columns = sa.inspect(Standing).column_attrs.keys()
                values = {key: getattr(standing, key) for key in columns if key != "proposal_id"}
                db.session.add(Standing(proposal_id=proposal.id, **values))


def queries(app, browse, counted) -> dict[tuple[str | Part | None, str], int]:
    found = {}
    for who, path in PAGES:
        browser = browse(app, who)
        browser.get(path)  # what is loaded once, such as templates, is loaded now
        forget(app)  # what is asked when a public page is made anew
        with counted(app) as count:
            assert browser.get(path).status_code == 200
        found[who, path] = len(count.statements)
    return found


@pytest.mark.parametrize("moment", ["scoring"])
def test_pages_need_no_more_queries_for_300_proposals_than_for_3(make_app, browse, counted, moment):
    app = make_app(moment)
    add_proposals(app, 3)
    few = queries(app, browse, counted)
    add_proposals(app, 300)
    many = queries(app, browse, counted)

    more = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert more == {}
    assert max(many.values()) <= 26
