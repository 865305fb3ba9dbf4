"""The address people are sent to: in QR codes, on posters, on the board. Never the Host header's,
which whoever sends a request may choose.
"""

from __future__ import annotations

import socket

from flask import request

from tentqueue.web.context import Context

_EVERYWHERE = ("", "0.0.0.0", "::")
# Documentation's own network (RFC 5737): it has a route where there is a gateway, and no host.
_FAR_AWAY = ("192.0.2.1", 9)


def public_address(context: Context) -> str:
    """Return the setting's address, else where phones in this network find the server."""
    if context.public_url:
        return context.public_url.rstrip("/")
    port = request.environ["SERVER_PORT"]
    host = reachable(context.host)
    return f"http://{host}" if port == "80" else f"http://{host}:{port}"


def reachable(host: str) -> str:
    """Return the host to put in a link for a server that listens on `host`.

    One that listens everywhere is reached at the address this machine has in its network, at this
    moment: laptops change networks. Nothing is sent to find out.
    """
    if host in _EVERYWHERE:
        return _outward() or _own_name() or "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _outward() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def _own_name() -> str | None:
    """The machine's address by its own name: a laptop that is itself the hotspot has no gateway."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return None
    outside = (str(entry[4][0]) for entry in found)
    return next((address for address in outside if not address.startswith("127.")), None)
