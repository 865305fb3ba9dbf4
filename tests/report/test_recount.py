"""A whole day counted twice: the report folds the journal, here its events alone are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from math import ceil
from statistics import fmean
from typing import TypeVar

import pytest

from tentqueue.domain import Event
from tentqueue.domain import events as ev
from tentqueue.domain.model import LaneName
from tentqueue.domain.tent import Entry
from tentqueue.domain.therapist import Role
from tentqueue.services.report import DayReport, day_report
from tests.cast import mins
from tests.domain.test_recorded_day import CAST, Day

E = TypeVar("E", bound=Event)
ROLES = {therapist.id: therapist.role for therapist in CAST}
LANES = (LaneName.WARMUP, LaneName.RECOVERY)


class Recount:
    """What is left of a day's events: what was undone never happened, but a ticket somebody was
    given stays one, of a runner who left."""

    def __init__(self, entries: list[Entry]) -> None:
        undone = {
            event.number
            for entry in entries
            for event in entry.events
            if isinstance(event, ev.CommandUndone)
        }
        kept = [entry for entry in entries if entry.number not in undone]
        self.events: list[Event] = [event for entry in kept for event in entry.events]
        given = [e for entry in entries for e in entry.events if isinstance(e, ev.RunnerJoined)]
        self.joined = {e.ticket.code: e.ticket for e in given}
        self.taken_back = self.joined.keys() - {e.ticket.code for e in self.of(ev.RunnerJoined)}
        self.started = {e.code: e for e in self.of(ev.TreatmentStarted)}
        self.finished = {e.code: e for e in self.of(ev.TreatmentFinished)}

    def of(self, kind: type[E]) -> list[E]:
        """The events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def treated(self, lane: LaneName) -> list[str]:
        """Codes of a lane's runners whose treatment was finished."""
        return [code for code in self.finished if self.joined[code].lane is lane]

    def ended(self, lane: LaneName, *kinds: type[ev.OfTicket]) -> int:
        """How many of a lane's tickets ended so."""
        codes = {e.code for kind in kinds for e in self.of(kind)}
        return sum(self.joined[code].lane is lane for code in codes)

    def waits(self, lane: LaneName) -> list[float]:
        """Minutes from being ready to hands on, the shortest first."""
        return sorted(self._wait(code) for code in self.treated(lane))

    def _wait(self, code: str) -> float:
        ticket = self.joined[code]
        ready_at = max(ticket.joined_at, ticket.ready_at or ticket.joined_at)
        return max(0.0, minutes_between(ready_at, self.started[code].at))

    def spans(self, role: Role, begin: type[Event], *ends: type[Event]) -> Iterator[float]:
        """Minutes from each beginning to the next end of the same therapist."""
        since: dict[str, datetime] = {}
        for event in self.events:
            who = getattr(event, "therapist", None)
            if isinstance(event, ev.RunnerReferred):
                who = self.started[event.code].therapist if event.code in self.started else None
            if who is None or ROLES[who] is not role:
                continue
            if isinstance(event, begin):
                since[who] = event.at
            elif isinstance(event, ends) and who in since:
                yield minutes_between(since.pop(who), event.at)


def minutes_between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


@pytest.fixture(scope="module")
def day() -> tuple[DayReport, Recount]:
    played = Day(seed=5)
    played.play()
    entries = played.scene.entries
    return day_report("riverside-half", entries), Recount(entries)


@pytest.mark.parametrize("lane", LANES)
def test_tickets_end_as_their_last_events_say(
    day: tuple[DayReport, Recount], lane: LaneName
) -> None:
    report, recount = day
    ends = report.ends[lane]
    assert ends.joined == sum(t.lane is lane for t in recount.joined.values()) > 20
    assert ends.treated == len(recount.treated(lane)) > 20
    assert ends.referred == recount.ended(lane, ev.RunnerReferred)
    assert ends.no_show == recount.ended(lane, ev.RunnerNoShow)
    taken_back = sum(recount.joined[code].lane is lane for code in recount.taken_back)
    assert ends.left == recount.ended(lane, ev.RunnerLeft) + taken_back
    assert ends.expired == recount.ended(lane, ev.TicketExpired)


@pytest.mark.parametrize("lane", LANES)
def test_waits_are_those_between_ready_and_started(
    day: tuple[DayReport, Recount], lane: LaneName
) -> None:
    report, recount = day
    found, waits = recount.waits(lane), report.waits[lane]
    assert waits.count == len(found)
    assert waits.p50 == pytest.approx(found[ceil(len(found) * 0.5) - 1])
    assert waits.p90 == pytest.approx(found[ceil(len(found) * 0.9) - 1])
    assert waits.longest == pytest.approx(found[-1])
    assert found[-1] > 0


@pytest.mark.parametrize("lane", LANES)
def test_promises_are_the_ranges_told_at_joining(
    day: tuple[DayReport, Recount], lane: LaneName
) -> None:
    report, recount = day
    kept: Counter[str] = Counter()
    for code in recount.treated(lane):
        said, at = recount.joined[code].promised_at, recount.started[code].at
        if said is not None:
            kept["early" if at < said[0] else "late" if at > said[2] else "held"] += 1
    told = report.promises[lane]
    assert Counter(early=told.early, held=told.held, late=told.late) == kept
    assert kept["held"] > 0


@pytest.mark.parametrize("lane", LANES)
def test_a_treatment_lasts_from_start_to_finish(
    day: tuple[DayReport, Recount], lane: LaneName
) -> None:
    report, recount = day
    lengths = [
        minutes_between(recount.started[code].at, recount.finished[code].at)
        for code in recount.treated(lane)
    ]
    assert report.minutes[lane] == pytest.approx(fmean(lengths))


@pytest.mark.parametrize("role", [Role.LICENSED, Role.STUDENT])
def test_hands_are_on_and_at_rest_as_long_as_the_presses_say(
    day: tuple[DayReport, Recount], role: Role
) -> None:
    report, recount = day
    team = report.teams[role]
    hands = sum(recount.spans(role, ev.TreatmentStarted, ev.TreatmentFinished, ev.RunnerReferred))
    rests = list(recount.spans(role, ev.BreakStarted, ev.BreakEnded, ev.TherapistLeft))
    there = sum(recount.spans(role, ev.TherapistArrived, ev.TherapistLeft))
    assert team.hands_on_hours * 60 == pytest.approx(hands)
    assert hands > 0
    assert team.breaks == len(rests)
    assert team.break_minutes == pytest.approx(sum(rests))
    assert team.duty_hours * 60 == pytest.approx(there - sum(rests))


def test_hours_add_up_to_the_day(day: tuple[DayReport, Recount]) -> None:
    report, recount = day
    assert sum(hour.joined for hour in report.hours) == len(recount.joined)
    begun = Counter(recount.joined[code].lane for code in recount.started)
    for lane in LANES:
        assert sum(hour.treated.get(lane, 0) for hour in report.hours) == begun[lane]
    hands = sum(team.hands_on_hours for team in report.teams.values())
    assert sum(hour.hands_on for hour in report.hours) == pytest.approx(hands * 60)
    assert all(
        a.from_at + mins(60) <= b.from_at
        for a, b in zip(report.hours, report.hours[1:], strict=False)
    )


def test_areas_and_contests_are_those_of_the_treated(day: tuple[DayReport, Recount]) -> None:
    report, recount = day
    areas = Counter(a.value for code in recount.finished for a in recount.joined[code].areas)
    shown = {name: count for name, count in report.areas.items() if name in areas}
    assert shown.items() <= areas.items()
    assert sum(filter(None, report.areas.values())) == areas.total()
    assert sum(sum(c.values()) for c in report.contests.values()) == len(recount.finished)
