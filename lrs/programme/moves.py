"""What is asked to become of places: checked as a whole, told with every problem, and carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lrs.programme.reasons import PLACE_WORDS
from lrs.programme.words import gettext, named, ngettext
from lrs.rules.places import HELD, MOVES, free, reasons_for
from lrs.storage import people
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection

MOVE_WORDS = {
    "offer": named("Offer a place"),
    "waitlist": named("Put on the waiting list"),
    "reject": named("Turn the nomination down"),
    "accept": named("Note that the offer is accepted"),
    "confirm": named("Confirm the place"),
    "withdraw": named("Withdraw, at the person’s or council’s wish"),
    "cancel": named("Cancel the place"),
    "defer": named("Defer to a later residential"),
    "substitute": named("Somebody else comes instead"),
    "reopen": named("Take up again as a nomination"),
}
REASON_WORDS = {
    "not-eligible": named("Not somebody whom the course is for"),
    "no-room": named("No room on this residential"),
    "twice": named("On the list twice"),
    "own-wish": named("The person’s own wish"),
    "council-wish": named("The council’s wish"),
    "work": named("Cannot be away from work then"),
    "left-post": named("Has left the post"),
    "not-ready": named("Not ready at the cut-off"),
    "no-answer": named("No answer to the offer"),
    "called-off": named("The residential was called off"),
    "no-reason": named("No reason asked"),
}
NAMED_AT_MOST = 5  # people named in one complaint


@dataclass
class MoveForm:
    """What was asked: of whom, what, why, and whether also beyond the places there are."""

    persons: Sequence[str] = ()
    move: str = ""
    reason: str = ""
    over: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The state that the move leads to."""
        return MOVES[self.move][1]

    def check(
        self, offered: Sequence[str], states: Mapping[str, str], names: Mapping[str, str], cohort: Cohort
    ) -> None:
        """Note everything that stands in the way; ``states`` are those of everybody on the residential."""
        if not self.persons:
            self.problems["person"] = gettext("Choose at least one person.")
        if self.move not in offered:
            self.problems["move"] = gettext("Choose what is to become of the place.")
            return
        if reasons_for(self.move) and self.reason not in reasons_for(self.move):
            self.problems["reason"] = gettext("Choose a reason that fits what you do. It stays on the record.")
        self._check_states(states, names)
        self._check_room(states, cohort)

    def _check_states(self, states: Mapping[str, str], names: Mapping[str, str]) -> None:
        wrong = [person for person in self.persons if states.get(person) not in MOVES[self.move][0]]
        if wrong:
            told = [f"{names[person]} ({gettext(PLACE_WORDS[states[person]])})" for person in wrong[:NAMED_AT_MOST]]
            self.problems["move"] = gettext(
                "As their places stand now this cannot be done for: %(names)s.", names=", ".join(told)
            )

    def _check_room(self, states: Mapping[str, str], cohort: Cohort) -> None:
        left = free(cohort.capacity, states.values())
        if left is None or self.over or self.state not in HELD:
            return
        needed = sum(states.get(person) not in HELD for person in self.persons)
        if needed > max(left, 0):
            self.problems["over"] = ngettext(
                "%(num)s place is free and %(needed)s are needed. Choose fewer people, or say that you mean it.",
                "%(num)s places are free and %(needed)s are needed. Choose fewer people, or say that you mean it.",
                max(left, 0),
                needed=needed,
            )

    def carry_out(self, connection: Connection, cohort: str, by: str, now: datetime) -> None:
        """Give everybody chosen their new state."""
        reason = self.reason if reasons_for(self.move) else None
        for person in self.persons:
            people.place(connection, cohort, person, self.state, by, now, reason)


def move_words() -> dict[str, str]:
    """Each move in words."""
    return {move: gettext(text) for move, text in MOVE_WORDS.items()}


def reason_words(move: str | None = None) -> dict[str, str]:
    """Each reason in words; those that fit one move, or all."""
    codes = REASON_WORDS if move is None else reasons_for(move)
    return {code: gettext(REASON_WORDS[code]) for code in codes}
