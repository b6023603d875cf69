"""The words of mail: invitations, reminders and digests; in the person's language, about what is left, no reproach."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lrs.programme.authorities import authority_name
from lrs.programme.reasons import status_word
from lrs.programme.words import duration, gettext, language, long_date, middle_date, named, ngettext, span, speaking
from lrs.rules.readiness import STATUSES
from lrs.rules.reminders import MOST
from lrs.storage.cohorts import Cohort
from lrs.storage.outbox import Message, Words

EDITABLE = ("invitation", "reminder")
BETWEEN = "\n\n* * *\n\n"  # the two languages of a digest
USUAL = {
    "invitation": Words(
        named("Knowing the Business: your modules before %(residential)s"),
        named(
            "You have a place on %(residential)s. Before it there are short online modules, which you do in your own "
            "time, in Welsh or in English. Your council has put them in its learning system."
        ),
    ),
    "reminder": Words(
        named("Knowing the Business: what is left before %(residential)s"),
        named(
            "This is a friendly note about the modules before the residential. If you have finished them since, thank "
            "you: there is nothing more to do."
        ),
    ),
}


class Reader(NamedTuple):
    """Whom a message is for: their name, address and language, and their id where they are on the roster."""

    person: str | None
    name: str
    address: str
    language: str


def usual(kind: str, cohort: Cohort, spoken: str) -> Words:
    """The words of a kind of message that nobody has changed, in ``en`` or ``cy``."""
    with speaking(spoken):
        title = cohort.title(spoken)
        subject, opening = USUAL[kind]
        return Words(_filled(subject, title), _filled(opening, title))


def _filled(message: str, title: str) -> str:
    said = gettext(message)
    return said % {"residential": title}


def to_one(
    kind: str,
    cohort: Cohort,
    reader: Reader,
    left: Sequence[str],
    minutes: int,
    chosen: Mapping[str, Words],
    today: date,
) -> Message:
    """An invitation or a reminder in its reader's language; ``chosen`` has a lead's own words by language, if any."""
    with speaking(reader.language):
        words = chosen.get(language()) or usual(kind, cohort, language())
        parts = [
            gettext("Dear %(name)s,", name=reader.name),
            words.opening,
            _left(cohort, left, minutes),
            _dates(cohort, today),
            *(_about_records() if kind == "invitation" else ()),
            gettext("If something stands in your way, please answer this message. We will gladly help."),
            *(() if kind == "invitation" else (_no_more(),)),
        ]
        return Message(kind, cohort.id, reader.person, language(), reader.address, words.subject, "\n\n".join(parts))


def _left(cohort: Cohort, left: Sequence[str], minutes: int) -> str:
    outlined = {module["id"]: module for module in cohort.outline["modules"]}
    first = ngettext(
        "%(num)s module left, about %(time)s", "%(num)s modules left, about %(time)s", len(left), time=duration(minutes)
    )
    titles = cohort.module_titles(language())
    lines = [f"- {titles.get(one, one)} ({duration(int(outlined.get(one, {}).get('minutes', 0)))})" for one in left]
    return "\n".join([f"{first}:", *lines])


def _dates(cohort: Cohort, today: date) -> str:
    wished = [gettext("Please finish by %(date)s.", date=middle_date(cohort.target))]
    lines = [
        *(wished if today <= cohort.target < cohort.cut_off else []),
        gettext("What is finished by %(date)s, 23:59, counts.", date=long_date(cohort.plan.last_day)),
        f"{cohort.title(language())}: {span(cohort.starts, cohort.ends)}.",
    ]
    return "\n".join(lines)


def _about_records() -> list[str]:
    return [
        gettext(
            "What is recorded: which modules you have finished, when, and in which language. The programme’s leads and "
            "your council’s link officer see it. Your answers and scores are nobody’s business but yours."
        )
    ]


def _no_more() -> str:
    return ngettext(
        "You get %(num)s note like this at most, and none once you are done.",
        "You get %(num)s notes like this at most, and none once you are done.",
        MOST,
    )


def digest(
    cohort: Cohort, officer: Reader, authority: str, counts: Mapping[str, int], address: str, days: int
) -> Message:
    """How one council's people stand, for its link officer: in Welsh, then in English; numbers and no names.

    ``address`` is that of the page with the names, empty where the store does not know its own.
    """
    told = []
    for spoken in ("cy", "en"):
        with speaking(spoken):
            told.append((_digest_subject(cohort, authority), _digest_body(cohort, officer, counts, address, days)))
    subject = " / ".join(subject for subject, _ in told)
    body = BETWEEN.join(body for _, body in told)
    return Message("digest", cohort.id, None, "cy", officer.address, subject, body)


def _digest_subject(cohort: Cohort, authority: str) -> str:
    council = authority_name(authority, language())
    return gettext("%(council)s before %(residential)s", council=council, residential=cohort.title(language()))


def _digest_body(cohort: Cohort, officer: Reader, counts: Mapping[str, int], address: str, days: int) -> str:
    when = ngettext("The cut-off is in %(num)s day.", "The cut-off is in %(num)s days.", days)
    if days == 0:
        when = gettext("The cut-off is today, at 23:59.")
    lines = "\n".join(f"- {status_word(status)}: {counts[status]}" for status in reversed(STATUSES) if counts[status])
    where = (
        gettext("Who they are, and what would help: %(address)s", address=address)
        if address
        else gettext("Who they are, and what would help, is on the board of the residential.")
    )
    return "\n\n".join(
        [
            gettext("Dear %(name)s,", name=officer.name),
            gettext("This is how your council’s people stand before the residential."),
            lines,
            when,
            where,
            gettext("Names are not sent by e-mail. Whoever has modules left gets a note of their own."),
        ]
    )
