"""A busy race day told line by line, as it was decided when it was recorded.

Whoever changes a rule sees here what becomes of a whole day by it. When that is what was meant,
record it anew with `python -m tests.domain.test_recorded_day`, and read the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any

from tentqueue.domain import Event
from tentqueue.domain import commands as do
from tentqueue.domain.errors import Refusal
from tentqueue.domain.estimate import forecast, said_of
from tentqueue.domain.model import (
    AgeGroup,
    Area,
    Gender,
    LaneName,
    RunnerClass,
    Screening,
    TicketState,
)
from tentqueue.domain.rules import TentRules
from tentqueue.domain.therapist import PlannedBreak, Shift, TherapistState
from tests.cast import ANA, BEN, CHIDI, DORA, NINE, Scene, mins, race

FILE = Path(__file__).parent / "data" / "a-day.txt"
MORNING, EVENING = NINE - mins(70), NINE + mins(520)
CAST = (
    ANA.but(shifts=(Shift(NINE - mins(60), NINE + mins(330)),)),
    BEN.but(
        shifts=(Shift(NINE - mins(60), NINE + mins(480)),),
        breaks=(PlannedBreak(NINE + mins(200), NINE + mins(240), 15),),
    ),
    CHIDI,
    DORA.but(shifts=(Shift(NINE + mins(140), NINE + mins(480)),)),
)


def told(value: Any) -> str:
    """A part of an event in few letters; times to the second."""
    if isinstance(value, datetime):
        return f"{value:%H:%M:%S}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return f"{value:.0f}"
    if isinstance(value, tuple):
        return "+".join(map(told, value)) or "-"
    return str(value)


def line(event: Event) -> str:
    """What happened."""
    if type(event).__name__ == "EventDefined":
        return "EventDefined"
    if type(event).__name__ == "RunnerJoined":
        ticket = event.ticket  # type: ignore[attr-defined]
        parts = [ticket.code, ticket.state, ticket.hold, ticket.ready_at, ticket.deadline_at]
        chance = None if ticket.chance is None else f"{ticket.chance:.3f}"
        parts += [ticket.minutes, ticket.order, ticket.promised_at, ticket.promised, chance]
    else:
        parts = [getattr(event, one.name) for one in fields(event) if one.name != "at"]
    return f"{type(event).__name__} {' '.join(map(told, parts))}"


class Day:
    """Runners and therapists of a day, acting by a seed; what is said goes to `lines`."""

    def __init__(self, seed: int) -> None:
        self.random, self.lines, self.joined = Random(seed), list[str](), 0
        rules = TentRules(shed_allowed=True, longest_wait_minutes=70, break_after_treatments=5)
        self.scene = Scene(race(*CAST, rules=rules), at=MORNING)

    def ask(self, command: do.Command, actor: str = "desk:Eve") -> None:
        """Ask the tent and write down what happened, or why not."""
        try:
            events = self.scene.ask(command, actor)
        except Refusal as no:
            self.lines.append(f"{self.scene.now:%H:%M:%S} no {no.code}: {no}")
            return
        self.lines += [f"{self.scene.now:%H:%M:%S} {line(event)}" for event in events]

    def play(self) -> None:
        """Half a minute after the other; a forecast every ten."""
        steps = int((EVENING - MORNING).total_seconds() // 30)
        for step in range(steps):
            self.scene.now = MORNING + timedelta(seconds=30 * step)
            self.ask(do.Tick(), "system")
            self.shifts()
            self.runners()
            self.therapists()
            if self.random.random() < 0.03:
                self.steering()
            if step % 20 == 0:
                self.lines += list(self.forecast())

    def shifts(self) -> None:
        """Who has a shift comes and goes; the student all day."""
        now = self.scene.now
        for who in self.scene.tent.therapists.values():
            on = any(s.starts_at <= now < s.ends_at for s in who.shifts) or (
                not who.shifts and NINE - mins(50) <= now < NINE + mins(400)
            )
            if on and who.state is TherapistState.OFF:
                self.ask(do.BeAvailable(who.id))
            elif not on and who.on_duty and not who.leaving:
                self.ask(do.GoHome(who.id))
            elif who.state is TherapistState.BREAK and who.until and now >= who.until:
                self.ask(do.BeAvailable(who.id))

    def runners(self) -> None:
        """Joins, more in the hours of the rush; a few leave or want more time."""
        now, dice = self.scene.now, self.random
        early = now < NINE + mins(100)
        rush = NINE + mins(160) < now < NINE + mins(330)
        if dice.random() < (0.12 if early else 0.28 if rush else 0.05):
            self.join(LaneName.WARMUP if early else LaneName.RECOVERY)
        for ticket in list(self.scene.tent.open.values()):
            chance = dice.random()
            called = ticket.state is TicketState.CALLED and ticket.here_at is None
            aside = ticket.state is TicketState.HELD and ticket.misses > 0
            if chance < 0.22 * called + 0.04 * aside:
                self.ask(do.ConfirmHere(ticket.code))
            elif chance > 0.9985:
                self.ask(do.LeaveLine(ticket.code))
            elif chance > 0.998:
                self.ask(do.GiveMoreTime(ticket.code))

    def join(self, lane: LaneName) -> None:
        """Somebody with wishes of their own."""
        dice, now = self.random, self.scene.now
        self.joined += 1
        choices: dict[str, Any] = {
            "wave": dice.choice(("Half/A", "Half/B")) if lane is LaneName.WARMUP else None,
            "minutes": dice.choice((None, None, None, 8)),
            "bib_tag": f"bib{dice.randrange(150)}",
            "screening": dice.choice((*[Screening.OK] * 8, Screening.ASK, Screening.UNASKED)),
            "areas": (dice.choice(tuple(Area)),),
            "runner_class": dice.choice((*[RunnerClass.NONE] * 9, RunnerClass.WHEELCHAIR)),
            "age_group": dice.choice((*[AgeGroup.ADULT] * 9, AgeGroup.UNDER_18)),
            "guardian_consent": True,
            "prefers": dice.choice((None, None, None, None, Gender.WOMAN, Gender.MAN)),
            "at_tent": dice.random() < 0.3,
        }
        if lane is LaneName.RECOVERY and dice.random() < 0.8:
            choices["finished_at"] = now - mins(dice.randrange(40))
        self.ask(do.JoinLane(f"runner{self.joined}", lane, True, **choices))

    def therapists(self) -> None:
        """They start who is here, finish in about the planned time, and refer a few."""
        tent, dice = self.scene.tent, self.random
        for who in list(tent.therapists.values()):
            ticket = tent.open.get(who.ticket or "")
            if ticket is None:
                continue
            if who.state is TherapistState.CALLED and ticket.here_at is not None:
                self.ask(do.StartTreatment(ticket.code, who.id), f"therapist:{who.id}")
            elif who.state is TherapistState.IN_TREATMENT and who.until is not None:
                late = (self.scene.now - who.until).total_seconds() / 60
                if late > dice.triangular(-4, 6, 0) and dice.random() < 0.4:
                    self.ask(do.FinishTreatment(ticket.code, who.id), f"therapist:{who.id}")
                elif dice.random() < 0.002:
                    self.ask(do.ReferRunner(ticket.code, who.id), f"therapist:{who.id}")

    def steering(self) -> None:
        """What desk and organiser do now and then."""
        dice, tent = self.random, self.scene.tent
        line = tent.line(LaneName.RECOVERY)
        therapist = dice.choice(("ana", "ben", "chidi", "dora"))
        if line and dice.random() < 0.4:
            ticket = dice.choice(line).code
            deeds: tuple[do.Command, ...] = (
                do.MoveTicket(ticket, "has a train"),
                do.HoldTicket(ticket),
                do.RecallRunner(ticket),
                do.ScreenRunner(ticket, Screening.OK, (Area.KNEES,)),
            )
            self.ask(dice.choice(deeds))
        elif dice.random() < 0.3:
            self.ask(do.Undo())
        else:
            self.ask(dice.choice((do.TakeBreak(therapist), do.Announce("Drink something."))))

    def forecast(self) -> Iterator[str]:
        """What everybody would be told now."""
        tent, now = self.scene.tent, self.scene.now
        told_now, spans = forecast(tent, now), said_of(tent, now)
        waits = " ".join(f"{lane.value} {a}-{b}" for lane, (a, b) in told_now.waits.items())
        safe = " ".join(f"{w} {told(at)}" for w, at in told_now.safe_joins.items())
        yield f"{now:%H:%M:%S} waits {waits}; safe {safe}; walk {tent.learnt.walk:.1f}"
        for code, span in sorted(spans.items()):
            if span.likely < 4e9:
                ends = (span.early, span.likely, span.late)
                parts = " ".join(f"{end - now.timestamp():.0f}" for end in ends)
                yield f"  {code} place {told_now.place(code)} in {parts}"


def a_day() -> list[str]:
    """The day, from doors to doors."""
    day = Day(seed=5)
    day.play()
    return day.lines


def test_a_recorded_day_is_decided_as_it_was() -> None:
    recorded = FILE.read_text(encoding="utf-8").splitlines()
    for number, (was, now) in enumerate(zip(recorded, a_day(), strict=False), 1):
        assert now == was, f"line {number}; if it was meant, record the day anew (see above)"
    assert len(a_day()) == len(recorded)


def test_the_recorded_day_has_seen_most_of_what_can_happen() -> None:
    seen = {
        word.split()[1] for word in FILE.read_text(encoding="utf-8").splitlines() if word[0] != " "
    }
    wanted = {
        "TreatmentStarted", "RunnerReferred", "CallMissed", "RunnerNoShow", "TableGiven",
        "BreakStarted", "BreakEnded", "LaneChanged", "LoadShed", "LengthChanged", "TicketMoved",
        "CommandUndone", "RunnerRecalled", "MoreTimeGiven", "RunnerLeft", "TherapistLeft", "no",
    }  # fmt: skip
    assert wanted <= seen, wanted - seen


if __name__ == "__main__":
    FILE.write_text("\n".join(a_day()) + "\n", encoding="utf-8")
