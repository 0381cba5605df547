"""Indonesian and English: which one, and how dates, times and numbers are written in it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_date, get_domain, get_locale, gettext, ngettext
from markupsafe import Markup

from app.clock import zone_name
from app.numbers import quotient
from app.workflow import Message, PluralMessage, Size

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "language"
KILOBYTE, MEGABYTE = 1024, 1024 * 1024

babel = Babel()


def init_app(app: Flask) -> None:
    """Set up the languages and the filters of the templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = "id"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=chosen)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's i18n
        _translated, _translated_plural, newstyle=True
    )
    app.jinja_env.filters |= {
        "day": day,
        "short_day": short_day,
        "moment": moment,
        "clock": clock,
        "span": span,
        "file_size": file_size,
        "translate": _translated,
        "uncapped": uncapped,
    }
    app.jinja_env.globals |= {"LANGUAGES": LANGUAGES, "said": said}


def chosen() -> str:
    """Return the language of this request: the person's, the cookie's, or Indonesian."""
    if not has_request_context():
        return "id"
    cookie = request.cookies.get(COOKIE)
    if cookie in LANGUAGES:
        return cookie
    person = getattr(getattr(g, "user", None), "person", None)
    return person.language if person else "id"


def language() -> str:
    """Return the language in which this request is answered, looked up once."""
    found: str | None = g.get("language")
    if found is None:
        found = g.language = str(get_locale())
    return found


def local(thing: Any, field: str = "name") -> str:  # noqa: ANN401 -- anything named in two languages
    """Return the thing's name (or another field) in the reader's language, if it has one."""
    return local_in(language(), thing, field)


def local_in(spoken: str, thing: Any, field: str = "name") -> str:  # noqa: ANN401 -- as `local`
    """Return what `local` does, to a reader of the language `spoken`."""
    english = getattr(thing, f"{field}_en", "") if spoken == "en" else ""
    return str(english or getattr(thing, field))


def uncapped(words: str) -> str:
    """Write words as they stand within a sentence: “perangkat daerah”, but “OPD”."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def said(message: str, values: Mapping[str, object]) -> str:
    """Return a message with its values, each written as the reader's language writes it."""
    written = {name: _written(value) for name, value in values.items()}
    if isinstance(message, PluralMessage):
        return str(ngettext(message.one, message, values["count"], **written))
    return str(gettext(message, **written))


def in_template(spoken: str, message: str, /, **values: object) -> Markup:
    """Return a message with its values escaped; most have none, and need no formatting."""
    text = _marked_up(message, spoken)
    return text % values if values or "%" in text else text


@lru_cache(maxsize=10_000)
def _marked_up(message: str, _language: str) -> Markup:
    return Markup(_translated(message))  # noqa: S704 -- messages are ours


def day(value: date) -> str:
    """Write a date, or the day of a moment, with its weekday: “Sabtu, 5 Oktober 2019”."""
    return str(format_date(_date(value), "EEEE, d MMMM y"))


def short_day(value: date) -> str:
    """Write a day briefly, for a link: “5 Okt”."""
    return str(format_date(_date(value), "d MMM"))


def moment(value: datetime, zone: ZoneInfo | None = None) -> str:
    """Write a moment with the name of its zone: “5 Oktober 2019, 08.30 WITA”.

    The zone is `zone`, else the one in which the moment is given, else that of the page's edition;
    raise `LookupError` if it is none of these.
    """
    local_time = _local_time(value, zone)
    minute = local_time.replace(second=0, microsecond=0, tzinfo=None)
    return f"{_written_minute(minute, language())} {zone_name(local_time)}"


@lru_cache(maxsize=4_000)
def _written_minute(minute: datetime, locale: str) -> str:
    """Write a minute of some zone once: every page says some, and a list the same ones often."""
    return format_datetime(minute, f"d MMMM y, HH{_sign(locale)}mm", locale=locale)


def span(start: datetime, end: datetime, zone: ZoneInfo | None = None) -> str:
    """Write a stretch of one day, both ends in the zone in which `moment` writes its start."""
    local_start = _local_time(start, zone)
    written, _, name = moment(local_start).rpartition(" ")
    return f"{written}–{clock(end.astimezone(local_start.tzinfo))} {name}"


def clock(value: datetime | time, zone: ZoneInfo | None = None) -> str:
    """Write a time of day, “08.30”, of a moment in the zone in which `moment` writes it."""
    local_time = _local_time(value, zone) if isinstance(value, datetime) else value
    return local_time.strftime(f"%H{_sign(language())}%M")


def file_size(size: int, *, beside: int | None = None) -> str:
    """Write a number of bytes briefly, but to the byte if it else looked like the one `beside`."""
    if beside not in {None, size} and _brief_size(size) == _brief_size(beside or 0):
        return _bytes(size)
    return _brief_size(size)


def _brief_size(size: int) -> str:
    if size < KILOBYTE:
        return _bytes(size)
    unit, name, places = (KILOBYTE, "kB", 1) if size < MEGABYTE else (MEGABYTE, "MB", 2)
    scale = 10**places
    rounded = (2 * size * scale + unit) // (2 * unit)
    return f"{quotient(language(), rounded, scale, places if rounded % scale else 0)} {name}"


def _bytes(size: int) -> str:
    count = quotient(language(), size, 1, 0)
    return str(ngettext("%(count)s byte", "%(count)s bytes", size, count=count))


def _translated(message: str) -> str:
    return str(_catalogue().gettext(message))


def _translated_plural(one: str, many: str, number: int) -> str:
    return str(_catalogue().ngettext(one, many, number))


def _catalogue() -> NullTranslations:
    """Return the catalogue of this request's language, looked up once for dozens of messages."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_domain().get_translations()
    return found


def _written(value: object) -> object:
    if isinstance(value, Message):
        return gettext(value)
    if isinstance(value, Size):
        return file_size(value, beside=value.beside)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return local(value) if hasattr(value, "name_en") else value


def _date(value: date) -> date:
    return _local_time(value, None).date() if isinstance(value, datetime) else value


def _local_time(value: datetime, zone: ZoneInfo | None) -> datetime:
    own = value.tzinfo if isinstance(value.tzinfo, ZoneInfo) else None
    return value.astimezone(zone or own or _page_zone())


def _page_zone() -> ZoneInfo:
    """Return the zone of the edition in the page's address."""
    edition = getattr(g.get("user"), "edition", None)
    if edition is None:
        raise LookupError("a page without an edition must say in which zone a time is")
    zone: ZoneInfo = edition.zone
    return zone


def _sign(locale: str) -> str:
    return ":" if locale == "en" else "."
