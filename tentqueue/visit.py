"""What the doctor is told before it looks, and its looks at how others reach the server.

Knows nothing of what is kept; it changes nothing.
"""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tentqueue.domain.said import Said
from tentqueue.screens.readiness import Finding, Urgency
from tentqueue.settings import Settings

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Hosts at which no phone finds the server."""


@dataclass(frozen=True)
class Visit:
    """What is looked over, and when; `served` is a visit to a server that runs, by itself."""

    settings: Settings
    now: datetime
    served: bool = False
    event: str = ""
    """The one event that is asked about, by its slug; "" for all."""


def look_at_port(visit: Visit) -> Iterator[Finding]:
    """Whether the port is free, or already ours."""
    settings = visit.settings
    where = f"{settings.host}:{settings.port}"
    if visit.served:
        # Whatever else is at the port of the settings: who asks came by the server's own.
        yield Finding("port", Said("The server answers."))
        return
    with socket.socket() as probe:
        # As the server binds it: the last one's closed connections are not in the way.
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as wrong:
            if _is_ours(settings):
                yield Finding("port", Said("{address} is served by tentqueue", address=where))
            else:
                seen = Said("{address}: {why}", address=where, why=wrong.strerror)
                advice = Said("Choose another with --port, or stop the program that has it.")
                yield Finding("port", seen, advice)
            return
    yield Finding("port", Said("{address} is free", address=where))


def look_at_address(visit: Visit) -> Iterator[Finding]:
    """Whether phones can open what posters say; the running server alone knows how it was
    started."""
    settings = visit.settings
    if settings.public_url or settings.host not in LOCAL:
        where = settings.public_url or settings.host
        yield Finding("address", Said("Posters say {address}", address=where))
    elif visit.served:
        yield Finding(
            "address",
            Said("Phones can't open this tent: its address works on the server alone."),
            Said("Start the server with --host 0.0.0.0, or with --public-url and its address."),
            Urgency.BEFORE_THE_DAY,
        )


def _is_ours(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host
    connection = http.client.HTTPConnection(host, settings.port, timeout=3)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().read(64) == b"ready\n"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def look_at_certificate(visit: Visit) -> Iterator[Finding]:
    """Certificates are a proxy's business; plain http is fine on the tent's own Wi-Fi."""
    secure = (visit.settings.public_url or "").startswith("https")
    seen = Said("the proxy's in front") if secure else Said("not applicable: plain http")
    yield Finding("https", seen)
