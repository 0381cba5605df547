"""The forms for an edition's lists, such as sections and criteria, as tables of rows."""

import datetime as dt
import re
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import (
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)

from app.editions.kinds import AwardKind, FileKind, SectionKind, SheetKind
from app.web.fields import REQUIRED, Form, HundredthsField, block, line, sensible

SPARE_ROWS = 2
MOST_ROWS = 60
MOST_TIE_BREAKERS = 20
CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


class ListRow(Form):
    """A row of one of the lists; a row without a name is left out."""

    id = HiddenField()
    place = IntegerField(lazy_gettext("Order"), validators=[Optional(), NumberRange(0, 1000)])
    name = line(lazy_gettext("Name"), 300, required=False)
    name_en = line(lazy_gettext("Name in English"), 300, required=False)

    def values(self) -> dict[str, Any]:
        """Return what the row says, by column."""
        return {key: value for key, value in self.data.items() if key not in {"id", "place"}}


class DocumentRow(ListRow):
    """A document that a proposal needs."""

    is_required = BooleanField(lazy_gettext("Required"))
    accepts = SelectField(
        lazy_gettext("Accepted files"),
        choices=[(kind.value, lazy_gettext(kind.label)) for kind in FileKind],
    )
    megabytes = IntegerField(
        lazy_gettext("Maximum MB per file"),
        validators=[InputRequired(REQUIRED), NumberRange(1, 10)],
        default=2,
    )
    most = IntegerField(
        lazy_gettext("Maximum number of files"),
        validators=[InputRequired(REQUIRED), NumberRange(1, 20)],
        default=1,
    )

    def values(self) -> dict[str, Any]:
        """Return what the row says, with the kind of files as a `FileKind`."""
        return super().values() | {"accepts": FileKind(self.accepts.data)}


class SectionRow(ListRow):
    """A section of the proposal's form."""

    kind = SelectField(
        lazy_gettext("Type of answer"),
        choices=[(kind.value, lazy_gettext(kind.label)) for kind in SectionKind],
    )
    is_required = BooleanField(lazy_gettext("Required"), default=True)
    guidance = line(lazy_gettext("Guidance"), 500, required=False)
    guidance_en = line(lazy_gettext("Guidance in English"), 500, required=False)
    word_limit = IntegerField(
        lazy_gettext("Word limit"),
        validators=[InputRequired(REQUIRED), NumberRange(1, 5000)],
        default=200,
    )
    options = block(lazy_gettext("Options, one per line: Indonesian | English"), 5000)
    only_if = line(
        lazy_gettext("Applies only if, such as “Kelompok: Replikasi”"),
        700,
        required=False,
        render_kw={"list": "answers"},
    )

    def values(self) -> dict[str, Any]:
        """Return what the row says, with the kind of section as a `SectionKind`."""
        return super().values() | {"kind": SectionKind(self.kind.data)}


class CriterionRow(ListRow):
    """A criterion with its weight."""

    kind = SelectField(
        lazy_gettext("Score sheet"),
        choices=[
            (SheetKind.DESK.value, lazy_gettext("Desk evaluation")),
            (SheetKind.PRESENTATION.value, lazy_gettext("Presentation")),
        ],
    )
    guidance = line(lazy_gettext("What it assesses"), 500, required=False)
    guidance_en = line(lazy_gettext("What it assesses, in English"), 500, required=False)
    weight = HundredthsField(
        lazy_gettext("Weight"),
        validators=[InputRequired(REQUIRED), NumberRange(0.01, 100)],
        default=lambda: "10",
    )
    tie_break = IntegerField(
        lazy_gettext("Tie-break order"), validators=[Optional(), NumberRange(1, MOST_TIE_BREAKERS)]
    )

    def values(self) -> dict[str, Any]:
        """Return what the row says, with the kind of sheet as a `SheetKind`."""
        return super().values() | {"kind": SheetKind(self.kind.data)}


class BreakRow(ListRow):
    """A break of every presentation day."""

    starts_at = TimeField(
        lazy_gettext("From"), validators=[InputRequired(REQUIRED)], default=dt.time(12)
    )
    ends_at = TimeField(
        lazy_gettext("Until"), validators=[InputRequired(REQUIRED)], default=dt.time(13)
    )

    earliest = TimeField(lazy_gettext("Earliest start"), validators=[Optional()])
    latest = TimeField(lazy_gettext("Latest start"), validators=[Optional()])

    def validate_ends_at(self, field: TimeField) -> None:
        """Check that the break ends after it starts."""
        if self.starts_at.data and field.data and field.data <= self.starts_at.data:
            raise ValidationError(gettext("The end is before the start."))

    def validate_earliest(self, field: TimeField) -> None:
        """Check that its usual time is not before."""
        if self.starts_at.data and field.data and field.data > self.starts_at.data:
            raise ValidationError(gettext("Its usual time is earlier than that."))

    def validate_latest(self, field: TimeField) -> None:
        """Check that its usual time is not after."""
        if self.starts_at.data and field.data and field.data < self.starts_at.data:
            raise ValidationError(gettext("Its usual time is later than that."))


class AwardCategoryRow(ListRow):
    """A category of awards."""

    places = IntegerField(
        lazy_gettext("Places"), validators=[InputRequired(REQUIRED), NumberRange(1, 100)], default=3
    )
    kind = SelectField(
        lazy_gettext("Given"),
        choices=[(kind.value, lazy_gettext(kind.label)) for kind in AwardKind],
        default=AwardKind.PLENARY.value,
    )
    criterion = line(
        lazy_gettext("Criterion, if one decides"),
        300,
        required=False,
        render_kw={"list": "criteria"},
    )
    only_for = line(
        lazy_gettext("Only for a category or kind of unit, if not for all"),
        300,
        required=False,
        render_kw={"list": "circles"},
    )

    def values(self) -> dict[str, Any]:
        """Return what the row says, with the kind of award as an `AwardKind`."""
        return super().values() | {"kind": AwardKind(self.kind.data)}

    def validate_criterion(self, field: Any) -> None:  # noqa: ANN401 -- a line of text
        """Check that there is one where it decides."""
        if self.kind.data == AwardKind.CRITERION.value and not field.data:
            raise ValidationError(gettext("Name the criterion whose mean decides."))


class DayRow(Form):
    """A presentation day; a row without a date is left out."""

    id = HiddenField()
    name = DateField(lazy_gettext("Date"), validators=[Optional(), sensible])
    starts_at = TimeField(
        lazy_gettext("From"), validators=[InputRequired(REQUIRED)], default=dt.time(8, 30)
    )
    ends_at = TimeField(
        lazy_gettext("Until"), validators=[InputRequired(REQUIRED)], default=dt.time(17)
    )

    def validate_ends_at(self, field: TimeField) -> None:
        """Check that the day ends after it starts."""
        if self.starts_at.data and field.data and field.data <= self.starts_at.data:
            raise ValidationError(gettext("The end is before the start."))


class KindRow(ListRow):
    """A kind of unit in an organisation."""

    code = line(lazy_gettext("Code in tables"), 32, required=False)

    def validate_code(self, field: StringField) -> None:
        """Require a code of small letters, digits and hyphens."""
        if self.name.data and not CODE.fullmatch(field.data or ""):
            raise ValidationError(gettext("Use lower-case letters, digits and hyphens."))


ROWS: dict[str, type[Form]] = {
    "categories": ListRow,
    "eligibility_items": ListRow,
    "documents": DocumentRow,
    "sections": SectionRow,
    "criteria": CriterionRow,
    "rooms": ListRow,
    "breaks": BreakRow,
    "award_categories": AwardCategoryRow,
    "days": DayRow,
    "kinds": KindRow,
}


def list_form(part: str) -> type[Form]:
    """Return the form that edits one list of the edition as a table of rows."""

    class ListForm(Form):
        """A table of rows and the version they started from."""

        rows = FieldList(FormField(ROWS[part]), lazy_gettext("Rows"), max_entries=MOST_ROWS)
        version = HiddenField()

        def filled(self) -> list[Any]:
            """Return the rows that are filled in, in the order they ask for."""
            rows = [entry.form for entry in self.rows if entry.form.name.data]
            if part == "days":
                return rows
            return sorted(
                rows, key=lambda row: MOST_ROWS if row.place.data is None else row.place.data
            )

    return ListForm
