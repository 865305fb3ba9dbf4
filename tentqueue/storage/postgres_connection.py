"""How a connection to PostgreSQL is opened, and told from one that was hung up on.

It blocks its thread: never on the event loop.
"""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy.engine import URL

from tentqueue.storage.errors import JournalUnavailable

CONNECT_S = 5
"""How long a server that is not there may keep somebody waiting."""


def connect(url: URL) -> psycopg.Connection[Any]:
    """Opens a connection in autocommit. Raises: JournalUnavailable."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(
            plain,
            autocommit=True,
            connect_timeout=CONNECT_S,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=2,
            tcp_user_timeout=8000,
        )
    except psycopg.OperationalError:
        raise JournalUnavailable(no_answer(url)) from None


def is_lost(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server has hung up."""
    return bool(connection.closed or connection.broken)


def no_answer(url: URL) -> str:
    """What whoever runs the event is told when the server is silent."""
    return f"PostgreSQL at {url.host or 'this machine'} does not answer; is it running?"
