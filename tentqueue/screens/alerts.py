"""What staff should look at now, each with one thing to do about it. Never a runner's health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from tentqueue.domain.duty import shift_at
from tentqueue.domain.events import RunnerReferred
from tentqueue.domain.model import Instant, LaneName, LaneState, Ticket, TicketState
from tentqueue.domain.said import Said
from tentqueue.domain.tent import Tent, minutes
from tentqueue.domain.therapist import Role, Therapist, TherapistState
from tentqueue.screens.outlook import WORTH_HELPING, waits_told
from tentqueue.screens.sentence import LANES, lane_is
from tentqueue.screens.shape import View

if TYPE_CHECKING:
    from tentqueue.domain.estimate import Forecast

SHIFT_IN_SIGHT = timedelta(minutes=20)
REFERRAL_SHOWN_FOR = timedelta(minutes=15)
_ORDER = {"red": 0, "amber": 1, "info": 2}


def alerts(tent: Tent, forecast: Forecast, now: Instant) -> list[View]:
    """Everything worth a look, the worst first."""
    found = [
        *_referrals(tent, now),
        *_overdue(tent, now),
        *_late_warmups(tent, forecast),
        *_unanswered(tent),
        *_people(tent, now),
        *_long_waits(tent, forecast),
        *_doors(tent),
        *_unconfirmed(tent),
    ]
    return sorted(found, key=lambda alert: _ORDER[alert["level"]])


def alert(kind: str, level: str, text: Said, about: str = "", **more: str) -> View:
    """Shape an alert; `about` makes its id its own among alerts of one kind."""
    return {
        "id": f"{kind}:{about}" if about else kind,
        "kind": kind,
        "level": level,
        "text": text,
        **more,
    }


def is_break_advised(tent: Tent, therapist: Therapist, now: Instant) -> bool:
    """Whether a break is suggested (rule 11)."""
    if therapist.worked_since_at is None or therapist.state in (
        TherapistState.OFF,
        TherapistState.BREAK,
    ):
        return False
    return now - therapist.worked_since_at >= minutes(tent.rules.break_suggest_minutes)


def _referrals(tent: Tent, now: Instant) -> Iterator[View]:
    """Rule 6: staff are alarmed, without the why."""
    for trace in tent.recent:
        for event in trace.entry.events:
            if isinstance(event, RunnerReferred) and now - event.at <= REFERRAL_SHOWN_FOR:
                text = Said("{code} is referred to medical. Walk them there.", code=event.code)
                yield alert("referral", "red", text, event.code, ticket=event.code)


def _overdue(tent: Tent, now: Instant) -> Iterator[View]:
    """Rule 13: a forgotten Finish."""
    for ticket in tent.in_state(TicketState.IN_TREATMENT):
        over = now - (ticket.planned_end_at or now)
        if over >= minutes(tent.rules.overdue_red_minutes):
            yield _overdue_alert(ticket, "red", over)
        elif over >= minutes(tent.rules.overdue_amber_minutes):
            yield _overdue_alert(ticket, "amber", over)


def _overdue_alert(ticket: Ticket, level: str, over: timedelta) -> View:
    late = int(over.total_seconds() // 60)
    text = Said(
        "Table {table}: {code} is {late} min over. Press Finish?",
        table=ticket.table,
        code=ticket.code,
        late=late,
    )
    return alert(
        "overdue",
        level,
        text,
        ticket.code,
        ticket=ticket.code,
        therapist=ticket.therapist or "",
        action="finish",
    )


def _late_warmups(tent: Tent, forecast: Forecast) -> Iterator[View]:
    """Rule 3: who is unlikely to be done in time for their wave."""
    for ticket in tent.line(LaneName.WARMUP):
        estimate = forecast.of(ticket.code)
        if (
            estimate
            and ticket.deadline_at
            and estimate.likely_at + ticket.treatment_for > ticket.deadline_at
        ):
            yield alert(
                "wave_risk",
                "red",
                Said("{code} may not be done before their wave.", code=ticket.code),
                ticket.code,
                ticket=ticket.code,
                action="move",
            )


def _unanswered(tent: Tent) -> Iterator[View]:
    for ticket in tent.in_state(TicketState.CALLED):
        if ticket.recalled and ticket.here_at is None:
            text = Said("{code} was called twice. Look around the tent.", code=ticket.code)
            yield alert(
                "unanswered", "amber", text, ticket.code, ticket=ticket.code, action="no-show"
            )


def _people(tent: Tent, now: Instant) -> Iterator[View]:
    supervised = tent.supervised()
    for therapist in tent.therapists.values():
        if not therapist.on_duty:
            continue
        if therapist.role is Role.STUDENT and not supervised:
            text = Said("{name} has no supervisor on duty.", name=therapist.name)
            yield _about(therapist, "supervisor", "red", text)
        if therapist.hands_on_for >= minutes(tent.rules.hands_on_warn_minutes):
            text = Said(
                "{name} has worked nearly a full day. Plan the last runner.", name=therapist.name
            )
            yield _about(therapist, "hands_on", "amber", text)
        if (left := _left_of_shift(therapist, now)) is not None:
            text = Said("{name} goes home in {minutes} min.", name=therapist.name, minutes=left)
            yield _about(therapist, "shift", "info", text, action="people")
        if is_break_advised(tent, therapist, now):
            text = Said("{name} could take a break.", name=therapist.name)
            yield _about(therapist, "break", "info", text, action="break")


def _left_of_shift(therapist: Therapist, now: Instant) -> int | None:
    """Minutes until the shift ends, once that is in sight."""
    shift = shift_at(therapist, now)
    if shift is None or shift.starts_at > now or shift.ends_at - now > SHIFT_IN_SIGHT:
        return None
    return int((shift.ends_at - now).total_seconds() // 60)


def _about(therapist: Therapist, kind: str, level: str, text: Said, **more: str) -> View:
    return alert(kind, level, text, therapist.id, therapist=therapist.id, **more)


def _long_waits(tent: Tent, forecast: Forecast) -> Iterator[View]:
    """A line so long that not all is well, though nobody did anything wrong."""
    for lane, (early, late) in waits_told(tent, forecast).items():
        if early >= WORTH_HELPING:
            text = Said(
                "{lane}: newcomers wait {early} to {late} min. Find more hands, or pause the lane.",
                lane=LANES[lane],
                early=early,
                late=late,
            )
            yield alert("long_wait", "amber", text, lane.value)


def _doors(tent: Tent) -> Iterator[View]:
    for lane in tent.lanes.values():
        if lane.state in (LaneState.FULL, LaneState.PAUSED):
            yield alert(
                "lane", "info", lane_is(lane.name, lane.state), lane.name.value, action="open"
            )


def _unconfirmed(tent: Tent) -> Iterator[View]:
    if not tent.event.confirmed_by:
        yield alert(
            "medical", "info", Said("Medical rules are not confirmed yet."), action="medical"
        )
