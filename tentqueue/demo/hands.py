"""The practice day's therapists: on duty by their shifts, hands on, a break, home.

Each acts with a token of their own through the public HTTP API, on what the tent's view shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tentqueue.demo.outside import Outside
from tentqueue.domain.therapist import Therapist

FORGETFUL = "elif"
FORGETS_AFTER = 4
"""The forgetful one's treatment that nobody presses Finish for."""
_AGAIN_AFTER = timedelta(seconds=45)


@dataclass
class Pair:
    """A therapist's hands: what they are doing, and when they will press next."""

    therapist: Therapist
    token: str
    pace: float
    """How long their treatments take, in planned lengths."""
    random: Random
    ticket: str | None = None
    """The runner at the table, during the changeover the one just treated."""
    press_at: datetime | None = None
    """From when the next press is due."""
    seen: tuple[str, str | None] = ("", None)
    asked_at: dict[str, datetime] = field(default_factory=dict)
    begun: int = 0
    extended: bool = False


class Hands:
    """All therapists of the day."""

    def __init__(
        self, outside: Outside, pairs: list[Pair], stands_there: Callable[[str, datetime], bool]
    ) -> None:
        self._outside, self._stands_there = outside, stands_there
        self._pairs = {pair.therapist.id: pair for pair in pairs}
        self.unwell: Callable[[str], bool] = lambda code: False
        """Whether a therapist will see that this runner needs medical."""

    def act(self, now: datetime, tent: dict[str, Any]) -> None:
        """Let each therapist do the next thing that is due."""
        tickets = {ticket["code"]: ticket for ticket in tent["tickets"]}
        for shown in tent["therapists"]:
            pair = self._pairs.get(shown["id"])
            if pair is not None:
                self._work(now, pair, shown, tickets)

    def _work(
        self, now: datetime, pair: Pair, shown: dict[str, Any], tickets: dict[str, Any]
    ) -> None:
        if pair.seen != (shown["state"], shown["ticket"]):
            pair.seen = (shown["state"], shown["ticket"])
            pair.press_at, pair.extended = None, False
            pair.ticket = shown["ticket"] or pair.ticket
        on_shift = any(s.starts_at <= now < s.ends_at for s in pair.therapist.shifts)
        step = _STEPS.get(shown["state"])
        if shown["state"] == "off":
            if on_shift:
                self._ask(now, pair, "available")
        elif not on_shift and not shown["leaving"] and shown["state"] != "in_treatment":
            self._ask(now, pair, "off")
        elif step is not None:
            step(self, now, pair, shown, tickets.get(pair.ticket or "", {}))

    def _idle(self, now: datetime, pair: Pair, shown: dict[str, Any], _: dict[str, Any]) -> None:
        pair.ticket = None
        if shown["break_advised"] and self._due(now, pair, 60, 240):
            self._ask(now, pair, "break")

    def _rest(self, now: datetime, pair: Pair, shown: dict[str, Any], _: dict[str, Any]) -> None:
        pair.ticket = None
        if shown["until"] and datetime.fromisoformat(shown["until"]) <= now:
            self._ask(now, pair, "available")

    def _greet(
        self, now: datetime, pair: Pair, shown: dict[str, Any], ticket: dict[str, Any]
    ) -> None:
        """Start a while after the runner stands there; press no-show when nobody came."""
        if self._stands_there(shown["ticket"], now):
            if self._due(now, pair, 15, 45):
                self._press(pair, "start", {"guardian_present": True})
        elif ticket.get("respond_by") and self._late(now, ticket["respond_by"]):
            self._press(pair, "no-show")

    def _treat(
        self, now: datetime, pair: Pair, shown: dict[str, Any], ticket: dict[str, Any]
    ) -> None:
        if pair.press_at is None:
            self._begin(now, pair, ticket)
        assert pair.press_at is not None
        if now < pair.press_at:
            return
        if self.unwell(shown["ticket"]):
            self._press(pair, "refer", {"category": "feeling_ill"})
        elif ticket.get("lane") == "recovery" and not pair.extended and pair.random.random() < 0.06:
            pair.extended = True
            self._press(pair, "extend", {"minutes": 5})
            pair.press_at = now + timedelta(minutes=4.5)
        elif not (pair.therapist.id == FORGETFUL and pair.begun == FORGETS_AFTER):
            self._press(pair, "finish")

    def _begin(self, now: datetime, pair: Pair, ticket: dict[str, Any]) -> None:
        pair.begun += 1
        if self.unwell(pair.ticket or ""):
            pair.press_at = now + timedelta(minutes=3)
            return
        length = ticket.get("minutes", 10) * pair.pace * pair.random.lognormvariate(0, 0.1)
        pair.press_at = now + timedelta(minutes=length)

    def _clean(self, now: datetime, pair: Pair, _: dict[str, Any], __: dict[str, Any]) -> None:
        """Most wipe the table faster than the two minutes they have."""
        if pair.ticket and self._due(now, pair, 50, 180):
            self._press(pair, "clean")
            pair.ticket = None

    def _due(self, now: datetime, pair: Pair, soonest_s: float, latest_s: float) -> bool:
        """Whether the moment that was drawn when this began has come."""
        if pair.press_at is None:
            wait = pair.random.uniform(soonest_s, latest_s)
            pair.press_at = now + timedelta(seconds=wait)
        return now >= pair.press_at

    @staticmethod
    def _late(now: datetime, respond_by: str) -> bool:
        return now > datetime.fromisoformat(respond_by) + timedelta(seconds=40)

    def _ask(self, now: datetime, pair: Pair, what: str) -> None:
        """Press a button of the own tablet; after a refusal, not again for a while."""
        if now - pair.asked_at.get(what, datetime.min.replace(tzinfo=now.tzinfo)) >= _AGAIN_AFTER:
            pair.asked_at[what] = now
            self._outside.press(f"therapists/{pair.therapist.id}/{what}", {}, pair.token)

    def _press(self, pair: Pair, step: str, body: dict[str, Any] | None = None) -> None:
        self._outside.press(f"tickets/{pair.ticket}/{step}", body or {}, pair.token)


_STEPS: dict[str, Callable[[Hands, datetime, Pair, dict[str, Any], dict[str, Any]], None]] = {
    "available": Hands._idle,
    "break": Hands._rest,
    "called": Hands._greet,
    "in_treatment": Hands._treat,
    "changeover": Hands._clean,
}
