"""Every setting of the server: typed, frozen, from `TENTQUEUE_*` variables or options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import platformdirs

CACHE = Path(platformdirs.user_cache_dir("tentqueue"))
"""For what is worked out from the sources: prepared static files, compiled words."""
LOG_LEVELS = ("debug", "info", "warning", "error")


class BadSetting(ValueError):
    """A setting that can't be used; the message names it and says what to do."""


def default_database() -> str:
    """Return the URL of the SQLite file in the platform's data folder."""
    return f"sqlite:///{Path(platformdirs.user_data_dir('tentqueue')) / 'tentqueue.db'}"


@dataclass(frozen=True)
class Settings:
    """What an operator may set. Each can come from the variable TENTQUEUE_<NAME>."""

    database: str = ""
    """SQLAlchemy URL; empty: SQLite in the platform's data folder. The keys lie beside the file."""
    host: str = "127.0.0.1"
    """Address to listen on; 0.0.0.0 for the whole network."""
    port: int = 8000
    """Port to listen on; 0: any that is free."""
    public_url: str | None = None
    """The address people use, as https://tent.example.org; never taken from the Host header."""
    proxies: int = 0
    """How many proxies in front set X-Forwarded-*; 0: believe none."""
    join_budget: int = 3000
    """Joins without a browser's mark, for each event in ten minutes."""
    push_contact: str = ""
    """Whom push services may write to, as mailto:tent@example.org. Phones are told of calls while
    their page is closed if this is set, or public_url is https; needs the extra `push`."""
    ticks: bool = True
    """Whether this process sends the time to the tents."""
    log_level: str = "info"
    """How much the server tells on stderr: debug (each answer), info, warning or error."""
    webhook_hosts: str = ""
    """Hosts or host:port on private networks, by commas, that webhooks may reach over http."""
    printer: str = ""
    """A receipt printer on the tent's network, as 192.168.1.50 or printer.local:9100: tickets of
    desk and kiosk come out there. Needs the extra `printers`."""
    printer_paper: int = 80
    """Width of its paper in millimetres: 58 or 80."""
    gallery: bool = False
    """Whether /gallery shows each component and screen, for those who build them; `make gallery`
    plays the scenes. Never on a race day: it names tickets."""

    @property
    def database_url(self) -> str:
        """The database's URL."""
        return self.database or default_database()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the variables that are set. Raises: BadSetting."""
        kinds = {field.name: str(field.type) for field in fields(cls)}
        given = {
            name: _typed(f"TENTQUEUE_{name.upper()}", kind, text)
            for name, kind in kinds.items()
            if (text := environ.get(f"TENTQUEUE_{name.upper()}", "").strip())
        }
        return cls(**{name: _checked(name, value) for name, value in given.items()})

    def with_options(self, **options: Any) -> Self:
        """Return the settings with options; None is one not given. Raises: BadSetting."""
        given = {name: value for name, value in options.items() if value is not None}
        return replace(self, **{name: _checked(name, value) for name, value in given.items()})


def _typed(variable: str, kind: str, text: str) -> object:
    if kind == "int":
        if not (text.isascii() and text.isdigit()):
            raise BadSetting(f"{variable} must be a whole number, not {text!r}.")
        return int(text[:20])
    if kind == "bool":
        if text.lower() not in ("0", "1", "no", "yes", "false", "true"):
            raise BadSetting(f"{variable} must be yes or no, not {text!r}.")
        return text.lower() in ("1", "yes", "true")
    return text


def _checked(name: str, value: Any) -> Any:
    check = _CHECKS.get(name)
    return value if check is None else check(f"TENTQUEUE_{name.upper()}", value)


def _port(variable: str, value: int) -> int:
    if not 0 <= value <= 65535:
        raise BadSetting(f"{variable} must be a port from 0 to 65535, not {value}.")
    return value


def _url(variable: str, value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadSetting(f"{variable} must start with http:// or https://, not {value!r}.")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise BadSetting(f"{variable} must end after the host and port, not {value!r}.")
    return f"{parts.scheme}://{parts.netloc}"


def _level(variable: str, value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise BadSetting(f"{variable} must be one of {', '.join(LOG_LEVELS)}, not {value!r}.")
    return value.lower()


def _printer(variable: str, value: str) -> str:
    host, colon, port = value.strip().partition(":")
    named = host and not set(host) & set("/@ []")
    if value and not (named and (not colon or (port.isdigit() and 0 < int(port[:6]) <= 65535))):
        raise BadSetting(f"{variable} must be a host or host:port, not {value!r}.")
    if value and find_spec("escpos") is None:
        raise BadSetting(f"{variable} needs python-escpos: pip install tentqueue[printers].")
    return value.strip()


def _paper(variable: str, value: int) -> int:
    if value not in (58, 80):
        raise BadSetting(f"{variable} must be 58 or 80, not {value}.")
    return value


_CHECKS: dict[str, Any] = {
    "printer": _printer,
    "printer_paper": _paper,
    "port": _port,
    "public_url": _url,
    "log_level": _level,
}
