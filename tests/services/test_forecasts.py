"""Estimates are made anew when the tent is new, and rest in a long line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tentqueue.services import forecasts
from tentqueue.services.forecasts import Forecasts
from tests.cast import ANA, NOON, Scene, mins


class Watch:
    """Each forecast takes twenty milliseconds; between them time passes when it is told to."""

    def __init__(self) -> None:
        self.at = self.worked = 0.0

    def perf_counter(self) -> float:
        """Seconds since some moment."""
        return self.at

    def thread_time(self) -> float:
        """Seconds of work."""
        self.worked += 0.02
        return self.worked


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(forecasts, "time", watch)
    return watch


def waiting(count: int) -> Scene:
    """Ana at work, and so many in line behind her."""
    scene = Scene(at=NOON)
    scene.available(ANA)
    for number in range(count):
        scene.recovery(f"runner {number}", finished=60)
    return scene


def test_one_tent_has_one_forecast_for_a_second_and_a_half() -> None:
    tent, kept = waiting(2).tent, Forecasts()
    made = kept.of(tent, NOON)
    assert kept.of(tent, NOON + timedelta(seconds=1.4)) is made
    assert kept.of(tent, NOON + timedelta(seconds=1.5)) is not made


def test_in_a_short_line_each_change_has_a_forecast_of_its_own() -> None:
    scene, kept = waiting(2), Forecasts()
    made = kept.of(scene.tent, NOON)
    scene.recovery("Mia", finished=60)
    assert kept.of(scene.tent, NOON) is not made


def test_in_a_long_line_a_forecast_rests_twenty_times_as_long_as_it_took(watch: Watch) -> None:
    scene, kept = waiting(70), Forecasts()
    made = kept.of(scene.tent, NOON)
    scene.recovery("Mia", finished=60)
    watch.at = 0.39
    assert kept.of(scene.tent, NOON) is made
    watch.at = 0.4
    assert kept.of(scene.tent, NOON) is not made


def test_a_stale_forecast_is_made_anew_however_long_the_line(watch: Watch) -> None:
    tent, kept = waiting(70).tent, Forecasts()
    made = kept.of(tent, NOON)
    assert kept.of(tent, NOON + mins(0.4)) is made
    assert kept.of(tent, NOON + mins(0.5)) is not made


def test_what_was_cleared_is_made_anew(watch: Watch) -> None:
    tent, kept = waiting(1).tent, Forecasts()
    made = kept.of(tent, NOON)
    kept.clear()
    assert kept.of(tent, NOON) is not made
