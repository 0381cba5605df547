"""Fields about the reader name their purpose, so that a browser can fill them in (WCAG 1.3.5)."""

import inspect
import re

import pytest
from wtforms import EmailField, PasswordField

from app.accounts import forms

OWN = [
    form
    for _, form in inspect.getmembers(forms, inspect.isclass)
    if form.__module__ == forms.__name__
]


@pytest.mark.parametrize("form", OWN)
def test_every_address_and_password_of_ones_own_names_its_purpose(make_app, form):
    with make_app("draft").test_request_context("/"):
        fields = [one for one in form() if isinstance(one, EmailField | PasswordField)]
        unnamed = [one.name for one in fields if not re.search('autocomplete="[a-z-]+"', one())]
    assert unnamed == []
