"""Posts to an address an organiser gave: https on the internet, or a host the operator allowed.

The address that was looked at is the one that is used; no redirect is followed; an answer's body is
not read. Never reaches into the venue's own network unless TENTQUEUE_WEBHOOK_HOSTS says so.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from tentqueue.domain.said import Said

PATIENCE_S = 10.0
LONGEST_URL = 500


def problem_with(url: str, allowed: frozenset[str]) -> Said | None:
    """Say in words why a URL can't be a webhook's, or None."""
    try:
        parts, port = urlsplit(url), urlsplit(url).port
    except ValueError:
        return Said("is not an address")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return Said("must be at most {longest} plain letters", longest=LONGEST_URL)
    if parts.username or parts.password or parts.fragment or not parts.hostname or port == 0:
        return Said("must be https://host/path, without a name or password")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_allowed(parts, allowed)):
        return Said("must begin with https://")
    return None


def _is_allowed(parts: SplitResult, allowed: frozenset[str]) -> bool:
    host = (parts.hostname or "").lower()
    return host in allowed or f"{host}:{parts.port or _usual(parts)}" in allowed


def _usual(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


class Sender:
    """Posts; `allowed` are hosts, or host:port, that may be private and plain http."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self.allowed = allowed

    def __call__(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """Post and return the status. Raises: OSError, also for an address it may not reach."""
        if problem_with(url, self.allowed):
            raise OSError("this address is not allowed")
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _usual(parts)
        address = _address_of(host, port, _is_allowed(parts, self.allowed))
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(host, port, timeout=PATIENCE_S)
        connection._create_connection = lambda _, *rest: socket.create_connection(  # type: ignore[attr-defined]
            (address, port), *rest
        )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except http.client.HTTPException as error:
            raise OSError(type(error).__name__) from error
        finally:
            connection.close()


def _address_of(host: str, port: int, anywhere: bool) -> str:
    for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if anywhere or ipaddress.ip_address(found[0]).is_global:
            return str(found[0])
    raise OSError("this address is not on the internet")
