"""The form for somebody who may look: their role, their council, from when to when; every problem told at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lrs.programme.authorities import AUTHORITIES
from lrs.programme.words import gettext
from lrs.rules.formats import is_mailbox
from lrs.storage.users import User

FIELDS = ("email", "name", "role", "authority", "starts", "ends")
ROLES = ("link", "lead")
LONGEST = 200
YEARS = range(2000, 2100)


@dataclass
class UserForm:
    """What was typed, and what is wrong with each field; kept whole or not at all."""

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User | None) -> "UserForm":
        """The form as it is before anybody types: empty, or with what is known of a user."""
        known = user._asdict() if user else {"role": ROLES[0]}
        return cls({name: str(known.get(name) or "") for name in FIELDS})

    @classmethod
    def filled(cls, sent: Mapping[str, str]) -> "UserForm":
        """The form as sent, with everything that is wrong with it."""
        form = cls({name: " ".join(sent.get(name, "").split()) for name in FIELDS})
        form.typed["email"] = form.typed["email"].lower()
        form._check()
        return form

    def user(self, user: str, subject: str | None) -> User:
        """The user that the form describes, with the id and the subject that they have."""
        authority = self.typed["authority"] if self.typed["role"] == "link" else None
        days = _day(self.typed["starts"]), _day(self.typed["ends"])
        return User(user, self.typed["email"], self.typed["name"], self.typed["role"], authority, *days, subject)

    def say_taken(self) -> None:
        """Say that somebody else has this e-mail address."""
        self.problems["email"] = gettext("Somebody with this e-mail address may look already.")

    def say_last(self) -> None:
        """Say that nobody would be left to lead."""
        self.problems["role"] = gettext("This is the only programme lead. Add another one first.")

    def _check(self) -> None:
        typed, problems = self.typed, self.problems
        if not is_mailbox("mailto:" + typed["email"]) or len(typed["email"]) > LONGEST:
            problems["email"] = gettext("Give the work e-mail address, such as mair@council.example.")
        if not typed["name"] or not typed["name"].isprintable() or len(typed["name"]) > LONGEST:
            problems["name"] = gettext("Give the name, as pages should greet them.")
        if typed["role"] not in ROLES:
            problems["role"] = gettext("Choose a role.")
        if typed["role"] == "link" and typed["authority"] not in AUTHORITIES:
            problems["authority"] = gettext("Choose the link officer’s council.")
        for name in ("starts", "ends"):
            if typed[name] and _day(typed[name]) is None:
                problems[name] = gettext("Give a date, such as 2026-11-27.")
        starts, ends = _day(typed["starts"]), _day(typed["ends"])
        if starts and ends and ends <= starts:
            problems["ends"] = gettext("The end must come after the beginning.")


def _day(typed: str) -> date | None:
    """The day, where it is one of this century."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.year in YEARS else None
