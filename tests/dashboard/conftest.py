"""Who takes tables in, and of which proposal."""

import pytest

from app.database import transaction
from tests.cast import address, ask, author_of, drafts
from tests.factories import the_proposal


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


@pytest.fixture
def number(app) -> int:
    """A proposal that is not submitted yet."""
    return ask(app, drafts)[0]


@pytest.fixture
def code(app, number) -> str:
    """The code of its agency."""
    with app.app_context(), transaction(writing=False):
        return the_proposal(number).agency.code


@pytest.fixture
def author(app, number) -> str:
    """The address of its author."""
    return address(app, author_of(number))
