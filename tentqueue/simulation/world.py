"""The world of a race day: what happens of itself, second by second. It alone knows the truth.

Nothing in it is random: the same orders give the same day. Inside one second the order is
checking in, treatments' ends, clean tables, breaks' ends, arrivals, leaving, breaks that can wait
no longer, going home, joins, polls; orders take effect after all of these.
"""

from __future__ import annotations

import heapq
from enum import IntEnum

from tentqueue.simulation.dayfile import Day, Message
from tentqueue.simulation.people import Doing, Guest, Hand, Place, guests_of, hands_of


class Turn(IntEnum):
    """What comes before what inside one second."""

    ON = 0
    DONE = 1
    CLEAN = 2
    BREAK_OVER = 3
    ARRIVES = 4
    LEAVES = 5
    BREAK_DUE = 6
    OFF = 7
    JOINS = 8
    POLL = 9


class World:
    """One day being played. Call `advance` for each instant, then obey orders (`orders.py`)."""

    def __init__(self, day: Day) -> None:
        self.public = day.public
        self.rules, self.services = day.public["rules"], day.public["services"]
        self.opens = int(day.public["event"]["open_s"])
        self.closes = int(day.public["event"]["close_s"])
        self.now = self.opens
        self.guests, self.hands = guests_of(day.visitors), hands_of(day.workers)
        self.asking: list[Guest] = []
        self._agenda: list[tuple[int, int, int, str]] = []
        self._entries = 0
        self._told: list[Message] = []
        self._plan()

    def _plan(self) -> None:
        for key, guest in self.guests.items():
            self._at(guest.who.joins, Turn.JOINS, key)
            self._at(guest.who.leaves, Turn.LEAVES, key)
        for key, hand in self.hands.items():
            if hand.who.comes < hand.who.goes:
                self._at(max(hand.who.comes, self.opens), Turn.ON, key)
                self._at(hand.who.goes, Turn.OFF, key)
            for each in hand.breaks:
                self._at(int(each["latest_s"]), Turn.BREAK_DUE, key)
        step = int(self.rules["poll_s"])
        for instant in range(self.opens + step, self.closes, step):
            self._at(instant, Turn.POLL, "")

    def _at(self, instant: int, turn: Turn, key: str) -> None:
        self._entries += 1
        heapq.heappush(self._agenda, (instant, turn, self._entries, key))

    def next_instant(self) -> int | None:
        """When something happens next; None when nothing will."""
        return self._agenda[0][0] if self._agenda else None

    def is_over(self, instant: int) -> bool:
        """Whether the tent has closed and the last treatment ended; an hour late at most."""
        treating = any(hand.doing is Doing.TREATING for hand in self.hands.values())
        return instant > self.closes + 3600 or (instant > self.closes and not treating)

    def advance(self, instant: int) -> list[Message]:
        """Let everything due until `instant` happen; returns what the tent notices of it."""
        self._told, self.asking = [], []
        while self._agenda and self._agenda[0][0] <= instant:
            self.now, turn, _, key = heapq.heappop(self._agenda)
            self._happen(Turn(turn), key)
        self.now = instant
        return self._told

    def settle(self) -> None:
        """A join that was not answered in its second is accepted, without promise or range."""
        for guest in self.asking:
            if guest.place is Place.ASKING:
                guest.place = Place.WAITING

    def _happen(self, turn: Turn, key: str) -> None:
        if turn is Turn.POLL:
            self._told.append({"ev": "poll"})
        elif turn in (Turn.JOINS, Turn.ARRIVES, Turn.LEAVES, Turn.DONE):
            happens = {
                Turn.JOINS: self._joins,
                Turn.ARRIVES: self._arrives,
                Turn.LEAVES: self._leaves,
                Turn.DONE: self._done,
            }[turn]
            happens(self.guests[key])
        else:
            self._therapist_turn(turn, self.hands[key])

    def _therapist_turn(self, turn: Turn, hand: Hand) -> None:
        if turn is Turn.ON:
            hand.duty.append([self.now, None])
            self._frees(hand, "on")
        elif turn is Turn.CLEAN and hand.doing is Doing.CLEANING:
            self._frees(hand, "free")
        elif turn is Turn.BREAK_OVER and hand.doing is Doing.BREAK:
            hand.doing = Doing.IDLE
            self._tell("break_end", hand)
        elif turn is Turn.BREAK_DUE and hand.doing is Doing.IDLE and hand.break_due(self.now):
            self._rests_now(hand)
        elif turn is Turn.OFF and hand.doing is Doing.TREATING:
            hand.leaves_after = True
        elif turn is Turn.OFF and hand.doing not in (Doing.AWAY, Doing.HOME):
            self._goes_home(hand)

    def _joins(self, guest: Guest) -> None:
        seen = guest.who.seen
        guest.place = Place.ASKING
        if seen["at_tent"]:
            guest.lingers_until = self.now + int(self.rules["linger_s"])
        self.asking.append(guest)
        shown = {name: value for name, value in seen.items() if name != "join_s"}
        self._told.append({"ev": "join", "ticket": guest.who.id, **shown})

    def comes(self, guest: Guest, after: int) -> None:
        """A call was heard: they will appear `after` seconds from now, unless they come sooner."""
        instant = self.now + max(1, after)
        if guest.comes_at is None or instant < guest.comes_at:
            guest.comes_at = instant
            self._at(instant, Turn.ARRIVES, guest.who.id)

    def _arrives(self, guest: Guest) -> None:
        if guest.place is not Place.CALLED or guest.comes_at != self.now:
            return
        guest.place, guest.here_since, guest.comes_at = Place.HERE, self.now, None
        if guest.first_here is None:
            guest.first_here = self.now
        self._told.append({"ev": "arrived", "ticket": guest.who.id})

    def _leaves(self, guest: Guest) -> None:
        if guest.place is Place.CALLED and guest.comes_at is not None:
            self._at(guest.comes_at + 900, Turn.LEAVES, guest.who.id)
        elif guest.place in (Place.WAITING, Place.CALLED):
            self._goes(guest, "cancel", noticed=guest.who.announces)
        elif guest.place is Place.HERE:
            until = guest.stays_until()
            if self.now >= until:
                self._goes(guest, "left", noticed=True)
            else:
                self._at(until, Turn.LEAVES, guest.who.id)

    def _goes(self, guest: Guest, event: str, *, noticed: bool) -> None:
        guest.place, guest.gone_at, guest.known_gone = Place.GONE, self.now, noticed
        if noticed:
            self._told.append({"ev": event, "ticket": guest.who.id})

    def treats(self, guest: Guest, hand: Hand) -> None:
        """A treatment starts now."""
        length = max(120, round(guest.who.work * hand.who.speed))
        guest.place, guest.started, guest.ends = Place.TREATED, self.now, self.now + length
        guest.table = hand.who.id
        if guest.first_here is None:
            guest.first_here = self.now
        hand.doing, hand.ticket = Doing.TREATING, guest.who.id
        hand.busy += length
        self._at(guest.ends, Turn.DONE, guest.who.id)

    def _done(self, guest: Guest) -> None:
        hand = self.hands[str(guest.table)]
        guest.place, hand.ticket = Place.DONE, None
        took = (guest.ends or 0) - (guest.started or 0)
        done = {"ev": "done", "ticket": guest.who.id, "therapist": hand.who.id, "service_s": took}
        self._told.append(done)
        if hand.leaves_after:
            self._goes_home(hand)
        else:
            hand.doing = Doing.CLEANING
            clean = int(self.services[guest.service]["changeover_s"])
            self._at(self.now + clean, Turn.CLEAN, hand.who.id)

    def _frees(self, hand: Hand, event: str) -> None:
        hand.doing = Doing.IDLE
        self._tell(event, hand)
        if hand.break_due(self.now):
            self._rests_now(hand)

    def _rests_now(self, hand: Hand) -> None:
        until = self.rests(hand)
        self._tell("break_start", hand, until=until)

    def rests(self, hand: Hand) -> int:
        """A break begins now; returns its end."""
        until = self.now + int(hand.breaks.pop(0)["dur_s"])
        hand.doing = Doing.BREAK
        hand.rests.append((self.now, until))
        self._at(until, Turn.BREAK_OVER, hand.who.id)
        return until

    def _goes_home(self, hand: Hand) -> None:
        hand.doing = Doing.HOME
        hand.duty[-1][1] = self.now
        self._tell("off", hand)

    def _tell(self, event: str, hand: Hand, **more: int) -> None:
        self._told.append({"ev": event, "therapist": hand.who.id, **more})
