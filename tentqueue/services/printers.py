"""What prints a ticket, as the rest of the house sees it."""

from __future__ import annotations

from typing import Any, Protocol


class NotPrinted(Exception):
    """No ticket came out: no printer, no paper, or nobody knows."""


class Printer(Protocol):
    """Something that puts a picture on paper."""

    def put(self, picture: Any) -> None:
        """Print and cut. Raises: NotPrinted."""
