"""Erasing a person: whatever names them goes, and what is only counted stays, under a name that says nothing."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
from sqlalchemy import and_, bindparam, case, delete, func, insert, literal, or_, select, update

from lrs.rules.erasure import pseudonymised, stand_in
from lrs.rules.links import ACTOR, WITHIN
from lrs.rules.strict_json import written
from lrs.storage.database import Connection
from lrs.storage.programme_tables import (
    appointments,
    certificates,
    identifiers,
    imports,
    outbox,
    people,
    refused_matches,
    refused_merges,
)
from lrs.storage.subjects import Subject, statements_of
from lrs.storage.tables import (
    actor_names,
    actors,
    attachments,
    documents,
    launch_tokens,
    statement_attachments,
    statements,
)

NAME = "Dilëwyd / Erased"  # what pages show where the name was
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
AT_ONCE = 400


def erase(
    connection: Connection, subject: Subject, now: datetime, keep_certificates_since: datetime | None = None
) -> dict[str, int]:
    """Erase a person; how many rows of what were removed or changed. The connection must be in a writing transaction.

    Their places, decisions, attendance and evidence stay as they are, and so does every count. Statements keep their
    ids and moments. Certificates from ``keep_certificates_since`` on can still be checked; others are withdrawn.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON").close()  # else the old bytes lie in the file for long
    names = {ifi: str(uuid.uuid4()) for ifi in subject.actors.values()}
    done = {"statements": _statements(connection, subject, names)}
    done |= _actors(connection, subject, names)
    done["certificates"] = _certificates(connection, subject, now, keep_certificates_since)
    done["messages"] = _messages(connection, subject)
    done["waiting imports"] = _imports(connection, subject)
    mine = refused_matches.c.person.in_(subject.ids)
    done["refused matches"] = connection.execute(delete(refused_matches).where(mine)).rowcount
    pairs = or_(refused_merges.c.person.in_(subject.ids), refused_merges.c.other.in_(subject.ids))
    done["refused merges"] = connection.execute(delete(refused_merges).where(pairs)).rowcount
    connection.execute(update(appointments).where(appointments.c.person.in_(subject.ids)).values(role=""))
    gone = update(people).where(people.c.id.in_(subject.ids))
    done["people"] = connection.execute(gone.values(name=NAME, erased_at=now)).rowcount
    return done


def _statements(connection: Connection, subject: Subject, names: dict[str, str]) -> int:
    called = connection.scalars(select(actor_names.c.name).where(actor_names.c.actor.in_(subject.actors)))
    words = {*subject.addresses, *(one for one in (*subject.names, *called) if " " in one.strip())}
    change = update(statements).where(statements.c.seq == bindparam("row")).values(payload=bindparam("text"))
    changed, authored = [], []
    for seq, roles, payload in statements_of(connection, subject):
        author, inner = bool(roles & ACTOR), bool(roles & WITHIN)
        statement = pseudonymised(orjson.loads(payload), names, words, author=author, inner=inner)
        changed.append({"row": seq, "text": written(statement).decode()})
        authored += [seq] if author else []
    if changed:
        connection.execute(change, changed)
    _attachments(connection, authored)
    return len(changed)


def _attachments(connection: Connection, seqs: list[int]) -> None:
    for start in range(0, len(seqs), AT_ONCE):
        some = statement_attachments.c.seq.in_(seqs[start : start + AT_ONCE])
        named = list(connection.scalars(select(statement_attachments.c.sha2).where(some)))
        connection.execute(delete(statement_attachments).where(some))
        left = select(statement_attachments.c.sha2)
        connection.execute(delete(attachments).where(attachments.c.sha2.in_(named), attachments.c.sha2.not_in(left)))


def _actors(connection: Connection, subject: Subject, names: dict[str, str]) -> dict[str, int]:
    """Give each actor its stand-in, and the person these instead of all their identifiers."""
    done = {}
    for what, table in (("names in statements", actor_names), ("documents", documents)):
        done[what] = connection.execute(delete(table).where(table.c.actor.in_(subject.actors))).rowcount
    accounts = [ifi.split("|", 2)[1:] for ifi in names if ifi.startswith("account|")]
    tokens = [and_(launch_tokens.c.home_page == home, launch_tokens.c.name == name) for home, name in accounts]
    done["launch tokens"] = connection.execute(delete(launch_tokens).where(or_(*tokens))).rowcount if tokens else 0
    mine = identifiers.c.person.in_(subject.ids)
    since = connection.scalar(select(func.min(identifiers.c.added_at)).where(mine))
    done["identifiers"] = connection.execute(delete(identifiers).where(mine)).rowcount
    for number, ifi in subject.actors.items():
        told = stand_in(names[ifi])
        connection.execute(update(actors).where(actors.c.id == number).values(ifi=told, email=None))
        values = {"person": subject.ids[0], "kind": "account", "value": told, "added_at": since}
        connection.execute(insert(identifiers).values(**values))
    return done


def _certificates(connection: Connection, subject: Subject, now: datetime, kept_since: datetime | None) -> int:
    mine = [certificates.c.person.in_(subject.ids), certificates.c.issued_at < (kept_since or FOR_EVER)]
    moment = literal(now, certificates.c.revoked_at.type)
    withdrawn = {"name": NAME, "revoked_at": func.coalesce(certificates.c.revoked_at, moment)}
    return connection.execute(update(certificates).where(*mine).values(**withdrawn)).rowcount


def _messages(connection: Connection, subject: Subject) -> int:
    """Messages lose whom they went to and what they said; that they were, and what became of them, is counted on."""
    theirs = or_(outbox.c.person.in_(subject.ids), func.lower(outbox.c.recipient).in_(subject.addresses))
    state = case((outbox.c.state == "waiting", "dropped"), else_=outbox.c.state)
    blank = {"recipient": "", "subject": "", "body": "", "answer": None, "state": state}
    return connection.execute(update(outbox).where(theirs).values(**blank)).rowcount


def _imports(connection: Connection, subject: Subject) -> int:
    """Lists that wait with the person on them; they would bring the person back."""
    named: Iterable[str] = subject.addresses
    lists = [func.lower(imports.c.rows).contains(one, autoescape=True) for one in named]
    return connection.execute(delete(imports).where(or_(*lists))).rowcount if lists else 0
