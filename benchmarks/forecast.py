"""What one forecast and one dispatch cost in a full tent, and how they grow with the line.

    python -m benchmarks.forecast [--quick]

Through the tent's own `estimate.forecast` and `dispatch.assign`. Before each run one ticket
changes, as after every command; the sizes take turns in one process. Processor time, so that
what else runs on the machine hardly counts. Ends with 1 if 500 waiting and 40 therapists cost more
than they may.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import reduce

from tentqueue.domain import Tent
from tentqueue.domain.dispatch import assign
from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import Lane, LaneName, LaneState, Ticket, TicketState
from tentqueue.domain.race_event import LanePlan, RaceEvent, Wave
from tentqueue.domain.rack import Rack
from tentqueue.domain.rules import LANE_DEFAULTS
from tentqueue.domain.therapist import Role, Shift, Therapist, TherapistState
from tentqueue.domain.turn import Turn

NOON = datetime(2027, 4, 25, 12, tzinfo=UTC)
HOURS = NOON - timedelta(hours=4), NOON + timedelta(hours=8)
BOTH = (LaneName.WARMUP, LaneName.RECOVERY)
SIZES = ((50, 40), (500, 10), (500, 40), (1000, 40))
"""Waiting, therapists."""
LIMITS = {"forecast": 5.0, "dispatch": 1.0}
"""Milliseconds, median, that each may take at 500 waiting and 40 therapists."""


def full_tent(waiting: int, therapists: int) -> Tent:
    """Noon: every third waits for a warm-up, all tables but two are at work."""
    chance = random.Random(4)
    event = race(therapists)
    tickets = [warmup(n, chance) if n % 3 == 0 else recovery(n, chance) for n in range(waiting)]
    working = [working_at(each, n, chance) for n, each in enumerate(event.therapists)]
    treated = [treatment(each) for each in working if each.ticket]
    return Tent(
        event,
        version=1,
        now=NOON,
        open=reduce(lambda rack, t: rack.put(t.code, t), (*tickets, *treated), Rack()),
        therapists={t.id: t for t in working},
        lanes={name: Lane(name, LaneState.OPEN, *HOURS) for name in BOTH},
    )


def race(therapists: int) -> RaceEvent:
    """Eight waves in the afternoon; half of the therapists work in both lanes."""
    waves = tuple(
        Wave(f"w{n}", "Half", str(n), NOON + timedelta(minutes=60 + 30 * n)) for n in range(8)
    )
    shift = Shift(HOURS[0], HOURS[1])
    team = tuple(
        Therapist(f"t{n}", f"T{n}", Role.LICENSED, BOTH[n % 2 :], n + 1, shifts=(shift,))
        for n in range(therapists)
    )
    lanes = {name: LanePlan(*HOURS, LANE_DEFAULTS[name]) for name in BOTH}
    return RaceEvent("full", "Full", "UTC", "2027-04-25", therapists, waves, lanes, team)


def warmup(number: int, chance: random.Random) -> Ticket:
    """A warm-up for a random wave."""
    joined = NOON - timedelta(seconds=chance.randrange(1200))
    wave = chance.randrange(8)
    deadline = NOON + timedelta(minutes=45 + 30 * wave)
    order = (min(deadline.timestamp() - 780, joined.timestamp() + 1200), float(number))
    return _waits(LaneName.WARMUP, number, joined, order).but(deadline_at=deadline, wave=f"w{wave}")


def recovery(number: int, chance: random.Random) -> Ticket:
    """A recovery, ready since joining."""
    joined = NOON - timedelta(seconds=chance.randrange(1500))
    return _waits(LaneName.RECOVERY, number, joined, (joined.timestamp(), float(number)))


def _waits(lane: LaneName, number: int, joined: datetime, order: tuple[float, float]) -> Ticket:
    code = f"{lane.letter}{number:03d}"
    minutes = LANE_DEFAULTS[lane].minutes
    return Ticket(code, code, lane, TicketState.WAITING, joined, joined, minutes, order)


def working_at(therapist: Therapist, number: int, chance: random.Random) -> Therapist:
    """In the middle of a treatment; the first two are free."""
    since = NOON - timedelta(seconds=chance.randrange(700))
    on_duty = therapist.but(
        on_duty_at=NOON - timedelta(minutes=60), worked_since_at=NOON - timedelta(minutes=60)
    )
    if number < 2:
        return on_duty.but(state=TherapistState.AVAILABLE, since=since)
    end = since + timedelta(minutes=12)
    treats = {"state": TherapistState.IN_TREATMENT, "ticket": f"R9{number:03d}"}
    return on_duty.but(since=since, until=end, **treats)


def treatment(therapist: Therapist) -> Ticket:
    """Who lies on this therapist's table."""
    assert therapist.since is not None
    code, began = therapist.ticket or "", therapist.since
    number = int(code[1:])
    waited = _waits(LaneName.RECOVERY, number, began, (began.timestamp(), float(number)))
    return waited.but(
        id=code,
        code=code,
        state=TicketState.IN_TREATMENT,
        calls=1,
        therapist=therapist.id,
        table=therapist.table,
        started_at=began,
        planned_end_at=therapist.until,
    )


def changed(tent: Tent, number: int) -> Tent:
    """The same tent after one more command: one ticket is another value."""
    codes = list(tent.open)
    code = codes[number % len(codes)]
    return tent.but(open=tent.open.put(code, tent.open[code].but()), version=tent.version + 1)


def one_forecast(tent: Tent) -> None:
    """What all the pages together show of one version."""
    made = forecast(tent, NOON)
    assert made.waits
    assert made.safe_joins
    for code in tent.open:
        assert (made.of(code) is None) == (made.place(code) is None)


def one_dispatch(tent: Tent) -> None:
    """Two free tables: somebody is called to each, and ahead of the next."""
    turn = Turn(tent, NOON)
    assign(turn)
    assert turn.events


WORKS: dict[str, Callable[[Tent], None]] = {"forecast": one_forecast, "dispatch": one_dispatch}


def measure(rounds: int) -> dict[tuple[str, int, int], list[float]]:
    """Milliseconds of each run, by work and size; sizes take turns."""
    tents = {size: full_tent(*size) for size in SIZES}
    times: dict[tuple[str, int, int], list[float]] = {}
    for number in range(rounds):
        for size in SIZES:
            for name, work in WORKS.items():
                tents[size] = tent = changed(tents[size], number)
                began = time.process_time()
                work(tent)
                spent = (time.process_time() - began) * 1e3
                times.setdefault((name, *size), []).append(spent)
    return times


def main() -> int:
    """Print a line for each work and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    times = measure(30 if parser.parse_args().quick else 200)
    print(f"{'':10}{'waiting':>9}{'therapists':>12}{'median ms':>11}{'p99 ms':>9}{'ratio':>7}")
    slow = False
    for (name, waiting, therapists), runs in times.items():
        median = statistics.median(runs)
        p99 = sorted(runs)[int(0.99 * len(runs))]
        ratio = median / statistics.median(times[name, *SIZES[0]])
        print(f"{name:10}{waiting:9}{therapists:12}{median:11.2f}{p99:9.2f}{ratio:7.2f}")
        slow |= (waiting, therapists) == (500, 40) and median > LIMITS[name]
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
