"""The form of a score sheet, made from the criteria so that weights never come from a form."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from flask_babel import gettext, lazy_gettext
from wtforms import Field, HiddenField, SelectField

from app.editions.forms import a_score
from app.editions.parts import Criterion
from app.evaluation.models import ConflictKind, Sheet
from app.evaluation.sheets import Marks, marks_on
from app.web.fields import Form, HundredthsField, block, is_answered
from app.web.language import language, local_in

LONGEST_NOTE = 2000

Answer = TypeVar("Answer")


class SheetForm(Form):
    """Scores and notes by criterion, and an overall comment."""

    comment = block(
        lazy_gettext("Overall comment"),
        LONGEST_NOTE,
        description=lazy_gettext(
            "The proposers will read this and your notes after publication, without your name."
        ),
    )
    version = HiddenField()

    @property
    def unsaved(self) -> list[Field]:
        """The fields whose answer can't be kept; a score that is only missing is none of them."""
        return [
            field for field in self if field.errors and any(map(str.strip, field.raw_data or ()))
        ]

    def lines(self, criteria: list[Criterion]) -> list[tuple[Criterion, Field, Field]]:
        """Return each criterion with the fields of its score and its note."""
        return [(each, self[f"score_{each.id}"], self[f"note_{each.id}"]) for each in criteria]

    def marks(self, criteria: list[Criterion]) -> Marks:
        """Return what the evaluator wrote."""
        return Marks(
            values={criterion.id: self[f"score_{criterion.id}"].data for criterion in criteria},
            notes={criterion.id: self[f"note_{criterion.id}"].data or "" for criterion in criteria},
            comment=self.comment.data or "",
        )

    def answered(self, criteria: list[Criterion], saved: Marks) -> Marks:
        """Return what can be saved: the valid answers, and what is saved already of the others."""
        typed = self.marks(criteria)
        scores = {each.id: self[f"score_{each.id}"] for each in criteria}
        notes = {each.id: self[f"note_{each.id}"] for each in criteria}
        return Marks(
            values=_newer(scores, typed.values, saved.values),
            notes=_newer(notes, typed.notes, saved.notes),
            comment=typed.comment if is_answered(self.comment) else saved.comment,
        )


def sheet_form(criteria: list[Criterion]) -> type[SheetForm]:
    """Return the form of a sheet with these criteria, in the reader's language."""
    spoken = language()
    return _form_of(tuple((criterion.id, local_in(spoken, criterion)) for criterion in criteria))


def filled_sheet(sheet: Sheet, criteria: list[Criterion]) -> SheetForm:
    """Return the form, filled with what the sheet holds."""
    saved = marks_on(sheet, criteria)
    values = {f"score_{key}": value for key, value in saved.values.items()}
    notes = {f"note_{key}": note for key, note in saved.notes.items()}
    return sheet_form(criteria)(formdata=None, data=values | notes | {"comment": saved.comment})


@lru_cache(maxsize=1_000)
def _form_of(criteria: tuple[tuple[int, str], ...]) -> type[SheetForm]:
    """Make the form for criteria given by id and name, once: a class is expensive to make."""
    fields: dict[str, Any] = {}
    for criterion_id, name in criteria:
        fields[f"score_{criterion_id}"] = HundredthsField(name, validators=[a_score])
        about = lazy_gettext("Note on “%(line)s”", line=name)
        fields[f"note_{criterion_id}"] = block(about, LONGEST_NOTE)
    return type("CriteriaSheetForm", (SheetForm,), fields)


class DeclarationForm(Form):
    """The declaration of a conflict of interest."""

    kind = SelectField(lazy_gettext("Kind of conflict"))
    reason = block(
        lazy_gettext("Reason"),
        LONGEST_NOTE,
        required=True,
        description=lazy_gettext("This will appear in the minutes."),
    )

    def offer(self) -> "DeclarationForm":
        """Offer the kinds that are declared, not detected."""
        declared = [kind for kind in ConflictKind if not kind.is_detected]
        self.kind.choices = [(kind.value, gettext(kind.label)) for kind in declared]
        return self


def _newer(
    fields: Mapping[int, Field], typed: Mapping[int, Answer], saved: Mapping[int, Answer]
) -> dict[int, Answer]:
    """Return what was typed into the fields that are answered, and what is saved of the others."""
    return {key: (typed if is_answered(field) else saved)[key] for key, field in fields.items()}
