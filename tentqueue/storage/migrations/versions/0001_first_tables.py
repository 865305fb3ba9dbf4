"""The first tables: events, their journal, people, and staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table of the first release."""
    _make_journal()
    _make_people()
    _make_staff()
    _make_badges()


def _make_journal() -> None:
    op.create_table(
        "events",
        sa.Column("slug", sa.Text, primary_key=True),
        sa.Column("definition", sa.LargeBinary, nullable=False),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("updated_at", WHOLE, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("event", sa.Text, sa.ForeignKey("events.slug"), primary_key=True),
        sa.Column("number", WHOLE, primary_key=True, autoincrement=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("events", sa.LargeBinary, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("digest", sa.LargeBinary),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("status", WHOLE),
    )
    has_key = sa.text("key IS NOT NULL")
    op.create_index(
        "journal_key",
        "journal",
        ["event", "key"],
        unique=True,
        sqlite_where=has_key,
        postgresql_where=has_key,
    )


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("ticket_id", sa.Text, primary_key=True),
        sa.Column("bib", sa.Text),
        sa.Column("bib_tag", sa.LargeBinary),
        sa.Column("name", sa.Text),
        sa.Column("screening", sa.Text),
        sa.Column("key_sha256", sa.LargeBinary),
        sa.Column("word_hash", sa.Text),
        sa.Column("device", sa.Text),
    )
    op.create_index("people_bib_tag", "people", ["event", "bib_tag"])


def _make_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("therapist", sa.Text),
        sa.Column("pin_hash", sa.Text),
        sa.Column("failures", WHOLE, nullable=False),
        sa.Column("locked_until", WHOLE),
        sa.Column("revoked_at", WHOLE),
    )
    op.create_table(
        "sessions",
        sa.Column("sid_hash", sa.LargeBinary, primary_key=True),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("therapist", sa.Text),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("seen_at", WHOLE, nullable=False),
        sa.Column("revoked_at", WHOLE),
    )
    op.create_index("sessions_staff", "sessions", ["event", "staff"])


def _make_badges() -> None:
    op.create_table(
        "tokens",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("therapist", sa.Text),
        sa.Column("created_at", WHOLE, nullable=False),
        sa.Column("revoked_at", WHOLE),
    )
    op.create_table(
        "badges",
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("therapist", sa.Text),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("used_at", WHOLE),
    )
