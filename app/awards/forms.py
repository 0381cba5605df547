"""The forms of the plenary's choices and of the time of publication."""

from collections import defaultdict

from flask import request
from flask_babel import lazy_gettext
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from app.editions.models import Edition
from app.editions.parts import AwardCategory
from app.web.fields import REQUIRED, Form, ZonedField, at_most, no_control_characters, tidy

NOTE = [at_most(2000), no_control_characters]


def choices(edition: Edition) -> dict[int, dict[int, str]]:
    """Read which proposals are chosen in each category and why, from the form of the plenary.

    A category's box carries the proposal's id; its reason is in the field with the same number.
    """
    chosen: dict[int, dict[int, str]] = defaultdict(dict)
    for category in edition.award_categories:
        for proposal_id in request.form.getlist(f"chosen_{category.id}", type=int):
            reason = tidy(request.form.get(f"reason_{category.id}_{proposal_id}", ""))[:2000]
            chosen[category.id][proposal_id] = reason or _reason_of_tie(category)
    return chosen


def tie_reason() -> str:
    """Return why the plenary decided a tie as it did."""
    return tidy(request.form.get("tie_reason", ""))[:2000]


def publication_form(edition: Edition) -> type[Form]:
    """Return the form of the confirmation, its time in the edition's zone."""

    class PublicationForm(Form):
        """When the result becomes public."""

        version = HiddenField()
        publish_at = ZonedField(
            lazy_gettext("Public from"), zone=edition.zone, validators=[InputRequired(REQUIRED)]
        )

    return PublicationForm


class TakeBackForm(Form):
    """Why a confirmation is taken back."""

    reason = TextAreaField(
        lazy_gettext("Reason"), filters=[tidy], validators=[DataRequired(REQUIRED), *NOTE]
    )


def _reason_of_tie(category: AwardCategory) -> str:
    return tie_reason() if category.is_ranked else ""
