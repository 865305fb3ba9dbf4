"""By what hand a ticket was taken. Nothing of who it was."""

from __future__ import annotations

from enum import StrEnum

MADE_UP = "made_up"
"""Why a ticket ended that nobody real had taken."""


class TakenBy(StrEnum):
    """What asked for the place."""

    PAGE = "page"
    """A browser that had opened a page of ours."""
    PROGRAM = "program"
    """Something that never did."""
    STAFF = "staff"
