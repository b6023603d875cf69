"""What follows a place: a later residential, somebody else on this one, or modules that are finished afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lrs.programme.roster import EMAIL, LANGUAGE_NAMES, MAX_CELL
from lrs.programme.words import gettext
from lrs.rules.decisions import Decision
from lrs.rules.places import GONE, HELD, WAITING, free, reasons_for, too_long, too_often
from lrs.storage import cohorts, people, places
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.people import Member

LATE = "late-joiner"
AFTERWARDS = timedelta(weeks=4)  # after the residential, for what a late joiner has still to finish
NAME_LIMIT = 120


def may_follow(other: Cohort, here: Cohort) -> bool:
    """Whether somebody may be deferred from one residential to another: a later one of the same kind."""
    return other.starts > here.starts and other.practice == here.practice


def _fitting(reason: str, move: str, problems: dict[str, str]) -> None:
    if reason not in reasons_for(move):
        problems[f"{move}-reason"] = gettext("Choose a reason that fits what you do. It stays on the record.")


def _not_now() -> str:
    return gettext("As the place stands now this cannot be done.")


@dataclass
class DeferForm:
    """To defer somebody: to which residential, and why."""

    to: str = ""
    reason: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def filled(cls, sent: Mapping[str, str]) -> "DeferForm":
        """The form as sent."""
        return cls(sent.get("to", ""), sent.get("defer-reason", ""))

    def check(self, connection: Connection, member: Member, later: Mapping[str, str], possible: bool) -> None:
        """Note everything that stands in the way, the limit on deferrals included."""
        _fitting(self.reason, "defer", self.problems)
        if not possible:
            self.problems["to"] = _not_now()
        elif self.to not in later:
            self.problems["to"] = gettext("Choose a later residential.")
        else:
            self._check_limits(connection, member)

    def _check_limits(self, connection: Connection, member: Member) -> None:
        was_on = places.residentials_of(connection, member.person)
        there = next((one.state for one in was_on if one.cohort == self.to), "")
        until = cohorts.cohort_called(connection, self.to)
        if there and there not in GONE:
            self.problems["to"] = gettext("This person is on the list of that residential already.")
        elif too_often(sum(one.deferred for one in was_on)):
            self.problems["to"] = gettext("This person has been deferred twice already, which is the most.")
        elif until and too_long(was_on[0].starts, until.starts):
            self.problems["to"] = gettext("That is more than 12 months after the first residential of this person.")

    def carry_out(self, connection: Connection, here: Cohort, member: Member, by: str, now: datetime) -> None:
        """Release the place here, and give one there: as good as this one where there is room, else wait for it."""
        places.keep_others_out(connection, self.to)
        people.place(connection, here.id, member.person, "deferred", by, now, self.reason, self.to)
        there = cohorts.cohort_called(connection, self.to)
        left = free(there.capacity if there else None, places.states_here(connection, self.to).values())
        has_room = member.place not in HELD or left is None or left > 0
        state = member.place if has_room else "waitlisted"
        people.place(connection, self.to, member.person, state, by, now)


@dataclass
class SubstituteForm:
    """Somebody who comes instead: who they are, and why. They are ready or not by what they did themselves."""

    name: str = ""
    email: str = ""
    language: str = ""
    role: str = ""
    reason: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def filled(cls, sent: Mapping[str, str]) -> "SubstituteForm":
        """The form as sent."""
        words = [" ".join(sent.get(name, "").split()) for name in ("name", "email", "language", "role")]
        return cls(words[0], words[1].lower(), words[2], words[3], sent.get("substitute-reason", ""))

    def check(self, connection: Connection, here: Cohort, possible: bool, now: datetime) -> None:
        """Note everything that stands in the way."""
        _fitting(self.reason, "substitute", self.problems)
        self.problems.update(person_problems(self.name, self.email, self.language, self.role))
        known = people.who_is_known_by(connection, here.id, [("email", self.email)], now).get(("email", self.email))
        if not possible:
            self.problems["name"] = _not_now()
        elif known and known.place not in ("", *WAITING, *GONE):
            self.problems["email"] = gettext("This person has a place on this residential already.")

    def carry_out(self, connection: Connection, here: Cohort, member: Member, by: str, now: datetime) -> None:
        """Give the place to the other person, known already or new, with nothing of what the first one did."""
        email = ("email", self.email)
        known = people.who_is_known_by(connection, here.id, [email], now).get(email)
        if known:
            other = known.person
        else:
            other = people.add_person(connection, self.name, self.language, now)
            people.identify(connection, other, [email], now)
            people.appoint(connection, other, member.authority, self.role, now)
        people.place(connection, here.id, member.person, "substituted", by, now, self.reason, other)
        people.place(connection, here.id, other, member.place, by, now)


def person_problems(name: str, email: str, language: str, role: str) -> dict[str, str]:
    """What is wrong with somebody as a form names them, by field."""
    problems = {}
    if not 0 < len(name) <= NAME_LIMIT or not name.isprintable():
        problems["name"] = gettext("Give the name as the person writes it, in at most 120 characters.")
    if not EMAIL.fullmatch(email) or len(email) > MAX_CELL or not email.isprintable():
        problems["email"] = gettext("Give the work address, such as mari@council.example.")
    if language not in LANGUAGE_NAMES.values():
        problems["language"] = gettext("Choose the language that the person chose.")
    if len(role) > NAME_LIMIT or not (role.isprintable()):
        problems["role"] = gettext("Give the role in at most 120 characters.")
    return problems


@dataclass
class LateForm:
    """A late joiner's modules that may be finished after the residential, and the last day for it."""

    modules: Sequence[str] = ()
    until: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def suggested(cls, here: Cohort) -> "LateForm":
        """Nothing chosen yet, and four weeks after the residential."""
        return cls((), (here.ends + AFTERWARDS).isoformat())

    @classmethod
    def filled(cls, sent: Mapping[str, str], here: Cohort) -> "LateForm":
        """The form as sent; each module has a box of its own."""
        return cls([module for module in here.required if f"later-{module}" in sent], sent.get("until", "").strip())

    def last_day(self) -> date | None:
        """The last day, where what was typed is one."""
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            return None

    def check(self, left: Mapping[str, str], possible: bool, now: datetime) -> None:
        """Note everything that stands in the way."""
        until = self.last_day()
        if not possible:
            self.problems["modules"] = _not_now()
        elif not self.modules or not set(self.modules) <= left.keys():
            self.problems["modules"] = gettext("Choose modules that are not done yet.")
        if until is None or not now.date() <= until <= now.date() + timedelta(days=366):
            self.problems["until"] = gettext("Give a day within a year, such as 2027-01-31.")

    def carry_out(self, connection: Connection, here: Cohort, member: Member, by: str, now: datetime) -> None:
        """Count each of the modules by decision until that day; after it only what was done counts."""
        for module in self.modules:
            cohorts.decide(
                connection, here.id, member.person, Decision(module, "count", LATE, now, by, self.last_day())
            )
