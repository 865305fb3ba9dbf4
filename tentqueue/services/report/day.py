"""The report of a day: every number of rule 32, from one walk through the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tentqueue.domain.model import Instant, LaneName, Ticket, TicketState
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.taking import MADE_UP
from tentqueue.domain.tent import Entry
from tentqueue.domain.therapist import Role, TherapistState
from tentqueue.services.report.hours import Hour, hours
from tentqueue.services.report.stints import ON_DUTY, Stint, Walk, walk
from tentqueue.services.report.tally import Promises, Waits, merged, promises, waits

UNTOLD = "not told"
"""Recovery needs no wave: most runners never say which contest they ran."""


@dataclass(frozen=True)
class Ends:
    """How the tickets of a lane ended; `joined` is their sum."""

    joined: int
    treated: int
    referred: int
    no_show: int
    left: int
    expired: int
    still_open: int


@dataclass(frozen=True)
class Team:
    """The therapists of one role together: heads, hours of duty, breaks."""

    people: int
    planned_hours: float
    duty_hours: float
    hands_on_hours: float
    breaks: int
    break_minutes: float


@dataclass(frozen=True)
class DayReport:
    """A day in numbers. Nothing in it belongs to one runner or one therapist."""

    event: RaceEvent
    version: int
    until_at: Instant
    ends: dict[LaneName, Ends]
    contests: dict[str, dict[LaneName, int]]
    waits: dict[LaneName, Waits]
    promises: dict[LaneName, Promises]
    all_waits: Waits
    all_promises: Promises
    """Of warm-up and recovery together: an appointment is not waited for."""
    minutes: dict[LaneName, float]
    """Mean minutes with hands on."""
    hours: list[Hour]
    teams: dict[Role, Team]
    areas: dict[str, int | None]
    referrals: dict[str, int | None]
    turned_away: dict[tuple[LaneName, str], int]

    @property
    def treated(self) -> int:
        """Everybody who was treated."""
        return sum(ends.treated for ends in self.ends.values())


def day_report(slug: str, entries: Iterable[Entry]) -> DayReport:
    """Work the report out from an event's journal."""
    walked = walk(slug, entries)
    tent = walked.tent
    tickets = [*tent.open.values(), *(t for t in tent.closed.values() if t.reason != MADE_UP)]
    lanes = [lane for lane in LaneName if lane in tent.event.lanes]
    of = {lane: [t for t in tickets if t.lane is lane] for lane in lanes}
    done = {lane: [t for t in each if t.state is TicketState.DONE] for lane, each in of.items()}
    everybody = [t for each in done.values() for t in each]
    return DayReport(
        event=tent.event,
        version=tent.version,
        until_at=walked.until_at,
        ends={lane: _ends(of[lane]) for lane in lanes},
        contests=_contests(tent.event, everybody),
        waits={lane: waits(done[lane]) for lane in lanes},
        promises={lane: promises(done[lane]) for lane in lanes},
        all_waits=waits(t for t in everybody if t.lane is not LaneName.NEXTDAY),
        all_promises=promises(t for t in everybody if t.lane is not LaneName.NEXTDAY),
        minutes={lane: _mean_minutes(done[lane]) for lane in lanes if done[lane]},
        hours=hours(tent.event, tickets, walked.stints),
        teams=_teams(walked),
        areas=merged(Counter(area.value for t in everybody for area in t.areas)),
        referrals=merged(Counter(t.referral.value for t in tickets if t.referral)),
        turned_away=dict(sorted(walked.turned_away.items())),
    )


def _ends(tickets: Sequence[Ticket]) -> Ends:
    states = Counter(t.state for t in tickets)
    return Ends(
        joined=len(tickets),
        treated=states[TicketState.DONE],
        referred=states[TicketState.REFERRED],
        no_show=states[TicketState.NO_SHOW],
        left=states[TicketState.LEFT],
        expired=states[TicketState.EXPIRED],
        still_open=sum(t.is_open for t in tickets),
    )


def _contests(event: RaceEvent, treated: Sequence[Ticket]) -> dict[str, dict[LaneName, int]]:
    names = {wave.id: wave.contest for wave in event.waves}
    found: dict[str, Counter[LaneName]] = {name: Counter() for name in names.values()}
    found[UNTOLD] = Counter()
    for ticket in treated:
        found[names.get(ticket.wave or "", UNTOLD)][ticket.lane] += 1
    return {name: dict(counts) for name, counts in found.items()}


def _mean_minutes(treated: Sequence[Ticket]) -> float:
    spans = [t.ended_at - t.started_at for t in treated if t.started_at and t.ended_at]
    return sum(span.total_seconds() for span in spans) / 60 / len(spans) if spans else 0.0


def _teams(walked: Walk) -> dict[Role, Team]:
    return {role: _team(walked, role) for role in Role if _anybody(walked, role)}


def _anybody(walked: Walk, role: Role) -> bool:
    return any(t.role is role for t in walked.tent.therapists.values())


def _team(walked: Walk, role: Role) -> Team:
    stints = [stint for stint in walked.stints if stint.role is role]
    staff = [t for t in walked.tent.therapists.values() if t.role is role]
    shifts = [s for t in walked.tent.event.therapists if t.role is role for s in t.shifts]
    breaks = [s for s in stints if s.state is TherapistState.BREAK]
    return Team(
        people=sum(t.id in walked.present for t in staff),
        planned_hours=sum((s.ends_at - s.starts_at).total_seconds() for s in shifts) / 3600,
        duty_hours=_hours(s for s in stints if s.state in ON_DUTY),
        hands_on_hours=_hours(s for s in stints if s.state is TherapistState.IN_TREATMENT),
        breaks=len(breaks),
        break_minutes=sum(s.minutes for s in breaks),
    )


def _hours(stints: Iterable[Stint]) -> float:
    return sum(stint.minutes for stint in stints) / 60
