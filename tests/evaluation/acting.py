"""Locking sheets as judges do, and what the audit trail says of it."""

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.database import db, transaction
from tests.clients import Browser, names_of
from tests.conftest import E


def actions_on(app, prefix: str) -> list[str]:
    with app.app_context(), transaction(writing=False):
        entries = sa.select(AuditEntry.action).where(AuditEntry.action.startswith(prefix))
        return list(db.session.scalars(entries.order_by(AuditEntry.sequence)))


def lock(browser: Browser, number: int, score: str):
    path = f"{E}/proposals/{number}/sheets/presentation"
    sheet = browser.form(path, path)
    fields = dict.fromkeys(names_of(sheet, "score_"), score)
    return browser.post(f"{path}/lock", fields | {"version": sheet["version"].value})
