"""A draft and who deals with it, while proposals are still written."""

import pytest
from flask import Flask

from tests.cast import ask, author_of, drafts
from tests.clients import Browser
from tests.conftest import E


@pytest.fixture
def app(make_app) -> Flask:
    return make_app("draft")


@pytest.fixture
def number(app) -> int:
    """A proposal that is not submitted yet."""
    return ask(app, drafts)[0]


@pytest.fixture
def place(number) -> str:
    """Its address."""
    return f"{E}/proposals/{number}"


@pytest.fixture
def author(app, browse, number) -> Browser:
    return browse(app, author_of(number))


@pytest.fixture
def phone(app, browse, number) -> Browser:
    """The same author's other browser."""
    return browse(app, author_of(number))


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")
