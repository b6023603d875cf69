"""Every table of the record store, in one place."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from lrs.rules.instants import microseconds, moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives only INTEGER PRIMARY KEY a row number of its own.
Number = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as whole microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return value if value is None or isinstance(value, int) else microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else moment(value)


# --- statements -------------------------------------------------------------------------------------------------

keys = Table(
    "keys",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("secret_hash", String(64), nullable=False),  # SHA-256: a slow hash adds nothing to 256 random bits
    Column("label", String(200), nullable=False),
    Column("scopes", String(200), nullable=False),  # separated by spaces
    Column("trusted", Boolean, nullable=False, default=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

iris = Table(
    "iris",
    metadata,
    Column("id", Number, primary_key=True),
    Column("iri", Text, nullable=False, unique=True),
)

actors = Table(
    "actors",
    metadata,
    Column("id", Number, primary_key=True),
    # "mbox|mailto:…", "account|<homePage>|<name>", "openid|…" or "mbox_sha1sum|…"
    Column("ifi", Text, nullable=False, unique=True),
    # what identity is matched on: the lower-case e-mail address of an mbox, or an account's name where it is one
    Column("email", Text, index=True),
)

statements = Table(
    "statements",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("verb", ForeignKey("iris.id"), nullable=False),
    Column("registration", String(36)),
    Column("stored", Instant, nullable=False, index=True),
    Column("timestamp", Instant, nullable=False),
    Column("voided", Boolean, nullable=False, default=False),
    Column("payload", Text, nullable=False),
    Index("ix_statements_verb", "verb", "seq"),
    Index("ix_statements_registration", "registration", "seq"),
)

# One link for each actor (activity) and statement, whatever the roles; ``usage`` adds up bits of rules/links.py.
# ``direct`` is 1 where the roles include actor or object. It leads the keys, so that a filter on those roles never
# walks past a million statements in which somebody is but the instructor. WITHOUT ROWID keeps rows in their key.
statement_actors = Table(
    "statement_actors",
    metadata,
    Column("actor", ForeignKey("actors.id"), primary_key=True),
    Column("direct", SmallInteger, primary_key=True),
    Column("seq", ForeignKey("statements.seq"), primary_key=True),
    Column("usage", SmallInteger, nullable=False),
    Column("verb", ForeignKey("iris.id"), nullable=False),
    Index("ix_statement_actors_verb", "actor", "direct", "verb", "seq", "usage"),
    sqlite_with_rowid=False,
)

statement_activities = Table(
    "statement_activities",
    metadata,
    Column("activity", ForeignKey("iris.id"), primary_key=True),
    Column("direct", SmallInteger, primary_key=True),
    Column("seq", ForeignKey("statements.seq"), primary_key=True),
    Column("usage", SmallInteger, nullable=False),
    Column("verb", ForeignKey("iris.id"), nullable=False),
    Index("ix_statement_activities_verb", "activity", "direct", "verb", "seq", "usage"),
    sqlite_with_rowid=False,
)

statement_references = Table(
    "statement_references",
    metadata,
    Column("target", String(36), primary_key=True),
    Column("seq", ForeignKey("statements.seq"), primary_key=True),
    Column("usage", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Every statement ``source`` that ``seq`` reaches by being about another statement, ``depth`` steps away: a filter that
# finds the source finds seq too. Only objects count, not references in a context.
statement_reaches = Table(
    "statement_reaches",
    metadata,
    Column("seq", ForeignKey("statements.seq"), primary_key=True),
    Column("source", ForeignKey("statements.seq"), primary_key=True),
    Column("depth", SmallInteger, nullable=False),
    Index("ix_statement_reaches_source", "source", "seq"),
    sqlite_with_rowid=False,
)

# What statements said of activities and of actors, merged.
activities = Table(
    "activities",
    metadata,
    Column("activity", ForeignKey("iris.id"), primary_key=True),
    Column("definition", Text, nullable=False),  # JSON
)

actor_names = Table(
    "actor_names",
    metadata,
    Column("actor", ForeignKey("actors.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# The bytes of attachments, each once, and the statements that came with them.
attachments = Table(
    "attachments",
    metadata,
    Column("sha2", String(128), primary_key=True),  # lower-case hexadecimal
    Column("content", LargeBinary, nullable=False),
)

statement_attachments = Table(
    "statement_attachments",
    metadata,
    Column("seq", ForeignKey("statements.seq"), primary_key=True),
    Column("sha2", ForeignKey("attachments.sha2"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# --- documents --------------------------------------------------------------------------------------------------

# State has an activity and an actor, an activity profile no actor, an agent profile no activity: 0 stands for none, and
# a key may hold no NULL, so these are numbers of iris and actors that no foreign key watches.
documents = Table(
    "documents",
    metadata,
    Column("actor", Number, primary_key=True, autoincrement=False),
    Column("activity", Number, primary_key=True, autoincrement=False),
    Column("registration", String(36), primary_key=True),  # "" for none
    Column("name", String(500), primary_key=True),  # stateId or profileId
    Column("stored", Instant, nullable=False),
    Column("content_type", String(250), nullable=False),
    Column("etag", String(40), nullable=False),  # the SHA-1 of the content in hexadecimal
    Column("content", LargeBinary, nullable=False),
)

# The last refusals of each key, for whoever looks after the store: no value that was sent, and no statement.
refusals = Table(
    "refusals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("key", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Column("method", String(10), nullable=False),
    Column("route", String(100), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("what", String(300), nullable=False),
    Column("pointer", String(300)),
    Column("rule", String(100)),
    Column("found", String(100)),
    Column("statement", Integer),
    Index("ix_refusals_key", "key", "id"),
)

# --- courses and launches ---------------------------------------------------------------------------------------

courses = Table(
    "courses",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("iri", Text, nullable=False, unique=True),
    Column("version", String(40), nullable=False),
    Column("title_en", Text, nullable=False),
    Column("title_cy", Text, nullable=False),
    Column("outline", Text, nullable=False),  # course.json of the newest version, whole
    Column("added_at", Instant, nullable=False),
)

course_activities = Table(
    "course_activities",
    metadata,
    Column("iri", Text, primary_key=True),
    Column("course", ForeignKey("courses.id"), nullable=False),
    Column("module", String(100)),  # None for the course itself
    Column("kind", String(20), nullable=False),  # course, module, question or reflection
)

packages = Table(
    "packages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("course", ForeignKey("courses.id"), nullable=False),
    Column("version", String(40), nullable=False),
    Column("format", String(20), nullable=False),
    Column("authority", String(9)),
    Column("outline", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
)

course_origins = Table(
    "course_origins",
    metadata,
    Column("course", ForeignKey("courses.id"), primary_key=True),
    Column("origin", Text, primary_key=True),
    Column("added_at", Instant, nullable=False),
)

launch_tokens = Table(
    "launch_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("package", ForeignKey("packages.id"), nullable=False),
    Column("home_page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("registration", String(36), nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    # how often the token was used in the minute (since 1970) of its last use
    Column("minute", Integer, nullable=False, default=0),
    Column("uses", Integer, nullable=False, default=0),
)

# Append-only: what counts towards readiness, written in the transaction that stores the statement.
evidence = Table(
    "evidence",
    metadata,
    Column("id", Number, primary_key=True),
    Column("statement", String(36), nullable=False, index=True),
    Column("actor", ForeignKey("actors.id"), nullable=False, index=True),
    Column("course", ForeignKey("courses.id"), nullable=False),
    Column("module", String(100)),  # None: the whole course, so every module of it
    Column("kind", String(20), nullable=False),  # started, left, completed, passed or failed
    Column("timestamp", Instant, nullable=False),
    Column("stored", Instant, nullable=False),
    Column("language", String(20)),
    Column("version", String(40)),
    Column("authority", String(9)),
    Column("grade", String(10), nullable=False),  # verified, confirmed or asserted
    Column("source", String(200), nullable=False),  # where it came from, for people: the key's label or the origin
    Column("voided_at", Instant),
    UniqueConstraint("statement", "module"),
)
