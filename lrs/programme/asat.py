"""The moment that a page is asked about: now, or a past one that its address names and every link on it keeps."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, g, has_request_context, request, url_for

from lrs import transaction
from lrs.programme.words import gettext
from lrs.rules.days import end_of_day

ASKED = "as-at"


class AsAt(NamedTuple):
    """A moment asked about: ``typed`` is the address's word for it, empty where that is now."""

    moment: datetime
    typed: str = ""
    problem: str = ""


def moment_of(text: str) -> datetime:
    """The moment meant: a date is the last moment of that day in Wales, a moment has its offset. Raises ValueError."""
    try:
        if len(text) == len("2026-11-27"):
            return end_of_day(date.fromisoformat(text)) - timedelta(microseconds=1)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("a moment needs its offset")
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment beyond the calendar") from None


def asked() -> AsAt:
    """The moment that this request asks about: now, where it has not come yet; and where it is none, with a word."""
    if "as_at" not in g:
        g.as_at = _asked(request.args.get(ASKED, "").strip(), transaction.now())
    found: AsAt = g.as_at
    return found


def _asked(typed: str, now: datetime) -> AsAt:
    if not typed:
        return AsAt(now)
    try:
        moment = moment_of(typed.replace(" ", "+"))  # a plus that an address did not spell out
    except ValueError:
        problem = gettext("“%(text)s” is not a date such as 2026-11-27, so this is as it is now.", text=typed[:40])
        return AsAt(now, problem=problem)
    return AsAt(moment, typed) if moment < now else AsAt(now)


def _address_now() -> str:
    """This page as it is now."""
    return url_for(str(request.endpoint), **(request.view_args or {}), **{ASKED: None})


def init(bp: Blueprint) -> None:
    """Keep the moment in every link about a residential, and offer it to templates."""

    @bp.url_defaults
    def keep(_endpoint: str, values: dict[str, Any]) -> None:
        if "cohort" in values and has_request_context() and ASKED in request.args and asked().typed:
            values.setdefault(ASKED, asked().typed)

    @bp.app_context_processor
    def offered() -> dict[str, object]:
        return {"as_at": asked, "as_at_name": ASKED, "address_now": _address_now}
