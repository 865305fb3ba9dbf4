"""A runner's own ticket says what to do now, and nothing of anybody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tentqueue.domain import commands as do
from tentqueue.domain.estimate import forecast
from tentqueue.domain.model import Area, Screening
from tentqueue.domain.rules import TentRules
from tentqueue.screens.ticket import ticket_view
from tests.cast import ANA, BEN, NINE, NOON, WAVE_A, Scene, mins, race


def seen(scene: Scene, name: str, *, health: bool = True) -> dict[str, Any]:
    """What the runner called `name` sees."""
    plan = forecast(scene.tent, scene.now)
    return ticket_view(scene.tent, scene.ticket(name), lambda: plan, scene.now, health=health)


def noon() -> Scene:
    """Noon, nobody at work yet."""
    scene = Scene()
    scene.at(NOON)
    return scene


def test_who_finished_a_moment_ago_is_told_to_walk() -> None:
    scene = noon()
    scene.recovery("zoe", finished=1)
    view = seen(scene, "zoe")
    assert (view["state"], view["phase"], view["hold"]) == ("held", "walk", "cooldown")
    assert view["place"] is None


def test_who_joined_before_the_race_is_asked_for_the_finish() -> None:
    scene = Scene()
    scene.recovery("zoe", finished=None)
    assert seen(scene, "zoe")["phase"] == "finish_needed"


def test_the_fourth_in_line_waits_and_the_third_gets_a_heads_up() -> None:
    scene = noon()
    for name in ("a", "b", "c", "d"):
        scene.recovery(name)
    third, fourth = seen(scene, "c"), seen(scene, "d")
    assert (third["phase"], third["place"], third["people_ahead"]) == ("close", 3, 2)
    assert (fourth["phase"], fourth["place"], fourth["people_ahead"]) == ("wait", 4, 3)
    assert fourth["estimate"] is None, "nobody is at work: any range would be made up"


def test_a_call_names_the_table_and_ends_with_being_here() -> None:
    scene = noon()
    scene.available(ANA)
    scene.recovery("zoe")
    called = seen(scene, "zoe")
    assert (called["phase"], called["table"], called["therapist"]) == ("call", 1, "Ana")
    assert called["message"] == "Walk to table 1 now."
    assert called["estimate"] is None
    scene.ask(do.ConfirmHere("zoe"))
    assert seen(scene, "zoe")["phase"] == "here"


def test_from_treatment_to_aftercare() -> None:
    scene = noon()
    scene.available(ANA)
    scene.recovery("zoe")
    scene.ask(do.StartTreatment("zoe", "ana"))
    treated = seen(scene, "zoe")
    assert treated["phase"] == "treatment"
    assert treated["planned_end_at"] == "2027-04-25T12:12:00+00:00"
    scene.now += mins(12)
    scene.ask(do.FinishTreatment("zoe", "ana"))
    assert seen(scene, "zoe")["phase"] == "aftercare"


def test_more_time_is_offered_once() -> None:
    scene = noon()
    scene.recovery("zoe")
    assert seen(scene, "zoe")["more_time"] is True
    scene.ask(do.GiveMoreTime("zoe"))
    assert seen(scene, "zoe")["more_time"] is False


def test_known_links_of_a_sore_knee_are_shown() -> None:
    scene = noon()
    scene.recovery("zoe", areas=(Area.KNEES,), avoid=(Area.FEET,), screening=Screening.ASK)
    view = seen(scene, "zoe")
    assert view["links"] == {"knees": ["hamstrings", "quads"]}
    assert (view["avoid"], view["screening"]) == (["feet"], "ask")


def test_health_is_left_out_for_everybody_else() -> None:
    scene = noon()
    scene.recovery("zoe", areas=(Area.KNEES,), avoid=(Area.FEET,), screening=Screening.ASK)
    assert not {"areas", "avoid", "links", "screening"} & set(seen(scene, "zoe", health=False))


def test_who_is_referred_learns_it_and_where_to_go() -> None:
    scene = noon()
    scene.recovery("zoe", screening=Screening.REFER)
    view = seen(scene, "zoe")
    assert (view["state"], view["phase"]) == ("referred", "gone")
    assert "medical" in view["message"]


def test_who_is_done_is_told_what_helps_before_a_race_or_after_it() -> None:
    morning, midday = Scene(), noon()
    for scene, joins, helps in (
        (morning, morning.warmup, "Keep warm and moving until your start."),
        (midday, midday.recovery, "Drink, keep warm, walk a little."),
    ):
        scene.available(ANA)
        joins("zoe")
        scene.ask(do.StartTreatment("zoe"))
        scene.ask(do.FinishTreatment("zoe"))
        assert seen(scene, "zoe")["message"].startswith(helps)


def test_a_newcomer_has_a_place_and_a_range_before_the_next_forecast() -> None:
    scene = noon()
    scene.available(BEN)
    for name in ("a", "b", "c"):
        scene.recovery(name)
    old = forecast(scene.tent, scene.now)
    scene.recovery("late")
    view = ticket_view(scene.tent, scene.ticket("late"), lambda: old, scene.now)
    exact = seen(scene, "late")
    assert view["place"] == exact["place"]
    assert view["estimate"] is not None
    ends = [datetime.fromisoformat(view["estimate"][end]) for end in ("from", "to")]
    assert ends[0] < ends[1]
    assert all(end.timestamp() % 300 == 0 for end in ends), "in steps of five minutes (rule 19)"


def test_the_first_newcomer_is_promised_nothing_while_nobody_is_at_work() -> None:
    scene = noon()
    old = forecast(scene.tent, scene.now)
    scene.recovery("early")
    view = ticket_view(scene.tent, scene.ticket("early"), lambda: old, scene.now)
    assert (view["place"], view["estimate"]) == (1, None)


def test_a_wait_is_never_negative() -> None:
    scene = Scene()
    scene.warmup("zoe")
    plan = forecast(scene.tent, NINE)
    late = NINE + timedelta(minutes=30)
    assert "-" not in ticket_view(scene.tent, scene.ticket("zoe"), lambda: plan, late)["message"]


def test_who_is_done_just_before_the_wave_is_sent_straight_to_the_start() -> None:
    scene = Scene()
    scene.at(WAVE_A - mins(41))
    scene.available(ANA)
    scene.warmup("zoe")
    assert not seen(scene, "zoe")["start_soon"], "ten minutes on the table leave 31"
    scene.at(WAVE_A - mins(39))
    assert seen(scene, "zoe")["start_soon"]
    scene.ask(do.StartTreatment("zoe", "ana"))
    assert seen(scene, "zoe")["start_soon"]


def test_who_waits_for_a_warm_up_is_warned_by_the_likely_end() -> None:
    scene = Scene(race(ANA, rules=TentRules(warmup_warn_minutes=60)))
    scene.at(WAVE_A - mins(90))
    scene.available(ANA)
    for name in ("zoe", "mia", "noa"):
        scene.warmup(name)
    assert [seen(scene, name)["start_soon"] for name in ("zoe", "mia", "noa")] == [
        False,
        False,
        True,
    ]


def test_recovery_has_no_start_to_hurry_to() -> None:
    scene = noon()
    scene.available(ANA)
    scene.recovery("zoe")
    assert not seen(scene, "zoe")["start_soon"]
