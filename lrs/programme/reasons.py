"""Status and reason in words, in the language being spoken: short for a table, whole sentences for one person."""

import math
from collections.abc import Callable, Sequence

from lrs.programme.words import duration, gettext, long_date, middle_date, named, ngettext
from lrs.rules.readiness import Readiness, Record
from lrs.storage.cohorts import Cohort

STATUS_WORDS = {
    "not-ready": named("Not ready"),
    "at-risk": named("At risk"),
    "on-track": named("On track"),
    "ready": named("Ready"),
    "not-required": named("Not required"),
}
STATUS_CLASSES = {
    "not-ready": "is-not",
    "at-risk": "is-risk",
    "on-track": "is-track",
    "ready": "is-ready",
    "not-required": "is-none",
}
PLACE_WORDS = {
    "nominated": named("Nominated"),
    "offered": named("Offered"),
    "accepted": named("Accepted"),
    "waitlisted": named("On the waiting list"),
    "confirmed": named("Confirmed"),
    "attended": named("Attended"),
    "absent": named("Did not attend"),
    "substituted": named("Somebody else comes instead"),
    "cancelled": named("Place cancelled"),
    "deferred": named("Deferred to a later residential"),
    "withdrawn": named("Withdrawn"),
}
GRADE_WORDS = {
    "verified": named("Verified"),
    "confirmed": named("Confirmed"),
    "asserted": named("Asserted"),
    "manual": named("Manual"),
}
GRADE_BARS = {"verified": 4, "confirmed": 3, "asserted": 2, "manual": 1}
GRADE_MEANINGS = {
    "verified": named("Launched by us; we know who it was."),
    "confirmed": named("Read from the LMS’s own records."),
    "asserted": named("Sent live by the module from the council’s LMS."),
    "manual": named("A programme lead’s decision, with a reason."),
}
ACCESS = "access"  # a module that kept somebody out is a fault of ours, and is noted as one
DECISION_REASONS = {
    "recent-course": named("Recent equivalent course"),
    "record-seen": named("Certificate or record seen"),
    "fault": named("A technical fault kept the record from us"),
    "adjustment": named("Reasonable adjustment agreed"),
    ACCESS: named("It could not be done with assistive technology, which is our fault to mend"),
    "on-paper": named("Shown on paper; at the person’s wish we keep no record"),
    "agreed": named("Agreed with the council"),
    "late-joiner": named("Joined late; may be finished after the residential"),
}
WHY_NOT_WORDS = {
    "voided": named("Withdrawn by whoever sent it."),
    "late": named("Finished after the cut-off. You may count it, with a reason."),
    "arrived-late": named("Finished in time, but its record came more than 72 hours after the cut-off."),
    "old": named("Done more than 24 months before the cut-off."),
    "version": named(
        "Done with version %(done)s, while this residential asks for version %(wanted)s. "
        "No author has said that the one stands for the other."
    ),
    "weak": named("This residential asks for stronger evidence."),
    "failed": named("The module was taken and not passed."),
    "not-passed": named("Finished, but this module counts only when it is passed."),
    "disputed": named("Another source said later that the module was not passed. Somebody must decide."),
}
STANDING_STILL = {
    "exempt": named("Exempt"),
    "paused": named("Paused"),
    "not-confirmed": named("Place not confirmed"),
} | {place: PLACE_WORDS[place] for place in ("withdrawn", "deferred", "substituted", "cancelled")}


def status_word(status: str) -> str:
    """The status as its tag says it."""
    return gettext(STATUS_WORDS[status])


def decision_reason(code: str) -> str:
    """A decision's reason in words; a code that is no longer used is shown as it is."""
    return gettext(DECISION_REASONS.get(code, code))


def why_not(record: Record, code: str, cohort: Cohort) -> str:
    """Why a record does not count, in a sentence."""
    return gettext(WHY_NOT_WORDS[code], done=record.version, wanted=cohort.major)


def why(found: Readiness, cohort: Cohort) -> str:
    """The reason in a few words, for one cell of a table."""
    if found.reason in STANDING_STILL:
        return gettext(STANDING_STILL[found.reason])
    return _SHORT[found.reason](found, cohort)


def why_sentences(found: Readiness, cohort: Cohort) -> list[str]:
    """The reason in whole sentences: why, what is left, and how long there is."""
    if found.status == "not-required":
        return [gettext("%(reason)s. No modules are asked of this person now.", reason=why(found, cohort))]
    if found.status == "ready":
        return [_ready_sentence(found)]
    first = _LONG[found.reason](found, cohort) if found.reason in _LONG else None
    return [sentence for sentence in (first, _left_sentence(found), _cut_off_sentence(found, cohort)) if sentence]


def _ready_sentence(found: Readiness) -> str:
    if not found.by_decision:
        return gettext("Every module that this residential asks for is complete.")
    return ngettext(
        "Every module counts; %(num)s of them by a programme lead’s decision.",
        "Every module counts; %(num)s of them by a programme lead’s decision.",
        len(found.by_decision),
    )


def left(found: Readiness) -> str:
    """What is left, before anything that is wrong: such as 2 modules left, about 55 minutes."""
    return ngettext(
        "%(num)s module left, about %(time)s",
        "%(num)s modules left, about %(time)s",
        len(found.missing),
        time=duration(found.minutes_left),
    )


def _left_sentence(found: Readiness) -> str:
    return left(found) + "."


def _cut_off_sentence(found: Readiness, cohort: Cohort) -> str:
    if found.facts.over:
        return gettext("The cut-off was on %(date)s.", date=long_date(cohort.cut_off))
    days = found.facts.days_left
    if days == 0:
        return gettext("The cut-off is today, at 23:59.")
    return ngettext("The cut-off is in %(num)s day.", "The cut-off is in %(num)s days.", days)


def _not_started(found: Readiness, cohort: Cohort) -> str:
    days = found.facts.days_left
    if days == 0:
        return gettext("Nothing started, last day")
    return ngettext("Nothing started, %(num)s day left", "Nothing started, %(num)s days left", days)


def _no_account(found: Readiness, cohort: Cohort) -> str:
    days = found.facts.days_left
    if days == 0:
        return gettext("No account found, last day")
    return ngettext("No account found, %(num)s day left", "No account found, %(num)s days left", days)


def disputed_modules(found: Readiness, cohort: Cohort) -> Sequence[str]:
    """The numbers of the modules that sources disagree about, as the course counts them."""
    order = list(cohort.module_titles("en"))
    return [str(order.index(module) + 1) for module in found.weighed.disputed if module in order]


def _disputed(found: Readiness, cohort: Cohort) -> str:
    return gettext("Sources disagree about module %(number)s", number=", ".join(disputed_modules(found, cohort)))


def _behind(found: Readiness, cohort: Cohort) -> str:
    expected = math.ceil(found.facts.expected)
    return ngettext(
        "%(num)s done, %(expected)s expected by now",
        "%(num)s done, %(expected)s expected by now",
        found.facts.counted,
        expected=expected,
    )


def _by_decision(found: Readiness, cohort: Cohort) -> str:
    decision = found.done[found.by_decision[0]]
    return gettext("By decision: %(reason)s", reason=decision_reason(getattr(decision, "reason", "")))


_SHORT: dict[str, Callable[[Readiness, Cohort], str]] = {
    "complete": lambda found, cohort: gettext("Every module complete"),
    "by-decision": _by_decision,
    "cut-off-passed": lambda found, cohort: ngettext(
        "%(num)s module left at the cut-off", "%(num)s modules left at the cut-off", len(found.missing)
    ),
    "finished-late": lambda found, cohort: gettext("Finished after the cut-off"),
    "not-started": _not_started,
    "no-account-silent": _no_account,
    "no-account": _no_account,
    "disputed": _disputed,
    "idle": lambda found, cohort: ngettext(
        "Not seen for %(num)s day", "Not seen for %(num)s days", found.facts.idle_days
    ),
    "behind": _behind,
    "left": lambda found, cohort: left(found),
    "not-open": lambda found, cohort: gettext("Opens on %(date)s", date=middle_date(cohort.opens)),
}
_LONG: dict[str, Callable[[Readiness, Cohort], str]] = {
    "cut-off-passed": lambda found, cohort: gettext("The cut-off passed before everything was complete."),
    "finished-late": lambda found, cohort: gettext(
        "Everything is finished, but some of it after the cut-off. A programme lead may count it."
    ),
    "not-started": lambda found, cohort: gettext("Nothing has been started. Ring the person."),
    "no-account-silent": lambda found, cohort: gettext(
        "We know of no account of this person, so a reminder would not reach them. Ring the council."
    ),
    "no-account": lambda found, cohort: gettext(
        "We know of no account of this person, so a reminder would not reach them. Ring the council."
    ),
    "disputed": lambda found, cohort: gettext(
        "One source says that module %(number)s was completed, and another that it was not passed.",
        number=", ".join(disputed_modules(found, cohort)),
    ),
    "idle": lambda found, cohort: ngettext(
        "Nothing has happened for %(num)s day.", "Nothing has happened for %(num)s days.", found.facts.idle_days
    ),
    "behind": lambda found, cohort: ngettext(
        "%(num)s module is complete; %(expected)s were expected by now.",
        "%(num)s modules are complete; %(expected)s were expected by now.",
        found.facts.counted,
        expected=math.ceil(found.facts.expected),
    ),
    "not-open": lambda found, cohort: gettext("The modules open on %(date)s.", date=long_date(cohort.opens)),
}
