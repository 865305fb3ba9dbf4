"""Brings a database file up to this version's tables, in this process, before anyone writes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy import text as sql
from sqlalchemy.event import listen
from sqlalchemy.pool import NullPool

from tentqueue.storage.connection import open_for_writing
from tentqueue.storage.errors import DatabaseTooNew
from tentqueue.storage.turnstile import Turnstile

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(path: Path, to: str = "head") -> None:
    """Runs the migrations that are missing; safe when two processes start at once.

    Raises: DatabaseTooNew when the file was written by a newer tentqueue.
    """
    turnstile = Turnstile(path, patience_s=60)
    try:
        with turnstile.pass_through():
            _upgrade(path, to)
    finally:
        turnstile.close()


def _upgrade(path: Path, to: str) -> None:
    engine = create_engine("sqlite://", creator=lambda: open_for_writing(path), poolclass=NullPool)
    # The driver is left in autocommit, so that it never begins or commits by itself.
    listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        upgrade_on(connection, str(path), to)


def upgrade_on(connection: Connection, place: str, to: str = "head") -> None:
    """Runs the migrations up to `to`, or back to it.

    Raises: DatabaseTooNew.
    """
    if to == "head" and _is_there(connection):
        return
    # Only here: a start that finds all in place, after a crash say, need not wait for it.
    from alembic.command import downgrade, upgrade
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        (upgrade if to == "head" else downgrade)(config, to)
    except CommandError as error:
        raise DatabaseTooNew(
            f"{place} was written by a newer tentqueue: install that one ({error})"
        ) from None


def _is_there(connection: Connection) -> bool:
    """Whether the newest migration is the last that ran."""
    newest = max(path.name[:4] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))
    with connection.begin():
        if not inspect(connection).has_table("alembic_version"):
            return False
        ran = connection.execute(sql("SELECT version_num FROM alembic_version")).scalars().all()
    return list(ran) == [newest]
