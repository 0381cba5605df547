"""The form of the settings of a person's calendar."""

from flask_babel import lazy_gettext
from wtforms import SelectField

from app.web.fields import Form

ALARMS = (
    (0, lazy_gettext("No alarm")),
    (15, lazy_gettext("15 minutes before")),
    (60, lazy_gettext("1 hour before")),
    (1440, lazy_gettext("1 day before")),
)


class AlarmForm(Form):
    """How long before a presentation the calendar rings."""

    minutes = SelectField(lazy_gettext("Alarm"), coerce=int, choices=list(ALARMS))
