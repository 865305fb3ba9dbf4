"""Pages leave compressed: on a saturated cell each kilobyte is a tenth of a second.

Pages hold no secret (`pages.py`), nor does what a newcomer may know of an event: their compressed
length tells nothing.
"""

from __future__ import annotations

import gzip

from flask import Request, Response

LEVEL = 6
SHORTEST = 1000
"""Bytes under which a page is left as it is: it fits into one packet."""


def squeeze(request: Request, response: Response) -> Response:
    """Compress a page, or the event it asks for, for a browser that takes gzip."""
    public = response.mimetype == "text/html" or request.endpoint == "api.event"
    if not public or response.is_streamed:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] and len(response.data) >= SHORTEST:
        response.data = gzip.compress(response.data, LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    return response
