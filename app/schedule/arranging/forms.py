"""The form for publishing a version."""

from flask_babel import lazy_gettext
from wtforms import HiddenField

from app.web.fields import Form, block


class PublicationForm(Form):
    """What a version says about itself."""

    note = block(lazy_gettext("Note for everyone, such as “Room 2 is not available”"), 500)
    expected = HiddenField()
