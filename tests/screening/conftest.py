"""The edition in screening, when half of the proposals have their desk sheets."""

import pytest

from app.editions.kinds import SheetKind
from tests import cast
from tests.cast import ask
from tests.clients import Browser


@pytest.fixture
def app(make_app):
    return make_app("screening")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def scored(app) -> int:
    """A proposal whose desk sheets are all submitted."""
    return ask(app, cast.scored(SheetKind.DESK))[0]


@pytest.fixture
def unscored(app) -> int:
    """A proposal whose desk sheets are all open."""
    return ask(app, cast.unscored(SheetKind.DESK))[0]
