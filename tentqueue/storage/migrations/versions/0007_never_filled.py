"""Takes out the columns that nothing ever filled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Drops them; SQLite makes each table anew, since versions before 3.35 can't drop a column."""
    with op.batch_alter_table("journal") as journal:
        journal.drop_column("status")
    with op.batch_alter_table("people") as people:
        for column in ("screening", "key_sha256", "device"):
            people.drop_column(column)


def downgrade() -> None:
    """Brings them back, empty as they were."""
    op.add_column("journal", sa.Column("status", WHOLE))
    op.add_column("people", sa.Column("screening", sa.Text))
    op.add_column("people", sa.Column("key_sha256", sa.LargeBinary))
    op.add_column("people", sa.Column("device", sa.Text))
