"""Where the database lives: reads an SQLAlchemy URL and refuses what cannot be kept safe."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from tentqueue.storage.errors import UnsupportedDatabase


def database_file(url: str) -> Path:
    """The file that `sqlite:///FILE` names.

    Raises: UnsupportedDatabase for another kind of database, or one that lives in memory only
    (a second connection could not read it, and nothing would survive a crash).
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnsupportedDatabase(
            f"{url!r} is not a database URL; write sqlite:///FILE (a full path makes four slashes)"
        ) from None
    if parsed.get_backend_name() != "sqlite":
        raise UnsupportedDatabase(
            f"{parsed.get_backend_name()!r} databases are not supported; use sqlite:///FILE "
            "or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
        )
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise UnsupportedDatabase(f"{url!r} names no file; write sqlite:///FILE")
    return Path(parsed.database).absolute()


def is_postgres(url: str) -> bool:
    """Whether a URL names a PostgreSQL database, as `postgresql+psycopg://user@host/name`."""
    try:
        return make_url(url).get_backend_name() == "postgresql"
    except ArgumentError:
        return False


def shown(url: str) -> str:
    """A URL without its password."""
    return make_url(url).render_as_string()


def make_private(path: Path) -> None:
    """Creates the file, readable by its owner only, if it is not there; SQLite's own side files
    take over its permissions."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
