"""From a parsed body to the command it asks for: tidied texts, UTC instants, who pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tentqueue.domain import commands as do
from tentqueue.domain.model import LaneName, Ticket
from tentqueue.domain.said import Said
from tentqueue.domain.taking import TakenBy
from tentqueue.services.asker import Asker, Power
from tentqueue.services.roster.listed import STOPPED, Listed
from tentqueue.services.text import TooLong, plain
from tentqueue.web import audience as who
from tentqueue.web import bodies
from tentqueue.web.errors import Invalid

EVENT = "/api/v1/events/<slug>"
OWN = "/api/v1/tickets/<ticket>"
"""Where the addresses of an event begin, and those of a ticket for its runner."""
LONGEST_REASON = 80
LONGEST_ANNOUNCEMENT = 160


@dataclass(frozen=True)
class Asking:
    """What a command is built from beside its body: the URL's parts, who asks, what was made."""

    asker: Asker
    parts: dict[str, str]
    new_id: str = ""
    bib_tag: str | None = None
    paper: str | None = None
    listed: Listed | None = None
    """What the roster knows of the bib."""
    before: Ticket | None = None
    """The ticket a next-day appointment is booked from."""
    taken_by: TakenBy = TakenBy.PAGE

    @property
    def ticket(self) -> str:
        """The ticket the URL names, by id or code; codes in any case."""
        named = self.parts["ticket"]
        return named.upper() if len(named) <= 8 else named

    @property
    def presser(self) -> str | None:
        """The therapist who pressed; None when desk or organiser did."""
        # A therapist's credential without a therapist must not press for everyone: "" is nobody.
        return (self.asker.therapist or "") if self.asker.power is Power.THERAPIST else None


@dataclass(frozen=True)
class Route:
    """One command of the outside: its address, and what it asks of the tent. `shows` names what
    the answer is about."""

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
        raise Invalid({field: Said("is not a time of this century")}) from None


def text(value: str, field: str, longest: int) -> str:
    """Return `value` made harmless. Raises: Invalid when it is too long."""
    try:
        return plain(value, longest)
    except TooLong as why:
        raise Invalid(
            {field: Said("is too long: {longest} letters at most", longest=why.longest)}
        ) from None


def join(body: bodies.Join, asking: Asking) -> do.Command:
    """A place in a lane. Raises: Invalid for a guardian's consent not recorded by staff."""
    if body.guardian_consent and asking.asker.power is Power.RUNNER:
        raise Invalid({"guardian_consent": Said("is recorded by staff at the desk")})
    if body.joined_at and asking.asker.power not in (Power.DESK, Power.ORGANISER):
        raise Invalid({"joined_at": Said("is typed in by staff at the desk")})
    listed = asking.listed or Listed("")
    if body.lane is LaneName.WARMUP:
        listed = replace(listed, finished_at=None)
    finished_at = instant(body.finished_at, "finished_at")
    return do.JoinLane(
        ticket=asking.new_id,
        lane=body.lane,
        consent=body.consent,
        wave=body.wave or listed.wave,
        bib_tag=asking.bib_tag,
        minutes=body.minutes,
        # The timing system saw them cross the line; memory rounds.
        finished_at=listed.finished_at or finished_at,
        before_finish=body.before_finish and listed.outcome not in STOPPED,
        screening=body.screening,
        areas=_once(body.areas),
        avoid=_once(body.avoid),
        runner_class=body.runner_class,
        age_group=body.age_group,
        guardian_consent=body.guardian_consent,
        prefers=body.prefers,
        at_tent=body.at_tent,
        appointment_at=instant(body.appointment_at, "appointment_at"),
        paper=asking.paper,
        joined_at=instant(body.joined_at, "joined_at"),
        taken_by=asking.taken_by,
    )


def next_day(body: bodies.NextDay, asking: Asking) -> do.Command:
    """An appointment for the runner of a ticket; bib, class and age come with it."""
    before = asking.before
    assert before is not None
    return do.JoinLane(
        ticket=asking.new_id,
        lane=LaneName.NEXTDAY,
        consent=body.consent,
        bib_tag=before.bib_tag,
        finished_at=before.finished_at,
        runner_class=before.runner_class,
        age_group=before.age_group,
        guardian_consent=before.guardian_consent,
        prefers=before.prefers,
        appointment_at=instant(body.appointment_at, "appointment_at"),
        taken_by=before.taken_by,
    )


def _once(areas: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(areas))


def shift(body: bodies.Shift, asking: Asking) -> do.Command:
    """Another shift for a therapist."""
    starts_at, ends_at = instant(body.starts_at, "starts_at"), instant(body.ends_at, "ends_at")
    return do.ChangeShift(asking.parts["therapist"], starts_at, ends_at)


def table(body: bodies.Table, asking: Asking) -> do.Command:
    """Another table for a therapist."""
    return do.ChangeTable(asking.parts["therapist"], body.table)


def screen(body: bodies.Screen, asking: Asking) -> do.Command:
    """How the six questions went."""
    avoid = None if body.avoid is None else _once(body.avoid)
    return do.ScreenRunner(asking.ticket, screening=body.screening, avoid=avoid)


def paper(body: bodies.Paper, asking: Asking) -> do.Command:
    """A line of the paper sheet."""
    if body.left_at is not None:
        return do.LeaveLine(asking.ticket, instant(body.left_at, "left_at"))
    return do.WriteUpTreatment(
        asking.ticket,
        started_at=instant(body.started_at, "started_at"),
        finished_at=instant(body.finished_at, "finished_at"),
        table=body.table,
    )


def move(body: bodies.Move, asking: Asking) -> do.Command:
    """Another place in line, with a reason."""
    before = body.before.upper() if body.before else None
    return do.MoveTicket(
        asking.ticket, reason=text(body.reason, "reason", LONGEST_REASON), before=before
    )


def made_up(body: bodies.MadeUp, asking: Asking) -> do.Command:
    """Made-up tickets out of the line. Raises: Invalid for pages of the whole day."""
    since, until = instant(body.since, "since"), instant(body.until, "until")
    if body.pages_too and since is None:
        raise Invalid({"since": Said("is needed when tickets taken on our page count too")})
    reason = text(body.reason, "reason", LONGEST_REASON)
    return do.RemoveMadeUp(reason, since, until, body.pages_too)


def announce(body: bodies.Announce, asking: Asking) -> do.Command:
    """A sentence for the board."""
    return do.Announce(text(body.text, "text", LONGEST_ANNOUNCEMENT))


def undo(body: bodies.Undo, asking: Asking) -> do.Command:
    """Organisers take back anyone's entry, others only their own (rules 16 and 26)."""
    by = None if asking.asker.power is Power.ORGANISER and body.number else asking.asker.label
    return do.Undo(body.number, by)


def lane(kind: type[do.OfLane]) -> Callable[[Any, Asking], do.Command]:
    """A command about the lane in the URL."""
    return lambda body, asking: kind(LaneName(asking.parts["lane"]))


def of_ticket(kind: type[do.OfTicket]) -> Callable[[Any, Asking], do.Command]:
    """A command about the ticket in the URL, with nothing else to say."""
    return lambda body, asking: kind(asking.ticket)


def at_table(kind: Any) -> Callable[[Any, Asking], do.Command]:
    """A step of the treatment: the body's fields are the command's."""

    def ask(body: Any, asking: Asking) -> do.Command:
        fields = {name: getattr(body, name) for name in body.__struct_fields__}
        command: do.Command = kind(asking.ticket, therapist=asking.presser, **fields)
        return command

    return ask


def of_therapist(kind: Any) -> Callable[[Any, Asking], do.Command]:
    """A command about the therapist in the URL: the body's fields are the command's."""

    def ask(body: Any, asking: Asking) -> do.Command:
        fields = {name: getattr(body, name) for name in body.__struct_fields__}
        command: do.Command = kind(asking.parts["therapist"], **fields)
        return command

    return ask
