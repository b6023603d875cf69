"""Calendar files: the cut-off and the residential as a diary takes them, in either language."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort

from lrs import signin, transaction
from lrs.programme.export import download
from lrs.programme.pages import cohort_at
from lrs.programme.words import LANGUAGES, gettext, language, speaking
from lrs.storage.cohorts import Cohort

if TYPE_CHECKING:
    from icalendar import Event

DAY = timedelta(days=1)


def calendar(cohort: Cohort, now: datetime) -> bytes:
    """The two dates of a residential, in the language being spoken; the same events whichever language that is.

    RFC 5545: whole days, whose end is the day after the last one. A diary that has read the other language's file
    takes this one for news of the same events.
    """
    from icalendar import Calendar  # here: few requests write a calendar, and every worker would carry its 4 MB

    made = Calendar()
    made.add("prodid", "-//Knowing the Business//lrs//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    title = cohort.title(language())
    deadline = gettext("Last day for the modules: %(title)s", title=title)
    told = gettext("Every module must be complete by 23:59. What is done later may not count.")
    made.add_component(_event(f"{cohort.id}-cut-off", deadline, cohort.cut_off, cohort.cut_off, now, told))
    residential = _event(f"{cohort.id}-residential", title, cohort.starts, cohort.ends, now)
    if cohort.venue(language()):
        residential.add("location", cohort.venue(language()))
    residential.add("transp", "OPAQUE")
    made.add_component(residential)
    return made.to_ical()


def _event(name: str, summary: str, first: date, last: date, now: datetime, told: str = "") -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{name}@knowing-the-business")
    event.add("dtstamp", now)
    event.add("summary", summary, parameters={"language": language()})
    event.add("dtstart", first)
    event.add("dtend", last + DAY)
    if told:
        event.add("description", told, parameters={"language": language()})
        event.add("transp", "TRANSPARENT")
    return event


def calendar_file(cohort: str, tongue: str) -> Response:
    """The calendar file of a residential in ``en`` or ``cy``."""
    signin.signed_in()
    here = cohort_at(cohort)
    if tongue not in LANGUAGES:
        abort(404)
    with speaking(tongue):
        return download(calendar(here, transaction.now()), "text/calendar", f"{here.id}-{tongue}.ics")


def init(bp: Blueprint) -> None:
    """Add the address."""
    bp.add_url_rule("/residentials/<cohort>/calendar-<tongue>.ics", view_func=calendar_file)
