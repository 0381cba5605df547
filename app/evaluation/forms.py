"""The shape of a score sheet: made from the criteria, so that weights never come from a form."""

from functools import lru_cache
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired

from app.editions.forms import a_score
from app.editions.parts import Criterion
from app.evaluation.models import ConflictKind, Sheet
from app.evaluation.sheets import Marks
from app.web.fields import (
    REQUIRED,
    Form,
    HundredthsField,
    at_most,
    no_control_characters,
    tidy,
)
from app.web.language import local

NOTE = [at_most(2000), no_control_characters]


class SheetForm(Form):
    """Scores and notes by criterion, and a comment on the whole."""

    comment = TextAreaField(
        lazy_gettext("Comment on the whole"),
        description=lazy_gettext(
            "The proposers read it, and your notes, after publication, without your name."
        ),
        filters=[tidy],
        validators=NOTE,
    )
    version = HiddenField()

    def marks(self, criteria: list[Criterion]) -> Marks:
        """Return what the evaluator wrote."""
        return Marks(
            values={each.id: self[f"score_{each.id}"].data for each in criteria},
            notes={each.id: self[f"note_{each.id}"].data or "" for each in criteria},
            comment=self.comment.data or "",
        )


def sheet_form(criteria: list[Criterion]) -> type[SheetForm]:
    """Return the form of a sheet with these criteria, in the reader's language."""
    return _form_of(tuple((each.id, local(each)) for each in criteria))


def filled_sheet(sheet: Sheet, criteria: list[Criterion]) -> SheetForm:
    """Return the form with what stands on the sheet."""
    values: dict[str, Any] = {"comment": sheet.comment}
    for score in sheet.scores:
        values[f"score_{score.criterion_id}"] = score.value
        values[f"note_{score.criterion_id}"] = score.note
    return sheet_form(criteria)(formdata=None, data=values)


@lru_cache(maxsize=1_000)
def _form_of(criteria: tuple[tuple[int, str], ...]) -> type[SheetForm]:
    """Make the form of criteria given by id and name, once: a class is dear to make."""
    fields: dict[str, Any] = {}
    for number, name in criteria:
        fields[f"score_{number}"] = HundredthsField(name, validators=[a_score])
        fields[f"note_{number}"] = TextAreaField(
            lazy_gettext("Note"), filters=[tidy], validators=NOTE
        )
    return type("CriteriaSheetForm", (SheetForm,), fields)


class DeclarationForm(Form):
    """A conflict of interest that somebody declares."""

    kind = SelectField(lazy_gettext("Kind of conflict"))
    reason = TextAreaField(
        lazy_gettext("Reason"),
        description=lazy_gettext("It stands in the minutes."),
        filters=[tidy],
        validators=[DataRequired(REQUIRED), *NOTE],
    )

    def offer(self) -> "DeclarationForm":
        """Offer the kinds that are declared, not detected."""
        declared = [each for each in ConflictKind if not each.is_detected]
        self.kind.choices = [(each.value, gettext(each.label)) for each in declared]
        return self
