"""What is computed from all standings is kept until one changes, and no longer."""

from itertools import count

import pytest

from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.evaluation.kept import kept
from app.evaluation.standings import update_standings
from app.scoring.queries import ranking_of
from app.workflow import Step
from tests.factories import the_edition, the_proposal


@pytest.fixture
def app(make_app):
    return make_app("plenary")


@pytest.fixture
def asked(app):
    """Ask for a number that goes up each time it is computed anew."""
    numbers = count(1)

    def ask() -> int:
        with app.app_context(), transaction(writing=False):
            return kept("a number", the_edition(), lambda: next(numbers))

    return ask


def test_nothing_is_computed_again_while_nothing_changes(asked):
    assert [asked(), asked()] == [1, 1]


def test_a_standing_that_is_computed_anew_ends_what_was_kept(app, asked):
    asked()
    with app.app_context(), transaction(writing=True):
        update_standings(the_edition().id, [the_proposal(1).id], SheetKind.DESK)
    assert asked() == 2


def test_a_status_that_changes_ends_what_was_kept(app, asked):
    asked()
    with app.app_context(), transaction(writing=True):
        the_proposal(1).take(Step.DISQUALIFY)
    assert asked() == 2


def test_what_a_writing_transaction_sees_is_not_kept_for_it_may_be_undone(app):
    with app.app_context(), transaction(writing=True):
        the_proposal(1).take(Step.DISQUALIFY)
        db.session.flush()
        assert len(ranking_of(the_edition()).lines) == 26
        db.session.rollback()
    with app.app_context(), transaction(writing=False):
        assert len(ranking_of(the_edition()).lines) == 27
