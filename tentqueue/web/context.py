"""What the routes need, handed in by the composition root; no route reaches for anything else."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Request, Response

from tentqueue.domain.errors import UnknownTicket
from tentqueue.domain.model import Instant, Ticket
from tentqueue.domain.race_event import RaceEvent
from tentqueue.screens.readiness import Finding
from tentqueue.services.asker import Asker
from tentqueue.services.clock import Clock
from tentqueue.services.paper_tickets import PaperTickets
from tentqueue.services.printers import Printer
from tentqueue.services.privacy import Privacy
from tentqueue.services.race_day import RaceDay
from tentqueue.services.roster.lists import Lists
from tentqueue.services.roster.rosters import Rosters
from tentqueue.services.runners import Runners
from tentqueue.services.tents import Tents
from tentqueue.services.webhooks import Hook
from tentqueue.views import Views
from tentqueue.web.device import Devices
from tentqueue.web.limits import Caller, Limits

ID_LENGTH = 26
_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8
"""The letter for each value of a byte."""


class Auth(Protocol):
    """Who asks; made by `auth.py`."""

    def asker(self, request: Request, slug: str) -> Asker:
        """Return who sends `request`. Raises: Problem 401 for a credential that is not good."""

    def runner_may(self, asker: Asker, ticket_id: str) -> bool:
        """Whether `asker` holds the ticket's key, or is staff."""

    def runner_key(self, ticket_id: str) -> str:
        """Return the key of a ticket, the same each time."""

    def socket_asker(self, auth: dict[str, Any], environ: dict[str, Any]) -> Asker:
        """Return who connects a socket. Raises: any exception for a credential that is not good."""

    def remember_runner(self, response: Response, ticket_id: str) -> None:
        """Give the browser the ticket's cookie."""


class Hooks(Protocol):
    """Where webhooks are kept."""

    def all(self) -> list[Hook]: ...
    def put(self, hook: Hook) -> None: ...
    def drop(self, event: str, hook_id: str) -> bool: ...


class Tester(Protocol):
    """Who sends a webhook a test."""

    def try_out(self, hook: Hook) -> bool: ...


class FeedAnswers(Protocol):
    """What timing systems were answered, durably."""

    def known(self, event: str, key: str) -> tuple[bytes, bytes] | None:
        """Return the digest of the request that used a key, and its answer."""

    def keep(self, event: str, key: str, digest: bytes, answer: bytes, now: Instant) -> None:
        """Keep an answer; the first under a key stays."""


@dataclass(frozen=True)
class Context:
    """The parts of the house that the outside talks to."""

    tents: Tents
    clock: Clock
    auth: Auth
    runners: Runners
    views: Views
    paper: PaperTickets
    rosters: Rosters
    feed_answers: FeedAnswers
    limits: Limits
    devices: Devices
    define: Callable[[RaceEvent, Asker], RaceDay]
    """Makes an event, or changes the one with its slug."""
    look_over: Callable[[str], list[Finding]]
    """Every look of the doctor's at the server and one event; takes seconds after a long day."""
    public_url: str | None = None
    host: str = "127.0.0.1"
    """What the server listens on; links are made of it while no public address is set."""
    ready: Callable[[], Iterable[str]] = tuple
    """What is wrong right now, in words; nothing when the server can serve."""
    lists: Lists | None = None
    """The lists organisers upload."""
    push_key: str = ""
    """What browsers subscribe to notifications with; empty where there are none."""
    privacy: Privacy | None = None
    hooks: Hooks | None = None
    tester: Tester | None = None
    hook_hosts: frozenset[str] = frozenset()
    """Private hosts that webhooks may reach."""
    printer: Printer | None = None
    """The tent's receipt printer on the network; None: only the browser prints."""
    paper_width: int = 80
    """Of its paper, in millimetres: 58 or 80."""
    homes: dict[str, str] = field(default_factory=dict)
    """The event of each ticket that was asked for: a ticket never moves to another."""

    def day_of(self, parts: dict[str, str]) -> tuple[str, RaceDay]:
        """Find the event a URL is about, by its slug or its ticket.

        Raises: UnknownEvent, UnknownTicket.
        """
        if "slug" in parts:
            return parts["slug"], self.tents.of(parts["slug"])
        return self.day_of_ticket(parts["ticket"])

    def day_of_ticket(self, ticket_id: str) -> tuple[str, RaceDay]:
        """Find the event of a ticket by its id; codes are not unique across events."""
        for slug in self._slugs_to_search(ticket_id):
            day = self.tents.of(slug)
            if ticket_id in day.tent.ids:
                self.homes[ticket_id] = slug
                return slug, day
        raise UnknownTicket("There is no such ticket. Scan it again, or ask at the desk.")

    def _slugs_to_search(self, ticket_id: str) -> list[str]:
        if len(ticket_id) != ID_LENGTH:
            return []
        home = self.homes.get(ticket_id)
        return [home] if home is not None else self.tents.slugs()

    def ticket(self, ticket_id: str) -> tuple[str, RaceDay, Ticket]:
        """Find a ticket by its id. Raises: UnknownTicket."""
        slug, day = self.day_of_ticket(ticket_id)
        return slug, day, day.tent.ticket(ticket_id)

    def caller(self, request: Request) -> Caller:
        """Say from where a request comes."""
        return Caller(request.remote_addr or "", self.devices.of(request))

    @staticmethod
    def new_id() -> str:
        """Make a ticket's id: 26 letters of five random bits each."""
        return secrets.token_bytes(ID_LENGTH).translate(_LETTERS).decode()
