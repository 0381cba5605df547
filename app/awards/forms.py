"""The forms of the plenary's choices and of the time of publication."""

from collections import defaultdict
from collections.abc import Callable

from flask import request
from flask_babel import lazy_gettext
from wtforms import HiddenField
from wtforms.validators import InputRequired

from app.editions.models import Edition
from app.web.fields import REQUIRED, Form, ZonedField, block, form_text

TIE_REASON = "tie_reason"


def choices(
    edition: Edition, text_in: Callable[[str], str] = form_text
) -> dict[int, dict[int, str]]:
    """Read which proposals are chosen in each category and why, from the form of the plenary.

    A category's box carries the proposal's id; its reason is in the field with the same number,
    where `text_in` reads it.
    """
    chosen: dict[int, dict[int, str]] = defaultdict(dict)
    for category in edition.award_categories:
        for proposal_id in request.form.getlist(f"chosen_{category.id}", type=int):
            reason = text_in(f"reason_{category.id}_{proposal_id}")
            of_tie = text_in(f"{TIE_REASON}_{category.id}") if category.is_ranked else ""
            chosen[category.id][proposal_id] = reason or of_tie
    return chosen


def left_empty(edition: Edition) -> set[int]:
    """Return the categories (ids) of which the plenary says that nobody gets the award."""
    own = {category.id for category in edition.award_categories}
    return own.intersection(request.form.getlist("empty", type=int))


def tie_reason(edition: Edition) -> str:
    """Return why the plenary decided ties as it did."""
    reasons = (form_text(f"{TIE_REASON}_{own.id}") for own in edition.award_categories)
    return "\n".join(reason for reason in reasons if reason)


def publication_form(edition: Edition) -> type[Form]:
    """Return the form of the confirmation, its time in the edition's zone."""

    class PublicationForm(Form):
        """When the result becomes public."""

        version = HiddenField()
        publish_at = ZonedField(
            lazy_gettext("Publish on"), zone=edition.zone, validators=[InputRequired(REQUIRED)]
        )

    return PublicationForm


class UnconfirmForm(Form):
    """Why a confirmation is taken back."""

    reason = block(lazy_gettext("Reason"), 2000, required=True)
