"""What judges hold: the head of the audit chain at three moments, and codes of their own sheets."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.chain import verify_chain
from app.audit.models import AuditEntry
from app.awards.actions import note_publications
from app.database import db, transaction
from app.demo.moments import PUBLISHED
from app.editions.kinds import SheetKind
from app.evaluation.models import Score, Sheet
from app.evaluation.sheets import lock_sheet, reopen_sheet
from app.mail.models import Letter
from tests import cast
from tests.conftest import E
from tests.factories import the_edition, the_person

HEAD = re.compile(r"^[0-9a-f]{64}$", re.MULTILINE)
CODE = re.compile(r"^P-\d+ ([0-9a-f]{16})$", re.MULTILINE)


def letters_about(app, words: str) -> list[sa.Row]:
    """The letters to judges whose subject has these words."""
    with app.app_context(), transaction(writing=False):
        found = sa.select(Letter.recipient, Letter.subject, Letter.body).order_by(Letter.id)
        about = found.where(Letter.subject.contains(words), Letter.body.contains("sidik digital"))
        return list(db.session.execute(about))


def head_of(letter: sa.Row) -> str:
    return HEAD.search(letter.body)[0]


def holds(app, head: str) -> int | None:
    with app.app_context(), transaction(writing=False):
        return verify_chain(the_edition().id, held=head).held_at


def test_the_head_goes_to_all_judges_after_the_last_lock_and_not_before(make_app):
    assert letters_about(make_app("scoring"), "telah masuk") == []
    app = make_app("plenary")
    sent = letters_about(app, "telah masuk")
    assert len(sent) == 6
    assert holds(app, head_of(sent[0]))
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        sheets = sa.select(Sheet).where(Sheet.kind == SheetKind.PRESENTATION).order_by(Sheet.id)
        one, other = db.session.scalars(sheets.limit(2)).all()
        for sheet in (one, other):
            by = the_person(cast.chair)
            reopen_sheet(sheet, edition, reason="Salah ketik.", by=by, now=clock.now())
        lock_sheet(one, edition, by=one.evaluator, now=clock.now() - timedelta(hours=4))
        last = other.id
    assert len(letters_about(app, "telah masuk")) == 6
    with app.app_context(), transaction(writing=True):
        sheet = db.session.get_one(Sheet, last)
        lock_sheet(sheet, the_edition(), by=sheet.evaluator, now=clock.now() - timedelta(hours=4))
    again = letters_about(app, "telah masuk")
    assert len(again) == 12
    assert head_of(again[-1]) != head_of(sent[0])


def test_the_worker_records_the_publication_once_and_mails_the_head(make_app):
    app = make_app("published")
    clock.shift(PUBLISHED - timedelta(seconds=30) - clock.real_now())
    assert noted(app) == 0
    clock.shift(PUBLISHED + timedelta(seconds=30) - clock.real_now())
    assert noted(app) == 1
    assert noted(app) == 0
    sent = letters_about(app, "telah diumumkan")
    assert len(sent) == 6
    with app.app_context(), transaction(writing=False):
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "result.publish")
        ).one()
        assert (entry.hash, entry.actor) == (head_of(sent[0]), "system")
    verified = app.test_cli_runner().invoke(
        args=["audit", "verify", "luwu-utara-2019", "--head", head_of(sent[0])]
    )
    assert verified.exit_code == 0


def noted(app) -> int:
    with app.app_context():
        return note_publications(now=clock.now())


@pytest.fixture
def app(make_app):
    app = make_app("published")
    clock.shift(PUBLISHED + timedelta(seconds=1) - clock.real_now())
    return app


def codes_in_letter(app, who) -> list[str]:
    with app.app_context(), transaction(writing=False):
        email = the_person(who).email
    confirmed = letters_about(app, "disetujui")
    return CODE.findall(next(own.body for own in confirmed if own.recipient == email))


def test_a_judge_checks_the_codes_of_their_letter(app, browse):
    codes = codes_in_letter(app, cast.judge)
    assert len(codes) == len(set(codes)) > 20
    judge = browse(app, cast.judge)
    page = judge.get(f"{E}/sheet-receipt")
    rows = page.html.select("tbody tr")
    assert [row.code.get_text() for row in rows] == codes
    assert {"sama" in row.get_text() for row in rows} == {True}
    assert "tidak tercatat" not in page
    compared = judge.client.get(f"{E}/sheet-receipt", {"codes": "\n".join(codes)})
    assert f"{len(codes)} kode cocok" in compared


@pytest.mark.parametrize("column", ["value", "note"])
def test_a_changed_sheet_has_another_code_and_is_told(app, browse, column):
    codes = codes_in_letter(app, cast.judge)
    with app.app_context(), transaction(writing=True):
        own = sa.select(Sheet.id).where(Sheet.evaluator_id == the_person(cast.judge).id)
        sheet = db.session.scalars(own.order_by(Sheet.id).limit(1)).one()
        changed = {"value": 1} if column == "value" else {"note": "lain"}
        db.session.execute(sa.update(Score).where(Score.sheet_id == sheet).values(**changed))
    compared = browse(app, cast.judge).client.get(f"{E}/sheet-receipt", {"codes": "\n".join(codes)})
    assert "tidak ada lembar Anda dengan kode ini" in compared
    if column == "value":
        assert "tidak tercatat demikian" in compared
        assert "tidak ada" in compared.html.select_one("tbody").get_text()


def test_nobody_sees_the_receipt_of_another(app, browse):
    mine = set(codes_in_letter(app, cast.judge))
    shown = browse(app, cast.other_judge).get(f"{E}/sheet-receipt").text
    assert not [code for code in mine if code in shown]
