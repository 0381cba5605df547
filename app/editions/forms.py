"""The forms for organisations and agencies, an edition's settings and its windows."""

import datetime as dt
import re
from enum import Enum
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import (
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)

from app.editions.kinds import (
    HIGHEST_SCORE,
    MOST_JUDGES,
    AgencyOrder,
    Method,
    Picking,
    PrizeLimit,
    Stage,
)
from app.editions.models import Edition
from app.editions.rules import ALWAYS_OPEN, template, template_names
from app.editions.units import Agency, UnitKind
from app.web.fields import (
    REQUIRED,
    Form,
    HundredthsField,
    ZonedField,
    block,
    email_line,
    line,
    number,
    sensible,
)
from app.web.language import local
from app.web.shell import ZONES
from app.workflow import N_

REGIONS = {
    "Asia": N_("Asia"),
    "Pacific": N_("Pacific"),
    "Australia": N_("Australia"),
    "Indian": N_("Indian Ocean"),
    "Europe": N_("Europe"),
    "Africa": N_("Africa"),
    "America": N_("America"),
    "Atlantic": N_("Atlantic Ocean"),
    "Antarctica": N_("Antarctica"),
    "Arctic": N_("Arctic"),
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def a_score(_form: object, field: HundredthsField) -> None:
    """Refuse a score outside its scale."""
    if field.data is not None and not 0 <= field.data <= HIGHEST_SCORE:
        raise ValidationError(gettext("A score must be between 0 and 100."))


class OrganisationForm(Form):
    """A government that runs competitions."""

    name = line(lazy_gettext("Name of the government"), 200)


class AgencyForm(Form):
    """A unit in the tree of agencies."""

    name = line(lazy_gettext("Name"), 200)
    code = line(lazy_gettext("Code"), 64)
    kind = SelectField(lazy_gettext("Kind"))
    parent = SelectField(lazy_gettext("Parent agency"), coerce=int)
    travel_minutes = IntegerField(
        lazy_gettext("Minutes of travel to the venue"),
        validators=[Optional(), NumberRange(0, 1440)],
    )
    can_enter = BooleanField(
        lazy_gettext("Can submit proposals"),
        description=lazy_gettext(
            "Leave this empty for a unit that only provides judges, such as a university."
        ),
        default=True,
    )

    def offer(self, kinds: list[UnitKind], agencies: list[Agency]) -> "AgencyForm":
        """Offer these kinds, and these agencies as the parent."""
        self.kind.choices = [(kind.code, local(kind)) for kind in kinds]
        none = (0, gettext("No parent agency"))
        self.parent.choices = [none, *((agency.id, agency.name) for agency in agencies)]
        return self


class EditionForm(Form):
    """A new edition: from a template or from an earlier edition."""

    name = line(lazy_gettext("Name"), 200, id="edition-name")
    name_en = line(lazy_gettext("Name in English"), 200, required=False)
    slug = line(
        lazy_gettext("Address"),
        64,
        description=lazy_gettext(
            "Lower-case letters, digits and hyphens, such as luwu-utara-2027."
        ),
    )
    source = SelectField(lazy_gettext("Copy rules from"))
    first_day = DateField(
        lazy_gettext("First presentation day"), validators=[InputRequired(REQUIRED), sensible]
    )
    days = number(lazy_gettext("Number of presentation days"), 1, 14)
    organiser = email_line(lazy_gettext("Organiser's e-mail"))

    def offer(self, editions: list[Edition]) -> "EditionForm":
        """Offer the templates and these editions as the source of the rules."""
        templates = [
            (f"template:{name}", local(Label(template(name)))) for name in template_names()
        ]
        earlier = [(f"edition:{edition.id}", local(edition)) for edition in editions]
        self.source.choices = templates + earlier
        return self

    def validate_slug(self, field: StringField) -> None:
        """Accept only small letters, digits and hyphens."""
        if not SLUG.fullmatch(field.data or ""):
            raise ValidationError(gettext("Use lower-case letters, digits and hyphens."))

    def dates(self) -> list[dt.date]:
        """Return the presentation days, which are consecutive."""
        first = self.first_day.data or dt.date.min
        return [first + dt.timedelta(days=offset) for offset in range(self.days.data or 0)]


def zones_by_region() -> dict[str, list[tuple[str, str]]]:
    """Return the zones of Indonesia, then all others, by region and then by city."""
    regions = {"Indonesia": [(name, f"{short} – {_city(name)}") for name, short in ZONES.items()]}
    others = sorted(available_timezones() - ZONES.keys())
    for region, label in REGIONS.items():
        regions[gettext(label)] = [
            (name, _city(name)) for name in others if name.startswith(f"{region}/")
        ]
    return regions


def _city(zone: str) -> str:
    """Return the part of a zone's name by which people look for it: “Kuala Lumpur”."""
    return zone.partition("/")[2].replace("_", " ")


class Label:
    """A template's name in two languages."""

    def __init__(self, data: dict[str, str]) -> None:
        self.name, self.name_en = data["label"], data["label_en"]


class SettingsForm(Form):
    """The single settings of an edition."""

    name = line(lazy_gettext("Name"), 200)
    name_en = line(lazy_gettext("Name in English"), 200, required=False)
    timezone = SelectField(
        lazy_gettext("Time zone"),
        description=lazy_gettext("All times in the edition use this time zone, for everyone."),
    )
    venue = line(lazy_gettext("Venue"), 200, required=False)
    contact = line(
        lazy_gettext("Contact of the secretariat"),
        300,
        required=False,
        description=lazy_gettext(
            "Office, e-mail and office hours, shown to everyone at the foot of every page."
        ),
    )
    story = block(
        lazy_gettext("What the competition is about"),
        3000,
        description=lazy_gettext("Shown to everyone on the first page of the edition."),
    )
    story_en = block(lazy_gettext("What the competition is about, in English"), 3000)
    host_id = SelectField(lazy_gettext("Host"), coerce=int)
    unit_word = line(lazy_gettext("What a participating unit is called, such as Sekolah"), 60)
    unit_word_en = line(lazy_gettext("The same in English, such as School"), 60)
    units_word_en = line(lazy_gettext("Plural in English, such as Schools"), 60)
    shows_coverage = BooleanField(
        lazy_gettext("Show “One Agency, One Innovation”: which units have entered")
    )
    coverage_title = line(
        lazy_gettext("Its title, if it is another one"),
        100,
        required=False,
    )
    coverage_title_en = line(lazy_gettext("The same title in English"), 100, required=False)
    legal_basis = block(lazy_gettext("Legal basis"), 2000)
    award_ceremony = DateField(lazy_gettext("Award ceremony"), validators=[Optional(), sensible])
    minimum_age_months = number(lazy_gettext("Minimum age of an innovation, in months"), 0, 120)
    agency_quota = IntegerField(
        lazy_gettext("Proposals that an agency may submit, if limited"),
        validators=[Optional(), NumberRange(1, 1000)],
    )
    video_is_required = BooleanField(lazy_gettext("Proposals must include a video"))
    attachments_mb = number(lazy_gettext("Total size of a proposal's files, MB"), 1, 200)
    screeners_each = number(lazy_gettext("Evaluators per proposal"), 2, 9)
    finalists = number(lazy_gettext("Number of finalists"), 1, 5000)
    passing_grade = HundredthsField(
        lazy_gettext("Passing grade of the desk evaluation, if any"),
        validators=[a_score],
    )
    disagreement = number(
        lazy_gettext("Spread of desk scores that triggers a discussion, points"), 1, 100
    )
    desk_share = number(
        lazy_gettext("Weight of the desk evaluation in the result, percent"), 0, 100
    )
    method = SelectField(
        lazy_gettext("How the result is computed"),
        choices=[(method.value, lazy_gettext(method.label)) for method in Method],
        description=lazy_gettext(
            "The weighted mean takes each sheet as it is. The adjusted mean first takes out how "
            "severe each judge is, so that a recusal tilts nothing. The other one is computed "
            "beside it."
        ),
    )
    method_rule = block(lazy_gettext("Rule of the legal basis for the adjusted mean"), 2000)
    second_look_budget = number(
        lazy_gettext("Extra score sheets of a second look"),
        0,
        500,
        description=lazy_gettext(
            "Only with the adjusted mean: once every sheet is in, so many more are asked for "
            "where the last awarded place can't be told for certain, about six from each extra "
            "judge. Until that has ended, no judge sees the ranking. 0: none."
        ),
    )
    prize_limit = SelectField(
        lazy_gettext("How many prizes one may get"),
        choices=[(limit.value, lazy_gettext(limit.label)) for limit in PrizeLimit],
        description=lazy_gettext(
            "Awards are given in their order. Where somebody has a prize already, the next one "
            "goes on to who comes after. Honourable mentions are not counted."
        ),
    )
    objection_days = number(
        lazy_gettext("Days to object to a published result"),
        0,
        60,
        description=lazy_gettext(
            "So long, from the publication, entrants can object, each once in a matter; the "
            "decree can only be recorded once all objections are answered. 0: nobody can object."
        ),
    )
    shows_averages = BooleanField(lazy_gettext("Show entrants their averages"))
    shows_comments = BooleanField(lazy_gettext("Show entrants the comments on their proposal"))
    pledge = block(lazy_gettext("Integrity pledge (replaces the standard text)"), 5000)
    pledge_en = block(lazy_gettext("Integrity pledge in English"), 5000)
    slot_minutes = number(lazy_gettext("Slot length, minutes"), 5, 240)
    video_minutes = number(lazy_gettext("Video, minutes"), 0, 120)
    talk_minutes = number(lazy_gettext("Talk, minutes"), 0, 120)
    question_minutes = number(lazy_gettext("Questions, minutes"), 0, 120)
    changeover_minutes = number(lazy_gettext("Changeover and scoring, minutes"), 0, 120)
    quorum = number(lazy_gettext("Quorum after recusals"), 1, MOST_JUDGES)
    picking = SelectField(
        lazy_gettext("How finalists get their slots"),
        choices=[(way.value, lazy_gettext(way.label)) for way in Picking],
    )
    turn_minutes = number(lazy_gettext("Minutes between turns, if they pick in turns"), 1, 1440)
    agency_order = SelectField(
        lazy_gettext("Presentations from the same agency"),
        choices=[(order.value, lazy_gettext(order.label)) for order in AgencyOrder],
    )
    earliest_departure = TimeField(
        lazy_gettext("Earliest departure for presenters"), validators=[InputRequired(REQUIRED)]
    )
    most_a_day = IntegerField(
        lazy_gettext("Most presentations for a judge in one day, if limited"),
        validators=[Optional(), NumberRange(1, 100)],
    )
    version = HiddenField()

    def validate_slot_minutes(self, field: IntegerField) -> None:
        """Check that the parts of a slot add up."""
        parts = (
            self.video_minutes,
            self.talk_minutes,
            self.question_minutes,
            self.changeover_minutes,
        )
        total = sum(part.data or 0 for part in parts)
        if field.data != total:
            message = gettext("The parts of the slot add up to %(total)s min.", total=total)
            raise ValidationError(message)

    def offer(self, agencies: list[Agency]) -> Self:
        """Offer these agencies as the host, and every time zone."""
        self.timezone.choices = zones_by_region()
        self.host_id.choices = [(0, "–"), *((agency.id, agency.name) for agency in agencies)]
        return self

    def settle(self, edition: Edition) -> Self:
        """Show what is final as it is, to be read only; a browser does not send it."""
        final = {field.name for field in self} - ALWAYS_OPEN - {"version"}
        if not edition.is_frozen:
            final = {"desk_share"} if edition.settled_at else set()
        for name in final:
            field = self[name]
            field.render_kw = (field.render_kw or {}) | {"disabled": True}
            if not field.raw_data:
                value = getattr(edition, name)
                value = (value or 0) if name == "host_id" else value
                field.process(None, value.value if isinstance(value, Enum) else value)
                field.validators = []
        return self

    def settings(self) -> dict[str, Any]:
        """Return the settings by their names."""
        values = {name: value for name, value in self.data.items() if name != "version"}
        order = AgencyOrder(self.agency_order.data)
        picking = Picking(self.picking.data)
        host_id = self.host_id.data or None
        method = Method(self.method.data)
        return values | {
            "host_id": host_id,
            "agency_order": order,
            "picking": picking,
            "method": method,
            "prize_limit": PrizeLimit(self.prize_limit.data),
        }


def window_form(stage: Stage, zone: ZoneInfo) -> type[Form]:
    """Return the form of one stage's window, in the edition's time zone."""

    class WindowForm(Form):
        """From when to when, and why it is moved."""

        opens_at = ZonedField(
            lazy_gettext("Opens"),
            zone=zone,
            validators=[InputRequired(REQUIRED)],
            id=f"{stage}-opens",
        )
        closes_at = ZonedField(
            lazy_gettext("Closes"),
            zone=zone,
            validators=[InputRequired(REQUIRED)],
            id=f"{stage}-closes",
        )
        reason = line(
            lazy_gettext("Reason, if the stage has begun"),
            500,
            required=False,
            id=f"{stage}-reason",
        )

        def validate_closes_at(self, field: ZonedField) -> None:
            """Check that it closes after it opens."""
            if self.opens_at.data and field.data and field.data <= self.opens_at.data:
                raise ValidationError(gettext("The closing time is before the opening time."))

    return WindowForm
