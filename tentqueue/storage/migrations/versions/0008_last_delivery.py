"""When a webhook was last sent something, and what its receiver answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds both, empty: nothing was noted until now."""
    op.add_column("webhooks", sa.Column("tried_at", WHOLE))
    op.add_column("webhooks", sa.Column("answered", WHOLE))


def downgrade() -> None:
    """Forgets them; SQLite makes the table anew, since versions before 3.35 can't drop a column."""
    with op.batch_alter_table("webhooks") as webhooks:
        webhooks.drop_column("answered")
        webhooks.drop_column("tried_at")
