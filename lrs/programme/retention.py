"""The rule of retention: how long the settings let things be kept, and carrying it out or only counting."""

import math
import time
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from lrs.rules.days import day_in_wales, months_before, start_of_day
from lrs.storage import erasure, retention, subjects
from lrs.storage.database import Connection, Engine, reading, writing


class Limits(NamedTuple):
    """The days before which things are due."""

    people: date
    statements: date
    certificates: date
    log: date

    @classmethod
    def of(cls, settings: Mapping[str, Any], now: datetime) -> "Limits":
        """The limits that the settings give at a moment."""
        return cls(
            *(months_before(day_in_wales(now), settings[f"KTB_KEEP_{name.upper()}_MONTHS"]) for name in cls._fields)
        )

    def rest(self, now: datetime) -> retention.Rules:
        """What is due beside people and statements."""
        began = start_of_day(self.people)
        return retention.rest(began, self.people, start_of_day(self.certificates), start_of_day(self.log), now)


def due(connection: Connection, limits: Limits, now: datetime) -> dict[str, int]:
    """How much of what is due."""
    counts = {"people": len(retention.people_due(connection, limits.people, start_of_day(limits.people)))}
    counts["statements"] = retention.count_statements(connection, start_of_day(limits.statements))
    return counts | {what: retention.count(connection, rule) for what, rule in limits.rest(now).items()}


def carry_out(engine: Engine, limits: Limits, now: datetime, patience: float = math.inf) -> dict[str, int]:
    """Erase the people who are due and remove the rest; how much of what.

    After ``patience`` seconds no other person and no more statements are begun with: what is left is still due.

    Each person, and each few hundred statements, is a transaction of its own, so that nobody who writes waits for
    long, and whatever stops the work leaves only less to do.
    """
    done, last = {"people": 0, "statements": 0}, time.monotonic() + patience
    with writing(engine) as connection:  # before people are erased, who take with them some of what is counted here
        rest = {what: retention.forget(connection, rule) for what, rule in limits.rest(now).items()}
    with reading(engine) as connection:
        people = retention.people_due(connection, limits.people, start_of_day(limits.people))
    for person in people:
        if time.monotonic() > last:
            break
        with writing(engine) as connection:
            subject = subjects.subject_of(connection, person)
            if subject:
                erasure.erase(connection, subject, now, start_of_day(limits.certificates))
                done["people"] += 1
    removed = 1
    while removed and time.monotonic() < last:
        with writing(engine) as connection:
            removed = retention.forget_statements(connection, start_of_day(limits.statements))
            done["statements"] += removed
    return done | rest
