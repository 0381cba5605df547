"""The shape of the proposal's form: made from the edition's data."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.editions.models import Edition
from app.proposals.actions import Draft
from app.proposals.models import Proposal
from app.web.fields import (
    REQUIRED,
    Form,
    ZonedField,
    address_parts,
    at_most,
    no_control_characters,
    one_line,
    sensible,
    tidy,
)
from app.web.language import local

LONGEST_TEXT = 50_000


class BasicsForm(Form):
    """What every proposal says; the sections come from the edition."""

    title = StringField(
        lazy_gettext("Title"), filters=[one_line], validators=[at_most(200), no_control_characters]
    )
    category_id = SelectField(lazy_gettext("Category"), coerce=int)
    started_on = DateField(lazy_gettext("Running since"), validators=[Optional(), sensible])
    video_url = StringField(
        lazy_gettext("Address of the video"),
        filters=[one_line],
        description=lazy_gettext("A link that opens without signing in, such as to YouTube."),
        validators=[at_most(500), no_control_characters],
    )
    version = HiddenField()

    def validate_video_url(self, field: StringField) -> None:
        """Accept an address of the web only."""
        parts = address_parts(field.data or "")
        is_web = parts is not None and parts.scheme in {"http", "https"} and bool(parts.netloc)
        if field.data and not is_web:
            raise ValidationError(gettext("Write an address that begins with https://."))

    def sections(self) -> dict[int, Any]:
        """Return the fields of the sections by the section's id."""
        return {
            int(name.removeprefix("section_")): field
            for name, field in self._fields.items()
            if name.startswith("section_")
        }

    def draft(self) -> Draft:
        """Return what the form holds."""
        return Draft(
            title=self.title.data or "",
            category_id=self.category_id.data or None,
            started_on=self.started_on.data,
            video_url=self.video_url.data or "",
            texts={key: field.data or "" for key, field in self.sections().items()},
        )


def proposal_form(edition: Edition) -> type[BasicsForm]:
    """Return the form of this edition: the basics and a text for each section."""
    fields = {
        f"section_{section.id}": TextAreaField(
            local(section),
            filters=[tidy],
            description=local(section, "guidance"),
            validators=[at_most(LONGEST_TEXT), no_control_characters],
        )
        for section in edition.sections
    }
    return type("ProposalForm", (BasicsForm,), fields)


def filled_form(proposal: Proposal, edition: Edition) -> BasicsForm:
    """Return the form with what the proposal says now."""
    values: dict[str, Any] = {f"section_{each.section_id}": each.text for each in proposal.texts}
    form = proposal_form(edition)(formdata=None, obj=proposal, data=values)
    form.category_id.data = proposal.category_id or 0
    return offer_categories(form, edition)


def offer_categories(form: BasicsForm, edition: Edition) -> BasicsForm:
    """Offer the edition's categories."""
    none = (0, gettext("Choose one"))
    form.category_id.choices = [none, *((each.id, local(each)) for each in edition.categories)]
    return form


class DocumentForm(Form):
    """A document to attach."""

    file = FileField(
        lazy_gettext("PDF file"), validators=[FileRequired(lazy_gettext("Choose a file."))]
    )


class ReasonForm(Form):
    """Why something is done."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        filters=[tidy],
        validators=[DataRequired(REQUIRED), at_most(2000), no_control_characters],
    )


class ExtensionForm(Form):
    """A later deadline for some drafts."""

    until = ZonedField(lazy_gettext("New deadline"), validators=[InputRequired(REQUIRED)])
    reason = TextAreaField(
        lazy_gettext("Reason"),
        description=lazy_gettext("It stands in the minutes, and in the letter to the authors."),
        filters=[tidy],
        validators=[DataRequired(REQUIRED), at_most(2000), no_control_characters],
    )


def extension_form(edition: Edition) -> type[ExtensionForm]:
    """Return the form of an extension, its time in the edition's zone."""
    until = ZonedField(
        lazy_gettext("New deadline"), zone=edition.zone, validators=[InputRequired(REQUIRED)]
    )
    return type("EditionExtensionForm", (ExtensionForm,), {"until": until})
