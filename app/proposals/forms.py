"""The proposal's form, made from the edition's data."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from markupsafe import Markup
from wtforms import DateField, Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from app.editions.kinds import SectionKind
from app.editions.models import Edition
from app.editions.parts import Section
from app.proposals.actions import Draft
from app.proposals.models import LONGEST_LINE, LONGEST_TEXT, Proposal
from app.web.fields import (
    REQUIRED,
    Form,
    ZonedField,
    block,
    email_line,
    is_answered,
    is_web_address,
    line,
    person_line,
    sensible,
)
from app.web.language import local
from app.web.shell import as_written
from app.web.typed import clean_address

BASICS = ("title", "category_id", "started_on", "video_url")


class BasicsForm(Form):
    """What every proposal says; the sections come from the edition."""

    title = line(lazy_gettext("Title"), 200, required=False)
    category_id = SelectField(lazy_gettext("Category"), coerce=int)
    started_on = DateField(lazy_gettext("Running since"), validators=[Optional(), sensible])
    video_url = line(
        lazy_gettext("Video link"),
        500,
        required=False,
        description=lazy_gettext("A link that opens without signing in, such as a YouTube link."),
        filters=[clean_address],
    )
    version = HiddenField()

    def validate_video_url(self, field: StringField) -> None:
        """Accept only a web address."""
        if field.data and not is_web_address(field.data):
            raise ValidationError(gettext("Enter an address that begins with https://."))

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
            texts={section_id: answer_in(field) for section_id, field in self.sections().items()},
        )

    def answered(self, saved: Draft) -> Draft:
        """Return what can be saved: the valid answers, and what is saved already of the others."""
        typed = self.draft()
        others = {name: getattr(saved, name) for name in BASICS if not is_answered(self[name])}
        texts = {
            section_id: (typed if _is_answered(field) else saved).texts[section_id]
            for section_id, field in self.sections().items()
        }
        return replace(typed, **others, texts=texts)


class SeveralField(SelectMultipleField):
    """Boxes to tick, each an option."""

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002 -- WTForms' signature
        """Refuse an option that is not offered, in our own words."""
        if set(self.data or ()) - {value for value, *_ in self.iter_choices()}:
            raise ValidationError(gettext("Not a valid choice."))


def proposal_form(edition: Edition) -> type[BasicsForm]:
    """Return the form of this edition: the basics and a field for each section."""
    fields = {f"section_{section.id}": section_field(section) for section in edition.sections}
    return type("ProposalForm", (BasicsForm,), fields)


def section_field(section: Section) -> Field:
    """Return the field in which a section is answered."""
    guidance = _guidance(section)
    if section.kind is SectionKind.TEXT:
        return block(local(section), LONGEST_TEXT, description=guidance)
    if section.kind is SectionKind.LINE:
        return line(local(section), LONGEST_LINE, required=False, description=guidance)
    offered = [(option.name, local(option)) for option in section.offered]
    if section.kind is SectionKind.ONE:
        choices = [("", gettext("Choose one")), *offered]
        return SelectField(local(section), choices=choices, description=guidance)
    return SeveralField(
        local(section), choices=offered, description=guidance, option_widget=CheckboxInput()
    )


def _guidance(section: Section) -> Markup | str:
    """Return the section's guidance with the language in which it is written."""
    text = local(section, "guidance")
    mark = as_written(section, "guidance")
    return Markup("<span{}>{}</span>").format(mark, text) if mark and text else text


def answer_in(field: Field) -> str:
    """Return what a section's field holds as one text: chosen options are one per line."""
    data = field.data or ""
    return data if isinstance(data, str) else "\n".join(data)


def filled_form(proposal: Proposal, edition: Edition) -> BasicsForm:
    """Return the form with what the proposal says now."""
    values: dict[str, Any] = {
        f"section_{section.id}": _held(section, proposal.text_of(section.id))
        for section in edition.sections
    }
    form = proposal_form(edition)(formdata=None, obj=proposal, data=values)
    form.category_id.data = proposal.category_id or 0
    return offer_categories(form, edition)


def empty_form(edition: Edition) -> BasicsForm:
    """Return the form as the author of a new proposal sees it."""
    return offer_categories(proposal_form(edition)(formdata=None), edition)


def _held(section: Section, text: str) -> str | list[str]:
    return text.splitlines() if section.kind is SectionKind.SEVERAL else text


def offer_categories(form: BasicsForm, edition: Edition) -> BasicsForm:
    """Offer the edition's categories."""
    none = (0, gettext("Choose one"))
    form.category_id.choices = [
        none,
        *((category.id, local(category)) for category in edition.categories),
    ]
    return form


class DocumentForm(Form):
    """A document to attach."""

    file = FileField(
        lazy_gettext("File"), validators=[FileRequired(lazy_gettext("Choose a file."))]
    )


class AuthorForm(Form):
    """A co-author."""

    email = email_line(lazy_gettext("E-mail"))
    name = person_line(lazy_gettext("Name"))


class HandOverForm(AuthorForm):
    """An author whom somebody names who is none."""

    reason = block(lazy_gettext("Reason"), 2000, required=True)


class ReasonForm(Form):
    """Why something is done."""

    reason = block(lazy_gettext("Reason"), 2000, required=True)


class ExtensionForm(Form):
    """A later deadline for some drafts."""

    until: ZonedField
    reason = block(
        lazy_gettext("Reason"),
        2000,
        required=True,
        description=lazy_gettext(
            "This will appear in the minutes and in the letter to the authors."
        ),
    )


def extension_form(edition: Edition) -> type[ExtensionForm]:
    """Return the form for an extension, with its time in the edition's zone."""
    until = ZonedField(
        lazy_gettext("New deadline"), zone=edition.zone, validators=[InputRequired(REQUIRED)]
    )
    return type("EditionExtensionForm", (ExtensionForm,), {"until": until})


def _is_answered(field: Field) -> bool:
    """Return whether a section is answered; without a tick, several boxes send nothing."""
    return not field.errors if isinstance(field, SeveralField) else is_answered(field)
