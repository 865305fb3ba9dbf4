"""Plays a race day blind: a judge's messages become commands, what happens becomes its answers.

A thin adapter over the tent's own `RaceDay.handle`; it chooses nobody and promises nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable

from tentqueue.domain import Command, Event, Instant
from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.errors import Refusal
from tentqueue.domain.estimate import said_of
from tentqueue.domain.model import LaneName, Ticket, TicketState
from tentqueue.domain.tent import seconds
from tentqueue.services.asker import Asker, Power
from tentqueue.services.race_day import RaceDay
from tentqueue.simulation.briefing import LANES, MIDNIGHT, at, event_of
from tentqueue.simulation.dayfile import Message
from tentqueue.simulation.memory import MemoryLedger

_TURNS = ("accept", "refuse", "close", "start", "break", "call", "quote")
JUDGE = Asker(Power.SYSTEM, "judge")


class JudgeClock:
    """The judge's time."""

    def __init__(self) -> None:
        self.time = MIDNIGHT

    def now(self) -> Instant:
        """The instant of the message under way."""
        return self.time


class Agent:
    """One played day. Call it with each message; it returns the orders of its reply."""

    def __init__(self) -> None:
        self._clock = JudgeClock()
        self._day = RaceDay("day", MemoryLedger(), self._clock)
        self._out: list[Message] = []
        self._walking: set[str] = set()
        """Who was called aloud: they are here when the judge says so, not before."""

    def __call__(self, message: Message) -> list[Message]:
        """Answer one message of the protocol."""
        self._clock.time = at(message["t"])
        self._out = []
        if "init" in message:
            self._ask(do.DefineEvent(event_of(message["init"])))
        elif not message.get("end"):
            self._instant(message.get("events", []))
        return _in_order(self._out)

    def _instant(self, events: list[Message]) -> None:
        polled = False
        # Who goes this second is gone: a table freed in it calls somebody else.
        for event in sorted(events, key=lambda each: each["ev"] not in ("cancel", "left")):
            if event["ev"] == "join":
                self._join(event)
            elif event["ev"] == "poll":
                polled = True
            else:
                self._ask(_COMMANDS[event["ev"]](event))
        self._ask(do.Tick())
        self._start_who_is_here()
        if polled:
            self._quote()

    def _join(self, event: Message) -> None:
        lane = LANES[event["service"]]
        command = do.JoinLane(
            event["ticket"],
            lane,
            consent=True,
            wave=event["wave"] if lane is LaneName.WARMUP else None,
            finished_at=at(event["finish_s"]) if lane is LaneName.RECOVERY else None,
            at_tent=event["at_tent"],
        )
        happened = self._ask(command)
        joined = next((e.ticket for e in happened if isinstance(e, ev.RunnerJoined)), None)
        if joined is None:
            self._out.append({"cmd": "refuse", "ticket": event["ticket"]})
        else:
            self._out.append(_acceptance(joined))

    def _ask(self, command: Command) -> tuple[Event, ...]:
        """Ask the tent; what it decides goes out, what it refuses stays as it is."""
        try:
            happened = self._day.handle(command, JUDGE).events
        except Refusal:
            return ()
        for event in happened:
            self._tell(event)
        return happened

    def _tell(self, event: Event) -> None:
        if isinstance(event, ev.RunnerCalled | ev.RunnerRecalled):
            self._call(self._day.tent.ticket(event.code))
        elif isinstance(event, ev.BreakStarted) and event.reason == "lull":
            self._out.append({"cmd": "break", "therapist": event.therapist})
        elif isinstance(event, ev.TicketExpired | ev.RunnerNoShow):
            ticket = self._day.tent.ticket(event.code)
            self._out.append({"cmd": "close", "ticket": ticket.id, "reason": ticket.state.value})

    def _call(self, ticket: Ticket) -> None:
        """Who stands at the tent already needs no call; they start."""
        if ticket.here_at is None and not self._lingers(ticket):
            self._walking.add(ticket.code)
            self._out.append({"cmd": "call", "ticket": ticket.id})

    def _lingers(self, ticket: Ticket) -> bool:
        waited = (self._clock.time - ticket.joined_at).total_seconds()
        near = ticket.at_tent and ticket.calls == 1 and waited < self._day.tent.rules.linger_seconds
        return near and ticket.code not in self._walking and self._has_free_table(ticket)

    def _has_free_table(self, ticket: Ticket) -> bool:
        therapist = self._day.tent.therapists.get(ticket.therapist or "")
        return therapist is not None and therapist.ticket == ticket.code

    def _start_who_is_here(self) -> None:
        for ticket in self._day.tent.in_state(TicketState.CALLED):
            here = ticket.here_at is not None or self._lingers(ticket)
            free = here and self._has_free_table(ticket)
            if free and self._ask(do.StartTreatment(ticket.code)):
                start = {"cmd": "start", "ticket": ticket.id, "therapist": ticket.therapist}
                self._out.append(start)

    def _quote(self) -> None:
        tent = self._day.tent
        for code, said in said_of(tent, self._clock.time).items():
            if tent.open[code].calls == 0:
                q = [_second(each) for each in (said.early, said.likely, said.late)]
                self._out.append({"cmd": "quote", "ticket": tent.open[code].id, "q": q})


def _in_order(orders: list[Message]) -> list[Message]:
    """Answers first; who starts or is given up leaves the standby area before others are called."""
    closed = {order["ticket"] for order in orders if order["cmd"] == "close"}
    told = (o for o in orders if o["cmd"] != "call" or o["ticket"] not in closed)
    return sorted(told, key=lambda order: _TURNS.index(order["cmd"]))


def _second(instant: float) -> int:
    return round(instant - seconds(MIDNIGHT))


def _acceptance(ticket: Ticket) -> Message:
    answer: Message = {"cmd": "accept", "ticket": ticket.id, "promise": ticket.promised}
    if ticket.promised_at is not None:
        answer["q"] = [_second(seconds(each)) for each in ticket.promised_at]
    if ticket.chance is not None:
        answer["p_ok"] = round(ticket.chance, 3)
    return answer


_COMMANDS: dict[str, Callable[[Message], Command]] = {
    "arrived": lambda e: do.ConfirmHere(e["ticket"]),
    "cancel": lambda e: do.LeaveLine(e["ticket"]),
    "left": lambda e: do.LeaveLine(e["ticket"]),
    "done": lambda e: do.FinishTreatment(e["ticket"]),
    "free": lambda e: do.BeAvailable(e["therapist"]),
    "on": lambda e: do.BeAvailable(e["therapist"]),
    "off": lambda e: do.GoHome(e["therapist"]),
    "break_start": lambda e: do.TakeBreak(e["therapist"]),
    "break_end": lambda e: do.BeAvailable(e["therapist"]),
}
