"""The statements of a registration in the order of their rows, so that a page of them is read and not sorted."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Let the index of registrations hold the order as well."""
    op.drop_index("ix_statements_registration", "statements")
    op.create_index("ix_statements_registration", "statements", ["registration", "seq"], unique=False)
