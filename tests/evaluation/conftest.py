"""Editions in which presentations are scored."""

import pytest

from app.editions.kinds import SheetKind
from tests import cast
from tests.cast import ask


@pytest.fixture
def scoring(make_app):
    return make_app("scoring")


@pytest.fixture
def number(scoring) -> int:
    """A presentation that has begun, and that nobody has scored."""
    return ask(scoring, cast.unscored(SheetKind.PRESENTATION))[0]
