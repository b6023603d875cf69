"""Statements found again: by id, or by the filters of xAPI, newest first unless asked otherwise."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, Table, bindparam, func, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from lrs.rules.instants import microseconds
from lrs.rules.links import AUTHORITY
from lrs.storage.database import Connection
from lrs.storage.rows import rows
from lrs.storage.tables import actors, iris, statement_activities, statement_actors, statement_reaches, statements

VALUES = ("agent", "verb", "activity", "registration", "since", "until", "after", "authority")
NUMBERS = ("since", "until", "after")
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
    """The rows seq and payload of a page. One link table leads where there is one, in the order of its key.

    Links are kept apart by whether they are direct; a related_ filter wants both, so it takes the first rows of each.
    """
    if filters.agent is not None:
        leading, broad = (
            _links(statement_actors, statement_actors.c.actor, _actor(filters.agent)),
            filters.related_agents,
        )
    elif filters.activity is not None:
        leading, broad = _activity_links(filters.activity), filters.related_activities
    else:
        return _rows(filters, size, None)
    if not broad:
        return _rows(filters, size, leading._replace(direct=1))
    parts = [select(_rows(filters, size, leading._replace(direct=direct)).subquery()) for direct in (1, 0)]
    both = union_all(*parts).subquery()
    return select(both).order_by(_in_order(both.c.seq, filters)).limit(size)


class _Leading(NamedTuple):
    """A link table, its rows of one actor or activity, and which of them."""

    table: Table
    mine: ColumnElement[bool]
    direct: int = 1


def _links(table: Table, column: Any, number: Any) -> _Leading:
    return _Leading(table, column == number)


def _activity_links(iri: Any) -> _Leading:
    return _links(statement_activities, statement_activities.c.activity, _iri(iri))


def _rows(filters: Filters, size: Any, leading: _Leading | None) -> Select[Any]:
    row = statements.c
    question = select(row.seq, row.payload).where(row.voided.is_(False))
    seq, verb = row.seq, row.verb
    if leading is not None:
        seq, verb = leading.table.c.seq, leading.table.c.verb
        question = question.join_from(leading.table, statements, seq == row.seq)
        question = question.where(leading.mine, leading.table.c.direct == leading.direct)
    if filters.verb is not None:
        question = question.where(verb == _iri(filters.verb))
    question = question.where(*_times(filters, seq))
    if filters.after is not None:
        question = question.where(seq > filters.after if filters.ascending else seq < filters.after)
    return question.where(*_conditions(filters)).order_by(_in_order(seq, filters)).limit(size)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    row = statements.c
    found: list[ColumnElement[bool]] = []
    if filters.agent is not None and filters.activity is not None:
        link = statement_activities.alias("among")
        number = _iri(filters.activity)
        found.append(_linked(link, link.c.activity, number, row.seq, broad=filters.related_activities))
    if filters.registration is not None:
        found.append(row.registration == filters.registration)
    if filters.authority is not None:
        found.append(_answered_for(filters.authority, row.seq))
    return found


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
    link = aliased_actors.c
    return (
        select(link.seq)
        .where(
            link.actor == _actor(authority),
            link.direct.in_((0, 1)),
            link.seq == seq,
            link.usage.bitwise_and(AUTHORITY) != 0,
        )
        .exists()
    )


aliased_actors = statement_actors.alias("answered")


# --- statements about statements ---------------------------------------------------------------------------------
# What a filter finds is found again through every statement that is about it (Communication 2.1.3). Only the stretch of
# rows that the page covers is looked at, and in it each reference once; where there are none this costs 10 µs.

ANY_REACH = "SELECT 1 FROM statement_reaches WHERE seq BETWEEN ? AND ? LIMIT 1"
LAST = 2**63 - 1


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
    return select(statements.c.seq, statements.c.payload).where(statements.c.seq.in_(seqs))


def _reached(filters: Filters, source: Any) -> Iterator[ColumnElement[bool]]:
    """That the row ``source`` passes the filters that are about what a statement says.

    Each is a question of its own about that row, so that no database begins with the million rows of a verb.
    """
    if filters.agent is not None:
        actor = statement_actors.alias("of_actor")
        yield _linked(actor, actor.c.actor, _actor(filters.agent), source, broad=filters.related_agents)
    if filters.activity is not None:
        activity = statement_activities.alias("of_activity")
        yield _linked(activity, activity.c.activity, _iri(filters.activity), source, broad=filters.related_activities)
    if filters.verb is not None:
        yield _is(source, statements.alias("of_verb"), lambda row: row.verb == _iri(filters.verb))
    if filters.registration is not None:
        yield _is(source, statements.alias("of_registration"), lambda row: row.registration == filters.registration)


def _is(seq: Any, row: FromClause, condition: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    return select(row.c.seq).where(row.c.seq == seq, condition(row.c)).exists()


def _linked(link: FromClause, column: Any, number: Any, seq: Any, *, broad: bool) -> ColumnElement[bool]:
    kinds = (0, 1) if broad else (1,)
    return select(link.c.seq).where(column == number, link.c.direct.in_(kinds), link.c.seq == seq).exists()


def _times(filters: Filters, seq: Any) -> Iterator[ColumnElement[bool]]:
    # `stored` has the order of the rows, so a moment is a place in the key and not one more thing to look at.
    if filters.since is not None:
        yield seq > _last_by(filters.since)
    if filters.until is not None:
        yield seq <= _last_by(filters.until)
