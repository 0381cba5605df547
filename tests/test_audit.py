"""The audit chain: append-only, and any change is found."""

import csv
import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app import clock
from app.audit.chain import record, verify_chain
from app.audit.models import AuditEntry
from app.dashboard.trail import ACTIONS
from app.database import db, transaction
from app.editions.queries import edition_named, locked_edition
from tests.conftest import SLUG, E

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


def verified(app, *options: str):
    return app.test_cli_runner().invoke(args=["audit", "verify", SLUG, *options])


def change(app, database, *statements: str) -> None:
    """Change the tables behind the application's back."""
    with app.app_context(), transaction(writing=True):
        for trigger in (TRIGGERS[database], TRIGGERS[database].replace("update", "delete")):
            db.session.execute(sa.text(trigger))
        for statement in statements:
            db.session.execute(sa.text(statement))


def head_of(app) -> str:
    with app.app_context(), transaction(writing=False):
        return verify_chain(edition_named(SLUG).id).head


@pytest.mark.field("security F16")
@pytest.mark.parametrize(
    "cut", ["DELETE FROM audit_entry WHERE sequence > 100", "DELETE FROM audit_entry"]
)
def test_verify_finds_that_the_tail_or_all_is_gone(make_app, database, cut):
    app = make_app("plenary")
    change(app, database, cut)
    result = verified(app)
    assert (result.exit_code, "were recorded" in result.output) == (1, True)


@pytest.mark.field("security F16")
def test_verify_takes_the_fingerprint_that_judges_hold(make_app, database):
    app = make_app("plenary")
    held = head_of(app)
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        record(edition.id, "later.act", by=None, now=clock.now())
    assert verified(app, "--head", held).exit_code == 0
    wrong = verified(app, "--head", "0" * 64)
    assert (wrong.exit_code, "another" in wrong.output) == (1, True)


@pytest.mark.field("security F16")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sheet SET points = points - 1000000 WHERE id = 1",
        "UPDATE award SET reason = 'lain' WHERE id = (SELECT max(id) FROM award)",
        "DELETE FROM award WHERE id = (SELECT max(id) FROM award)",
    ],
)
def test_verify_compares_with_the_tables(make_app, statement):
    app = make_app("published")
    assert verified(app).exit_code == 0
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.text(statement))
    result = verified(app)
    assert (result.exit_code, "from what was" in result.output) == (1, True)


@pytest.mark.field("security F16")
def test_the_page_of_the_trail_takes_the_fingerprint_too(make_app, browse):
    app = make_app("plenary")
    observer, held = browse(app, "pengamat"), head_of(app)
    assert "Sidik digital yang Anda pegang" in observer.fill(f"{E}/audit", "/audit", head=held).text
    wrong = observer.fill(f"{E}/audit", "/audit", head="f" * 64).text
    assert "Tidak ada catatan dengan sidik digital itu" in wrong


def recorded_actions() -> set[str]:
    """Every code that the source records, as far as it stands there as it is recorded."""
    sources = "\n".join(path.read_text("utf-8") for path in Path("app").rglob("*.py"))
    families = "|".join(sorted({code.partition(".")[0] for code in ACTIONS}))
    codes = re.findall(rf'record\(\s*\S+,\s*"((?:{families})\.[a-z_]+)"', sources)
    return set(codes)


def test_every_action_has_its_words(make_app):
    assert len(recorded_actions()) > 60
    assert recorded_actions() - ACTIONS.keys() == set()
    with make_app("published").app_context(), transaction(writing=False):
        codes = set(db.session.scalars(sa.select(AuditEntry.action).distinct()))
    assert codes - ACTIONS.keys() == set()


def shown(page) -> list[str]:
    return [cell.select_one(".digest").text for cell in page.html.select("tbody .main")]


def test_entries_are_found_by_action_person_proposal_and_day(make_app, browse):
    secretariat = browse(make_app("published"), "sekretariat")
    assert set(shown(secretariat.get(f"{E}/audit?action=sheet.lock&person=juri"))) <= {"sheet.lock"}
    found = secretariat.get(f"{E}/audit?proposal=3&action=proposal.submit")
    assert shown(found) == ["proposal.submit"]
    assert found.html.select_one("tbody strong").text == "P-003"
    assert shown(secretariat.get(f"{E}/audit?proposal=p-003&action=proposal.submit")) == shown(
        found
    )
    assert shown(secretariat.get(f"{E}/audit?day=2019-01-01")) == []
    assert shown(secretariat.get(f"{E}/audit?day=kemarin&action=tidak.ada")) != []
    assert shown(secretariat.get(f"{E}/audit?action=edition.make&person=%25")) == []


def test_who_looks_for_a_proposal_finds_no_judgement_before_the_result(make_app, browse):
    secretariat = browse(make_app("scoring"), "sekretariat")
    assert shown(secretariat.get(f"{E}/audit?action=sheet.lock")) != []
    assert shown(secretariat.get(f"{E}/audit?action=sheet.lock&proposal=1")) == []
    assert shown(secretariat.get(f"{E}/audit?action=proposal.submit&proposal=1")) != []


def test_what_was_found_can_be_taken_out_as_a_history_without_what_may_not_be_read(
    make_app, browse
):
    secretariat = browse(make_app("plenary"), "sekretariat")
    table = secretariat.get(f"{E}/audit.csv?proposal=3&action=proposal.submit")
    assert table.content_type == "text/csv"
    names, *rows = csv.reader(io.StringIO(table.body.decode("utf-8-sig")))
    assert names[:4] == ["No.", "Waktu", "Pelaku", "Tindakan"]
    assert {row[3] for row in rows} == {"Proposal diajukan"}
    assert rows == sorted(rows, key=lambda row: int(row[0]))
    locks = secretariat.get(f"{E}/audit.csv?action=sheet.lock").body.decode("utf-8-sig")
    told = [row[6] for row in csv.reader(io.StringIO(locks))][1:]
    assert set(told) == {"ditampilkan setelah hasil disetujui"}
