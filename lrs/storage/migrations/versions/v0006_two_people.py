"""Records that somebody looked at and said are two people's."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table of refused merges."""
    op.create_table(
        "refused_merges",
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("other", sa.String(length=36), nullable=False),
        sa.Column("refused_at", sa.BigInteger(), nullable=False),
        sa.Column("refused_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_refused_merges_person")),
        sa.ForeignKeyConstraint(["other"], ["people.id"], name=op.f("fk_refused_merges_other")),
        sa.PrimaryKeyConstraint("person", "other", name=op.f("pk_refused_merges")),
    )
