"""The forms of objections, of the decree, and of withdrawing a result."""

from collections.abc import Collection

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.awards.publication.models import ObjectionMatter, Ruling
from app.editions.models import Edition
from app.web.fields import REQUIRED, Form, ZonedField, block, line, sensible


class ObjectionForm(Form):
    """What an entrant objects to."""

    matter = SelectField(
        lazy_gettext("What is it about?"),
        choices=[(own.value, lazy_gettext(own.label)) for own in ObjectionMatter],
    )
    text = block(lazy_gettext("What do you object to, and why?"), 5000, required=True)

    def leave_out(self, done: Collection[str]) -> None:
        """Offer no matter that has been objected to."""
        self.matter.choices = [
            (own.value, lazy_gettext(own.label)) for own in ObjectionMatter if own.value not in done
        ]


class AnswerForm(Form):
    """How an objection is decided."""

    answer = SelectField(
        lazy_gettext("Decision"),
        choices=[(own.value, lazy_gettext(own.label)) for own in Ruling],
    )
    reason = block(lazy_gettext("Reason, from the record"), 5000, required=True)
    entry = IntegerField(
        lazy_gettext("Number of the entry in the audit trail, if it rests on one"),
        validators=[Optional(), NumberRange(1, 10_000_000)],
    )


class WithdrawalForm(Form):
    """Why a result is to be withdrawn."""

    reason = block(lazy_gettext("Reason, which everybody will read"), 2000, required=True)


def decree_form(edition: Edition) -> type[Form]:
    """Return the form of the decree, its time in the edition's zone."""

    class DecreeForm(Form):
        """What the decree says, from when on the result is final, and a scan."""

        number = line(lazy_gettext("Number of the decree"), 100)
        dated = DateField(
            lazy_gettext("Date of the decree"), validators=[InputRequired(REQUIRED), sensible]
        )
        signed_by = line(lazy_gettext("Signed by (name or office)"), 200)
        final_at = ZonedField(
            lazy_gettext("The result is final from"),
            zone=edition.zone,
            validators=[InputRequired(REQUIRED)],
        )
        scan = FileField(lazy_gettext("Scan of the decree (PDF, at most 10 MB)"))

    return DecreeForm
