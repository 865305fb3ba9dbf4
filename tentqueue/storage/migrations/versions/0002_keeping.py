"""Where backups were written, who agreed to what, and where the journal is sent on to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables of keeping and telling on."""
    op.create_table(
        "backups",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("made_at", WHOLE, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("given_at", WHOLE, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("withdrawn_at", WHOLE),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("cursor", WHOLE, nullable=False),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("retry_at", WHOLE),
        sa.Column("ended_at", WHOLE),
    )
    op.create_index("webhooks_event", "webhooks", ["event"])


def downgrade() -> None:
    """Forgets them. Before the first tables there is nothing to go back to."""
    for table in ("webhooks", "consents", "backups"):
        op.drop_table(table)
