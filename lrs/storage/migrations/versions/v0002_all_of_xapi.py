"""The tables that the rest of xAPI needs: documents, attachments, definitions, refusals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OBJECT = 2  # the role of a statement that is another's object
DEEPEST = 32


def upgrade() -> None:
    """Make the tables; what is stored already is kept as it is."""
    _unchecked_links()
    _statement_reaches()
    _activities()
    _actor_names()
    _attachments()
    _statement_attachments()
    _documents()
    _refusals()


def _unchecked_links() -> None:
    """Let PostgreSQL write links without looking up what they name, which was more than half of a batch's cost.

    A statement has 21 such look-ups, 140 µs of its 265. All of them are written by one function, after what they name.
    """
    if op.get_bind().dialect.name == "postgresql":
        for table, first in (("statement_actors", "actor"), ("statement_activities", "activity")):
            for column in (first, "seq", "verb"):
                op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")


def _statement_reaches() -> None:
    op.create_table(
        "statement_reaches",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("source", NUMBER, nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["statements.seq"], name=op.f("fk_statement_reaches_seq")),
        sa.ForeignKeyConstraint(["source"], ["statements.seq"], name=op.f("fk_statement_reaches_source")),
        sa.PrimaryKeyConstraint("seq", "source", name=op.f("pk_statement_reaches")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_statement_reaches_source", "statement_reaches", ["source", "seq"], unique=False)
    _reach_what_is_stored()


def _reach_what_is_stored() -> None:
    """Follow the references of the statements that were stored before this table was."""
    # UNION ends where statements refer to each other in a circle, because depth is counted once for each pair below.
    op.execute(f"""
        INSERT INTO statement_reaches (seq, source, depth)
        WITH RECURSIVE step(seq, source) AS (
            SELECT r.seq, s.seq FROM statement_references r JOIN statements s ON s.id = r.target
            WHERE r.usage & {OBJECT} <> 0
        ), reach(seq, source, depth) AS (
            SELECT seq, source, 1 FROM step
            UNION SELECT reach.seq, step.source, reach.depth + 1 FROM reach JOIN step ON step.seq = reach.source
            WHERE reach.depth < {DEEPEST}
        )
        SELECT seq, source, min(depth) FROM reach WHERE seq <> source GROUP BY seq, source
    """)  # noqa: S608 - two numbers of ours


def _activities() -> None:
    op.create_table(
        "activities",
        sa.Column("activity", NUMBER, autoincrement=False, nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["iris.id"], name=op.f("fk_activities_activity")),
        sa.PrimaryKeyConstraint("activity", name=op.f("pk_activities")),
    )


def _actor_names() -> None:
    op.create_table(
        "actor_names",
        sa.Column("actor", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["actors.id"], name=op.f("fk_actor_names_actor")),
        sa.PrimaryKeyConstraint("actor", "name", name=op.f("pk_actor_names")),
        sqlite_with_rowid=False,
    )


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("sha2", sa.String(length=128), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha2", name=op.f("pk_attachments")),
    )


def _statement_attachments() -> None:
    op.create_table(
        "statement_attachments",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("sha2", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["statements.seq"], name=op.f("fk_statement_attachments_seq")),
        sa.ForeignKeyConstraint(["sha2"], ["attachments.sha2"], name=op.f("fk_statement_attachments_sha2")),
        sa.PrimaryKeyConstraint("seq", "sha2", name=op.f("pk_statement_attachments")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_statement_attachments_sha2", "statement_attachments", ["sha2"], unique=False)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("actor", NUMBER, autoincrement=False, nullable=False),
        sa.Column("activity", NUMBER, autoincrement=False, nullable=False),
        sa.Column("registration", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.String(length=250), nullable=False),
        sa.Column("etag", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "activity", "registration", "name", name=op.f("pk_documents")),
    )


def _refusals() -> None:
    op.create_table(
        "refusals",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("pointer", sa.String(length=300), nullable=True),
        sa.Column("rule", sa.String(length=100), nullable=True),
        sa.Column("found", sa.String(length=100), nullable=True),
        sa.Column("statement", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
    )
    op.create_index("ix_refusals_key", "refusals", ["key", "id"], unique=False)
