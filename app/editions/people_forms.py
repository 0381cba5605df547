"""The forms for the people of an edition: appointing, inviting, correcting."""

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from app.editions.kinds import Role
from app.editions.models import Edition
from app.editions.units import Agency
from app.web.fields import Form, email_line, line, person_line
from app.web.language import local


class AppointmentForm(Form):
    """Who becomes an organiser, and why the site administrator appoints them."""

    email = email_line(lazy_gettext("E-mail"))
    name = person_line(lazy_gettext("Name"))
    reason = line(
        lazy_gettext("Reason"),
        500,
        description=lazy_gettext("It is kept in the audit trail, and the organisers can read it."),
    )


class CorrectionForm(Form):
    """The name and address of somebody who was invited."""

    name = person_line(lazy_gettext("Name"))
    email = email_line(lazy_gettext("E-mail"))


class InvitationForm(Form):
    """A role for a person."""

    email = email_line(lazy_gettext("E-mail"))
    name = person_line(lazy_gettext("Name"))
    role = SelectField(lazy_gettext("Role"))
    agency = SelectField(lazy_gettext("Agency"), coerce=int)
    title = line(lazy_gettext("Position, such as Camat or Kepala Dinas"), 200, required=False)
    is_chair = BooleanField(lazy_gettext("Chairs the judging team"))
    is_delegate = BooleanField(lazy_gettext("Endorses the agency's proposals, as its delegate"))

    def offer(self, agencies: list[Agency], edition: Edition) -> "InvitationForm":
        """Offer the roles and these agencies, called as the edition calls them."""
        self.agency.label.text = local(edition, "unit_word")
        self.role.choices = [(role.value, gettext(role.label)) for role in Role]
        self.agency.choices = [(0, "–"), *((agency.id, agency.name) for agency in agencies)]
        return self

    def validate_agency(self, field: SelectField) -> None:
        """Require the agency of a judge and of an innovator."""
        if self.role.data in {Role.JUDGE, Role.INNOVATOR} and not field.data:
            raise ValidationError(gettext("A judge or an innovator needs an agency."))
