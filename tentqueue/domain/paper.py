"""Numbers set aside for tickets printed before the day: what is on the paper is what is called.

Never given out by the counter, so that a sheet printed a week ago can't meet a phone's ticket.
"""

from __future__ import annotations

PAPER_NUMBERS = range(800, 1000)
"""For each lane; a lane that gives out more codes than 799 goes on at 1000."""


def next_number(issued: int) -> int:
    """Return the number after `issued` that is not set aside."""
    number = issued + 1
    return PAPER_NUMBERS.stop if number in PAPER_NUMBERS else number


def is_paper(code: str) -> bool:
    """Whether a code is one of a printed sheet's."""
    return int(code[1:]) in PAPER_NUMBERS
