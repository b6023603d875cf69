"""The tables and columns of the programme: matching, sign-off, reminders, attendance, certificates, sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and columns; what is stored already is kept as it is."""
    _column_mappings()
    _outages()
    _pulls()
    _rates()
    _signin_attempts()
    _answers()
    _equivalences()
    _merges()
    _refused_matches()
    _attendance()
    _certificates()
    _outbox()
    _snapshots()
    _columns()


def _column_mappings() -> None:
    op.create_table(
        "column_mappings",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("headings", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "headings", name=op.f("pk_column_mappings")),
    )


def _outages() -> None:
    op.create_table(
        "outages",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )


def _pulls() -> None:
    op.create_table(
        "pulls",
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("read_to", sa.BigInteger(), nullable=True),
        sa.Column("more", sa.Text(), nullable=True),
        sa.Column("pulled_at", sa.BigInteger(), nullable=True),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_pulls")),
    )


def _rates() -> None:
    op.create_table(
        "rates",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "window", name=op.f("pk_rates")),
    )


def _signin_attempts() -> None:
    op.create_table(
        "signin_attempts",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_signin_attempts")),
    )


def _answers() -> None:
    op.create_table(
        "answers",
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("response", sa.String(length=200), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_answers_course")),
        sa.PrimaryKeyConstraint("course", "question", "version", "response", "right", name=op.f("pk_answers")),
    )


def _equivalences() -> None:
    op.create_table(
        "equivalences",
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_equivalences_course")),
        sa.PrimaryKeyConstraint("course", "module", "done", "wanted", name=op.f("pk_equivalences")),
    )


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("survivor", sa.String(length=36), nullable=False),
        sa.Column("retired", sa.String(length=36), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.BigInteger(), nullable=False),
        sa.Column("merged_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["retired"], ["people.id"], name=op.f("fk_merges_retired")),
        sa.ForeignKeyConstraint(["survivor"], ["people.id"], name=op.f("fk_merges_survivor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(op.f("ix_merges_retired"), "merges", ["retired"], unique=False)
    op.create_index(op.f("ix_merges_survivor"), "merges", ["survivor"], unique=False)


def _refused_matches() -> None:
    op.create_table(
        "refused_matches",
        sa.Column("actor", NUMBER, nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("refused_at", sa.BigInteger(), nullable=False),
        sa.Column("refused_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["actors.id"], name=op.f("fk_refused_matches_actor")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_refused_matches_person")),
        sa.PrimaryKeyConstraint("actor", "person", name=op.f("pk_refused_matches")),
    )


def _attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_attendance_cohort")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_attendance_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_cohort_person", "attendance", ["cohort", "person", "day"], unique=False)


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_certificates_cohort")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_certificates_person")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_certificates")),
        sa.UniqueConstraint("cohort", "person", name=op.f("uq_certificates_cohort_person")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_outbox_cohort")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_outbox_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_cohort_person", "outbox", ["cohort", "person"], unique=False)
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"], unique=False)


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=False),
        sa.Column("as_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_snapshots_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index(op.f("ix_snapshots_cohort"), "snapshots", ["cohort"], unique=False)


def _columns() -> None:
    op.add_column("appointments", sa.Column("service", sa.String(length=20), nullable=True))
    op.add_column("appointments", sa.Column("secondary", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_audit_subject", "audit", ["subject", "id"], unique=False)
    op.add_column("cohorts", sa.Column("major", sa.Integer(), nullable=True))
    op.add_column("cohorts", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("cohorts", sa.Column("venue_en", sa.Text(), nullable=True))
    op.add_column("cohorts", sa.Column("venue_cy", sa.Text(), nullable=True))
    op.add_column("cohorts", sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("imports", sa.Column("kind", sa.String(length=20), server_default="roster", nullable=False))
    op.add_column("people", sa.Column("merged_into", sa.String(length=36), nullable=True))
    op.add_column("people", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.add_column("places", sa.Column("reason", sa.String(length=40), nullable=True))
    op.add_column("places", sa.Column("went_to", sa.String(length=100), nullable=True))
    op.add_column("users", sa.Column("starts", sa.Date(), nullable=True))
    op.add_column("users", sa.Column("ends", sa.Date(), nullable=True))
    op.add_column("users", sa.Column("subject", sa.Text(), nullable=True))
    op.create_index(op.f("ix_users_subject"), "users", ["subject"], unique=True)
