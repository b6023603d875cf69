"""Statements found again: by id, or by the filters of xAPI, newest first unless asked otherwise."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    SmallInteger,
    Table,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from lrs.rules.instants import microseconds
from lrs.rules.links import AUTHORITY
from lrs.storage.database import Connection, in_order_of_keys
from lrs.storage.rows import rows
from lrs.storage.tables import actors, iris, statement_activities, statement_actors, statement_reaches, statements

VALUES = ("agent", "verb", "activity", "registration", "since", "until", "after", "authority")
NUMBERS = ("since", "until", "after")
LAST = 2**63 - 1
BY_CONTENT = ("agent", "verb", "activity", "registration")  # the filters that reach through references


class Filters(NamedTuple):
    """What is asked for; None where it does not matter. ``after`` is the row at which the page before ended."""

    agent: str | None = None  # an actor's identifier
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None  # in lower case
    since: datetime | None = None
    until: datetime | None = None
    related_agents: bool = False
    related_activities: bool = False
    ascending: bool = False
    after: int | None = None
    authority: str | None = None  # an actor's identifier: only statements that it answers for


class Found(NamedTuple):
    """A stored statement: its row and its text."""

    seq: int
    payload: str


class Page(NamedTuple):
    """The statements of one page, in order, and whether there are more after the last of them."""

    found: list[Found]
    more: bool


def one(
    connection: Connection, number: str, *, voided: bool, authority: str | None = None
) -> tuple[Found, datetime] | None:
    """The statement with this id, and when it was stored, if it is voided or not as asked."""
    question = select(statements.c.seq, statements.c.payload, statements.c.stored).where(
        statements.c.id == number.lower(), statements.c.voided.is_(voided)
    )
    if authority is not None:
        question = question.where(_answered_for(authority, statements.c.seq))
    row = connection.execute(question).one_or_none()
    return (Found(row.seq, row.payload), row.stored) if row else None


def page(connection: Connection, filters: Filters, size: int) -> Page:
    """At most ``size`` statements that pass every filter, or are about one that does; voided ones left out."""
    in_order_of_keys(connection)
    found = _ask(connection, _question, filters, {"size": size + 1})
    if any(getattr(filters, name) is not None for name in BY_CONTENT):
        found = _with_those_about(connection, filters, found, size + 1)
    return Page(found[:size], len(found) > size)


def _ask(
    connection: Connection, build: Callable[..., Select[Any]], filters: Filters, more: dict[str, int]
) -> list[Found]:
    """The answer to the question that ``build`` makes of these filters and ``more`` values.

    Questions differ in their values only, so each kind is put into words once: to build it anew and to have SQLAlchemy
    recognise it took half a millisecond at every request.
    """
    given: dict[str, Any] = {
        name: value for name, value in zip(Filters._fields, filters, strict=True) if name in VALUES
    }
    for name in ("since", "until"):
        given[name] = given[name] and microseconds(given[name])
    asked = tuple(name for name in VALUES if given[name] is not None)
    flags = filters.related_agents, filters.related_activities, filters.ascending
    sql, names, constants = _worded(connection.dialect.name, build, asked, flags, tuple(more))
    values = constants | given | more
    return [Found(seq, payload) for seq, payload in rows(connection, sql, *[values[name] for name in names])]


@lru_cache(maxsize=512)
def _worded(
    dialect: str,
    build: Callable[..., Select[Any]],
    asked: tuple[str, ...],
    flags: tuple[bool, bool, bool],
    more: tuple[str, ...],
) -> tuple[str, list[str], dict[str, Any]]:
    """A question's SQL with ``?`` for each value, the names of these in order, and those values that never change."""
    agents, activities, ascending = flags
    shape = Filters(related_agents=agents, related_activities=activities, ascending=ascending)
    named: Any = {name: bindparam(name, 0, BigInteger) if name in NUMBERS else bindparam(name, "") for name in asked}
    spoken = {"sqlite": sqlite, "postgresql": postgresql}[dialect].dialect(paramstyle="qmark")
    whole = build(shape._replace(**named), **{name: bindparam(name, 0, BigInteger) for name in more})
    said = whole.compile(dialect=spoken, compile_kwargs={"render_postcompile": True})
    return str(said), list(said.positiontup or ()), dict(said.params)


def _question(filters: Filters, size: Any) -> Select[Any]:
    """The rows seq and payload of a page, at most ``size``. One list leads, in the order of its key.

    A registration has fewest statements, then an agent, then an activity; the other filters are asked of each row of
    the list that leads, until the page is full. A verb is in the keys of agents and activities, so it narrows them.
    Links are kept apart by whether they are direct; a related_ filter wants both, so it takes the first rows of each.
    """
    if filters.registration is not None:
        return _rows(filters, size, None)
    if filters.agent is not None:
        leading = _Leading(statement_actors, statement_actors.c.actor == _actor(filters.agent))
        broad = filters.related_agents
    elif filters.activity is not None:
        leading = _Leading(statement_activities, statement_activities.c.activity == _iri(filters.activity))
        broad = filters.related_activities
    else:
        return _rows(filters, size, None)
    if not broad:
        return _rows(filters, size, leading)
    parts = [select(_rows(filters, size, leading._replace(direct=direct)).subquery()) for direct in (1, 0)]
    both = union_all(*parts).subquery()
    return select(both).order_by(_in_order(both.c.seq, filters)).limit(size)


class _Leading(NamedTuple):
    """A link table, its rows of one actor or activity, and which of them."""

    table: Table
    mine: ColumnElement[bool]
    direct: int = 1


def _rows(filters: Filters, size: Any, leading: _Leading | None) -> Select[Any]:
    row = statements.c
    question = select(row.seq, row.payload).where(row.voided.is_(False))
    seq, verb = row.seq, row.verb
    if leading is not None:
        seq, verb = leading.table.c.seq, leading.table.c.verb
        question = question.join_from(leading.table, statements, seq == row.seq)
        question = question.where(leading.mine)
        if filters.verb is not None:
            question = question.where(leading.table.c.direct == leading.direct)
    key, value = _key(filters, verb, leading)
    if key is None:
        ordered: tuple[Any, ...] = (seq,)
        if filters.after is not None:
            question = question.where(seq > filters.after if filters.ascending else seq < filters.after)
    else:
        ordered = (key, seq)
        question = question.where(*_part_of_key(filters, key, value, seq))
    question = question.where(*_times(filters, seq), *_conditions(filters, leading, seq))
    return question.order_by(*(_in_order(one, filters) for one in ordered)).limit(size)


def _key(filters: Filters, verb: Any, leading: _Leading | None) -> tuple[Any, Any]:
    """The column that stands before the row's number in the key to walk, and its value; None where there is none."""
    if filters.registration is not None:
        return statements.c.registration, filters.registration
    if filters.verb is not None:
        return verb, _iri(filters.verb)
    return (leading.table.c.direct, literal(leading.direct, SmallInteger)) if leading is not None else (None, None)


def _part_of_key(filters: Filters, key: Any, value: Any, seq: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That the column has the value, from the row ``after`` on.

    Said as the ends of a stretch of the key, whose order no other key has: of an equality PostgreSQL may think that
    most rows have it, and read the whole table in the order of the rows, though this one is the verb of three.
    """
    if filters.ascending:
        first = literal(0, BigInteger) if filters.after is None else filters.after
        return tuple_(key, seq) > tuple_(value, first), key <= value
    last = literal(LAST, BigInteger) if filters.after is None else filters.after
    return key >= value, tuple_(key, seq) < tuple_(value, last)


def _conditions(filters: Filters, leading: _Leading | None, seq: Any) -> Iterator[ColumnElement[bool]]:
    """What must hold of the row ``seq`` beside that its list leads."""
    if filters.registration is not None and filters.verb is not None:
        yield statements.c.verb + 0 == _iri(filters.verb)  # a sum, so that SQLite does not walk the verb's key instead
    led = leading.table if leading is not None else None
    yield from _among(filters, seq, agent=led is not statement_actors, activity=led is not statement_activities)
    if filters.authority is not None:
        yield _answered_for(filters.authority, seq)


def _last_by(moment: Any) -> Any:
    """The last row stored by this moment, or 0."""
    stored = statements.alias("stored_by").c
    by_then = select(stored.seq).where(stored.stored <= moment).order_by(stored.stored.desc(), stored.seq.desc())
    return func.coalesce(by_then.limit(1).scalar_subquery(), 0)


def _in_order(seq: Any, filters: Filters) -> Any:
    return seq.asc() if filters.ascending else seq.desc()


def _actor(identified: Any) -> Any:
    return select(actors.c.id).where(actors.c.ifi == identified).scalar_subquery()


def _iri(iri: Any) -> Any:
    return select(iris.c.id).where(iris.c.iri == iri).scalar_subquery()


def _answered_for(authority: Any, seq: Any) -> ColumnElement[bool]:
    link = statement_actors.alias("answered")
    mine = link.c.usage.bitwise_and(AUTHORITY) != 0
    found = select(link.c.seq).where(
        link.c.actor == _actor(authority), link.c.direct.in_((0, 1)), link.c.seq == seq, mine
    )
    return found.scalar_subquery().is_not(None)


# --- statements about statements ---------------------------------------------------------------------------------
# What a filter finds is found again through every statement that is about it (Communication 2.1.3). Only the stretch of
# rows that the page covers is looked at, and in it each reference once; where there are none this costs 10 µs.

ANY_REACH = "SELECT 1 FROM statement_reaches WHERE seq BETWEEN ? AND ? LIMIT 1"


def _with_those_about(connection: Connection, filters: Filters, found: list[Found], size: int) -> list[Found]:
    low, high = _stretch(filters, found, size)
    if not rows(connection, ANY_REACH, low, high):
        return found
    about = _ask(connection, _about, filters, {"low": low, "high": high, "size": size})
    both = {one.seq: one for one in (*about, *found)}
    return [both[seq] for seq in sorted(both, reverse=not filters.ascending)][:size]


def _stretch(filters: Filters, found: list[Found], size: int) -> tuple[int, int]:
    """The first and the last row that may be on the page, as far as is known."""
    low, high = 0, LAST
    if filters.after is not None:
        low, high = (filters.after + 1, high) if filters.ascending else (low, filters.after - 1)
    if len(found) == size:  # the page is full: what lies beyond its end is for the next
        low, high = (low, found[-1].seq) if filters.ascending else (found[-1].seq, high)
    return low, high


def _about(filters: Filters, low: Any, high: Any, size: Any) -> Select[Any]:
    """The statements in a stretch that reach one which passes the filters, voided or not."""
    reach = statement_reaches.c
    seqs = select(reach.seq).distinct().where(reach.seq.between(low, high), *_reached(filters, reach.source))
    seqs = seqs.where(_is(reach.seq, statements.alias("reaching"), lambda row: row.voided.is_(False)))
    seqs = seqs.where(*_times(filters, reach.seq)).order_by(_in_order(reach.seq, filters)).limit(size)
    if filters.authority is not None:
        seqs = seqs.where(_answered_for(filters.authority, reach.seq), _answered_for(filters.authority, reach.source))
    few = seqs.subquery("few")
    payload = select(statements.c.payload).where(statements.c.seq == few.c.seq).scalar_subquery()
    return select(few.c.seq, payload)


def _reached(filters: Filters, source: Any) -> Iterator[ColumnElement[bool]]:
    """That the row ``source`` passes the filters that are about what a statement says."""
    yield from _among(filters, source)
    if filters.verb is not None:
        yield _is(source, statements.alias("of_verb"), lambda row: row.verb == _iri(filters.verb))
    if filters.registration is not None:
        yield _is(source, statements.alias("of_registration"), lambda row: row.registration == filters.registration)


def _among(filters: Filters, seq: Any, *, agent: bool = True, activity: bool = True) -> Iterator[ColumnElement[bool]]:
    """That the row ``seq`` is linked to the agent and to the activity that are asked for."""
    if agent and filters.agent is not None:
        actor = statement_actors.alias("of_actor")
        yield _linked(actor, actor.c.actor, _actor(filters.agent), seq, broad=filters.related_agents)
    if activity and filters.activity is not None:
        about = statement_activities.alias("of_activity")
        yield _linked(about, about.c.activity, _iri(filters.activity), seq, broad=filters.related_activities)


# Each of these is a value asked of one row, by its key. EXISTS would let PostgreSQL turn the question round and begin
# with the million rows that a verb or an activity has.


def _is(seq: Any, row: FromClause, condition: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    return select(row.c.seq).where(row.c.seq == seq, condition(row.c)).scalar_subquery().is_not(None)


def _linked(link: FromClause, column: Any, number: Any, seq: Any, *, broad: bool) -> ColumnElement[bool]:
    kinds = (0, 1) if broad else (1,)
    found = select(link.c.seq).where(column == number, link.c.direct.in_(kinds), link.c.seq == seq)
    return found.scalar_subquery().is_not(None)


def _times(filters: Filters, seq: Any) -> Iterator[ColumnElement[bool]]:
    # `stored` has the order of the rows, so a moment is a place in the key and not one more thing to look at.
    if filters.since is not None:
        yield seq > _last_by(filters.since)
    if filters.until is not None:
        yield seq <= _last_by(filters.until)
