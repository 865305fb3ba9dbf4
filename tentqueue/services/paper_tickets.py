"""Tickets printed before the day: their ids are derived, so that a sheet needs no row anywhere.

A printed ticket is nobody's and in no line until somebody joins with it.
"""

from __future__ import annotations

import base64

from tentqueue.domain.model import LaneName
from tentqueue.domain.paper import PAPER_NUMBERS
from tentqueue.domain.tent import Tent
from tentqueue.services.secret import Secrets


class PaperTickets:
    """Knows the printed tickets of every event by code and by id."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets
        self._codes: dict[str, dict[str, str]] = {}

    def id_of(self, event: str, code: str) -> str:
        """The id of a printed ticket: 128 bits that only this installation can work out."""
        worth = self.secrets.derive("paper ticket", event, code)[:16]
        return base64.b32encode(worth).decode().rstrip("=").lower()

    def code_of(self, event: str, ticket_id: str) -> str | None:
        """The code printed beside an id; None when it is none of this event's sheets."""
        if event not in self._codes:
            codes = (f"{lane.letter}{number}" for lane in LaneName for number in PAPER_NUMBERS)
            self._codes[event] = {self.id_of(event, code): code for code in codes}
        return self._codes[event].get(ticket_id)


def blanks(tent: Tent, lane: LaneName, count: int) -> list[str]:
    """The first `count` printed codes of a lane that nobody has joined with."""
    codes = (f"{lane.letter}{number}" for number in PAPER_NUMBERS)
    return [code for code in codes if code not in tent.open and code not in tent.closed][:count]
