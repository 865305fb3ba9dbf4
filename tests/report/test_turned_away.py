"""Who is refused a place is counted by the clock a minute later; the refusal changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tentqueue.domain.events import RunnersTurnedAway
from tentqueue.domain.model import LaneName
from tests.cast import mins
from tests.web.outside import Outside

JOIN = {"lane": "warmup", "consent": True, "wave": "Half/A"}


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    """A server at noon, when no warm-up can end in time any more."""
    server = Outside(tmp_path)
    yield server
    server.close()


def refused(outside: Outside, **more: object) -> None:
    assert outside.post("tickets", JOIN | more).status_code == 409


def notes(outside: Outside) -> list[RunnersTurnedAway]:
    """What the clock wrote down so far."""
    found = (event for entry in outside.day.entries() for event in entry.events)
    return [event for event in found if isinstance(event, RunnersTurnedAway)]


def test_a_refused_join_changes_nothing_and_the_clock_notes_how_many(outside: Outside) -> None:
    version = outside.tent.version
    for bib in ("17", "18", "17"):
        refused(outside, bib=bib)
    assert outside.tent.version == version
    outside.day.note_turned_away()
    (note,) = notes(outside)
    assert (note.lane, note.count) == (LaneName.WARMUP, 2)
    assert "17" not in str(note)


def test_a_crowd_at_a_shut_lane_costs_an_entry_a_minute(outside: Outside) -> None:
    refused(outside)
    outside.day.note_turned_away()
    refused(outside)
    refused(outside)
    outside.day.note_turned_away()
    assert [note.count for note in notes(outside)] == [1]
    outside.clock.at += mins(1)
    outside.day.note_turned_away()
    outside.day.note_turned_away()
    assert [note.count for note in notes(outside)] == [1, 2]


def test_a_join_that_was_only_misspelt_turns_nobody_away(outside: Outside) -> None:
    assert outside.post("tickets", JOIN | {"consent": False}).status_code >= 400
    assert outside.post("tickets", JOIN | {"wave": "nowhere"}).status_code >= 400
    outside.day.note_turned_away()
    assert notes(outside) == []
