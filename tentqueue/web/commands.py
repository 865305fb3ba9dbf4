"""Every command of the outside: URL, body, what it asks of the tent, who may call it. A table, no code paths.

`openapi.py` draws its document from here and `calls.py` serves it, so the two can't disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tentqueue.domain import commands as do
from tentqueue.domain.model import LaneName
from tentqueue.services.asker import Asker, Power
from tentqueue.web import audience as who
from tentqueue.web import bodies
from tentqueue.web.errors import Invalid
from tentqueue.web.text import TooLong, plain

LONGEST_REASON = 80
LONGEST_ANNOUNCEMENT = 160


@dataclass(frozen=True)
class Asking:
    """What a command is built from beside its body: the URL's parts, the asker, and what was made for it."""

    asker: Asker
    parts: dict[str, str]
    new_id: str = ""
    bib_tag: str | None = None

    @property
    def ticket(self) -> str:
        """The ticket the URL names, by id or code; codes in any case."""
        named = self.parts["ticket"]
        return named.upper() if len(named) <= 8 else named

    @property
    def presser(self) -> str | None:
        """The therapist who pressed; None when desk or organiser did."""
        return self.asker.therapist if self.asker.power is Power.THERAPIST else None


@dataclass(frozen=True)
class Call:
    """One command of the outside. `shows` names what the answer is about."""

    name: str
    path: str
    body: Any
    ask: Callable[[Any, Asking], do.Command]
    who: who.Audience
    shows: str
    summary: str
    status: int = 200


def instant(at: datetime | None, field: str) -> datetime | None:
    """Return an instant in UTC. Raises: Invalid for one no calendar can shift."""
    try:
        return None if at is None else at.astimezone(UTC)
    except OverflowError:
        raise Invalid({field: "is not a time of this century"}) from None


def text(value: str, field: str, longest: int) -> str:
    """Return `value` made harmless. Raises: Invalid when it is too long."""
    try:
        return plain(value, longest)
    except TooLong as why:
        raise Invalid({field: f"is too long: {why}"}) from None


def _join(body: bodies.Join, asking: Asking) -> do.Command:
    if body.guardian_consent and asking.asker.power is Power.RUNNER:
        raise Invalid({"guardian_consent": "is recorded by staff at the desk"})
    return do.JoinLane(
        ticket=asking.new_id, lane=body.lane, consent=body.consent, wave=body.wave,
        bib_tag=asking.bib_tag, minutes=body.minutes, finished_at=instant(body.finished_at, "finished_at"),
        before_finish=body.before_finish, screening=body.screening, areas=_once(body.areas),
        avoid=_once(body.avoid), runner_class=body.runner_class, age_group=body.age_group,
        guardian_consent=body.guardian_consent, prefers=body.prefers, at_tent=body.at_tent,
        appointment_at=instant(body.appointment_at, "appointment_at"))


def _once(areas: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(areas))


def _screen(body: bodies.Screen, asking: Asking) -> do.Command:
    return do.ScreenRunner(asking.ticket, screening=body.screening, avoid=_once(body.avoid))


def _move(body: bodies.Move, asking: Asking) -> do.Command:
    before = body.before.upper() if body.before else None
    return do.MoveTicket(asking.ticket, reason=text(body.reason, "reason", LONGEST_REASON), before=before)


def _announce(body: bodies.Announce, asking: Asking) -> do.Command:
    return do.Announce(text(body.text, "text", LONGEST_ANNOUNCEMENT))


def _undo(body: bodies.Undo, asking: Asking) -> do.Command:
    """Organisers take back anyone's entry, others only their own (rules 16 and 26)."""
    by = None if asking.asker.power is Power.ORGANISER and body.number else asking.asker.label
    return do.Undo(body.number, by)


def _lane(kind: type[do.OfLane]) -> Callable[[Any, Asking], do.Command]:
    return lambda body, asking: kind(LaneName(asking.parts["lane"]))


def _of_ticket(kind: type[do.OfTicket]) -> Callable[[Any, Asking], do.Command]:
    return lambda body, asking: kind(asking.ticket)


def _at_table(kind: Any) -> Callable[[Any, Asking], do.Command]:
    """A step of the treatment: the body's fields are the command's."""

    def ask(body: Any, asking: Asking) -> do.Command:
        fields = {name: getattr(body, name) for name in body.__struct_fields__}
        command: do.Command = kind(asking.ticket, therapist=asking.presser, **fields)
        return command

    return ask


def _of_therapist(kind: Any) -> Callable[[Any, Asking], do.Command]:
    def ask(body: Any, asking: Asking) -> do.Command:
        fields = {name: getattr(body, name) for name in body.__struct_fields__}
        command: do.Command = kind(asking.parts["therapist"], **fields)
        return command

    return ask


EVENT = "/api/v1/events/<slug>"
OWN = "/api/v1/tickets/<ticket>"
TICKET = f"{EVENT}/tickets/<ticket>"
THERAPIST = f"{EVENT}/therapists/<therapist>"
LANE = f"{EVENT}/lanes/<any(warmup, recovery, nextday):lane>"

JOIN = Call("join", f"{EVENT}/tickets", bodies.Join, _join, who.NEWCOMERS, "joined",
            "Take a place in a lane", status=201)

COMMANDS: tuple[Call, ...] = (
    JOIN,
    Call("leave", f"{OWN}/leave", bodies.Nothing, _of_ticket(do.LeaveLine), who.HOLDER, "ticket",
         "Give the place up"),
    Call("delay", f"{OWN}/delay", bodies.Nothing, _of_ticket(do.GiveMoreTime), who.HOLDER, "ticket",
         "More time, once"),
    Call("here", f"{OWN}/here", bodies.Nothing, _of_ticket(do.ConfirmHere), who.HOLDER, "ticket",
         "I am here"),
    Call("erase", f"{OWN}/erase", bodies.Nothing, _of_ticket(do.EraseTicket), who.HOLDER, "ticket",
         "Forget me"),
    Call("screening", f"{OWN}/screening", bodies.Screen, _screen, who.TICKET_READERS, "ticket",
         "How the six questions went"),
    Call("available", f"{THERAPIST}/available", bodies.Nothing, _of_therapist(do.BeAvailable),
         who.THAT_THERAPIST, "therapist", "On duty, or back from a break"),
    Call("break", f"{THERAPIST}/break", bodies.Break, _of_therapist(do.TakeBreak),
         who.THAT_THERAPIST, "therapist", "A break, after the present treatment"),
    Call("off", f"{THERAPIST}/off", bodies.Nothing, _of_therapist(do.GoHome),
         who.THAT_THERAPIST, "therapist", "Gone, after the present treatment"),
    Call("start", f"{TICKET}/start", bodies.Start, _at_table(do.StartTreatment), who.AT_THE_TABLE, "ticket",
         "Hands on"),
    Call("finish", f"{TICKET}/finish", bodies.Nothing, _at_table(do.FinishTreatment), who.AT_THE_TABLE,
         "ticket", "Hands off"),
    Call("clean", f"{TICKET}/clean", bodies.Nothing, _at_table(do.CleanTable), who.AT_THE_TABLE, "ticket",
         "The table is clean"),
    Call("no-show", f"{TICKET}/no-show", bodies.Nothing, _at_table(do.MarkNoShow), who.AT_THE_TABLE,
         "ticket", "The called runner is not here"),
    Call("refer", f"{TICKET}/refer", bodies.Refer, _at_table(do.ReferRunner), who.AT_THE_TABLE, "ticket",
         "To medical"),
    Call("extend", f"{TICKET}/extend", bodies.Extend, _at_table(do.ExtendTreatment), who.AT_THE_TABLE,
         "ticket", "More minutes"),
    Call("hold", f"{TICKET}/hold", bodies.Hold, _at_table(do.HoldTicket), who.AT_THE_TABLE, "ticket",
         "Set aside for a while"),
    Call("recall", f"{TICKET}/recall", bodies.Nothing, _at_table(do.RecallRunner), who.AT_THE_TABLE,
         "ticket", "Call again"),
    Call("move", f"{TICKET}/move", bodies.Move, _move, who.ORGANISERS, "ticket",
         "Before another ticket, or first"),
    Call("open", f"{LANE}/open", bodies.Nothing, _lane(do.OpenLane), who.ORGANISERS, "lane",
         "Take joins and call"),
    Call("close", f"{LANE}/close", bodies.Nothing, _lane(do.CloseLane), who.ORGANISERS, "lane",
         "Take no more joins"),
    Call("pause", f"{LANE}/pause", bodies.Nothing, _lane(do.PauseLane), who.ORGANISERS, "lane",
         "Neither joins nor calls for now"),
    Call("undo", f"{EVENT}/undo", bodies.Undo, _undo, who.STAFF, "version", "Take an entry back"),
    Call("announce", f"{EVENT}/announce", bodies.Announce, _announce, who.ORGANISERS, "version",
         "A sentence for the board"),
)
