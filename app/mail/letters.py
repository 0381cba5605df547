"""Writing a letter in its reader's language, without a request."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.support import NullTranslations, Translations

from app.clock import zone_name
from app.workflow import Message, PluralMessage

CATALOGUES = Path(__file__).parent.parent / "translations"


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [language])


def letter_text(language: str, message: str, values: Mapping[str, Any] | None = None) -> str:
    """Return `message` in `language` with its values.

    A value that is a message is translated; one with a name in two languages gives its name.
    """
    catalogue = _catalogue(language)
    if not values:
        return str(catalogue.gettext(message))
    written = {name: _written(value, language) for name, value in values.items()}
    if isinstance(message, PluralMessage):
        return str(catalogue.ngettext(message.one, message, values["count"])) % written
    return str(catalogue.gettext(message)) % written


def _written(value: object, language: str) -> object:
    if isinstance(value, Message):
        return _catalogue(language).gettext(value)
    if not hasattr(value, "name_en"):
        return value
    return (value.name_en if language == "en" else "") or getattr(value, "name", "")


def day(value: date, language: str) -> str:
    """Write a date with its weekday."""
    return format_date(value, "EEEE, d MMMM y", locale=language)


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """Write a moment with its weekday in the edition's zone."""
    sign = ":" if language == "en" else "."
    written = format_datetime(value, f"EEEE, d MMMM y, HH{sign}mm", tzinfo=zone, locale=language)
    return f"{written} {zone_name(value.astimezone(zone))}"
