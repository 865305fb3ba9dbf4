"""A QR code as dark stretches, for paper and screens alike, and a ticket's link as it fits best.

Never decides where a link leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

QUIET_ZONE = 4
"""Light modules around the code; ISO/IEC 18004 asks for four."""
_MASK = 3
"""A fixed mask: trying all eight costs more than the code, and any of them scans."""


@dataclass(frozen=True)
class Code:
    """A code `side` modules wide, quiet zone included; each stretch is (row, start, length)."""

    side: int
    stretches: tuple[tuple[int, int, int], ...]


def qr_of(link: str) -> Code:
    """Work out the code of `link` at level M."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=_MASK)
    code.add_data(link)
    code.make(fit=True)
    matrix = code.get_matrix()
    found = ((y, *run) for y, row in enumerate(matrix) for run in _runs(row))
    return Code(len(matrix), tuple(found))


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """Dark stretches of a row: start and length."""
    start = None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None


def in_capitals(base: str, ticket: str) -> str:
    """Return a ticket's presentation link in letters that a QR code packs tightest.

    Scheme, host and ids have no case; the code gets one size smaller, its modules larger on paper.
    """
    return f"{base}/s/{ticket}".upper()
