"""Forms and fields that read what people in Indonesia type; `app.web.typed` makes it clean."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from flask import abort, request
from flask_babel import get_domain, gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    ValidationError,
)

from app.names import holds_link
from app.web.keeping import remember_form
from app.web.language import language, said
from app.web.typed import clean_line, clean_text, fault_of
from app.workflow import N_

REQUIRED = lazy_gettext("Fill this in.")
AN_ADDRESS = lazy_gettext("Enter an e-mail address.")
WTFORMS_OWN = (
    N_("Not a valid choice."),
    N_("Not a valid date value."),
    N_("Not a valid datetime value."),
    N_("Not a valid time value."),
    N_("Not a valid integer value."),
    N_("Not a valid decimal value."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Invalid Choice: could not coerce."),
)
LARGEST_ID = 2**31 - 1
MOST_IDS = 5_000  # in one form: a database takes some ten thousand values in a statement
FIRST_YEAR, LAST_YEAR = 1945, 2200
DECIMAL = re.compile(r"[+-]?[0-9]{1,7}([.][0-9]{1,2})?")


class Catalogue:
    """WTForms' own messages, read from our catalogue."""

    gettext = staticmethod(gettext)

    @staticmethod
    def ngettext(one: str, many: str, number: int) -> str:
        """Return the message without its values: WTForms fills them in itself."""
        return str(get_domain().get_translations().ungettext(one, many, number))


class Form(FlaskForm):
    """A form whose messages follow the reader's language, and whose text fields hold clean text."""

    class Meta(FlaskForm.Meta):
        """WTForms' settings; the token of a form is checked before its view is called."""

        csrf = False

        def get_translations(self, _form: object) -> type[Catalogue]:
            """Return the catalogue that messages come from."""
            return Catalogue

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:  # noqa: ANN401 -- WTForms' signature
            """Make what is typed into a text field clean, and refuse what can't be kept."""
            if clean := _cleaner_of(unbound_field.field_class):
                given = unbound_field.kwargs
                options = options | {
                    "filters": (clean, *given.get("filters", ())),
                    "validators": (*given.get("validators", ()), _check_text),
                }
            return super().bind_field(form, unbound_field, options)

        def wrap_formdata(self, form: object, formdata: Any) -> Any:  # noqa: ANN401 -- as FlaskForm's
            """Return what the form reads; note which form reads the request."""
            read = super().wrap_formdata(form, formdata)
            if read is not None and read is not formdata:
                remember_form(form)
            return read

    def take_untouched(self, saved: "Form") -> None:
        """Show what is `saved` in the fields that weren't written in, where the browser says so.

        Another tab has saved meanwhile: what this one only showed must not undo it.
        """
        if "touched" not in request.form:
            return
        touched = set(request.form["touched"].split())
        for field in self:
            if field.name not in touched and not isinstance(field, HiddenField):
                field.raw_data, field.errors = None, ()
                field.process(None, saved[field.name].data)

    def differing(self, saved: "Form") -> list[Field]:
        """Return the fields that hold something else than what is `saved`, none of them hidden."""
        shown = [field for field in self if not isinstance(field, HiddenField)]
        return [field for field in shown if field.data != saved[field.name].data]


def name_apart(form: Form, key: int) -> None:
    """Give the fields of a form ids of their own, where a page has several forms of its kind."""
    for field in form:
        field.id = f"{field.id}-{key}"


class HundredthsField(StringField):
    """A number with at most two decimals, typed with a comma or a point; empty is None."""

    data: Decimal | None  # type: ignore[assignment]  # parsed

    def process_formdata(self, valuelist: list[str]) -> None:
        """Parse what was typed; what can't be parsed stays in the field to be corrected."""
        typed = clean_line(valuelist[0] if valuelist else "").replace(",", ".")
        self.data = None
        if not typed:
            return
        if not DECIMAL.fullmatch(typed):
            raise ValueError(gettext("Enter a number with at most two decimals, such as 87.5."))
        self.data = Decimal(typed)

    @property
    def typed(self) -> str:
        """What the field shows: what was typed, or else the number in the reader's language."""
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        text = f"{Decimal(self.data):.2f}".rstrip("0").rstrip(".")
        return text if language() == "en" else text.replace(".", ",")

    def _value(self) -> str:
        return self.typed


class ZonedField(DateTimeLocalField):
    """A moment, typed and shown in the edition's time zone, kept in UTC."""

    def __init__(self, label: Any, *, zone: ZoneInfo, **options: Any) -> None:  # noqa: ANN401 -- WTForms' options
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)
        self.zone = zone

    def process_data(self, value: datetime | None) -> None:
        """Show the moment in the zone."""
        self.data = value.astimezone(self.zone) if value else None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed as a moment in the zone."""
        super().process_formdata(valuelist)
        if self.data and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(gettext("Check the year."))
        if self.data:
            self.data = self._moment(self.data)

    def _moment(self, typed: datetime) -> datetime:
        """Return the moment of a time in the zone, of a repeated hour the first."""
        moment = typed.replace(tzinfo=self.zone).astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) != typed:
            self.data = None
            raise ValueError(gettext("The clocks go forward past this time: choose another."))
        return moment

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if self.data else ""


def at_most(characters: int) -> Length:
    """Return the validator that refuses a longer text."""
    return Length(
        max=characters,
        message=lazy_gettext("Use at most %(count)s characters.", count=characters),
    )


def line(label: Any, length: int, *, required: bool = True, **options: Any) -> StringField:  # noqa: ANN401 -- WTForms' options
    """Return a field of one line."""
    first = [DataRequired(REQUIRED)] if required else []
    return StringField(label, validators=[*first, at_most(length)], **options)


def person_line(label: Any, **options: Any) -> StringField:  # noqa: ANN401 -- WTForms' options
    """Return a field for a person's name, which letters to others will quote."""
    checks = [DataRequired(REQUIRED), at_most(200), no_link]
    return StringField(label, validators=checks, **options)


def own(purpose: str) -> dict[str, str]:
    """Return the attributes of a field about the reader, which a browser can fill in itself.

    `purpose` is one of those of HTML's `autocomplete` (WCAG 2.2, 1.3.5).
    """
    return {"autocomplete": purpose}


def no_link(_form: object, field: Any) -> None:  # noqa: ANN401 -- any WTForms field
    """Refuse a web address where a name is asked for."""
    if holds_link(field.data or ""):
        raise ValidationError(gettext("Enter a name, without a web address."))


def email_line(label: Any, message: Any = AN_ADDRESS, **options: Any) -> EmailField:  # noqa: ANN401 -- lazy texts, WTForms' options
    """Return a field for an e-mail address."""
    is_one = Email(message, allow_smtputf8=False)
    checks = [DataRequired(REQUIRED), at_most(254), is_one]
    return EmailField(label, validators=checks, **options)


def block(label: Any, length: int, *, required: bool = False, **options: Any) -> TextAreaField:  # noqa: ANN401 -- WTForms' options
    """Return a field of several lines."""
    first = [DataRequired(REQUIRED)] if required else []
    return TextAreaField(label, validators=[*first, at_most(length)], **options)


def number(
    label: Any,  # noqa: ANN401 -- a lazy text
    low: int,
    high: int,
    description: Any = "",  # noqa: ANN401 -- a lazy text
) -> IntegerField:
    """Return a field for a whole number within limits."""
    limits = [InputRequired(REQUIRED), NumberRange(low, high)]
    return IntegerField(label, validators=limits, description=description)


def whole(text: str | None) -> int:
    """Return the text's whole number that a database can hold, 0 if there is none."""
    digits = text or ""
    is_one = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(LARGEST_ID))
    return int(digits) if is_one and int(digits) <= LARGEST_ID else 0


def version_of(form: Any) -> int:  # noqa: ANN401 -- any form with a version
    """Return the version that an edit started from, 0 if the form has no valid one."""
    return whole(str(form.version.data))


def form_id(name: str) -> int:
    """Return an id that a plain form sends, 0 if it isn't one that a database can hold."""
    return whole(request.form.get(name))


def form_ids(name: str) -> set[int]:
    """Return the ids that the checkboxes of a plain form send; refuse too many (413)."""
    return ids_among(request.form.getlist(name))


def ids_among(sent: Iterable[str]) -> set[int]:
    """Return the ids among these texts; refuse too many (413)."""
    ids = {whole(text) for text in sent} - {0}
    if len(ids) > MOST_IDS:
        abort(413)
    return ids


def form_text(name: str, length: int = 2000) -> str:
    """Return a clean text that a plain form sends; raise `DomainError` if it can't be kept."""
    text = form_text_as_sent(name, length)
    if fault := fault_of(text):
        raise fault
    return text


def form_text_as_sent(name: str, length: int = 2000) -> str:
    """Return a clean text that a plain form sends, to be shown again even if it can't be kept."""
    return clean_text(request.form.get(name))[:length]


def is_answered(field: Any) -> bool:  # noqa: ANN401 -- any WTForms field
    """Return whether the field was sent and is valid, and so may replace what is saved."""
    return bool(field.raw_data) and not field.errors


def search_asked(text: str | None) -> str:
    """Return what is searched for: one line, and not too long."""
    return clean_line(text)[:100]


def sensible(_form: object, field: Any) -> None:  # noqa: ANN401 -- any WTForms field of dates
    """Refuse a date that must be a typing error."""
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(gettext("Check the year."))


def is_web_address(text: str) -> bool:
    """Return whether the text is the address of a page or file on the web."""
    parts = address_parts(text)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.netloc)


def address_parts(text: str) -> SplitResult | None:
    """Return the parts of an address, None if it can't be parsed."""
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _cleaner_of(field_class: type) -> Callable[[str | None], str] | None:
    """Return what makes a field's text clean, None for a field that holds no text of people's."""
    if issubclass(field_class, HiddenField | PasswordField | HundredthsField):
        return None
    if issubclass(field_class, TextAreaField):
        return clean_text
    return clean_line if issubclass(field_class, StringField) else None


def _check_text(_form: object, field: Any) -> None:  # noqa: ANN401 -- any field of text
    if fault := fault_of(field.data):
        raise ValidationError(said(fault.message, fault.values))
