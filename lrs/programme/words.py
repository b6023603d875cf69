"""The programme's words in both languages: catalogues of sentences, numbers of things, dates and times."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from lrs.rules.readiness import WALES, day_in_wales

day = day_in_wales  # templates ask for it beside the other ways of telling a moment
LANGUAGES = ("en", "cy")
LOCALES = Path(__file__).parents[1] / "locale"
# The forms of a count in the order that the catalogue's header gives them.
FORMS = {"en": ("one", "other"), "cy": ("zero", "one", "two", "few", "many", "other")}

_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language being spoken now: ``en`` or ``cy``."""
    return _language.get()


def speak(chosen: str) -> None:
    """Speak a language from here on; anything but ``cy`` is English."""
    _language.set("cy" if chosen == "cy" else "en")


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Speak a language for the length of a block."""
    before = _language.set("cy" if chosen == "cy" else "en")
    try:
        yield
    finally:
        _language.reset(before)


@cache
def catalogue(chosen: str) -> Catalog:
    """The catalogue of a language, as translators keep it."""
    with (LOCALES / chosen / "LC_MESSAGES" / "programme.po").open("rb") as file:
        return read_po(file, locale=chosen, abort_invalid=True)


@cache
def _locale(chosen: str) -> Locale:
    return Locale("en", "GB") if chosen == "en" else Locale("cy")


@cache
def _said(message: str, chosen: str) -> str:
    found = catalogue(chosen).get(message)
    return str(found.string) if found and found.string and isinstance(found.string, str) else message


@cache
def _counted(singular: str, plural: str, form: str, chosen: str) -> str:
    found = catalogue(chosen).get(singular)
    strings = tuple(found.string) if found and isinstance(found.string, tuple | list) else ()
    index = FORMS[chosen].index(form)
    if index < len(strings) and strings[index]:
        return str(strings[index])
    return singular if form == "one" else plural


def gettext(message: str, **values: object) -> str:
    """A sentence in the language being spoken, with its ``%(named)s`` places filled."""
    said = _said(message, language())
    return said % values if values else said


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """A sentence about ``%(num)s`` things, in the form that the number takes in the language being spoken."""
    return form(singular, plural, number) % {"num": number, **values}


def form(singular: str, plural: str, number: int) -> str:
    """The form that a number takes, its places not filled yet."""
    return _counted(singular, plural, _plural(number, language()), language())


@lru_cache(maxsize=1024)
def _plural(number: int, chosen: str) -> str:
    return _locale(chosen).plural_form(number)


@lru_cache(maxsize=1024)
def _date(day: date, pattern: str, chosen: str) -> str:
    # A page of letters or of many people names the same few days, and each costs 20 µs to write.
    return format_date(day, pattern, locale=_locale(chosen))


def named(message: str) -> str:
    """Mark a sentence for the catalogue and leave it as it is: it is said later."""
    return message


def long_date(day: date, year: bool = True) -> str:
    """Such as Friday 27 November 2026."""
    return _date(day, "EEEE d MMMM y" if year else "EEEE d MMMM", language())


def middle_date(day: date) -> str:
    """Such as 27 November 2026."""
    return _date(day, "d MMMM y", language())


def short_date(day: date) -> str:
    """Such as 27 Nov."""
    return _date(day, "d MMM", language())


def moment(at: datetime) -> str:
    """Such as Friday 20 November, 14:05, by the clock in Wales."""
    return format_datetime(at, "EEEE d MMMM, HH:mm", tzinfo=WALES, locale=_locale(language()))


def clock(at: datetime) -> str:
    """Such as 14:05, by the clock in Wales."""
    return at.astimezone(WALES).strftime("%H:%M")


def span(first: date, last: date) -> str:
    """Such as Tuesday 8 to Thursday 10 December 2026, saying month and year once where they are the same."""
    if first == last:
        return long_date(first)
    start = "EEEE d" if (first.month, first.year) == (last.month, last.year) else "EEEE d MMMM"
    opening = _date(first, start, language())
    return gettext("%(first)s to %(last)s", first=opening, last=long_date(last))


def duration(minutes: int) -> str:
    """Such as 55 minutes, or 1 hour 30 minutes; from an hour on to the nearest five minutes."""
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    hours, rest = divmod(5 * round(minutes / 5), 60)
    if not rest:
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    return ngettext("%(num)s hour %(minutes)s minutes", "%(num)s hours %(minutes)s minutes", hours, minutes=rest)
