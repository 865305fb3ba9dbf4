"""A PostgreSQL server of the tests' own: an empty cluster on a free port, gone with the tests.

It is looked for where Debian puts it, or in POSTGRES_BIN. Without one the tests are skipped, but
never in CI.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from tentqueue.storage.database import database_at

USER = "postgres"
_unused = count(1)


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`."""
    given = os.environ.get("POSTGRES_BIN")
    places = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = [place for place in places if (place / "initdb").exists()]
    return found[-1] if found else None


class Cluster:
    """One server: starts, stops, is killed and makes databases."""

    def __init__(self, folder: Path, programs: Path, *options: str) -> None:
        self.folder, self._programs, self._options = folder, programs, options
        self._template: str | None = None
        # The server refuses to run as root; the package brings a user for it.
        self._as = {"user": USER, "group": USER} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(folder, USER, USER)
        with closing(socket.create_server(("127.0.0.1", 0))) as door:
            self.port: int = door.getsockname()[1]
        self._run("initdb", "-D", str(folder / "data"), "-U", USER, "-A", "trust", "-E", "UTF8")
        self.start()

    def start(self, *options: str) -> None:
        """Start, and wait until it answers."""
        settings = ("-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB")
        self.process = subprocess.Popen(
            [
                self._programs / "postgres",
                *("-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder)),
                *settings,
                *self._options,
                *options,
            ],
            stderr=subprocess.DEVNULL,
            **self._as,  # type: ignore[call-overload]
        )
        for _ in range(300):
            ready = self._run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start")

    def stop(self) -> None:
        """Hang up on everybody, and stop."""
        self.process.send_signal(2)
        self.process.wait(20)

    def new_url(self) -> str:
        """The URL of a database with every table and no row: a copy of one that was migrated."""
        if self._template is None:
            url = self.bare_url()
            database_at(url).migrate()
            self._template = url.rpartition("/")[2]
        return self._made(f" TEMPLATE {self._template}")

    def bare_url(self) -> str:
        """The URL of a database without any table."""
        return self._made("")

    def _made(self, of: str) -> str:
        name = f"tent_{next(_unused)}"
        self.sql(f"CREATE DATABASE {name}{of}")
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def sql(self, text: str, database: str = "postgres") -> str:
        """Run SQL; what it printed."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database)
        return self._run("psql", *where, "-qAtc", text).stdout.strip()

    def _run(
        self, program: str, *words: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._programs / program, *words],
            check=check,
            capture_output=True,
            text=True,
            **self._as,  # type: ignore[call-overload]
        )


@cache
def missing() -> str | None:
    """Why there can be no server here."""
    if binaries() is None:
        return "no PostgreSQL server; install Debian's package postgresql, or set POSTGRES_BIN"
    return None


def cluster_of_tests(*options: str) -> Iterator[Cluster]:
    """A server for one session; skips where there is none."""
    why = missing()
    if why is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    programs = binaries()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="tent-pg-"))
    folder.chmod(0o755)
    cluster = Cluster(folder, programs, *options)
    yield cluster
    cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)
