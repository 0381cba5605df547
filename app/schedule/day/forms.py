"""The form for a delay."""

from typing import Any, Self

from flask_babel import gettext, lazy_gettext
from wtforms import DateField, HiddenField, SelectField, TimeField
from wtforms.validators import InputRequired

from app.editions.models import Edition
from app.web.fields import REQUIRED, Form, block, number, sensible, whole
from app.web.language import local


class DelayForm(Form):
    """What is delayed, from when on and by how much."""

    date = DateField(lazy_gettext("Date"), validators=[InputRequired(REQUIRED), sensible])
    start = TimeField(lazy_gettext("From"), validators=[InputRequired(REQUIRED)])
    minutes = number(lazy_gettext("Minutes later (a minus sign means earlier)"), -240, 240)
    room_id = SelectField(lazy_gettext("Room"), coerce=int)
    note = block(lazy_gettext("Note for everyone"), 500)
    expected = HiddenField()

    def offer(self, edition: Edition) -> Self:
        """Offer the edition's rooms."""
        rooms = ((room.id, local(room)) for room in edition.rooms)
        self.room_id.choices = [(0, gettext("All rooms")), *rooms]
        return self

    def facts(self) -> dict[str, Any]:
        """Return what is put off and by how much, as arguments of `shift_slots`."""
        return {
            "day": self.date.data,
            "start": self.start.data,
            "minutes": self.minutes.data,
            "room_id": self.room_id.data or None,
            "expected": whole(self.expected.data),
        }
