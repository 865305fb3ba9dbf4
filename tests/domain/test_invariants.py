"""Random days keep every invariant, and a journal folds to the tent it came from."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tentqueue.domain import Tent
from tentqueue.domain import commands as do
from tentqueue.domain.errors import Refusal
from tentqueue.domain.model import LaneName, ReferralCategory, Screening, TicketState
from tests.cast import NINE, NOON, Scene, mins
from tests.invariants import check_history, check_tent

THERAPISTS = st.sampled_from(["ana", "ben", "chidi", "dora"])
LANES = st.sampled_from([LaneName.WARMUP, LaneName.RECOVERY])
CODES = st.builds("{}{:03d}".format, st.sampled_from("WR"), st.integers(1, 9))
PRESSES = (do.StartTreatment, do.FinishTreatment, do.CleanTable, do.MarkNoShow, do.RecallRunner)
RUNNER = (do.LeaveLine, do.GiveMoreTime, do.ConfirmHere, do.EraseTicket, do.HoldTicket)
SHIFT = (do.BeAvailable, do.TakeBreak, do.GoHome)
DOORS = (do.OpenLane, do.CloseLane, do.PauseLane)


def of(kinds: tuple[Any, ...], argument: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any command of these kinds about one thing."""
    return st.builds(lambda kind, it: kind(it), st.sampled_from(kinds), argument)


COMMANDS = st.one_of(
    st.tuples(
        st.just("join"), LANES, st.one_of(st.none(), st.integers(0, 5)), st.sampled_from(Screening)
    ),
    st.tuples(st.just("wait"), st.sampled_from([0.3, 1, 2, 3, 9, 16, 40])),
    of(PRESSES, CODES),
    of(PRESSES, CODES),
    of(RUNNER, CODES),
    of(SHIFT, THERAPISTS),
    of(SHIFT[:1], THERAPISTS),
    of(DOORS, LANES),
    st.builds(do.ReferRunner, CODES, st.none(), st.sampled_from(ReferralCategory)),
    st.builds(do.MoveTicket, CODES, st.just("why not"), st.one_of(st.none(), CODES)),
    st.builds(do.ScreenRunner, CODES, st.sampled_from(Screening)),
    st.builds(do.ExtendTreatment, CODES),
    st.builds(
        do.WriteUpTreatment,
        CODES,
        st.sampled_from([None, NOON + mins(3), NINE + mins(5)]),
        st.sampled_from([None, NOON + mins(9), NINE + mins(12)]),
        st.sampled_from([None, 1, 2, 3, 4]),
    ),
    st.just(do.Undo()),
)


def play(scene: Scene, step: Any, number: int) -> None:
    """One step of a random day; refusals are part of it and change nothing."""
    before, sentence = scene.tent, "."
    try:
        if not isinstance(step, tuple):
            scene.ask(step)
        elif step[0] == "wait":
            scene.after(step[1])
        else:
            _, lane, bib, screening = step
            tag = None if bib is None else f"bib{bib}"
            wave = "Half/B" if lane is LaneName.WARMUP else None
            scene.ask(
                do.JoinLane(f"t{number}", lane, True, wave=wave, bib_tag=tag, screening=screening)
            )
    except Refusal as refusal:
        sentence = refusal.sentence
        unchanged = scene.tent is before
    else:
        unchanged = True
    assert unchanged, "a refusal changed the tent"
    assert sentence.endswith("."), sentence


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMMANDS, min_size=10, max_size=80), st.booleans())
def test_any_day_keeps_every_invariant(steps: list[Any], afternoon: bool) -> None:
    scene = Scene(at=NOON) if afternoon else Scene()
    scene.ask(do.BeAvailable("ana"))
    for number, step in enumerate(steps):
        play(scene, step, number)
        check_tent(scene.tent)
    check_history(Tent.unopened("riverside-half"), scene.entries, scene.tent)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([6, 9, 12, 14]), min_size=12, max_size=12), st.integers(2, 14))
def test_nobody_waits_for_ever(lengths: list[int], runners: int) -> None:
    scene = Scene(at=NOON)
    scene.ask(do.BeAvailable("ana"))
    for number in range(runners):
        scene.recovery(f"r{number}")
    for _ in range(runners * 30):
        for ticket in scene.tent.in_state(TicketState.CALLED):
            if scene.tent.therapists["ana"].ticket == ticket.code:
                scene.ask(do.StartTreatment(ticket.code))
        for ticket in scene.tent.in_state(TicketState.IN_TREATMENT):
            length = lengths[int(ticket.code[1:]) % len(lengths)]
            if ticket.started_at is not None and scene.now >= ticket.started_at + mins(length):
                scene.ask(do.FinishTreatment(ticket.code))
        if scene.tent.therapists["ana"].state == "break" and scene.now >= (
            scene.tent.therapists["ana"].until or scene.now
        ):
            scene.ask(do.BeAvailable("ana"))
        scene.after(1)
    states = {t.state for t in scene.tent.closed.values()}
    assert not scene.tent.open
    assert states == {TicketState.DONE}
