"""The page Reminders of a residential: what goes out next, what became of what went out, and the words of it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.mailing import mail_server
from lrs.programme.messages import BETWEEN, EDITABLE, Reader, to_one, usual
from lrs.programme.pages import Page, cohort_at
from lrs.programme.reminding import Plans, planned
from lrs.programme.site import found
from lrs.programme.words import LANGUAGES, gettext, language, named
from lrs.rules.reminders import MOST, next_working_time
from lrs.storage import outbox
from lrs.storage.cohorts import Cohort
from lrs.storage.outbox import Kept, Message, Words
from lrs.storage.people import who_is_on

SIZE = 50
LONGEST_SUBJECT, LONGEST_OPENING = 150, 3000
KIND_WORDS = {
    "invitation": named("Invitation"),
    "reminder": named("Reminder"),
    "digest": named("To a link officer"),
    "certificate": named("Certificate"),
}
STATE_WORDS = {
    "waiting": named("Waiting"),
    "sending": named("Being sent"),
    "sent": named("Sent"),
    "refused": named("Refused"),
    "bounced": named("Came back"),
    "unknown": named("Not known"),
    "dropped": named("Not sent"),
}
STATE_CLASSES = {
    "waiting": "is-todo",
    "sending": "is-todo",
    "sent": "is-ready",
    "refused": "is-not",
    "bounced": "is-not",
    "unknown": "is-risk",
    "dropped": "is-none",
}
UNREACHED_WORDS = {
    "no-address": named("No e-mail address is known."),
    "refused": named("Their mail server refused the last message. Ask for another address."),
    "bounced": named("The last message came back. Ask for another address."),
}
EXAMPLE_NAMES = {"en": "Sam Sample", "cy": "Mari Enghraifft"}


class RemindersPage(NamedTuple):
    """Everything the page shows. ``tallies`` has each language, and None for digests, with its counts by state."""

    cohort: Cohort
    title: str
    plans: Plans
    names: Mapping[str, str]
    next_at: datetime
    has_server: bool
    most: int
    tallies: dict[str | None, Mapping[str, int]]
    kept: list[Kept]
    state: str
    number: int
    pages: int


class MessagePage(NamedTuple):
    """One message, whose it is, and what is wrong with what was typed about it."""

    cohort: Cohort
    title: str
    message: Kept
    name: str
    problem: str = ""


class WordsPage(NamedTuple):
    """The words of a kind of message: as typed or kept, the usual ones, and a message made of them, by language."""

    cohort: Cohort
    title: str
    kind: str
    typed: Mapping[str, str]
    usual: Mapping[str, Words]
    examples: Mapping[str, Message]
    problems: Mapping[str, str]


def reminders(cohort: str) -> str:
    """What goes out next, to whom, and what became of what went out, by language."""
    signin.lead()
    here, connection, now = cohort_at(cohort), transaction.reader(), transaction.now()
    asked = request.args.get("state", "")
    state = asked if asked in STATE_WORDS else ""
    counts = outbox.tally(connection, here.id)
    through = sum(number for (_, _, each), number in counts.items() if state in ("", each))
    pages = max(1, -(-through // SIZE))
    typed = request.args.get("page", "1")
    number = min(pages, max(1, int(typed))) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    page = RemindersPage(
        cohort=here,
        title=here.title(language()),
        plans=planned(connection, here, next_working_time(now), current_app.config["KTB_PUBLIC_URL"]),
        names={one.person: one.name for one in who_is_on(connection, here.id, now)},
        next_at=next_working_time(now),
        has_server=mail_server(current_app.config) is not None,
        most=MOST,
        tallies=_tallies(counts),
        kept=outbox.messages_of(connection, here.id, state or None, number, SIZE),
        state=state,
        number=number,
        pages=pages,
    )
    return render_template("reminders.html", page=page, **_vocabulary())


def _tallies(counts: Mapping[tuple[str, str, str], int]) -> dict[str | None, Mapping[str, int]]:
    """Each language of learners' messages, and None for what goes to link officers -> how many have each state."""
    tallies: dict[str | None, Counter[str]] = {"cy": Counter(), "en": Counter(), None: Counter()}
    for (kind, spoken, state), number in counts.items():
        tallies[None if kind == "digest" else spoken][state] += number
    return dict(tallies)


def _vocabulary() -> dict[str, object]:
    return {
        "kind_word": lambda kind: gettext(KIND_WORDS[kind]),
        "state_word": lambda state: gettext(STATE_WORDS[state]),
        "state_class": STATE_CLASSES.__getitem__,
        "unreached_word": lambda why: gettext(UNREACHED_WORDS[why]),
        "states": STATE_WORDS,
        "between": BETWEEN,
    }


# --- one message --------------------------------------------------------------------------------------------------


def one_message(cohort: str, number: int) -> str:
    """One message, word for word, and what became of it."""
    signin.lead()
    page = _message_page(cohort_at(cohort), number)
    signin.noted("look", page.message.person or page.message.recipient, f"message {number}")
    return _shown(page)


def _message_page(here: Cohort, number: int, problem: str = "") -> MessagePage:
    connection = transaction.connection()
    message = found(outbox.message_called(connection, number))
    if message.cohort != here.id:
        abort(404)
    people = who_is_on(connection, here.id, transaction.now(), person=message.person) if message.person else []
    return MessagePage(here, here.title(language()), message, people[0].name if people else "", problem)


def _shown(page: MessagePage) -> str:
    return render_template("message.html", page=page, **_vocabulary())


def bounced(cohort: str, number: int) -> Page:
    """Keep that a message came back, in the words it came back with; or say that these are missing."""
    signin.lead()
    here, said = cohort_at(cohort), " ".join(request.form.get("said", "").split())
    if not said:
        return _shown(
            _message_page(here, number, gettext("Say what came back, such as: the address is not known."))
        ), 400
    return _changed(here, number, "bounced", outbox.bounced(transaction.connection(), number, said))


def send_again(cohort: str, number: int) -> Page:
    """Let a message be sent once more that was refused, or of which nobody knows."""
    signin.lead()
    here, now = cohort_at(cohort), transaction.now()
    return _changed(here, number, "send-again", outbox.send_again(transaction.connection(), number, now))


def drop(cohort: str, number: int) -> Page:
    """Do not send a message that still waits."""
    user, here = signin.lead(), cohort_at(cohort)
    return _changed(here, number, "drop", outbox.drop(transaction.connection(), number, user.email))


def _changed(here: Cohort, number: int, action: str, done: bool) -> Page:
    """Note a change and go on to the message; 409 where its state did not allow it, and nothing is kept."""
    page = _message_page(here, number)
    if not done:
        abort(409)
    signin.noted(f"message-{action}", page.message.person or page.message.recipient, f"{here.id} {number}")
    return redirect(url_for("programme.one_message", cohort=here.id, number=number))  # type: ignore[return-value]


# --- the words ----------------------------------------------------------------------------------------------------


def words_form(cohort: str, kind: str) -> str:
    """The words of a kind of message in both languages, how a message reads with them, and the form to change them."""
    signin.lead()
    here = cohort_at(cohort)
    if kind not in EDITABLE:
        abort(404)
    return _words(here, kind, outbox.words_for(transaction.reader(), here.id, kind))


def _words(here: Cohort, kind: str, chosen: Mapping[str, Words], problems: Mapping[str, str] | None = None) -> str:
    plain = {spoken: usual(kind, here, spoken) for spoken in LANGUAGES}
    minutes = sum(module.minutes for module in here.plan.modules)
    examples = {}
    for spoken, name in EXAMPLE_NAMES.items():
        reader = Reader(None, name, "", spoken)
        examples[spoken] = to_one(kind, here, reader, here.required, minutes, {**plain, **chosen}, here.opens)
    typed = {
        f"{part}_{spoken}": value
        for spoken in LANGUAGES
        for part, value in chosen.get(spoken, plain[spoken])._asdict().items()
    }
    page = WordsPage(here, here.title(language()), kind, typed, plain, examples, problems or {})
    return render_template("message_words.html", page=page, **_vocabulary())


def choose_words(cohort: str, kind: str) -> Page:
    """Keep a lead's words in both languages, or the usual ones where every field is empty; or say what is missing."""
    user, here = signin.lead(), cohort_at(cohort)
    if kind not in EDITABLE:
        abort(404)
    typed = {spoken: _typed(spoken) for spoken in LANGUAGES}
    problems = _problems(typed) if any(any(one) for one in typed.values()) else {}
    if problems:
        return _words(here, kind, typed, problems), 400
    outbox.choose_words(transaction.connection(), here.id, kind, typed, user.email, transaction.now())
    signin.noted("words", here.id, kind)
    return redirect(url_for("programme.words_form", cohort=here.id, kind=kind))  # type: ignore[return-value]


def _typed(spoken: str) -> Words:
    opening = request.form.get(f"opening_{spoken}", "").replace("\r\n", "\n").strip()
    return Words(" ".join(request.form.get(f"subject_{spoken}", "").split()), opening)


def _problems(typed: Mapping[str, Words]) -> dict[str, str]:
    """Field -> what is wrong with it: both languages have all of their words, or neither has."""
    longest = {"subject": LONGEST_SUBJECT, "opening": LONGEST_OPENING}
    problems = {}
    for spoken, one in typed.items():
        for part, value in one._asdict().items():
            if not value:
                problems[f"{part}_{spoken}"] = gettext("Write this in both languages.")
            elif len(value) > longest[part]:
                problems[f"{part}_{spoken}"] = gettext("This is longer than %(most)s characters.", most=longest[part])
    return problems


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/reminders"
    bp.add_url_rule(where, view_func=reminders)
    bp.add_url_rule(where + "/<int:number>", view_func=one_message)
    bp.add_url_rule(where + "/<int:number>/bounced", view_func=bounced, methods=["POST"])
    bp.add_url_rule(where + "/<int:number>/again", view_func=send_again, methods=["POST"])
    bp.add_url_rule(where + "/<int:number>/drop", "drop_message", drop, methods=["POST"])
    bp.add_url_rule(where + "/words/<kind>", view_func=words_form)
    bp.add_url_rule(where + "/words/<kind>", view_func=choose_words, methods=["POST"])
