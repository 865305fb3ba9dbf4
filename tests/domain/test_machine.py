"""The tent as a machine: any command in any state, with plausible and hostile arguments, keeps
every invariant; every event there is happens, and every refusal is given."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tentqueue.domain import Command, Tent, errors, events
from tentqueue.domain import commands as do
from tentqueue.domain.model import (
    AgeGroup,
    Area,
    Gender,
    LaneName,
    ReferralCategory,
    RunnerClass,
    Screening,
)
from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.rules import TentRules
from tentqueue.domain.taking import TakenBy
from tentqueue.domain.therapist import Role
from tests.cast import ANA, BEN, NINE, Scene, mins, race
from tests.invariants import check_history, check_tent

SEEN: Counter[str] = Counter()
"""How often each event happened and each refusal was given."""
RULES = (
    TentRules(),
    TentRules(hands_on_limit_minutes=25, break_after_treatments=2, shed_allowed=True),
    TentRules(longest_wait_minutes=20, capacity_factor=0.5, screening_required=True),
    TentRules(shed_allowed=True, shed_wait_minutes=15, arrivals_seen=True),
)
HOURS = (0, 60, 160, 185, 200, 470, 24 * 60 + 60)
"""Minutes from nine at which a machine starts."""
TEAM = st.sampled_from(["ana", "ben", "chidi", "dora"])
TOMORROW = NINE + mins(24 * 60 + 90)
NOT_DECIDED = {"NumberLost"}
"""Written by the second machine alone, where the first one's last numbers are not known."""
THERAPISTS = st.one_of(TEAM, TEAM, st.just("nobody"))
LANES = st.sampled_from([*LaneName])
PAPER = st.sampled_from([None, None, None, "R901", "W901", "R902"])
TIMES = st.sampled_from([None, None, -2000.0, -90.0, -31.0, -12.0, -3.0, 0.0, 45.0])
"""Minutes from now."""
PRESSES = (
    do.CleanTable,
    do.FinishTreatment,
    do.StartTreatment,
    do.MarkNoShow,
    do.RecallRunner,
    do.ExtendTreatment,
    do.HoldTicket,
    do.ReferRunner,
)
WISHES = (do.LeaveLine, do.GiveMoreTime, do.ConfirmHere, do.EraseTicket, do.HoldTicket)
STEP = {"max_examples": 250, "stateful_step_count": 70, "deadline": None}


class Machine(RuleBasedStateMachine):
    """One tent, its clock, and everybody who presses."""

    tickets: Bundle[str] = Bundle("tickets")

    @initialize(rules=st.sampled_from(RULES), start=st.sampled_from(HOURS))
    def opens(self, rules: TentRules, start: int) -> None:
        self.scene = Scene(race(rules=rules), at=NINE + mins(start))
        self.names = 0
        for therapist in ("ana", "ben", "chidi"):
            self.ask(do.BeAvailable(therapist))

    def ask(self, command: Command, actor: str = "desk:Eve") -> bool:
        """Ask, and count what came of it; a refusal must change nothing and say what to do."""
        before = self.scene.tent
        try:
            happened = self.scene.ask(command, actor)
        except errors.Refusal as refused:
            refusal = refused
        else:
            SEEN.update(type(event).__name__ for event in happened)
            return True
        assert self.scene.tent is before, "a refusal changed the tent"
        assert refusal.sentence.endswith("."), refusal.sentence
        SEEN[type(refusal).__name__] += 1
        return False

    def joins_plainly(self, name: str, age: AgeGroup = AgeGroup.ADULT) -> bool:
        """Somebody joins for recovery, their answers in order."""
        return self.ask(
            do.JoinLane(
                name,
                LaneName.RECOVERY,
                True,
                screening=Screening.OK,
                age_group=age,
                guardian_consent=True,
                finished_at=self.scene.now - mins(30),
            )
        )

    def minutes_from_now(self, minutes: float | None) -> Any:
        return None if minutes is None else self.scene.now + mins(minutes)

    @rule(minutes=st.sampled_from([0.1, 0.7, 1.0, 2.5, 6.0, 9.0, 15.0, 45.0, 150.0]))
    def time_passes(self, minutes: float) -> None:
        self.scene.now += mins(minutes)
        self.ask(do.Tick(), "system")

    @rule(
        target=tickets,
        lane=st.sampled_from([LaneName.RECOVERY, LaneName.RECOVERY, LaneName.WARMUP]),
        bib=st.one_of(st.none(), st.integers(0, 6)),
        here=st.booleans(),
        prefers=st.sampled_from([None, None, None, *Gender]),
        age=st.sampled_from([AgeGroup.ADULT, AgeGroup.ADULT, AgeGroup.UNDER_18]),
    )
    def joins(
        self, lane: LaneName, bib: int | None, here: bool, prefers: Gender | None, age: AgeGroup
    ) -> Any:
        self.names += 1
        name = f"runner-{self.names}"
        given = self.ask(
            do.JoinLane(
                name,
                lane,
                True,
                wave="Half/B",
                bib_tag=None if bib is None else f"bib-{bib}",
                screening=Screening.OK,
                prefers=prefers,
                age_group=age,
                at_tent=here,
            )
        )
        return name if given else multiple()

    @rule(
        target=tickets,
        lane=LANES,
        consent=st.sampled_from([True] * 9 + [False]),
        wave=st.sampled_from(["Half/A", "Half/B", "Half/B", None, "Nowhere"]),
        bib=st.one_of(st.none(), st.integers(0, 6)),
        minutes=st.sampled_from([None, None, 6, 10, 15, 99]),
        finished=TIMES,
        appointment=st.sampled_from([None, 60.0, 24 * 60.0, 1600.0, 1612.0]),
        who=st.tuples(
            st.sampled_from(Screening),
            st.sampled_from(RunnerClass),
            st.sampled_from(AgeGroup),
            st.sampled_from([None, *Gender]),
            st.booleans(),
        ),
        paper=PAPER,
        joined=st.sampled_from([None, None, None, -20.0, -3000.0, 5.0]),
    )
    def joins_oddly(
        self,
        lane: LaneName,
        consent: bool,
        wave: str | None,
        bib: int | None,
        minutes: int | None,
        finished: float | None,
        appointment: float | None,
        who: tuple[Screening, RunnerClass, AgeGroup, Gender | None, bool],
        paper: str | None,
        joined: float | None,
    ) -> Any:
        self.names += 1
        screening, runner_class, age, prefers, here = who
        name = f"runner-{self.names}"
        given = self.ask(
            do.JoinLane(
                name,
                lane,
                consent,
                wave=wave,
                bib_tag=None if bib is None else f"bib-{bib}",
                minutes=minutes,
                finished_at=self.minutes_from_now(finished),
                before_finish=here and finished is None,
                screening=screening,
                areas=(Area.CALVES,),
                runner_class=runner_class,
                age_group=age,
                guardian_consent=here,
                prefers=prefers,
                at_tent=here,
                appointment_at=self.minutes_from_now(appointment),
                paper=paper,
                joined_at=self.minutes_from_now(joined),
                taken_by=TakenBy.PROGRAM if consent and not here else TakenBy.PAGE,
            )
        )
        return name if given else multiple()

    @rule(therapist=TEAM, kind=st.sampled_from(PRESSES))
    def at_their_table(self, therapist: str, kind: Any) -> None:
        """Any press about the runner this therapist has or expects."""
        known = self.scene.tent.therapists.get(therapist)
        code = (known.ticket or known.next) if known is not None else None
        if code is not None:
            self.ask(kind(code, therapist))

    @rule(kind=st.sampled_from(PRESSES), ticket=tickets, presser=st.one_of(st.none(), THERAPISTS))
    def a_therapist_presses(self, kind: Any, ticket: str, presser: str | None) -> None:
        self.ask(kind(ticket, presser))

    @rule(therapist=TEAM, minutes=st.sampled_from([0.2, 4.0, 9.0, 13.0]))
    def a_table_works(self, therapist: str, minutes: float) -> None:
        """The main button, time, and the button again."""
        for _ in range(2):
            self.the_main_button(therapist, False)
            self.time_passes(minutes)

    @rule(therapist=THERAPISTS, again=st.booleans())
    def the_main_button(self, therapist: str, again: bool) -> None:
        """Whatever this therapist's next step is."""
        known = self.scene.tent.therapists.get(therapist)
        step: Command = do.BeAvailable(therapist)
        if known is not None and known.ticket is not None:
            code = known.ticket
            step = {
                "called": do.StartTreatment(code, therapist, True),
                "in_treatment": do.FinishTreatment(code, therapist),
            }.get(known.state.value, do.CleanTable(code, therapist))
        for _ in range(1 + again):
            self.ask(step)

    @rule(kind=st.sampled_from(WISHES), ticket=tickets)
    def a_runner_wishes(self, kind: Any, ticket: str) -> None:
        self.ask(kind(ticket))

    @rule(ticket=tickets, outcome=st.sampled_from(Screening))
    def a_runner_answers(self, ticket: str, outcome: Screening) -> None:
        self.ask(do.ScreenRunner(ticket, outcome, (Area.CALVES,)))

    @rule(bib=st.integers(0, 7), finished=TIMES)
    def the_timing_tells(self, bib: int, finished: float | None) -> None:
        at = self.scene.now + mins(finished or 0.0)
        self.ask(do.RecordFinish(f"bib-{bib}", at), "system")

    @rule(
        ticket=tickets, began=TIMES, ended=TIMES, left=TIMES, table=st.sampled_from([None, 1, 2, 9])
    )
    def the_paper_is_typed_in(
        self,
        ticket: str,
        began: float | None,
        ended: float | None,
        left: float | None,
        table: int | None,
    ) -> None:
        if left is not None:
            self.ask(do.LeaveLine(ticket, self.minutes_from_now(left)))
        started, finished = self.minutes_from_now(began), self.minutes_from_now(ended)
        self.ask(do.WriteUpTreatment(ticket, started, finished, table))

    @rule(ticket=tickets, category=st.sampled_from(ReferralCategory))
    def medical_takes_over(self, ticket: str, category: ReferralCategory) -> None:
        self.ask(do.ReferRunner(ticket, None, category))

    @rule(
        kind=st.sampled_from([do.BeAvailable, do.BeAvailable, do.TakeBreak, do.GoHome]),
        therapist=THERAPISTS,
    )
    def a_shift_changes(self, kind: Any, therapist: str) -> None:
        self.ask(kind(therapist))

    @rule(therapist=THERAPISTS, start=TIMES, end=TIMES, table=st.integers(1, 5))
    def the_roster_changes(
        self, therapist: str, start: float | None, end: float | None, table: int
    ) -> None:
        begins, ends = self.minutes_from_now(start), self.minutes_from_now(end)
        self.ask(do.ChangeShift(therapist, begins, ends))
        self.ask(do.ChangeTable(therapist, table))

    @rule(kind=st.sampled_from([*[do.OpenLane] * 8, do.CloseLane, do.PauseLane]), lane=LANES)
    def a_door_moves(self, kind: Any, lane: LaneName) -> None:
        self.ask(kind(lane))

    @rule(
        ticket=tickets,
        before=st.one_of(st.none(), tickets, st.just("R999")),
        reason=st.sampled_from(["medical lead asked", "  "]),
    )
    def a_ticket_is_moved(self, ticket: str, before: str | None, reason: str) -> None:
        known = None if before is None else self.scene.tent.ids.get(before, before)
        self.ask(do.MoveTicket(ticket, reason, known))

    @rule(
        what=st.sampled_from(
            ["undo", "undo", "board", "note", "define", "wipe", "restore", "unknown"]
        ),
        number=st.one_of(st.none(), st.integers(0, 60)),
        lane=LANES,
        rules=st.sampled_from(RULES),
        text=st.sampled_from(["Water is left of the tent.", "", "x" * 500, "\u202e\u0000<b>"]),
        yes=st.booleans(),
    )
    def something_rare(
        self, what: str, number: int | None, lane: LaneName, rules: TentRules, text: str, yes: bool
    ) -> None:
        rare: dict[str, list[Command]] = {
            "undo": [do.Undo(number, "desk:Eve" if yes else None)],
            "board": [do.Announce(text), do.RemoveMadeUp(text, pages_too=yes)],
            "note": [do.NoteTurnedAway(lane, "lane_full", 3), do.NoteEstimate(lane, 15, "breaks")],
            "define": [do.DefineEvent(self.another(2 + len(text) % 3, rules))],
            "wipe": [do.WipeRecords("button", yes), do.ProveWipe({"people": 3})],
            "restore": [do.ContinueRestored(self.scene.now - mins(2), self.issued(number or 1))],
            "unknown": [do.LeaveLine("R998"), do.OpenLane("sauna")],  # type: ignore[arg-type]
        }
        if what != "wipe" or not self.scene.tent.open:
            for command in rare[what]:
                self.ask(command, "organiser:Olga")

    def another(self, therapists: int, rules: TentRules) -> RaceEvent:
        """The event, changed on the day."""
        team = race().therapists[:therapists]
        return replace(self.scene.tent.event, therapists=team, rules=rules)

    def issued(self, lost: int) -> dict[LaneName, int]:
        """The last numbers a backup may lack."""
        return {name: lane.issued + lost for name, lane in self.scene.tent.lanes.items()}

    @invariant()
    def every_invariant_of_a_tent_holds(self) -> None:
        if hasattr(self, "scene"):
            check_tent(self.scene.tent)

    def teardown(self) -> None:
        if hasattr(self, "scene"):
            start = Tent.unopened("riverside-half")
            check_history(start, self.scene.entries, self.scene.tent)


def treated_at(scene: Machine, name: str, therapist: str, minutes: float) -> None:
    """One treatment from the line to the clean table."""
    scene.ask(do.StartTreatment(name, therapist, True))
    scene.time_passes(minutes)
    scene.ask(do.FinishTreatment(name))
    scene.ask(do.CleanTable(name))


def noon(rules: TentRules, *therapists: str) -> Machine:
    """A tent at noon with its recovery lane open."""
    machine = Machine()
    machine.scene, machine.names = Scene(race(rules=rules), at=NINE + mins(185)), 0
    machine.time_passes(0)
    for therapist in therapists:
        machine.ask(do.BeAvailable(therapist))
    return machine


def seldom_at_the_tables() -> None:
    """What a random hour hardly ever comes to: limits, minors, students."""
    busy = noon(TentRules(hands_on_limit_minutes=20, arrivals_seen=True), "ana")
    for name in ("eva", "finn", "gus"):
        busy.joins_plainly(name)
    busy.ask(do.StartTreatment("eva"))
    busy.ask(do.ExtendTreatment("eva"))
    busy.ask(do.TakeBreak("ana"))
    busy.time_passes(11)
    busy.ask(do.FinishTreatment("eva"))
    busy.time_passes(20)
    busy.ask(do.BeAvailable("ana"))
    treated_at(busy, "finn", "ana", 12)
    busy.ask(do.GoHome("ana"))
    busy.ask(do.BeAvailable("ana"))
    leaving = noon(TentRules(), "ana")
    leaving.joins_plainly("eva", AgeGroup.UNDER_16)
    leaving.ask(do.StartTreatment("eva", "ana"))
    leaving.ask(do.StartTreatment("eva", "ana", True))
    leaving.ask(do.GoHome("ana"))
    leaving.time_passes(12)
    leaving.ask(do.WriteUpTreatment("eva", None, leaving.scene.now - mins(1)))
    alone = noon(TentRules(), "ana", "chidi")
    for name in ("eva", "finn", "gus"):
        alone.joins_plainly(name)
    alone.ask(do.GiveMoreTime("finn"))
    alone.ask(do.GiveMoreTime("finn"))
    alone.ask(do.GoHome("ana"))
    for name in ("eva", "finn", "gus"):
        alone.ask(do.StartTreatment(name, "chidi"))
    demoted = noon(TentRules(), "ana")
    demoted.joins_plainly("eva", AgeGroup.UNDER_18)
    student = (replace(ANA, role=Role.STUDENT), BEN)
    demoted.ask(do.DefineEvent(replace(demoted.scene.tent.event, therapists=student)))
    demoted.ask(do.StartTreatment("eva", "ana"))


def seldom_in_line() -> None:
    """Moves, missed calls, old appointments, one treatment an hour."""
    moved = noon(TentRules(screening_required=True), "ana")
    for name in ("eva", "finn", "gus"):
        moved.joins_plainly(name)
    moved.ask(do.MoveTicket("gus", "medical lead asked", "R002"))
    moved.ask(do.RecallRunner("eva", "ana"))
    moved.ask(do.MarkNoShow("eva", "ana"))
    moved.ask(do.MarkNoShow("eva"))
    moved.ask(do.JoinLane("hal", LaneName.RECOVERY, True, finished_at=moved.scene.now - mins(30)))
    moved.ask(do.JoinLane("ida", LaneName.RECOVERY, True, finished_at=moved.scene.now + mins(9)))
    moved.ask(do.JoinLane("jon", LaneName.NEXTDAY, True, appointment_at=TOMORROW))
    moved.ask(do.JoinLane("kim", LaneName.NEXTDAY, True, appointment_at=TOMORROW + mins(1)))
    moved.ask(do.WriteUpTreatment("finn", moved.scene.now, moved.scene.now, 9))
    moved.ask(do.Undo(2))
    moved.ask(do.RemoveMadeUp("made up", pages_too=True))
    moved.time_passes(61)
    moved.time_passes(600)
    again = noon(TentRules(), "ana")
    for name in ("eva", "finn"):
        again.ask(
            do.JoinLane(name, LaneName.RECOVERY, True, bib_tag="bib-1", screening=Screening.OK)
        )
        again.time_passes(25)
        treated_at(again, name, "ana", 12)


def seldom_at_the_door() -> None:
    """A lane that is full, a bib twice, a finish to come, load shed."""
    full = noon(TentRules(longest_wait_minutes=20), "ana")
    for number in range(9):
        full.joins_plainly(f"runner-{number}")
    for bib in ("bib-1", "bib-1"):
        full.ask(
            do.JoinLane(f"late-{bib}", LaneName.RECOVERY, True, before_finish=True, bib_tag=bib)
        )
    full.ask(do.ConfirmHere("runner-0"))
    full.ask(do.MoveTicket("runner-1", " "))
    early = noon(TentRules())
    early.ask(do.JoinLane("eva", LaneName.RECOVERY, True, before_finish=True, bib_tag="bib-1"))
    early.ask(do.RecordFinish("bib-1", early.scene.now), "system")
    shedding = TentRules(shed_allowed=True, shed_wait_minutes=15, longest_wait_minutes=0)
    crowded = noon(shedding, "ana")
    for number in range(9):
        crowded.joins_plainly(f"runner-{number}")
    crowded.time_passes(1)


def every(module: Any, base: type) -> set[str]:
    """The names of a module's classes of a kind, without those that others are made of."""
    found = {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, base) and kind is not base
    }
    return {
        n for n, kind in found.items() if not any(kind in k.__mro__[1:] for k in found.values())
    }


def test_every_event_happens_and_every_refusal_is_given() -> None:
    SEEN.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            derandomize=True,
            suppress_health_check=[*HealthCheck],
            **STEP,  # type: ignore[arg-type]
        ),
    )
    seldom_at_the_tables()
    seldom_in_line()
    seldom_at_the_door()
    wanted = every(events, events.Event) | every(errors, errors.Refusal)
    missing = sorted(wanted - set(SEEN) - NOT_DECIDED)
    what_to_do = "let the machine ask for it, or play how it comes about in one of the seldom_…"
    assert not missing, f"never happened: {missing}; {what_to_do}; counted {SEEN.most_common()}"
