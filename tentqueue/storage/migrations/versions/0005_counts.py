"""How often somebody asked, of all workers together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the table of shared counts."""
    op.create_table(
        "counts",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("span", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("used", WHOLE, nullable=False),
    )


def downgrade() -> None:
    """Forgets them: each worker counts for itself again."""
    op.drop_table("counts")
