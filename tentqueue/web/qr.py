"""QR codes as one SVG path: join posters and runners' tickets by address; badges never, for a code
in an address stays in logs and histories. Links only, no data.
"""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, url_for

from tentqueue.paper.qr import in_capitals, qr_of
from tentqueue.web.address import public_address
from tentqueue.web.context import Context

_KEPT = "max-age=60"  # Not longer: a laptop that changes networks changes its links.


@lru_cache(maxsize=4096)
def svg_of(link: str) -> bytes:
    """Draw `link`, or return what was drawn of it before."""
    return draw(link)


def drawn_path(link: str) -> tuple[int, str]:
    """Draw `link` as the one path of an SVG at level M; gives how many modules wide it is, too."""
    code = qr_of(link)
    return code.side, "".join(_run(*stretch) for stretch in code.stretches)


def draw(link: str) -> bytes:
    """Draw `link` as an SVG: dark on white."""
    side, runs = drawn_path(link)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{runs}"/></svg>'
    ).encode()


def _run(y: int, x: int, length: int) -> str:
    return f"M{x} {y}h{length}v1h-{length}z"


def blueprint(context: Context) -> Blueprint:
    """The pictures under /q."""
    routes = Blueprint("qr", __name__, url_prefix="/q")

    @routes.get("/join/<slug>.svg")
    def join(slug: str) -> Response:
        context.tents.of(slug)
        link = f"{public_address(context)}{url_for('pages.join', slug=slug)}"
        return _answer(svg_of(link), f"public, {_KEPT}")

    @routes.get("/s/<ticket>.svg")
    def presented(ticket: str) -> Response:
        context.ticket(ticket)
        link = in_capitals(public_address(context), ticket)
        return _answer(svg_of(link), f"private, {_KEPT}")

    return routes


def _answer(svg: bytes, kept: str) -> Response:
    picture = Response(svg, mimetype="image/svg+xml")
    picture.headers["Cache-Control"] = kept
    return picture
