"""A finalist and the organiser, for tests whose application stands where some have picked."""

import pytest

from tests.cast import ask, placed
from tests.clients import Browser


@pytest.fixture
def number(app) -> int:
    """A finalist who has a slot."""
    return ask(app, placed)[0]


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")
