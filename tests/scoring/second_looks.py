"""What tests of the second look need: an edition that declared one, extra judges, their sheets."""

from types import SimpleNamespace

import sqlalchemy as sa

from app.database import db, transaction
from app.editions.kinds import Method, Role, SheetKind
from app.editions.models import Membership
from app.evaluation.models import Look, Sheet
from app.evaluation.sheets import Marks, lock_sheet, write_sheet
from app.scoring.models import Material
from app.scoring.second_look import actions
from tests.cast import judge
from tests.conftest import E
from tests.factories import make_member, the_edition, the_person

HALL = SheetKind.PRESENTATION
PAGE = f"{E}/ranking/second-look"
BUDGET = 14


def declare(app) -> None:
    """Let the edition have declared the adjusted mean and a second look."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        edition.method, edition.method_rule = Method.ADJUSTED, "Pasal 7."
        edition.second_look_budget = BUDGET


def add_judge(app, name="Juri tambahan") -> int:
    """Make somebody new a judge of the edition; return their id."""
    with app.app_context(), transaction(writing=True):
        edition, colleague = the_edition(), the_person(judge)
        held = sa.select(Membership).where(
            Membership.person_id == colleague.id, Membership.role == Role.JUDGE
        )
        agency = db.session.scalars(held).one().agency
        return make_member(edition, name, Role.JUDGE, agency=agency).id


def ask(app, judge_id: int, material=Material.RECORDING) -> None:
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        actions.ask_judge(
            edition,
            judge_id,
            material,
            revision=edition.evaluation_revision,
            by=the_person("sekretariat"),
            now=now_of(edition),
        )


def now_of(edition):
    return edition.frozen_at


def second_sheets(app) -> list[SimpleNamespace]:
    with app.app_context(), transaction(writing=False):
        rows = db.session.scalars(
            sa.select(Sheet).where(Sheet.look == Look.SECOND).order_by(Sheet.id)
        )
        return [
            SimpleNamespace(
                number=sheet.proposal.number, judge=sheet.evaluator_id, locked=sheet.is_locked
            )
            for sheet in rows
        ]


def submit_all(app, value=80) -> None:
    """Write and lock every open sheet of the second look."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        criteria = edition.criteria_of(HALL)
        for sheet in db.session.scalars(
            sa.select(Sheet).where(Sheet.look == Look.SECOND, sa.not_(Sheet.is_locked))
        ):
            marks = Marks({criterion.id: value for criterion in criteria}, {}, "")
            write_sheet(sheet, marks, criteria, version=sheet.version, now=now_of(edition))
            lock_sheet(sheet, edition, by=sheet.evaluator, now=now_of(edition))
