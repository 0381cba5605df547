"""The forms of findings, decisions, letters, remarks, assignment rules and filters."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.queries import holders
from app.screening.decisions import GOOD_NEWS, Verdict
from app.screening.models import EligibilityFinding, Finding, Outcome
from app.screening.tabulation import TabulationFilters, TabulationOrder, TabulationView
from app.web.fields import REQUIRED, Form, ZonedField, block, search_asked
from app.web.language import local, uncapped
from app.web.seen import fingerprint
from app.workflow import N_, Overtaken

MOST_PLACES = 100_000
LONGEST_NOTE = 2000


class ChecklistForm(Form):
    """The eligibility checklist; its lines come from the edition."""

    def findings(self, edition: Edition) -> dict[int, tuple[Finding, str]]:
        """Return the findings by checklist line id; lines not checked yet are left out."""
        found = {}
        for item in edition.eligibility_items:
            finding, note = self[f"finding_{item.id}"].data, self[f"note_{item.id}"].data
            if finding in set(Finding):
                found[item.id] = (Finding(finding), note or "")
        return found

    def seen(self, edition: Edition) -> dict[int, str]:
        """Return the fingerprint of each line as it was when the form was opened, by line id."""
        return {item.id: self[f"seen_{item.id}"].data or "" for item in edition.eligibility_items}

    def show_again(self, edition: Edition, found: Mapping[int, EligibilityFinding]) -> None:
        """Let the form begin from what is found now, with what was typed in it."""
        for item in edition.eligibility_items:
            kept = found.get(item.id)
            self[f"seen_{item.id}"].data = _line_seen((kept.finding, kept.note) if kept else None)


def changed_lines(
    typed: Mapping[int, tuple[Finding, str]],
    seen: Mapping[int, str],
    before: Mapping[int, EligibilityFinding],
) -> dict[int, tuple[Finding, str]]:
    """Return the lines that the user has changed, so that a colleague's stay as they are.

    Raise `Overtaken` where both changed a line; what is saved is in the message.
    """
    found = {line: (kept.finding, kept.note) for line, kept in before.items()}
    changed = {
        line: finding
        for line, finding in typed.items()
        if finding != found.get(line) and _line_seen(finding) != seen[line]
    }
    for line in changed:
        if seen[line] and seen[line] != _line_seen(found.get(line)):
            kept = before[line]
            raise Overtaken(
                N_(
                    "%(name)s has changed a line in the meantime: %(finding)s, “%(note)s”. "
                    "What you typed is below and not saved. Save again to replace their "
                    "change."
                ),
                name=kept.person.name,
                finding=kept.finding.label,
                note=kept.note,
            )
    return changed


def _line_seen(line: tuple[Finding, str] | None) -> str:
    return fingerprint(*(line or ()))


def checklist_form(edition: Edition) -> type[ChecklistForm]:
    """Return the form of this edition's checklist: a finding and a note for each line."""
    fields: dict[str, Any] = {}
    for item in edition.eligibility_items:
        fields[f"finding_{item.id}"] = RadioField(
            local(item),
            choices=[(finding.value, lazy_gettext(finding.label)) for finding in Finding],
            validators=[Optional()],
            validate_choice=False,
        )
        fields[f"seen_{item.id}"] = HiddenField()
        about = lazy_gettext("Note on “%(line)s”", line=local(item))
        fields[f"note_{item.id}"] = block(about, LONGEST_NOTE)
    return type("EditionChecklistForm", (ChecklistForm,), fields)


def filled_checklist(edition: Edition, findings: dict[int, EligibilityFinding]) -> ChecklistForm:
    """Return the checklist, filled with the findings so far."""
    values = {}
    for item_id, finding in findings.items():
        values[f"finding_{item_id}"] = finding.finding.value
        values[f"note_{item_id}"] = finding.note
    form = checklist_form(edition)(formdata=None, data=values)
    form.show_again(edition, findings)
    return form


class DecisionForm(Form):
    """Outcome, reason, and when a correction is due."""

    outcome = SelectField(
        lazy_gettext("Decision"),
        choices=[(outcome.value, lazy_gettext(outcome.label)) for outcome in Outcome],
        default=Outcome.FINALIST.value,
        validators=[InputRequired(REQUIRED)],
    )
    reason = block(
        lazy_gettext("Reason"),
        LONGEST_NOTE,
        description=lazy_gettext("The proposers will read this when the decision is announced."),
    )
    correct_until: ZonedField

    @property
    def outcome_chosen(self) -> Outcome | None:
        """The outcome, None if the form names none."""
        return Outcome(self.outcome.data) if self.outcome.data in set(Outcome) else None

    def verdict(self) -> Verdict:
        """Return what the valid form decides."""
        return Verdict(Outcome(self.outcome.data), self.reason.data or "", self.correct_until.data)


def decision_form(edition: Edition) -> type[DecisionForm]:
    """Return the form of a decision, its date in the edition's time zone."""
    zoned = ZonedField(
        lazy_gettext("Correction deadline, if returned"), zone=edition.zone, validators=[Optional()]
    )
    return type("EditionDecisionForm", (DecisionForm,), {"correct_until": zoned})


def has_gaps(form: DecisionForm) -> bool:
    """Mark what the outcome needs and the form lacks; return whether there is anything."""
    if form.outcome_chosen not in GOOD_NEWS and not form.reason.data:
        form.reason.errors = [gettext("Give a reason: the proposers will read it.")]
    if form.outcome_chosen is Outcome.RETURNED and not form.correct_until.data:
        form.correct_until.errors = [gettext("Enter a deadline for the correction.")]
    return bool(form.reason.errors or form.correct_until.errors)


class TakeDecisionBackForm(Form):
    """Why an announced decision is taken back."""

    why_back = block(
        lazy_gettext("Reason for revoking it"),
        LONGEST_NOTE,
        required=True,
        description=lazy_gettext("The proposers will read this in the letter."),
    )


class LetterForm(Form):
    """The words of the letter about a decision."""

    letter = block(
        lazy_gettext("Text of the letter"),
        5000,
        description=lazy_gettext("Leave this empty to use the standard text."),
    )


class RemarkForm(Form):
    """What somebody says in a discussion."""

    text = block(lazy_gettext("Your remark"), 5000, required=True)


class RuleForm(Form):
    """Who evaluates all proposals of a category."""

    evaluator = SelectField(lazy_gettext("Evaluator"), coerce=int)
    category = SelectField(lazy_gettext("Category"), coerce=int)

    def rule(self, edition: Edition) -> dict[str, Any]:
        """Return who is chosen, and the category, None for all."""
        people = (holder.person for holder in holders(edition, Role.SCREENER))
        chosen = next(person for person in people if person.id == self.evaluator.data)
        return {"chosen": chosen, "category_id": self.category.data or None}


def rule_form(edition: Edition) -> type[RuleForm]:
    """Return the form of a rule, with the edition's evaluators and categories."""
    people = [(holder.person_id, holder.person.name) for holder in holders(edition, Role.SCREENER)]
    categories = [
        (0, gettext("All")),
        *((choice.id, local(choice)) for choice in edition.categories),
    ]
    evaluator = SelectField(lazy_gettext("Evaluator"), coerce=int, choices=people)
    category = SelectField(lazy_gettext("Category"), coerce=int, choices=categories, default=0)
    return type("EditionRuleForm", (RuleForm,), {"evaluator": evaluator, "category": category})


class FilterForm(Form):
    """The reader's filters for the tabulation."""

    search = StringField()
    show = SelectField(
        lazy_gettext("Show"),
        choices=[(view.value, lazy_gettext(view.label)) for view in TabulationView],
    )
    top = IntegerField(lazy_gettext("Rank up to"))
    order = SelectField(
        lazy_gettext("Sort by"),
        choices=[(order.value, lazy_gettext(order.label)) for order in TabulationOrder],
    )


def filter_form(edition: Edition, filters: TabulationFilters) -> FilterForm:
    """Return the form that shows these filters."""
    form = FilterForm(formdata=None, data=filters.as_fields())
    unit = uncapped(local(edition, "unit_word"))
    form.search.label.text = gettext("Title or %(unit)s", unit=unit)
    return form


def asked_filters(values: MultiDict[str, str]) -> TabulationFilters:
    """Read the filters from an address or a form, ignoring invalid values."""
    show, order = values.get("show", ""), values.get("order", "")
    top = values.get("top", type=int)
    return TabulationFilters(
        show=TabulationView(show) if show in set(TabulationView) else TabulationView.ALL,
        order=TabulationOrder(order) if order in set(TabulationOrder) else TabulationOrder.MEAN,
        search=search_asked(values.get("search")),
        top=top if top and 0 < top <= MOST_PLACES else None,
    )
