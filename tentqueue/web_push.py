"""Sends a notification to a browser's push service (RFC 8030, 8188, 8291, 8292).

Beside webhooks the only thing tentqueue sends out by itself, and only to the few services browsers
use, over https, to a public address, without following anybody elsewhere.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog

from tentqueue.services.alarms import Gone, Phone

HOSTS = ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com")
HOST_FAMILIES = (".push.services.mozilla.com", ".notify.windows.com", ".push.apple.com")
"""The push services of Chromium, Firefox, Edge and Safari."""
KEPT_FOR_S = 180
"""As long as a call waits for its runner (rule 16); later it would only mislead."""
PATIENCE_S = 10.0
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

Post = Callable[[str, str, dict[str, str], bytes], int]
"""Sends bytes to a host and path; returns the status."""
log = structlog.get_logger(__name__)


def known_service(endpoint: str) -> bool:
    """Whether an address belongs to a push service: nobody makes the tent call somebody else."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    at_home = host in HOSTS or host.endswith(HOST_FAMILIES)
    plain = parts.username is None and parts.password is None and port in (None, 443)
    return parts.scheme == "https" and at_home and plain and len(endpoint) <= 1024


class Pushes:
    """Encrypts and sends; `secret` is the installation's own, so its public key never changes."""

    def __init__(self, secret: bytes, contact: str, post: Post | None = None) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec
        from py_vapid import Vapid02

        number = int.from_bytes(secret, "big") % (ORDER_OF_P256 - 1) + 1
        self._signer = Vapid02(ec.derive_private_key(number, ec.SECP256R1()))
        self._contact, self._post = contact, post or _post

    @property
    def public_key(self) -> str:
        """What browsers subscribe with: the uncompressed point, base64url without padding."""
        numbers = self._signer.public_key.public_numbers()
        point = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    def send(self, phone: Phone, notice: dict[str, Any]) -> None:
        """Send one notification; a service that is down is noted and not asked again.

        Raises: Gone when the service has forgotten the subscription.
        """
        if not known_service(phone.endpoint):
            raise Gone(phone.endpoint)
        parts = urlsplit(phone.endpoint)
        host, path = parts.hostname or "", parts.path + (f"?{parts.query}" if parts.query else "")
        body, headers = self._sealed(phone, notice), self._signed(f"https://{host}")
        try:
            status = self._post(host, path, headers, body)
        except OSError as error:
            log.warning("phone_not_reached", host=host, why=type(error).__name__)
            return
        if status in (404, 410):
            raise Gone(phone.endpoint)
        if status >= 400:
            log.warning("phone_not_reached", host=host, status=status)

    def _sealed(self, phone: Phone, notice: dict[str, Any]) -> bytes:
        from pywebpush import WebPusher

        keys = {"p256dh": phone.p256dh, "auth": phone.auth}
        pusher = WebPusher({"endpoint": phone.endpoint, "keys": keys})
        sealed: bytes = pusher.encode(json.dumps(notice).encode(), "aes128gcm")["body"]
        return sealed

    def _signed(self, audience: str) -> dict[str, str]:
        signed: dict[str, str] = self._signer.sign({"aud": audience, "sub": self._contact})
        return {
            **signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT_FOR_S),
            "Urgency": "high",
        }


def _post(host: str, path: str, headers: dict[str, str], body: bytes) -> int:
    """Post to a public address; http.client follows no redirect. Raises: OSError."""
    address = public_address_of(host)
    connection = http.client.HTTPSConnection(host, 443, timeout=PATIENCE_S)
    # The address that was looked at is the one that is used, whatever the name says a moment later.
    connection._create_connection = lambda _, *rest: socket.create_connection(  # type: ignore[attr-defined]
        (address, 443), *rest
    )
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def public_address_of(host: str) -> str:
    """Return an address of `host` on the internet. Raises: OSError for one in a private network."""
    for *_, found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM):
        if ipaddress.ip_address(found[0]).is_global:
            return str(found[0])
    raise OSError(f"{host} has no public address")
