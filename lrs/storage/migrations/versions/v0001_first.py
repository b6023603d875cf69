"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _keys()
    _iris()
    _actors()
    _statements()
    _statement_actors()
    _statement_activities()
    _statement_references()
    _courses()
    _course_activities()
    _packages()
    _course_origins()
    _launch_tokens()
    _evidence()
    _people()
    _identifiers()
    _appointments()
    _cohorts()
    _places()
    _decisions()
    _imports()
    _users()
    _signin_links()
    _sessions()
    _audit()


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
        sa.UniqueConstraint("key", name=op.f("uq_keys_key")),
    )


def _iris() -> None:
    op.create_table(
        "iris",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("iri", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iris")),
        sa.UniqueConstraint("iri", name=op.f("uq_iris_iri")),
    )


def _actors() -> None:
    op.create_table(
        "actors",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ifi", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actors")),
        sa.UniqueConstraint("ifi", name=op.f("uq_actors_ifi")),
    )
    op.create_index(op.f("ix_actors_email"), "actors", ["email"], unique=False)


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("verb", NUMBER, nullable=False),
        sa.Column("registration", sa.String(length=36), nullable=True),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["verb"], ["iris.id"], name=op.f("fk_statements_verb")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_statements")),
        sa.UniqueConstraint("id", name=op.f("uq_statements_id")),
    )
    op.create_index(op.f("ix_statements_registration"), "statements", ["registration"], unique=False)
    op.create_index(op.f("ix_statements_stored"), "statements", ["stored"], unique=False)
    op.create_index("ix_statements_verb", "statements", ["verb", "seq"], unique=False)


def _statement_actors() -> None:
    op.create_table(
        "statement_actors",
        sa.Column("actor", NUMBER, nullable=False),
        sa.Column("direct", sa.SmallInteger(), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("usage", sa.SmallInteger(), nullable=False),
        sa.Column("verb", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["actors.id"], name=op.f("fk_statement_actors_actor")),
        sa.ForeignKeyConstraint(["seq"], ["statements.seq"], name=op.f("fk_statement_actors_seq")),
        sa.ForeignKeyConstraint(["verb"], ["iris.id"], name=op.f("fk_statement_actors_verb")),
        sa.PrimaryKeyConstraint("actor", "direct", "seq", name=op.f("pk_statement_actors")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_statement_actors_verb", "statement_actors", ["actor", "direct", "verb", "seq", "usage"], unique=False
    )


def _statement_activities() -> None:
    op.create_table(
        "statement_activities",
        sa.Column("activity", NUMBER, nullable=False),
        sa.Column("direct", sa.SmallInteger(), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("usage", sa.SmallInteger(), nullable=False),
        sa.Column("verb", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["activity"], ["iris.id"], name=op.f("fk_statement_activities_activity")),
        sa.ForeignKeyConstraint(["seq"], ["statements.seq"], name=op.f("fk_statement_activities_seq")),
        sa.ForeignKeyConstraint(["verb"], ["iris.id"], name=op.f("fk_statement_activities_verb")),
        sa.PrimaryKeyConstraint("activity", "direct", "seq", name=op.f("pk_statement_activities")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_statement_activities_verb",
        "statement_activities",
        ["activity", "direct", "verb", "seq", "usage"],
        unique=False,
    )


def _statement_references() -> None:
    op.create_table(
        "statement_references",
        sa.Column("target", sa.String(length=36), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("usage", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["statements.seq"], name=op.f("fk_statement_references_seq")),
        sa.PrimaryKeyConstraint("target", "seq", name=op.f("pk_statement_references")),
        sqlite_with_rowid=False,
    )


def _courses() -> None:
    op.create_table(
        "courses",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("iri", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("title_cy", sa.Text(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("iri", name=op.f("uq_courses_iri")),
    )


def _course_activities() -> None:
    op.create_table(
        "course_activities",
        sa.Column("iri", sa.Text(), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_course_activities_course")),
        sa.PrimaryKeyConstraint("iri", name=op.f("pk_course_activities")),
    )


def _packages() -> None:
    op.create_table(
        "packages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=True),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_packages_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )


def _course_origins() -> None:
    op.create_table(
        "course_origins",
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_course_origins_course")),
        sa.PrimaryKeyConstraint("course", "origin", name=op.f("pk_course_origins")),
    )


def _launch_tokens() -> None:
    op.create_table(
        "launch_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("package", sa.String(length=64), nullable=False),
        sa.Column("home_page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registration", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["package"], ["packages.id"], name=op.f("fk_launch_tokens_package")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_launch_tokens")),
    )
    op.create_index(op.f("ix_launch_tokens_created_at"), "launch_tokens", ["created_at"], unique=False)


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("statement", sa.String(length=36), nullable=False),
        sa.Column("actor", NUMBER, nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=True),
        sa.Column("authority", sa.String(length=9), nullable=True),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("voided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["actor"], ["actors.id"], name=op.f("fk_evidence_actor")),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_evidence_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("statement", "module", name=op.f("uq_evidence_statement_module")),
    )
    op.create_index(op.f("ix_evidence_actor"), "evidence", ["actor"], unique=False)
    op.create_index(op.f("ix_evidence_statement"), "evidence", ["statement"], unique=False)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )


def _identifiers() -> None:
    op.create_table(
        "identifiers",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_identifiers_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
    )
    op.create_index(op.f("ix_identifiers_person"), "identifiers", ["person"], unique=False)
    op.create_index(op.f("ix_identifiers_value"), "identifiers", ["value"], unique=False)


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_appointments_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index(op.f("ix_appointments_person"), "appointments", ["person"], unique=False)


def _cohorts() -> None:
    op.create_table(
        "cohorts",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("title_cy", sa.Text(), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("required", sa.Text(), nullable=False),
        sa.Column("least_grade", sa.String(length=10), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("target", sa.Date(), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name=op.f("fk_cohorts_course")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
    )


def _places() -> None:
    op.create_table(
        "places",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_places_cohort")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_places_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    op.create_index("ix_places_cohort_person", "places", ["cohort", "person", "id"], unique=False)


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("module", sa.String(length=100), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_decisions_cohort")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_decisions_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_cohort_person", "decisions", ["cohort", "person"], unique=False)


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cohort", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["cohort"], ["cohorts.id"], name=op.f("fk_imports_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("authority", sa.String(length=9), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )


def _signin_links() -> None:
    op.create_table(
        "signin_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_signin_links_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_signin_links")),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sessions_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
