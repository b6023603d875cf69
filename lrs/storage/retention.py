"""What is kept no longer than the rule of retention says: found, counted, and removed."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, not_, or_, select

from lrs.storage.database import Connection
from lrs.storage.imports import KEPT
from lrs.storage.programme_tables import (
    audit,
    certificates,
    cohorts,
    imports,
    outbox,
    people,
    places,
    sessions,
    signin_links,
)
from lrs.storage.programme_tables import users as users_table
from lrs.storage.tables import (
    attachments,
    launch_tokens,
    statement_activities,
    statement_actors,
    statement_attachments,
    statement_reaches,
    statement_references,
    statements,
)

AT_ONCE = 400
Rule = tuple[Table, ColumnElement[bool]]
Rules = dict[str, Rule]
OF_A_STATEMENT = (statement_actors, statement_activities, statement_references, statement_attachments)


def people_due(connection: Connection, ended_before: date, known_before: datetime) -> list[str]:
    """The people whose last residential ended before a day, or who were never on one and came before a moment."""
    last = select(func.max(cohorts.c.ends)).join(places, places.c.cohort == cohorts.c.id)
    ended = last.where(places.c.person == people.c.id).correlate(people).scalar_subquery()
    over = or_(ended < ended_before, and_(ended.is_(None), people.c.created_at < known_before))
    alive = people.c.erased_at.is_(None), people.c.merged_into.is_(None)
    return list(connection.scalars(select(people.c.id).where(*alive, over).order_by(people.c.id)))


def _old(before: datetime) -> ColumnElement[bool]:
    # The newest row stays whatever its age: the numbers of those that come go on from it.
    newest = select(func.max(statements.c.seq)).scalar_subquery()
    return and_(statements.c.stored < before, statements.c.seq < newest)


def count_statements(connection: Connection, before: datetime) -> int:
    """How many statements were stored before a moment."""
    return connection.scalar(select(func.count()).select_from(statements).where(_old(before))) or 0


def forget_statements(connection: Connection, before: datetime) -> int:
    """Remove some of the statements stored before a moment, the oldest first; how many, and 0 where none are left.

    The evidence that they were stays, and so does whatever refers to them.
    """
    oldest = select(statements.c.seq).where(_old(before)).order_by(statements.c.seq).limit(AT_ONCE)
    seqs = list(connection.scalars(oldest))
    if seqs:
        _forget(connection, seqs)
    return len(seqs)


def _forget(connection: Connection, seqs: Sequence[int]) -> None:
    named = select(statement_attachments.c.sha2).where(statement_attachments.c.seq.in_(seqs))
    hashes = list(connection.scalars(named))
    for table in OF_A_STATEMENT:
        connection.execute(delete(table).where(table.c.seq.in_(seqs)))
    reaches = or_(statement_reaches.c.seq.in_(seqs), statement_reaches.c.source.in_(seqs))
    connection.execute(delete(statement_reaches).where(reaches))
    left = select(statement_attachments.c.sha2)
    connection.execute(delete(attachments).where(attachments.c.sha2.in_(hashes), attachments.c.sha2.not_in(left)))
    connection.execute(delete(statements).where(statements.c.seq.in_(seqs)))


def rest(
    people_before: datetime, ended_before: date, certificates_before: datetime, log_before: datetime, now: datetime
) -> Rules:
    """What else is due -> its table and which of its rows: messages, lists, certificates, the log, users, tokens."""
    waited = and_(imports.c.confirmed_at.is_(None), imports.c.created_at < now - KEPT)
    former = select(users_table.c.id).where(users_table.c.ends < ended_before)
    return {
        "messages": (outbox, and_(outbox.c.created_at < people_before, not_(outbox.c.state == "draft"))),
        "waiting imports": (imports, or_(waited, imports.c.created_at < people_before)),
        "certificates": (certificates, certificates.c.issued_at < certificates_before),
        "rows of the log": (audit, audit.c.at < log_before),
        "launch tokens": (launch_tokens, launch_tokens.c.expires_at < people_before),
        "sessions of former users": (sessions, sessions.c.user.in_(former)),
        "links of former users": (signin_links, signin_links.c.user.in_(former)),
        "former users": (users_table, users_table.c.ends < ended_before),
    }


def count(connection: Connection, rule: Rule) -> int:
    """How many rows are due by a rule."""
    table, due = rule
    return connection.scalar(select(func.count()).select_from(table).where(due)) or 0


def forget(connection: Connection, rule: Rule) -> int:
    """Remove the rows that are due by a rule; how many they were."""
    table, due = rule
    return connection.execute(delete(table).where(due)).rowcount
