"""QR codes as one SVG path: join posters, runners' tickets, staff badges. Links only, no data."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, url_for
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from tentqueue.web.address import public_address
from tentqueue.web.context import Context

QUIET_ZONE = 4
"""Light modules around the code; ISO/IEC 18004 asks for four."""
_MASK = 3
"""A fixed mask: trying all eight costs more than the code, and any of them scans."""


@lru_cache(maxsize=4096)
def svg_of(link: str) -> bytes:
    """Draw `link` as an SVG, dark on white at level M, one path; cached by link."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=_MASK)
    code.add_data(link)
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix)
    runs = "".join(_run(y, *run) for y, row in enumerate(matrix) for run in _runs(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{runs}"/></svg>'
    ).encode()


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Dark stretches of a row: start and length."""
    found: list[tuple[int, int]] = []
    start = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            found.append((start, x - start))
            start = None
    return found


def _run(y: int, x: int, length: int) -> str:
    return f"M{x} {y}h{length}v1h-{length}z"


def in_capitals(base: str, ticket: str) -> str:
    """Return a ticket's presentation link in letters that a QR code packs tightest.

    Scheme, host and ids have no case; the code gets one size smaller, its modules larger on paper.
    """
    return f"{base}/s/{ticket}".upper()


def blueprint(context: Context) -> Blueprint:
    """The pictures under /q."""
    routes = Blueprint("qr", __name__, url_prefix="/q")

    @routes.get("/join/<slug>.svg")
    def join(slug: str) -> Response:
        context.tents.of(slug)
        return _picture(f"{public_address(context)}{url_for('pages.join', slug=slug)}", "public")

    @routes.get("/s/<ticket>.svg")
    def presented(ticket: str) -> Response:
        context.ticket(ticket)
        return _picture(in_capitals(public_address(context), ticket), "private")

    @routes.get("/signin/<slug>/<code>.svg")
    def badge(slug: str, code: str) -> Response:
        context.tents.of(slug)
        return _picture(
            f"{public_address(context)}{url_for('pages.signin', slug=slug)}#{code}", None
        )

    return routes


def _picture(link: str, kept_by: str | None) -> Response:
    picture = Response(svg_of(link), mimetype="image/svg+xml")
    picture.headers["Cache-Control"] = f"{kept_by}, max-age=3600" if kept_by else "no-store"
    return picture
