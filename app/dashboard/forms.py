"""The form for importing a table."""

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField
from wtforms.validators import ValidationError

from app.dashboard.imports.sources import SOURCES
from app.web.fields import Form


class ImportForm(Form):
    """A file and the table that it holds."""

    table = SelectField(
        lazy_gettext("What the file holds"),
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
            raise ValidationError(gettext("Send a file that ends in .csv or .xlsx."))
