"""Who is in the race and when they finished, and what a finish feed was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables of timing systems."""
    op.create_table(
        "roster",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("bib", sa.Text, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("contest", sa.Text),
        sa.Column("wave", sa.Text),
        sa.Column("started_at", sa.BigInteger),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("outcome", sa.Text),
    )
    op.create_table(
        "feed_answers",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Forgets them."""
    op.drop_table("feed_answers")
    op.drop_table("roster")
