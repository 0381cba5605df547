"""Finalists while picking is open, for tests whose application stands there."""

import pytest

from tests.cast import ask, author_of, placed, unplaced
from tests.clients import Browser


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
