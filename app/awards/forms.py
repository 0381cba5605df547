"""The forms of the plenary's decisions and of the time of publication."""

from collections import defaultdict
from collections.abc import Callable, Collection

from flask import request
from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from app.awards.bodies import Member
from app.awards.cascade import Decisions
from app.awards.models import Body, Disclosure
from app.awards.proceedings import Proceedings, Vote
from app.editions.models import Edition
from app.web.fields import REQUIRED, Form, ZonedField, block, form_text, whole

TIE_REASON = "tie_reason"
TextIn = Callable[[str], str]


def proceedings(
    edition: Edition, members: Collection[Member], text_in: TextIn = form_text
) -> Proceedings:
    """Read what the plenary decided, and how, from its form, its texts by `text_in`."""
    by_key = {own.key: (own.body, own.person_id) for own in members}
    sent = request.form.getlist("present")
    return Proceedings(
        _decisions(edition, text_in),
        tie_reason=_tie_reason(edition, text_in),
        left_empty=frozenset(left_empty(edition)),
        present=frozenset(by_key[key] for key in sent if key in by_key),
        agreements=_agreements(edition, text_in),
        votes={
            category.id: _vote(category.id, members, text_in)
            for category in edition.award_categories
            if _deviates(category.id)
        },
    )


def left_empty(edition: Edition) -> set[int]:
    """Return the categories (ids) of which the plenary says that nobody gets the award."""
    own = {category.id for category in edition.award_categories}
    return own.intersection(request.form.getlist("empty", type=int))


def _decisions(edition: Edition, text_in: TextIn) -> Decisions:
    """Read which proposals are chosen in each category and why, and where scores don't decide.

    A category's box carries the proposal's id; its reason is in the field with the same number.
    """
    chosen: dict[int, dict[int, str]] = defaultdict(dict)
    places: dict[int, dict[int, int]] = {}
    for category in edition.award_categories:
        for proposal_id in request.form.getlist(f"chosen_{category.id}", type=int):
            reason = text_in(f"reason_{category.id}_{proposal_id}")
            of_tie = text_in(f"{TIE_REASON}_{category.id}") if category.is_ranked else ""
            chosen[category.id][proposal_id] = reason or of_tie
        if category.is_ranked and _deviates(category.id):
            places[category.id] = _decided_places(category.id)
    return Decisions(chosen, places)


def _tie_reason(edition: Edition, text_in: TextIn) -> str:
    reasons = (text_in(f"{TIE_REASON}_{own.id}") for own in edition.award_categories)
    return "\n".join(reason for reason in reasons if reason)


def _deviates(category_id: int) -> bool:
    return f"deviate_{category_id}" in request.form


def _decided_places(category_id: int) -> dict[int, int]:
    """Read the places that the plenary decided, by proposal id; without one there is none."""
    start = f"place_{category_id}_"
    typed = {
        whole(name.removeprefix(start)): whole(request.form[name])
        for name in request.form
        if name.startswith(start)
    }
    return {proposal_id: place for proposal_id, place in typed.items() if proposal_id and place > 0}


def _agreements(edition: Edition, text_in: TextIn) -> dict[tuple[int, Body], str]:
    """Read which bodies agreed to the awards of a category, and what was said against it."""
    return {
        (category.id, body): text_in(f"dissent_{category.id}_{body}")
        for category in edition.award_categories
        for body in Body
        if f"agrees_{category.id}_{body}" in request.form
    }


def _vote(category_id: int, members: Collection[Member], text_in: TextIn) -> Vote:
    votes = {
        own.person_id: request.form.get(f"vote_{category_id}_{own.person_id}") for own in members
    }
    in_favour, against = (
        frozenset(person_id for person_id, vote in votes.items() if vote == side)
        for side in ("for", "against")
    )
    return Vote(text_in(f"deviation_{category_id}"), in_favour, against)


def publication_form(edition: Edition) -> type[Form]:
    """Return the form of the confirmation, its time in the edition's zone."""

    class PublicationForm(Form):
        """When the result becomes public."""

        seen = HiddenField()
        publish_at = ZonedField(
            lazy_gettext("Publish on"), zone=edition.zone, validators=[InputRequired(REQUIRED)]
        )
        disclosure = SelectField(
            lazy_gettext("What the public file for recounting holds"),
            choices=[(own.value, lazy_gettext(own.label)) for own in Disclosure],
        )

    return PublicationForm


class UnconfirmForm(Form):
    """Why a confirmation is taken back."""

    reason = block(lazy_gettext("Reason"), 2000, required=True)
