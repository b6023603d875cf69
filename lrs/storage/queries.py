"""Statements found again: by id, or by the filters of xAPI, newest first unless asked otherwise."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, func, select, union_all

from lrs.rules.links import AUTHORITY
from lrs.storage.database import Connection
from lrs.storage.tables import actors, iris, statement_activities, statement_actors, statements


class Filters(NamedTuple):
    """What is asked for; None where it does not matter. ``after`` is the row at which the page before ended."""

    agent: str | None = None  # an actor's identifier
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    related_agents: bool = False
    related_activities: bool = False
    ascending: bool = False
    after: int | None = None
    authority: str | None = None  # an actor's identifier: only statements that it answers for


class Page(NamedTuple):
    """The stored texts of one page, in order, and the row after which the next one begins; None for the last page."""

    payloads: list[str]
    after: int | None


def one(
    connection: Connection, number: str, *, voided: bool, authority: str | None = None
) -> tuple[str, datetime] | None:
    """The stored text of the statement with this id, and when it was stored, if it is voided or not as asked."""
    question = select(statements.c.payload, statements.c.stored).where(
        statements.c.id == number.lower(), statements.c.voided.is_(voided)
    )
    if authority is not None:
        question = question.where(_answered_for(authority))
    row = connection.execute(question).one_or_none()
    return (row.payload, row.stored) if row else None


def page(connection: Connection, filters: Filters, size: int) -> Page:
    """At most ``size`` statements that pass every filter, voided ones left out."""
    rows = connection.execute(_question(filters, size + 1)).all()
    more = len(rows) > size
    rows = rows[:size]
    return Page([row.payload for row in rows], rows[-1].seq if more else None)


def _question(filters: Filters, size: int) -> Select[Any]:
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


def _activity_links(iri: str) -> _Leading:
    return _links(statement_activities, statement_activities.c.activity, _iri(iri))


def _rows(filters: Filters, size: int, leading: _Leading | None) -> Select[Any]:
    row = statements.c
    question = select(row.seq, row.payload).where(row.voided.is_(False))
    seq, verb = row.seq, row.verb
    if leading is not None:
        seq, verb = leading.table.c.seq, leading.table.c.verb
        question = question.join_from(leading.table, statements, seq == row.seq)
        question = question.where(leading.mine, leading.table.c.direct == leading.direct)
    if filters.verb is not None:
        question = question.where(verb == _iri(filters.verb))
    # `stored` has the order of the rows, so a moment is a place in the key and not one more thing to look at.
    if filters.since is not None:
        question = question.where(seq > _last_by(filters.since))
    if filters.until is not None:
        question = question.where(seq <= _last_by(filters.until))
    if filters.after is not None:
        question = question.where(seq > filters.after if filters.ascending else seq < filters.after)
    return question.where(*_conditions(filters)).order_by(_in_order(seq, filters)).limit(size)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    row = statements.c
    found: list[ColumnElement[bool]] = []
    if filters.agent is not None and filters.activity is not None:
        link = statement_activities.c
        kinds = (0, 1) if filters.related_activities else (1,)
        among = select(link.seq).where(
            link.activity == _iri(filters.activity), link.direct.in_(kinds), link.seq == row.seq
        )
        found.append(among.exists())
    if filters.registration is not None:
        found.append(row.registration == filters.registration.lower())
    if filters.authority is not None:
        found.append(_answered_for(filters.authority))
    return found


def _last_by(moment: datetime) -> Any:
    """The last row stored by this moment, or 0."""
    stored = statements.alias("stored_by").c
    by_then = select(stored.seq).where(stored.stored <= moment).order_by(stored.stored.desc(), stored.seq.desc())
    return func.coalesce(by_then.limit(1).scalar_subquery(), 0)


def _in_order(seq: Any, filters: Filters) -> Any:
    return seq.asc() if filters.ascending else seq.desc()


def _actor(identified: str) -> Any:
    return select(actors.c.id).where(actors.c.ifi == identified).scalar_subquery()


def _iri(iri: str) -> Any:
    return select(iris.c.id).where(iris.c.iri == iri).scalar_subquery()


def _answered_for(authority: str) -> ColumnElement[bool]:
    link = aliased_actors.c
    return (
        select(link.seq)
        .where(
            link.actor == _actor(authority),
            link.direct.in_((0, 1)),
            link.seq == statements.c.seq,
            link.usage.bitwise_and(AUTHORITY) != 0,
        )
        .exists()
    )


aliased_actors = statement_actors.alias("answered")
