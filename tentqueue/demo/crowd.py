"""The practice day's runners: they join, come when called, come late, give up, or never come.

They act through the public HTTP API only, each with their own ticket's key or through the desk.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tentqueue.demo.outside import Outside, stamp
from tentqueue.demo.story import Guest, Manner

LATE_BY = timedelta(minutes=6)
"""How long after the call a late runner shows up: the call is missed by then."""
FIRST_JOIN_AFTER = timedelta(seconds=70)
QUEUED_APART = timedelta(seconds=50)
"""Between two who stood before the doors when they opened."""
FEED_EVERY = timedelta(minutes=1)
"""How often the timing system sends its finishers."""


@dataclass
class Visit:
    """A guest with a ticket."""

    guest: Guest
    id: str
    code: str
    key: str
    joined_at: datetime
    lane: str
    called_at: datetime | None = None
    arrives_at: datetime | None = None
    asked_for_time: bool = False
    told_late: bool = False


@dataclass
class Crowd:
    """All guests of the day, and those of them who have a ticket, by code."""

    outside: Outside
    desk: str
    organiser: str
    visits: dict[str, Visit] = field(default_factory=dict)
    _plans: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _finishers: list[Guest] = field(default_factory=list)

    def expect(self, guests: list[Guest], now: datetime) -> None:
        """Plan when each guest asks for what; what would have been before `now` comes soon."""
        soon = now + FIRST_JOIN_AFTER
        for guest in guests:
            for lane in ("warmup", "recovery", "nextday"):
                at = getattr(guest, f"{lane}_at")
                if at is not None:
                    self._plan(max(at, soon), _joining(self, guest, lane))
                    soon += QUEUED_APART if at < soon else timedelta()
        self._finishers = sorted(guests, key=lambda g: g.finished_at, reverse=True)
        self._plan(now + FEED_EVERY, self._feed)

    def act(self, now: datetime, tent: dict[str, Any]) -> None:
        """Do what is due, then answer what the tent shows."""
        while self._plans and self._plans[0][0] <= now:
            heapq.heappop(self._plans)[2](now)
        for ticket in tent["tickets"]:
            visit = self.visits.get(ticket["code"])
            if visit is not None:
                self._answer(now, visit, ticket)

    def stands_there(self, code: str, now: datetime) -> bool:
        """Whether the runner is in the tent: what a therapist sees with their own eyes."""
        visit = self.visits.get(code)
        return visit is None or (visit.arrives_at is not None and visit.arrives_at <= now)

    def announce(self, at: datetime, text: str) -> None:
        """Plan a sentence of the organiser's for the board."""
        self._plan(at, lambda now: self.outside.press("announce", {"text": text}, self.organiser))

    def join(self, guest: Guest, lane: str, now: datetime) -> None:
        """Take a ticket: with the own phone, or at the desk."""
        body, token = _wish(guest, lane, now), None if guest.phone else self.desk
        answer = self.outside.press("tickets", body, token)
        shorter = _shorter(answer.body) if answer.status == 409 else None
        if shorter is not None:
            answer = self.outside.press("tickets", body | {"minutes": shorter}, token)
        if answer.good:
            view = answer.body
            self.visits[view["code"]] = Visit(
                guest, view["id"], view["code"], view.get("key", ""), now, lane
            )

    def _plan(self, at: datetime, act: Callable[[datetime], object]) -> None:
        heapq.heappush(self._plans, (at, next(self._numbers), act))

    def _feed(self, now: datetime) -> None:
        """The timing system's live feed: every finisher of the last minute, guest or not."""
        batch: list[dict[str, str]] = []
        while self._finishers and self._finishers[-1].finished_at <= now and len(batch) < 200:
            guest = self._finishers.pop()
            batch.append({"bib": guest.bib, "finished_at": stamp(guest.finished_at)})
        if batch:
            self.outside.press("finishers", batch, self.organiser)
        if self._finishers:
            self._plan(now + FEED_EVERY, self._feed)

    def _answer(self, now: datetime, visit: Visit, ticket: dict[str, Any]) -> None:
        if ticket["state"] == "called":
            self._called(now, visit, ticket)
        elif ticket["state"] == "waiting" and now - visit.joined_at > visit.guest.patience:
            self._own(visit, "leave")
            visit.joined_at = now
        elif ticket["hold"] == "missed":
            self._missed(now, visit)

    def _called(self, now: datetime, visit: Visit, ticket: dict[str, Any]) -> None:
        guest = visit.guest
        if visit.called_at is None or stamp(visit.called_at) != ticket["called_at"]:
            visit.called_at = datetime.fromisoformat(ticket["called_at"])
            if guest.manner is Manner.ASKS_FOR_TIME and not visit.asked_for_time:
                visit.asked_for_time = True
                self._own(visit, "delay")
                return
            visit.arrives_at = self._arrival(visit)
        if self.stands_there(visit.code, now) and guest.phone and not ticket["here"]:
            self._own(visit, "here")

    def _arrival(self, visit: Visit) -> datetime | None:
        assert visit.called_at is not None
        guest = visit.guest
        if guest.manner is Manner.NEVER_COMES or (
            guest.manner is Manner.COMES_LATE and not visit.told_late
        ):
            return None
        if visit.arrives_at is not None:
            return visit.arrives_at
        walk = timedelta(seconds=15) if guest.at_tent else guest.walks_for
        return visit.called_at + walk

    def _missed(self, now: datetime, visit: Visit) -> None:
        """A late runner shows up all the same, and is called again soon (rule 16)."""
        late = visit.guest.manner is Manner.COMES_LATE and not visit.told_late
        if late and visit.called_at is not None and now - visit.called_at >= LATE_BY:
            visit.told_late, visit.arrives_at = True, now
            self._own(visit, "here")

    def _own(self, visit: Visit, step: str) -> None:
        """Press a button of the ticket's page; who has no phone asks the desk to."""
        token = visit.key if visit.guest.phone else self.desk
        self.outside.press(f"/api/v1/tickets/{visit.id}/{step}", {}, token)


def _joining(crowd: Crowd, guest: Guest, lane: str) -> Callable[[datetime], None]:
    return lambda now: crowd.join(guest, lane, now)


def _shorter(problem: Any) -> int | None:
    """The length that still fits before the start, when the server offers one (rule 3)."""
    offers = problem.get("alternatives", []) if isinstance(problem, dict) else []
    return next((o["minutes"] for o in offers if o["lane"] == "warmup"), None)


def _wish(guest: Guest, lane: str, now: datetime) -> dict[str, Any]:
    body: dict[str, Any] = {
        "lane": lane,
        "consent": True,
        "bib": guest.bib,
        "name": guest.name,
        "screening": guest.screening,
        "areas": list(guest.areas),
    }
    if lane == "warmup":
        return body | {"wave": guest.wave, "at_tent": guest.at_tent}
    if guest.wheelchair:
        body["runner_class"] = "wheelchair"
    if now < guest.finished_at:
        return body | {"before_finish": True}
    return body | {"finished_at": stamp(guest.finished_at), "at_tent": guest.at_tent}
