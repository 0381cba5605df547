"""The shapes of findings, decisions and declared conflicts."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from app.editions.models import Edition
from app.screening.models import ConflictKind, EligibilityFinding, Finding, Outcome
from app.web.fields import REQUIRED, Form, ZonedField, at_most, no_control_characters, tidy
from app.web.language import local

NOTE = [at_most(2000), no_control_characters]


class ChecklistForm(Form):
    """The eligibility checklist; its lines come from the edition."""

    def findings(self, edition: Edition) -> dict[int, tuple[Finding, str]]:
        """Return what was found, by line; a line not yet looked at is left out."""
        found = {}
        for item in edition.eligibility_items:
            finding, note = self[f"finding_{item.id}"].data, self[f"note_{item.id}"].data
            if finding in set(Finding):
                found[item.id] = (Finding(finding), note or "")
        return found


def checklist_form(edition: Edition) -> type[ChecklistForm]:
    """Return the form of this edition's checklist: a finding and a note for each line."""
    fields: dict[str, Any] = {}
    for item in edition.eligibility_items:
        fields[f"finding_{item.id}"] = RadioField(
            local(item),
            choices=[(each.value, lazy_gettext(each.label)) for each in Finding],
            validators=[Optional()],
            validate_choice=False,
        )
        fields[f"note_{item.id}"] = TextAreaField(
            lazy_gettext("Note"), filters=[tidy], validators=NOTE
        )
    return type("EditionChecklistForm", (ChecklistForm,), fields)


def filled_checklist(edition: Edition, findings: dict[int, EligibilityFinding]) -> ChecklistForm:
    """Return the checklist with what has been found so far."""
    values = {}
    for item_id, row in findings.items():
        values[f"finding_{item_id}"] = row.finding.value
        values[f"note_{item_id}"] = row.note
    return checklist_form(edition)(formdata=None, data=values)


def decision_form(edition: Edition) -> type[Form]:
    """Return the form of a decision, its date in the edition's time zone."""

    class DecisionForm(Form):
        """Outcome, reason, and until when a correction is due."""

        outcome = SelectField(
            lazy_gettext("Decision"),
            choices=[(each.value, lazy_gettext(each.label)) for each in Outcome],
            default=Outcome.FINALIST.value,
            validators=[InputRequired(REQUIRED)],
        )
        reason = TextAreaField(
            lazy_gettext("Reason"),
            description=lazy_gettext("The proposers read it when the decision is announced."),
            filters=[tidy],
            validators=NOTE,
        )
        correct_until = ZonedField(
            lazy_gettext("Correction due, if returned"), zone=edition.zone, validators=[Optional()]
        )

    return DecisionForm


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
