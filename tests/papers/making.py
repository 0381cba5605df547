"""What tests of papers share: making, setting, and asking for what was made."""

from app import clock
from app.cli import JOBS
from app.database import db, transaction
from app.jobs.worker import run_next
from app.papers.kinds import PaperKind
from app.papers.making import Request, made_now
from app.papers.setting import order_of
from app.web.typesetting import Unsettable, typeset_all
from tests.conftest import E
from tests.factories import the_edition

LINK = "https://ajang.example/verification"


def made(app, kind: PaperKind, language: str = "id", *, is_example: bool = False):
    with app.app_context(), transaction(writing=False):
        found = made_now(the_edition(), Request(kind, language, LINK, is_example))
        assert all(own.content for own in found)  # written while the session is open
        return found


def set_all(papers) -> list[bytes]:
    done = typeset_all([order_of(own.draft.template, own.content) for own in papers])
    refusals = [str(own.message % own.values) for own in done if isinstance(own, Unsettable)]
    assert refusals == []
    return done


def work(app) -> None:
    """Let the worker do what waits."""
    with app.app_context():
        while run_next(JOBS, now=clock.now):
            pass


def ask(app, statement):
    with app.app_context(), transaction(writing=False):
        found = list(db.session.scalars(statement))
        db.session.expunge_all()
        return found


def change(app, statement) -> None:
    with app.app_context(), transaction(writing=True):
        db.session.execute(statement)


def queue(browser, kind: str, language: str = "id") -> None:
    answer = browser.post(f"{E}/papers/{kind}", {"language": language})
    assert answer.status_code == 302


def make(browser, kind: str, language: str = "id") -> None:
    queue(browser, kind, language)
    work(browser.app)
