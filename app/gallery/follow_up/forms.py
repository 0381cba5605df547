"""The form in which authors say what became of their innovation."""

from flask_babel import lazy_gettext
from wtforms import SelectField
from wtforms.validators import DataRequired

from app.gallery.follow_up.models import Afterwards
from app.web.fields import REQUIRED, Form, block


class FollowUpForm(Form):
    """Whether it continues, and where it was replicated."""

    state = SelectField(
        lazy_gettext("What became of it?"),
        choices=[
            ("", lazy_gettext("Choose …")),
            *((own.value, lazy_gettext(own.label)) for own in Afterwards),
        ],
        validators=[DataRequired(REQUIRED)],
    )
    replicated_in = block(
        lazy_gettext("Where has it been replicated?"),
        2000,
        description=lazy_gettext(
            "One place a line, such as an agency or a regency. Leave it empty if nowhere."
        ),
    )
    note = block(
        lazy_gettext("What others should know"),
        2000,
        description=lazy_gettext("Such as what has changed, or why it has stopped."),
    )
