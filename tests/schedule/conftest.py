"""Who acts around the schedule: the organiser, and finalists while picking is open."""

import pytest

from tests.cast import ask, author_of, placed, unplaced
from tests.clients import Browser


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


@pytest.fixture
def number(app) -> int:
    """A finalist who has not picked yet."""
    return ask(app, unplaced)[0]


@pytest.fixture
def innovator(app, browse, number) -> Browser:
    """Their author."""
    return browse(app, author_of(number))


@pytest.fixture
def other(app) -> int:
    """A finalist who has a slot."""
    return ask(app, placed)[0]


@pytest.fixture
def holder(app, browse, other) -> Browser:
    """The author of that one."""
    return browse(app, author_of(other))


@pytest.fixture
def neighbour(app) -> int:
    """Another finalist who has a slot."""
    return ask(app, placed)[1]
