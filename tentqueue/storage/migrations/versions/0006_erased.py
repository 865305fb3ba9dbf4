"""Marks of who asked to be erased, so that no later list brings them back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the table of marks."""
    op.create_table(
        "erased",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("mark", sa.LargeBinary, primary_key=True),
    )


def downgrade() -> None:
    """Forgets them: a list taken again brings everyone on it back."""
    op.drop_table("erased")
