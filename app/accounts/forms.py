"""The forms for signing in, passwords and the profile."""

import re
from typing import Self

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, ValidationError

from app.accounts.secrets import LONGEST_PASSWORD, password_fault
from app.web.fields import REQUIRED, Form, at_most, email_line, line, own, person_line
from app.web.language import LANGUAGES

NIP = re.compile("[0-9]{18}")
NOT_AN_ADDRESS = lazy_gettext("Enter an e-mail address, such as name@example.go.id.")


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(
        lazy_gettext("E-mail"),
        validators=[DataRequired(REQUIRED), at_most(254)],
        render_kw=own("username"),
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[DataRequired(REQUIRED), at_most(LONGEST_PASSWORD)],
        render_kw=own("current-password"),
    )


class ResetForm(Form):
    """The address that a reset link should go to."""

    email = email_line(lazy_gettext("E-mail"), NOT_AN_ADDRESS, render_kw=own("username"))


class NewPasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        lazy_gettext("New password"),
        description=lazy_gettext("At least 10 characters; a sentence is easy to remember."),
        validators=[DataRequired(REQUIRED)],
        render_kw=own("new-password"),
    )
    again = PasswordField(
        lazy_gettext("Repeat the new password"),
        validators=[EqualTo("password", lazy_gettext("The passwords don't match."))],
        render_kw=own("new-password"),
    )

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a password that can't be used."""
        if fault := password_fault(field.data or ""):
            raise ValidationError(gettext(fault))


class ChangePasswordForm(NewPasswordForm):
    """The current password, and a new one twice."""

    present = PasswordField(
        lazy_gettext("Current password"),
        validators=[DataRequired(REQUIRED), at_most(LONGEST_PASSWORD)],
        render_kw=own("current-password"),
    )


class ProfileForm(Form):
    """What a person may change about themselves."""

    name = person_line(lazy_gettext("Name"), render_kw=own("name"))
    phone = line(lazy_gettext("Telephone"), 32, required=False, render_kw=own("tel"))
    nip = line(
        "NIP",
        32,
        required=False,
        description=lazy_gettext("18 digits, such as 19870512 201001 1 004."),
    )
    language = SelectField(lazy_gettext("Language"), choices=list(LANGUAGES.items()))

    present_nip = ""

    def beside(self, nip: str) -> Self:
        """Accept this NIP, which the person has already, however it is written."""
        self.present_nip = nip
        return self

    def validate_nip(self, field: StringField) -> None:
        """Accept 18 digits and drop their spaces; what stood there before stays as it is."""
        typed = field.data or ""
        if typed == self.present_nip:
            return
        digits = "".join(typed.split())
        if digits and not NIP.fullmatch(digits):
            raise ValidationError(
                gettext("A NIP has 18 digits. Enter all of them, or leave this empty.")
            )
        field.data = digits


class NewEmailForm(Form):
    """Another address for the account, and the password of who asks."""

    email = email_line(lazy_gettext("New e-mail"), NOT_AN_ADDRESS, render_kw=own("email"))
    password = PasswordField(
        lazy_gettext("Current password"),
        id="password-for-email",
        validators=[DataRequired(REQUIRED), at_most(LONGEST_PASSWORD)],
        render_kw=own("current-password"),
    )
