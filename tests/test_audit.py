"""The audit chain: append-only, and any change is found."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.audit.chain import verify_chain
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.queries import edition_named
from tests.conftest import SLUG

TRIGGERS = {
    "sqlite": "DROP TRIGGER audit_entry_no_update",
    "postgresql": "DROP TRIGGER audit_entry_no_update ON audit_entry",
}


def test_every_action_of_the_demo_stands_in_an_intact_chain(make_app):
    app = make_app("published")
    with app.app_context(), transaction(writing=False):
        verdict = verify_chain(edition_named(SLUG).id)
        actions = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert verdict.holds
    assert {
        "proposal.submit",
        "decision.announce",
        "slot.pick",
        "sheet.lock",
        "result.confirm",
    } <= actions


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"]
)
def test_the_table_refuses_to_change_or_lose_an_entry(make_app, statement):
    app = make_app("draft")
    with (
        app.app_context(),
        pytest.raises(DatabaseError, match="append-only"),
        transaction(writing=True),
    ):
        db.session.execute(sa.text(statement))


def test_verify_finds_the_first_entry_that_was_tampered_with(make_app, database):
    app = make_app("draft")
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.text(TRIGGERS[database]))
        for sequence in (7, 9):
            db.session.execute(
                sa.update(AuditEntry).where(AuditEntry.sequence == sequence).values(content="{}")
            )

    result = app.test_cli_runner().invoke(args=["audit", "verify", SLUG])

    assert result.exit_code == 1
    assert "broken at entry 7" in result.output


def test_verify_ends_well_on_an_intact_chain(make_app):
    result = make_app("draft").test_cli_runner().invoke(args=["audit", "verify", SLUG])
    assert (result.exit_code, "all as recorded" in result.output) == (0, True)
