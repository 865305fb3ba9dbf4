"""Every setting of the server: typed, frozen, from `TENTQUEUE_*` variables or options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import platformdirs


class BadSetting(ValueError):
    """A setting that can't be used; the message names it and says what to do."""


def default_database() -> str:
    """Return the URL of the SQLite file in the platform's data folder."""
    return f"sqlite:///{Path(platformdirs.user_data_dir('tentqueue')) / 'tentqueue.db'}"


@dataclass(frozen=True)
class Settings:
    """What an operator may set. Each can come from the variable TENTQUEUE_<NAME>."""

    database: str = ""
    """SQLAlchemy URL; empty: SQLite in the platform's data folder."""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    """The address people use, as https://tent.example.org; never taken from the Host header."""
    proxies: int = 0
    """How many proxies in front set X-Forwarded-*; 0: believe none."""
    join_budget: int = 3000
    """Joins without a browser's mark, for each event in ten minutes."""
    gallery: bool = False
    """Whether /gallery shows each component, for those who build screens."""
    ticks: bool = True
    """Whether this process sends the time to the tents."""

    @property
    def database_url(self) -> str:
        """The database's URL."""
        return self.database or default_database()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables that are set. Raises: BadSetting."""
        given = {f.name: environ.get(f"TENTQUEUE_{f.name.upper()}") for f in fields(cls)}
        types = {f.name: f.type for f in fields(cls)}
        return cls(
            **{
                name: _typed(name, value, str(types[name]))  # type: ignore[arg-type]
                for name, value in given.items()
                if value
            }
        )


def _typed(name: str, value: str, kind: str) -> object:
    variable = f"TENTQUEUE_{name.upper()}"
    if kind == "int":
        if not value.isdigit():
            raise BadSetting(f"{variable} must be a whole number, not {value!r}.")
        return int(value)
    if kind == "bool":
        if value.lower() not in ("0", "1", "no", "yes", "false", "true"):
            raise BadSetting(f"{variable} must be yes or no, not {value!r}.")
        return value.lower() in ("1", "yes", "true")
    if name == "public_url" and not value.startswith(("http://", "https://")):
        raise BadSetting(f"{variable} must start with http:// or https://, not {value!r}.")
    return value.rstrip("/") if name == "public_url" else value
