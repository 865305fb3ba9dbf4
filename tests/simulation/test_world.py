"""The world of a played day: what happens of itself, what may be ordered, what stays hidden."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.random import default_rng

from tentqueue.simulation.agent import Agent
from tentqueue.simulation.dayfile import day_of
from tentqueue.simulation.days import Kind, make_day
from tentqueue.simulation.log import Played, log_of, play
from tentqueue.simulation.orders import Illegal, obey
from tentqueue.simulation.people import Place
from tentqueue.simulation.races import imagined, practice_race
from tentqueue.simulation.scores import scores_of
from tentqueue.simulation.world import World
from tests.simulation.scenes import (
    JUDGE,
    NINE,
    Script,
    content,
    keys_in,
    recorded,
    runner,
    small_day,
    therapist,
)

HIDDEN = {"truth", "work_s", "responds", "leave_s", "announces", "speed", "on_s", "off_s"}
PUBLIC_DAYS = sorted(JUDGE.glob("pub-*.json"))


def accept(name: str) -> dict[str, Any]:
    return {"cmd": "accept", "ticket": name}


def call(name: str) -> dict[str, Any]:
    return {"cmd": "call", "ticket": name}


def start(name: str, therapist: str = "ana") -> dict[str, Any]:
    return {"cmd": "start", "ticket": name, "therapist": therapist}


def events(played: Played, name: str) -> list[tuple[int, dict[str, Any]]]:
    """The events of one kind, with seconds after nine."""
    return [(e["t"] - NINE, e) for e in played.entries if e.get("ev") == name]


def test_a_recorded_day_happens_again_event_by_event() -> None:
    log = recorded("recorded-log")
    orders: dict[int, list[dict[str, Any]]] = {}
    for entry in log:
        if "cmd" in entry:
            said = {key: value for key, value in entry.items() if key != "t"}
            orders.setdefault(entry["t"], []).append(said)
    played = play(day_of(recorded("recorded-day")), Script(orders))
    assert not played.refused
    assert [e for e in played.entries if e.get("ev") != "poll"] == log


@pytest.mark.skipif(not PUBLIC_DAYS, reason="no judge next to this checkout")
@pytest.mark.parametrize("path", PUBLIC_DAYS[:2], ids=lambda p: p.stem)
def test_the_judge_finds_every_command_legal_and_the_same_figures(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(JUDGE))
    score = import_module("score")
    raw = json.loads(path.read_text())
    played = play(day_of(raw), Agent())
    metrics, problems = score.evaluate(raw, json.loads(json.dumps(log_of(played))))
    sys.modules.pop("score", None)
    assert not problems
    ours = scores_of(played)
    for key, value in metrics.items():
        if not isinstance(value, dict) and key in ours:
            assert ours[key] == pytest.approx(value, nan_ok=True), key
    for name in ("mae", "bias", "cover80", "width"):
        assert ours[f"eta_join.{name}"] == pytest.approx(metrics["eta_join"][name])


def test_a_called_runner_walks_is_treated_and_the_table_is_cleaned() -> None:
    script = Script({NINE + 10: [accept("r1"), call("r1")], NINE + 70: [start("r1")]})
    played = play(small_day([runner("r1", 10)]), script)
    assert events(played, "arrived")[0][0] == 70
    assert events(played, "done")[0][0] == 70 + 600
    assert events(played, "free")[0][0] == 70 + 600 + 120
    assert not played.refused


def test_a_slow_therapist_takes_longer_but_nobody_takes_under_two_minutes() -> None:
    raw = content([runner("r1", 10, at_tent=True), runner("r2", 10, at_tent=True, work_s=5)])
    raw["truth"]["therapists"]["ana"]["speed"] = 1.5
    both = [accept("r1"), accept("r2"), start("r1"), start("r2", "chidi")]
    played = play(day_of(raw), Script({NINE + 10: both}))
    assert {e["ticket"]: e["service_s"] for _, e in events(played, "done")} == {
        "r1": 900,
        "r2": 120,
    }


def test_who_leaves_without_a_word_is_not_reported_and_answers_no_call() -> None:
    script = Script({NINE + 10: [accept("r1")], NINE + 900: [call("r1")]})
    played = play(small_day([runner("r1", 10, leave_s=NINE + 600)]), script)
    assert played.world.guests["r1"].place is Place.GONE
    assert not events(played, "cancel")
    assert not events(played, "arrived")
    assert not played.refused


def test_who_announces_it_is_reported_and_cannot_be_called_any_more() -> None:
    script = Script({NINE + 10: [accept("r1")], NINE + 900: [call("r1")]})
    played = play(small_day([runner("r1", 10, leave_s=NINE + 600, announces=True)]), script)
    assert events(played, "cancel")[0][0] == 600
    assert len(played.refused) == 1


def test_who_walked_to_the_tent_waits_a_quarter_of_an_hour_there() -> None:
    script = Script({NINE + 10: [accept("r1"), call("r1")]})
    played = play(small_day([runner("r1", 10, leave_s=NINE + 300)]), script)
    assert events(played, "left")[0][0] == 70 + 900


def test_a_second_call_reaches_who_missed_the_first() -> None:
    script = Script({NINE + 10: [accept("r1"), call("r1")], NINE + 210: [call("r1")]})
    played = play(small_day([runner("r1", 10, responds=[None, 40])]), script)
    assert [at for at, _ in events(played, "arrived")] == [250]


def test_a_break_begins_by_itself_when_it_can_wait_no_longer() -> None:
    window = {"earliest_s": NINE + 600, "planned_s": NINE + 900, "latest_s": NINE + 1200}
    ana = therapist("ana", breaks=[window | {"dur_s": 900}])
    at = NINE + 1000
    script = Script({at: [accept("r1"), start("r1")]})
    played = play(small_day([runner("r1", 1000, at_tent=True)], ana), script)
    assert [t for t, _ in events(played, "break_start")] == [1000 + 600 + 120]
    assert [t for t, _ in events(played, "break_end")] == [1000 + 600 + 120 + 900]


def test_a_shift_ends_only_after_the_running_treatment() -> None:
    ana = therapist("ana", end_s=NINE + 1800)
    script = Script({NINE + 1200: [accept("r1"), start("r1")]})
    played = play(small_day([runner("r1", 1200, at_tent=True, work_s=700)], ana), script)
    assert [t for t, _ in events(played, "off")] == [1900]


def test_who_joins_in_the_tent_stays_near_for_a_while_only() -> None:
    soon = play(
        small_day([runner("r1", 10, at_tent=True)]),
        Script({NINE + 10: [accept("r1")], NINE + 60: [start("r1")]}),
    )
    late = play(
        small_day([runner("r1", 10, at_tent=True)]),
        Script({NINE + 10: [accept("r1")], NINE + 210: [start("r1")]}),
    )
    assert not soon.refused
    assert "not at the tent" in late.refused[0]


def test_an_unanswered_join_is_accepted_without_a_promise() -> None:
    played = play(small_day([runner("r1", 10)]), Script({}))
    guest = played.world.guests["r1"]
    assert not guest.promised
    assert guest.refused_at is None
    assert guest.told is None


def waiting_world() -> World:
    """After nine: w1 is a warm-up nearby, r1 waits, r2 is called, r3 present, r4 treated."""
    due = NINE + 4500
    day = small_day(
        [
            runner("w1", 10, service="pre", deadline_s=due, at_tent=True),
            runner("r1", 10),
            runner("r2", 10, responds=[None, None, 5]),
            runner("r3", 10, responds=[1]),
            runner("r4", 10, at_tent=True),
            runner("held", 10, ready_s=NINE + 1000, at_tent=True),
            runner("later", 5000),
        ]
    )
    world = World(day)
    world.advance(NINE)
    world.advance(NINE + 10)
    for order in (call("r2"), call("r3"), start("r4")):
        world.settle()
        obey(world, order)
    world.advance(NINE + 11)
    return world


def snapshot(world: World) -> str:
    """Everything that an order could change."""
    return repr((world.guests, world.hands, sorted(world._agenda), world.now))


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"cmd": "dance", "ticket": "r1"}, "unknown command"),
        ({"ticket": "r1"}, "unknown command"),
        (call("nobody"), "no ticket"),
        (call("later"), "no ticket"),
        (accept("r1"), "in its own second only"),
        ({"cmd": "refuse", "ticket": "r1"}, "in its own second only"),
        (call("r2"), "called 1 s ago"),
        (call("r3"), "they are here"),
        (call("r4"), "they are treated"),
        (start("r1", "chidi"), "not at the tent"),
        (start("r2", "chidi"), "not at the tent"),
        (start("r3", "ana"), "ana is treating"),
        (start("r3", "eve"), "no therapist"),
        (start("r4", "chidi"), "not at the tent"),
        (start("w1", "chidi"), "has not the skill"),
        (start("held", "chidi"), "before they are ready"),
        ({"cmd": "break", "therapist": "chidi"}, "no break is due"),
        ({"cmd": "break", "therapist": "ana"}, "is treating"),
        ({"cmd": "close", "ticket": "r4"}, "they are treated"),
        ({"cmd": "quote", "ticket": "r1", "q": [3, 2, 4]}, "ascending"),
        ({"cmd": "quote", "ticket": "r1", "q": [1, 2]}, "ascending"),
        ({"cmd": "quote", "ticket": "r4", "q": [1, 2, 3]}, "they are treated"),
    ],
)
def test_an_illegal_order_is_refused_and_changes_nothing(order: dict[str, Any], why: str) -> None:
    world = waiting_world()
    before = snapshot(world)
    with pytest.raises(Illegal, match=why):
        obey(world, order)
    assert snapshot(world) == before


def test_the_standby_area_has_a_limit() -> None:
    world = waiting_world()
    obey(world, call("r1"))
    before = snapshot(world)
    with pytest.raises(Illegal, match="standby area is full"):
        obey(world, call("held"))
    assert snapshot(world) == before


def test_nobody_is_called_more_often_than_allowed() -> None:
    played = play(
        small_day([runner("r1", 10, responds=[None, None])]),
        Script({NINE + 10: [accept("r1")]} | {NINE + 300 * n: [call("r1")] for n in (1, 2, 3)}),
    )
    assert len(played.world.guests["r1"].calls) == 2
    assert "called too often" in played.refused[0]


def test_a_warm_up_never_starts_after_its_deadline() -> None:
    day = small_day([runner("w1", 10, service="pre", deadline_s=NINE + 60, at_tent=True)])
    played = play(day, Script({NINE + 10: [accept("w1")], NINE + 60: [start("w1")]}))
    assert "after their deadline" in played.refused[0]


def test_refused_commands_are_told_in_the_next_message() -> None:
    script = Script({NINE + 30: [call("nobody")]})
    play(small_day([runner("r1", 10)]), script)
    told = [message for message in script.heard if message.get("errors")]
    assert [message["t"] - NINE for message in told] == [60]


ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "refuse", "call", "start", "start", "break", "close", "quote"]),
        st.integers(0, 7),
        st.sampled_from(["ana", "chidi"]),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ORDERS, min_size=60, max_size=60), st.integers(0, 2**16))
def test_whatever_is_ordered_nobody_is_treated_twice_too_early_or_by_two(
    wild: list[list[tuple[str, int, str]]], seed: int
) -> None:
    window = {"earliest_s": NINE + 600, "planned_s": NINE + 900, "latest_s": NINE + 2400}
    ana = therapist("ana", breaks=[window | {"dur_s": 900}])
    runners = [
        runner(
            f"r{n}", 60 * n * (1 + seed % 5), ready_s=NINE + 60 * n + seed % 700, at_tent=n % 2 < 1
        )
        for n in range(8)
    ]
    turn = iter(wild * 40)

    def dispatch(message: dict[str, Any]) -> list[dict[str, Any]]:
        if "init" in message or message.get("end"):
            return []
        return [
            {"cmd": cmd, "ticket": f"r{n}", "therapist": who, "q": [1, 2, 3]}
            for cmd, n, who in next(turn, [])
        ]

    played = play(small_day(runners, ana, therapist("chidi", "post")), dispatch)
    world = played.world
    for guest in world.guests.values():
        starts = [
            e for e in played.entries if e.get("cmd") == "start" and e["ticket"] == guest.who.id
        ]
        assert len(starts) <= 1
        assert guest.started is None or guest.started >= guest.ready
        assert len(guest.calls) <= 2
    for name, hand in world.hands.items():
        spans = [
            (g.started or 0, (g.ends or 0) + 120) for g in world.guests.values() if g.table == name
        ]
        spans = sorted(spans + hand.rests)
        assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def test_no_truth_ever_reaches_the_dispatcher() -> None:
    script = Script({NINE + 10: [accept("r1"), call("r1")], NINE + 70: [start("r1"), start("r1")]})
    raw = content([runner("r1", 10, announces=True), runner("r2", 40, leave_s=NINE + 600)])
    play(day_of(raw), script)
    assert any(message.get("events") for message in script.heard)
    assert not HIDDEN & {key for message in script.heard for key in keys_in(message)}


def test_days_that_differ_only_in_truth_look_the_same_until_it_shows() -> None:
    raw = content([runner("r1", 10)])
    other = deepcopy(raw)
    other["arrivals"][0]["truth"] |= {"work_s": 1200, "responds": [61], "leave_s": NINE + 4000}
    other["truth"]["therapists"]["ana"]["speed"] = 0.8
    heard = []
    for each in (raw, other):
        script = Script({NINE + 10: [accept("r1"), call("r1")]})
        play(day_of(each), script)
        heard.append([message for message in script.heard if message["t"] < NINE + 70])
    assert heard[0] == heard[1]


def test_a_dispatcher_that_scribbles_on_its_messages_changes_nothing() -> None:
    class Scribbler(Script):
        def __call__(self, message: dict[str, Any]) -> list[dict[str, Any]]:
            commands = super().__call__(message)
            if "init" in message:
                message["init"]["rules"]["standby_cap"] = 99
                message["init"]["therapists"].clear()
            for event in message.get("events", []):
                event.clear()
            return commands

    lines = {NINE + 10: [accept("r1"), call("r1")], NINE + 70: [start("r1")]}
    day = small_day([runner("r1", 10)])
    assert play(day, Scribbler(lines)).world.rules["standby_cap"] == 3
    assert play(day, Scribbler(lines)).entries == play(day, Script(lines)).entries


def test_the_tents_own_dispatch_plays_a_day_without_one_illegal_command() -> None:
    played = play(day_of(recorded("recorded-day")), Agent())
    assert not played.refused
    assert scores_of(played)["post_served"] > 0


@pytest.mark.parametrize("seed", [7, 10, 12])
def test_nobody_is_called_into_a_full_tent_however_many_were_called_again(seed: int) -> None:
    race = imagined(practice_race(), "festival", default_rng(seed))
    day = make_day(race, Kind("small", "surge"), seed)
    assert not play(day_of(day), Agent()).refused


def test_who_leaves_in_the_second_in_which_a_table_comes_free_is_not_called_to_it() -> None:
    # Ana is done far sooner than anybody would have called ahead for.
    first = runner("first", 0, work_s=200, finish_s=NINE - 600)
    goes = runner("goes", 240, leave_s=NINE + 260, announces=True, finish_s=NINE - 540)
    played = play(day_of(content([first, goes], therapist("ana"))), Agent())
    assert [t for t, _ in events(played, "done")] == [t for t, _ in events(played, "cancel")]
    assert not played.refused


def test_who_was_called_aloud_starts_when_they_are_seen_not_in_the_same_breath() -> None:
    # Ben comes on duty in the same second as Ana, after the near runner was called ahead.
    begin = NINE + 780
    staff = [therapist("ana", start_s=begin), therapist("ben", start_s=begin, table=2)]
    away = runner("away", 46, finish_s=NINE - 398)
    near = runner("near", 731, finish_s=NINE + 91, at_tent=True)
    day = content([away, near], *staff)
    played = play(day_of(day), Agent())
    assert not played.refused
    assert played.world.guests["near"].place is Place.DONE
