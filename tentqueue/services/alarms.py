"""Phones told of a call while their page is closed: who, when, and in which words.

Never sends anything itself, names nobody, and changes nothing of the tent: a phone that is not
reached is called by the board and the desk as everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from tentqueue.domain.model import Ticket, TicketState
from tentqueue.domain.said import Said
from tentqueue.domain.tent import Tent
from tentqueue.services.race_day import RaceDay

MOST_PER_TICKET = 4
"""Phones one ticket may wake: the runner's, and a companion's or two."""


@dataclass(frozen=True)
class Phone:
    """One browser's push subscription; the two keys are base64url, as browsers give them."""

    ticket_id: str
    endpoint: str
    p256dh: str
    auth: str
    language: str


class Gone(Exception):
    """The push service says that this subscription has ended."""


class Phones(Protocol):
    """The subscriptions, as storage keeps them."""

    def of_ticket(self, event: str, ticket_id: str) -> Iterable[Phone]: ...
    def keep(self, event: str, phone: Phone) -> None: ...
    def drop(self, event: str, endpoint: str) -> None: ...


Send = Callable[[Phone, dict[str, Any]], None]
"""Sends one notification. Raises: Gone, or OSError when the push service can't be reached."""
Later = Callable[[Callable[[], None]], object]
"""Runs something soon, off the path of the commit."""
Tell = Callable[[str, Said], str]
"""Says a sentence in a language."""


class Alarms:
    """Watches race days and wakes the phones of who is called."""

    def __init__(self, phones: Phones, send: Send, later: Later, tell: Tell) -> None:
        self._phones, self._send, self._later, self._tell = phones, send, later, tell
        self._called: dict[str, frozenset[tuple[str, bool]]] = {}

    def keep(self, event: str, phone: Phone) -> None:
        """Note that a phone wants to be woken for its ticket; the oldest of too many goes."""
        others = [
            known
            for known in self._phones.of_ticket(event, phone.ticket_id)
            if known.endpoint != phone.endpoint
        ]
        for old in others[: max(0, len(others) + 1 - MOST_PER_TICKET)]:
            self._phones.drop(event, old.endpoint)
        self._phones.keep(event, phone)

    def watch(self, event: str, day: RaceDay) -> None:
        """Wake phones whenever somebody of this race day is called or called again."""
        self._called[event] = _calls(day.tent)
        day.on_change(lambda tent: self._changed(event, tent))

    def _changed(self, event: str, tent: Tent) -> None:
        called = _calls(tent)
        fresh, self._called[event] = called - self._called[event], called
        if fresh:
            self._later(partial(self._wake, event, [tent.ticket(code) for code, _ in fresh]))

    def _wake(self, event: str, tickets: list[Ticket]) -> None:
        for ticket in tickets:
            for phone in self._phones.of_ticket(event, ticket.id):
                self._later(partial(self._ring, event, phone, ticket))

    def _ring(self, event: str, phone: Phone, ticket: Ticket) -> None:
        try:
            self._send(phone, self._notice(phone, ticket))
        except Gone:
            self._phones.drop(event, phone.endpoint)

    def _notice(self, phone: Phone, ticket: Ticket) -> dict[str, Any]:
        """What the phone shows: code and table, as the board does, and no name."""
        where = (
            Said("Walk to table {table} now.", table=ticket.table)
            if ticket.table
            else Said("Come to the tent now.")
        )
        title = Said("Your turn: {code}", code=ticket.code)
        return {
            "ticket": ticket.id,
            "title": self._tell(phone.language, title),
            "body": self._tell(phone.language, where),
            "language": phone.language,
        }


def _calls(tent: Tent) -> frozenset[tuple[str, bool]]:
    """Who is called now, and whether for the second time."""
    called = tent.in_state(TicketState.CALLED)
    return frozenset((ticket.code, ticket.recalled) for ticket in called if not ticket.here_at)
