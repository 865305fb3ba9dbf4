"""The tables. Instants are whole microseconds since 1970 UTC; the journal is apart from people.

An empty `event` in the staff tables means the whole installation rather than one event.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""Microseconds need 64 bits; SQLite's only integer has them."""
metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("slug", Text, primary_key=True),
    Column("definition", LargeBinary, nullable=False),
    Column("created_at", Whole, nullable=False),
    Column("updated_at", Whole, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("event", Text, ForeignKey("events.slug"), primary_key=True),
    Column("number", Whole, primary_key=True, autoincrement=False),
    Column("at", Whole, nullable=False),
    Column("events", LargeBinary, nullable=False),
    Column("actor", Text, nullable=False),
    Column("key", Text),
    Column("digest", LargeBinary),
    Column("answer", LargeBinary),
)
# Rows without a key, such as ticks, are left out: they are most of a quiet hour's entries.
Index(
    "journal_key",
    journal.c.event,
    journal.c.key,
    unique=True,
    sqlite_where=journal.c.key.is_not(None),
    postgresql_where=journal.c.key.is_not(None),
)

people = Table(
    "people",
    metadata,
    Column("event", Text, primary_key=True),
    Column("ticket_id", Text, primary_key=True),
    Column("bib", Text),
    Column("bib_tag", LargeBinary),
    Column("name", Text),
    Column("word_hash", Text),
)
Index("people_bib_tag", people.c.event, people.c.bib_tag)

alarms = Table(
    "alarms",
    metadata,
    Column("event", Text, primary_key=True),
    Column("ticket_id", Text, primary_key=True),
    Column("endpoint", Text, primary_key=True),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("language", Text, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("event", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("therapist", Text),
    Column("pin_hash", Text),
    Column("failures", Whole, nullable=False, default=0),
    Column("locked_until", Whole),
    Column("revoked_at", Whole),
)

sessions = Table(
    "sessions",
    metadata,
    Column("sid_hash", LargeBinary, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("therapist", Text),
    Column("created_at", Whole, nullable=False),
    Column("seen_at", Whole, nullable=False),
    Column("revoked_at", Whole),
)
Index("sessions_staff", sessions.c.event, sessions.c.staff)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("event", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("therapist", Text),
    Column("created_at", Whole, nullable=False),
    Column("revoked_at", Whole),
)

badges = Table(
    "badges",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("event", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("therapist", Text),
    Column("expires_at", Whole, nullable=False),
    Column("used_at", Whole),
)

# Where `tentqueue backup` wrote copies: what a wipe must find again.
backups = Table(
    "backups",
    metadata,
    Column("event", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("made_at", Whole, nullable=False),
)

# Who is in the race and when they finished, as timing systems tell it (rule 30).
roster = Table(
    "roster",
    metadata,
    Column("event", Text, primary_key=True),
    Column("bib", Text, primary_key=True),
    Column("name", Text),
    Column("contest", Text),
    Column("wave", Text),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("outcome", Text),
)

# Who asked to be erased: a mark of the bib, so that no later list brings them back.
erased = Table(
    "erased",
    metadata,
    Column("event", Text, primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
)

# What a timing system was answered: the same batch under the same key is told the same.
feed_answers = Table(
    "feed_answers",
    metadata,
    Column("event", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# Who agreed, when and to which words, by ticket; never an answer to a question.
consents = Table(
    "consents",
    metadata,
    Column("event", Text, primary_key=True),
    Column("ticket_id", Text, primary_key=True),
    Column("wording", Text, nullable=False),
    Column("given_at", Whole, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("withdrawn_at", Whole),
)

# Where the journal is sent on to, up to which entry it has arrived, and the last try.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("cursor", Whole, nullable=False),
    Column("failures", Whole, nullable=False),
    Column("retry_at", Whole),
    Column("ended_at", Whole),
    Column("tried_at", Whole),
    Column("answered", Whole),
)
Index("webhooks_event", webhooks.c.event)

# How often somebody asked in ten minutes, of all workers together; keys are digests.
counts = Table(
    "counts",
    metadata,
    Column("event", Text, primary_key=True),
    Column("span", Whole, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("used", Whole, nullable=False),
)
