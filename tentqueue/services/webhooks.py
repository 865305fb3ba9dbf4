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
from tentqueue.services.outbound import View, messages
from tentqueue.services.tents import Tents

log = structlog.get_logger(__name__)
SECRET_MARK = "whsec_"
WAITS_S = (5, 15, 60, 300, 900, 1800, 3600)
"""How long after each failure in a row the next try is; then the last again and again."""
MOST_FAILURES = 30
"""About a day of them: then the hook is ended, and its organiser gives the address again."""
AT_A_TIME = 100
UNREACHED = 0
"""What stands for a receiver's status when nobody answered."""

Post = Callable[[str, dict[str, str], bytes], int]
"""Sends bytes to a URL; returns the status. Raises: OSError."""


@dataclass(frozen=True)
class Hook:
    """One address; `cursor` is the last entry it has, instants are microseconds UTC. `tried_at` is
    when something was last sent to it, `answered` the status then, or `UNREACHED`."""

    id: str
    event: str
    url: str
    secret: str
    cursor: int
    failures: int = 0
    retry_at: int | None = None
    ended_at: int | None = None
    tried_at: int | None = None
    answered: int | None = None

    @property
    def arrived(self) -> bool:
        """Whether the receiver said yes to the last message."""
        return self.answered is not None and 200 <= self.answered < 300


class HookTable(Protocol):
    """Where hooks are kept."""

    def all(self) -> list[Hook]: ...
    def progress(self, hook: Hook) -> bool: ...
    def tried(self, hook: Hook) -> bool: ...


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
                self._aside(self.deliver, hook)

    def try_out(self, hook: Hook) -> bool:
        """Send a message that tells of nothing, aside; False while a delivery is on its way."""
        if hook.id in self._busy:
            return False
        self._aside(self._send_test, hook)
        return True

    def _aside(self, do: Callable[[Hook], Any], hook: Hook) -> None:
        self._busy.add(hook.id)
        self._spawn(self._do_aside, do, hook)

    def _do_aside(self, do: Callable[[Hook], Any], hook: Hook) -> None:
        try:
            do(hook)
        except (StorageBusy, StorageFull) as why:
            log.warning("webhook waits for the database", hook=hook.id, why=str(why))
        except Exception:
            log.exception("a webhook failed", hook=hook.id)
        finally:
            self._busy.discard(hook.id)

    def deliver(self, hook: Hook) -> Hook:
        """Send what the hook has not had yet, until the end or the first failure."""
        kept = hook
        entries = self._tents.of(hook.event).entries(hook.cursor)
        for entry in islice(entries, AT_A_TIME):
            told = messages(hook.event, entry)
            for message, view in told:
                hook = self._send(hook, message, view)
                if not hook.arrived:
                    return self._failed(hook)
            hook = replace(hook, cursor=entry.number, failures=0, retry_at=None)
            if told:
                if not self._table.progress(hook):
                    return hook
                kept = hook
        if hook != kept:
            self._table.progress(hook)
        return hook

    def _send_test(self, hook: Hook) -> None:
        now = self._clock.now()
        view = {"type": "test", "timestamp": now.isoformat(), "data": {"event": hook.event}}
        hook = self._send(hook, f"msg_{hook.event}_test_{micros(now)}", view)
        if hook.arrived:
            # Whatever waits for it need not wait any longer.
            hook = replace(hook, failures=0, retry_at=None)
        self._table.tried(hook)

    def _send(self, hook: Hook, message: str, view: View) -> Hook:
        """Sends one message; gives the hook with how it went."""
        now, body = self._clock.now(), msgspec.json.encode(view)
        at = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "tentqueue",
            "webhook-id": message,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(hook.secret, message, at, body),
        }
        try:
            status = self._post(hook.url, headers, body)
        except OSError as why:
            log.warning("webhook not reached", hook=hook.id, why=type(why).__name__)
            status = UNREACHED
        return replace(hook, tried_at=micros(now), answered=status)

    def _failed(self, hook: Hook) -> Hook:
        now = self._clock.now()
        wait = WAITS_S[min(hook.failures, len(WAITS_S) - 1)]
        failures = hook.failures + 1
        # 410: the receiver says that it wants no more, ever.
        over = hook.answered == 410 or failures >= MOST_FAILURES
        hook = replace(
            hook,
            failures=failures,
            retry_at=micros(now + timedelta(seconds=wait)),
            ended_at=micros(now) if over else None,
        )
        self._table.progress(hook)
        return hook
