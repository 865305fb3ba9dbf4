"""Sends the journal on, entry by entry, to the addresses organisers gave (Standard Webhooks).

At least once and in order: a hook's cursor moves only when its receiver has said yes. Nothing is
sent before it is durable, and nobody waits for a receiver. Off until an address is given.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any, Protocol

import msgspec
import structlog

from tentqueue.services.clock import Clock, micros
from tentqueue.services.ledger import StorageBusy, StorageFull
from tentqueue.services.outbound import messages
from tentqueue.services.tents import Tents

log = structlog.get_logger(__name__)
SECRET_MARK = "whsec_"
WAITS_S = (5, 15, 60, 300, 900, 1800, 3600)
"""How long after each failure in a row the next try is; then the last again and again."""
MOST_FAILURES = 30
"""About a day of them: then the hook is ended, and its organiser gives the address again."""
AT_A_TIME = 100

Post = Callable[[str, dict[str, str], bytes], int]
"""Sends bytes to a URL; returns the status. Raises: OSError."""


@dataclass(frozen=True)
class Hook:
    """One address; `cursor` is the last entry it has, instants are microseconds UTC."""

    id: str
    event: str
    url: str
    secret: str
    cursor: int
    failures: int = 0
    retry_at: int | None = None
    ended_at: int | None = None


class HookTable(Protocol):
    """Where hooks are kept."""

    def all(self) -> list[Hook]: ...
    def put(self, hook: Hook) -> None: ...


def signature(secret: str, message: str, at: int, body: bytes) -> str:
    """Sign a message as Standard Webhooks does: HMAC-SHA256 over id, seconds and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    worth = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(worth).decode()


class Webhooks:
    """Every hook of the server; `spawn` runs one hook's deliveries aside."""

    def __init__(
        self,
        tents: Tents,
        table: HookTable,
        clock: Clock,
        post: Post,
        spawn: Callable[..., Any],
    ) -> None:
        self._tents, self._table, self._clock = tents, table, clock
        self._post, self._spawn = post, spawn
        self._busy: set[str] = set()

    def tick(self) -> None:
        """Start a delivery for every hook that has something to come, and rests no more."""
        now = micros(self._clock.now())
        for hook in self._table.all():
            rests = hook.retry_at is not None and hook.retry_at > now
            if hook.ended_at is None and not rests and hook.id not in self._busy:
                self._busy.add(hook.id)
                self._spawn(self._deliver_aside, hook)

    def _deliver_aside(self, hook: Hook) -> None:
        try:
            self.deliver(hook)
        except (StorageBusy, StorageFull) as why:
            log.warning("webhook waits for the database", hook=hook.id, why=str(why))
        except Exception:
            log.exception("a webhook failed", hook=hook.id)
        finally:
            self._busy.discard(hook.id)

    def deliver(self, hook: Hook) -> Hook:
        """Send what the hook has not had yet, until the end or the first failure."""
        entries = self._tents.of(hook.event).entries(hook.cursor)
        for entry in islice(entries, AT_A_TIME):
            for message, view in messages(hook.event, entry):
                status = self._send(hook, message, msgspec.json.encode(view))
                if not 200 <= status < 300:
                    return self._failed(hook, status)
            hook = replace(hook, cursor=entry.number, failures=0, retry_at=None)
            if messages(hook.event, entry):
                self._table.put(hook)
        self._table.put(hook)
        return hook

    def _send(self, hook: Hook, message: str, body: bytes) -> int:
        at = int(self._clock.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "tentqueue",
            "webhook-id": message,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(hook.secret, message, at, body),
        }
        try:
            return self._post(hook.url, headers, body)
        except OSError as why:
            log.warning("webhook not reached", hook=hook.id, why=type(why).__name__)
            return 0

    def _failed(self, hook: Hook, status: int) -> Hook:
        now = self._clock.now()
        wait = WAITS_S[min(hook.failures, len(WAITS_S) - 1)]
        failures = hook.failures + 1
        # 410: the receiver says that it wants no more, ever.
        over = status == 410 or failures >= MOST_FAILURES
        hook = replace(
            hook,
            failures=failures,
            retry_at=micros(now + timedelta(seconds=wait)),
            ended_at=micros(now) if over else None,
        )
        self._table.put(hook)
        return hook
