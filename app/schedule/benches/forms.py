"""The forms for panels, absences, and a calendar that is handed in."""

import datetime as dt
from typing import Any, Self

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError

from app.accounts.models import Person
from app.editions.kinds import MOST_JUDGES
from app.editions.models import Edition
from app.schedule.benches.rotation import Every
from app.schedule.draft.models import Panel
from app.schedule.draft.queries import judging_team
from app.schedule.draft.timetable import Span
from app.web.fields import REQUIRED, Form, line, number, sensible
from app.web.language import day as day_name
from app.web.language import local


class PanelForm(Form):
    """A panel, where it sits, and who belongs to it."""

    name = line(lazy_gettext("Name"), 100)
    name_en = line(lazy_gettext("Name in English"), 100, required=False)
    room_id = SelectField(lazy_gettext("Room"), coerce=int)
    day = SelectField(lazy_gettext("Day"))
    begins_at = TimeField(
        lazy_gettext("From, if panels change during that day"), validators=[Optional()]
    )
    seats = number(lazy_gettext("Number of members"), 1, MOST_JUDGES)
    quorum = number(lazy_gettext("Quorum after recusals"), 1, MOST_JUDGES)
    members = SelectMultipleField(lazy_gettext("Members"), coerce=int)
    alternates = SelectMultipleField(
        lazy_gettext("Alternates, called in when too few judges are left"), coerce=int
    )

    def offer(self, edition: Edition, panel: Panel | None = None) -> Self:
        """Offer the edition's rooms, days and judges, and the panel's day even if gone."""
        self.room_id.choices = [(0, "–"), *((room.id, local(room)) for room in edition.rooms)]
        days = {day.date for day in edition.days} | ({panel.day} if panel and panel.day else set())
        named = ((day.isoformat(), day_name(day)) for day in sorted(days))
        self.day.choices = [("", gettext("Every day")), *named]
        team = [(judge.person_id, judge.person.name) for judge in judging_team(edition)]
        self.members.choices = self.alternates.choices = team
        return self

    def fill(self, panel: Panel) -> Self:
        """Show the panel's room, day, members and alternates."""
        self.room_id.data = panel.room_id or 0
        self.day.data = panel.day.isoformat() if panel.day else ""
        self.members.data = [
            member.person_id for member in panel.members if not member.is_alternate
        ]
        self.alternates.data = [member.person_id for member in panel.members if member.is_alternate]
        return self

    def facts(self) -> dict[str, Any]:
        """Return what the form says about the panel itself, without its judges."""
        return {
            "name": self.name.data or "",
            "name_en": self.name_en.data or "",
            "room_id": self.room_id.data or None,
            "day": dt.date.fromisoformat(self.day.data) if self.day.data else None,
            "begins_at": self.begins_at.data,
            "seats": self.seats.data,
            "quorum": self.quorum.data,
        }

    def validate_begins_at(self, field: TimeField) -> None:
        """Check that it is a time of one day."""
        if field.data and not self.day.data:
            raise ValidationError(gettext("Choose the day too."))

    def validate_quorum(self, field: Any) -> None:  # noqa: ANN401 -- a number
        """Check that the quorum can be reached."""
        if self.seats.data and field.data and field.data > self.seats.data:
            raise ValidationError(gettext("This is more than the panel has members."))


class RotationForm(Form):
    """How many judge together, and how often judges change panels."""

    size = number(lazy_gettext("Judges in each panel"), 2, MOST_JUDGES)
    every = SelectField(
        lazy_gettext("Judges change panels"),
        choices=[(every.value, lazy_gettext(every.label)) for every in Every],
    )

    @property
    def chosen(self) -> tuple[int, Every]:
        """How many and how often, once validated."""
        return self.size.data or 0, Every(self.every.data)


class AbsenceForm(Form):
    """When somebody can't come."""

    person = SelectField(lazy_gettext("Name"), coerce=int)
    date = DateField(lazy_gettext("Date"), validators=[InputRequired(REQUIRED), sensible])
    starts_at = TimeField(lazy_gettext("From"), validators=[InputRequired(REQUIRED)])
    ends_at = TimeField(lazy_gettext("Until"), validators=[InputRequired(REQUIRED)])

    def offer(self, people: list[Person]) -> Self:
        """Offer these people."""
        self.person.choices = [(person.id, person.name) for person in people]
        return self

    def validate_ends_at(self, field: TimeField) -> None:
        """Check that it ends after it starts."""
        if self.starts_at.data and field.data and field.data <= self.starts_at.data:
            raise ValidationError(gettext("The end is before the start."))

    def span(self, edition: Edition) -> Span:
        """Return the stretch of time in UTC."""
        date, begin, end = self.date.data, self.starts_at.data, self.ends_at.data
        if date is None or begin is None or end is None:
            raise AssertionError("an absence without its times passed validation")
        begins, ends = (
            dt.datetime.combine(date, time, tzinfo=edition.zone).astimezone(dt.UTC)
            for time in (begin, end)
        )
        return Span(begins, ends)


class CalendarForm(Form):
    """A person's own calendar, of which only the busy times are kept."""

    calendar = FileField(
        lazy_gettext("Calendar file (.ics)"),
        validators=[FileRequired(REQUIRED)],
        render_kw={"accept": ".ics,.zip,text/calendar"},
    )
