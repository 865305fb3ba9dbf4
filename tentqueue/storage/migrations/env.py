"""What Alembic runs: the connection is handed in by `tentqueue.storage.migrate`."""

from __future__ import annotations

from alembic import context

from tentqueue.storage.schema import metadata

# One transaction for all: a migration that is cut off leaves the file as it was.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
