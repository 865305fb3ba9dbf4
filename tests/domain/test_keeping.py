"""How long it is kept, and the start on a second machine: rule 31."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors, fold
from tentqueue.domain import events as ev
from tentqueue.domain.evolution import evolve
from tentqueue.domain.keeping import ends_at, is_over, wipe_due_at
from tentqueue.domain.model import LaneName
from tentqueue.domain.rules import TentRules
from tentqueue.domain.tent import Entry
from tests.cast import ANA, NINE, NOON, Scene, kinds, mins, race

CLOSE = NINE + mins(34 * 60)
"""The last lane's, the next day."""


def test_an_event_ends_when_its_last_lane_closes() -> None:
    assert ends_at(race()) == CLOSE
    assert not is_over(race(), CLOSE - mins(1))
    assert is_over(race(), CLOSE)


def test_an_event_without_lanes_ends_with_its_day_where_the_race_is() -> None:
    ended = ends_at(replace(race(), lanes={}, timezone="America/Chicago"))
    assert ended is not None
    assert ended.astimezone(UTC) == datetime(2027, 4, 26, 4, 59, 59, 999999, tzinfo=UTC)


def test_an_event_without_a_day_never_ends_and_is_never_wiped_by_itself() -> None:
    nameless = replace(race(), lanes={}, date="")
    assert ends_at(nameless) is None
    assert wipe_due_at(nameless) is None
    assert not is_over(nameless, CLOSE)


def test_records_become_anonymous_three_days_after_the_end_or_as_the_organiser_says() -> None:
    assert wipe_due_at(race()) == CLOSE + mins(72 * 60)
    assert wipe_due_at(race(rules=TentRules(data_kept_hours=1))) == CLOSE + mins(60)


def test_a_second_machine_goes_on_behind_the_codes_that_may_have_been_given_out() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.ContinueRestored(NOON, {LaneName.RECOVERY: 100}))
    assert scene.recovery("Noor").code == "R101"
    assert scene.tent.lanes[LaneName.WARMUP].issued == 0


@pytest.mark.parametrize("last", [0, 10_000])
def test_a_code_is_never_given_out_twice(last: int) -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    with pytest.raises(errors.NotPossibleNow, match="Leave more room"):
        scene.ask(do.ContinueRestored(NOON, {LaneName.RECOVERY: last}))


@pytest.mark.parametrize("last", [1, 9_999])
def test_the_bounds_themselves_are_room_enough(last: int) -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia")
    scene.ask(do.ContinueRestored(NOON, {LaneName.RECOVERY: last}))
    assert scene.tent.lanes[LaneName.RECOVERY].issued == last


def test_a_wipe_is_proven_in_the_journal_with_what_it_found() -> None:
    scene = Scene(at=NOON)
    assert kinds(scene.ask(do.WipeRecords("button", False))) == ["RecordsWiped"]
    scene.now += mins(1)
    scene.ask(do.ProveWipe({"people": 3}))
    wipe = scene.tent.wipe
    assert wipe is not None
    assert (wipe.why, wipe.staff_too, wipe.counts) == ("button", False, {"people": 3})
    assert wipe.proven_at == scene.now


def test_nothing_is_proven_before_a_wipe() -> None:
    with pytest.raises(errors.NotPossibleNow, match="Wipe first"):
        Scene().ask(do.ProveWipe({}))


def test_a_number_that_may_be_lost_changes_nothing() -> None:
    scene = Scene()
    assert evolve(scene.tent, ev.NumberLost(scene.now)) is scene.tent


def restored() -> Scene:
    """Ana's tent goes on from a backup; the last entry may have been written on what was lost."""
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.ask(do.ContinueRestored(NOON, {LaneName.RECOVERY: 100}), actor="system:restore")
    number = scene.tent.version + 1
    lost = Entry(number, scene.now, "system:restore", (ev.NumberLost(scene.now),))
    scene.tent = fold(scene.tent, lost)
    return scene


@pytest.mark.parametrize("back", [0, 1])
def test_nothing_that_a_restore_wrote_can_be_undone(back: int) -> None:
    scene = restored()
    with pytest.raises(errors.NothingToUndo):
        scene.ask(do.Undo(scene.tent.version - back))


def test_an_older_versions_undo_of_a_lost_number_takes_nothing_back() -> None:
    scene = restored()
    undone = ev.CommandUndone(scene.now, scene.tent.version)
    assert evolve(scene.tent, undone) is scene.tent
