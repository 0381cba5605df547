"""The forms for importing a table, and for looking for entries of the audit trail."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField
from wtforms.validators import Optional, ValidationError

from app.dashboard.imports.sources import SOURCES
from app.dashboard.trail import ACTIONS, TrailFilters
from app.proposals.models import code_of, number_in
from app.web.fields import Form, line


class ImportForm(Form):
    """A file and the table that it holds."""

    table = SelectField(
        lazy_gettext("What the file contains"),
        choices=[(source.name, lazy_gettext(source.label)) for source in SOURCES.values()],
    )
    file = FileField(
        lazy_gettext("CSV or XLSX file"),
        validators=[FileRequired(lazy_gettext("Choose a file."))],
        render_kw={"accept": ".csv,.xlsx"},
    )

    def validate_file(self, field: FileField) -> None:
        """Accept only a name that says which kind of file it is."""
        if not (field.data.filename or "").lower().endswith((".csv", ".xlsx")):
            raise ValidationError(gettext("Choose a file that ends in .csv or .xlsx."))


class TrailForm(Form):
    """What a reader looks for in the audit trail."""

    action = SelectField(lazy_gettext("Action"), validate_choice=False)
    person = line(lazy_gettext("Who"), 100, required=False)
    proposal = line(lazy_gettext("Number of the proposal"), 20, required=False)
    day = DateField(lazy_gettext("Day"), validators=[Optional()])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {code: gettext(label) for code, label in ACTIONS.items()}
        offered = sorted(labels.items(), key=lambda choice: choice[1].casefold())
        self.action.choices = [("", gettext("All")), *offered]

    def filters(self) -> TrailFilters:
        """Return what was asked for, without what is no valid value."""
        self.validate()
        wanted = {name: value for name, value in self.data.items() if name not in self.errors}
        action = wanted.get("action") or ""
        return TrailFilters(
            action=action if action in ACTIONS else "",
            person=wanted.get("person") or "",
            proposal=_code(wanted.get("proposal") or ""),
            day=wanted.get("day"),
        )


def _code(typed: str) -> str:
    """Return a proposal's code as it is written, also where only its number was typed."""
    number = number_in(typed)
    return code_of(number) if number else typed.upper()
