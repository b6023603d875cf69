"""The evidence that is a person's: every record of an account that is theirs by an exact identifier."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)

from lrs.rules.instants import microseconds
from lrs.rules.readiness import CLAIMS, Record, believed
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.programme_tables import identifiers, places
from lrs.storage.tables import actors, evidence


class Evidence(NamedTuple):
    """What a store knows of people: their records, and who has an account that it has heard from or been told of."""

    courses: Mapping[str, Mapping[str, Sequence[Record]]]  # course -> person -> records
    known: Set[str]

    def of(self, course: str) -> Mapping[str, Sequence[Record]]:
        """Person -> their records of a course."""
        return self.courses.get(course, {})


def evidence_about(
    connection: Connection, every: Sequence[Cohort], as_at: datetime, person: str | None = None, *, whole: bool = False
) -> Evidence:
    """The evidence about residentials' courses that had arrived by a moment, voided too, of each person on a roster.

    Of one person, and of everybody where the ``whole`` is asked for, it is all there is, with the statements that it
    comes from. Of everybody it is otherwise every claim of completion, and the last launch only: people open a module
    as often as they like, and a board must not grow slower for it.
    """
    whole = whole or person is not None
    rosters, known_since = [one.id for one in every], {one.course: microseconds(one.known_since) for one in every}
    theirs = actors_of(*_in_use(rosters, person)).cte("theirs")
    about = evidence.c.course.in_(known_since)
    here = evidence.c.actor == theirs.c.actor, about, evidence.c.stored <= as_at
    told = here if whole else (*here, evidence.c.kind.in_(CLAIMS))
    statement = evidence.c.statement if whole else null()
    # An outer join, because an account that has said nothing about this course is an account all the same.
    columns = theirs.c.person, evidence.c.course, *RECORD, statement, null()
    everything = select(*columns).outerjoin_from(theirs, evidence, and_(*told))
    launches = [] if whole else [_last_launches(theirs, here, as_at)]
    named = select(identifiers.c.person).where(identifiers.c.kind == "account", *_in_use(rosters, person))
    courses, heard = _records(connection, union_all(everything, *launches), known_since)
    return Evidence(courses, heard.union(connection.scalars(named)))


def _in_use(cohorts: Sequence[str], person: str | None) -> list[ColumnElement[bool]]:
    """The identifiers in use of everybody on these rosters, or of one person."""
    if person is not None:
        return [identifiers.c.retired_at.is_(None), identifiers.c.person == person]
    roster = select(places.c.person).where(places.c.cohort.in_(cohorts))
    return [identifiers.c.retired_at.is_(None), identifiers.c.person.in_(roster)]


def actors_of(*in_use: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Each person with each of their actors by identifiers that fit, matched on exact ones and nothing else."""
    pair = select(identifiers.c.person, actors.c.id.label("actor"))
    by_email = pair.join(actors, actors.c.email == identifiers.c.value).where(identifiers.c.kind == "email", *in_use)
    by_account = pair.join(actors, actors.c.ifi == identifiers.c.value).where(identifiers.c.kind == "account", *in_use)
    return union(by_email, by_account)


def _last_launches(theirs: CTE, here: Sequence[ColumnElement[bool]], as_at: datetime) -> Select[Any]:
    """The last thing of each person in each course that is no claim, as one row in the form of a record."""
    unsaid = literal(""), literal(""), null(), null(), null(), null(), null()
    newest = func.max(_TIMESTAMP), func.max(_STORED), null(), literal("started"), *unsaid
    standing = or_(evidence.c.voided_at.is_(None), evidence.c.voided_at > as_at)
    whose = theirs.c.person, evidence.c.course
    launches = select(*whose, *newest).join_from(theirs, evidence, and_(*here))
    return launches.where(evidence.c.kind.not_in(CLAIMS), standing).group_by(*whose)


_STORED = type_coerce(evidence.c.stored, BigInteger)
_TIMESTAMP = type_coerce(evidence.c.timestamp, BigInteger)
# The columns of a Record, in its order, but for the last two; moments are the whole microseconds they are stored as.
RECORD = (
    _TIMESTAMP,
    _STORED,
    evidence.c.module,
    evidence.c.kind,
    evidence.c.grade,
    evidence.c.source,
    type_coerce(evidence.c.voided_at, BigInteger),
    evidence.c.language,
    evidence.c.version,
)


def _records(
    connection: Connection, query: CompoundSelect[Any], known_since: Mapping[str, int]
) -> tuple[dict[str, dict[str, list[Record]]], set[str]]:
    """Course -> person -> records, and everybody with an account that was heard from.

    Rows are of a person, a course and the columns of a record; all but the person is empty where there is none.
    """
    courses: dict[str, dict[str, list[Record]]] = {course: defaultdict(list) for course in known_since}
    heard: set[str] = set()
    new: Callable[..., Record] = tuple.__new__  # what _make does, without its question how long the row is
    # The driver's own tuples, for ten thousand of SQLAlchemy's rows cost as much again as the query; and one at a time,
    # for ten thousand that live at once set the search for garbage going.
    for row in iter(connection.execute(query).cursor.fetchone, None):
        person, course, happened, stored = row[:4]
        if happened is None:
            heard.add(person)
            continue
        record, since = new(Record, row[2:]), known_since[course]
        courses[course][person].append(record if since <= happened <= stored else believed(record, since))
    return courses, heard.union(*courses.values())
