"""Run migrations on the connection that lrs.storage.database.upgrade() hands over."""

from alembic import context

from lrs.storage.programme_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
