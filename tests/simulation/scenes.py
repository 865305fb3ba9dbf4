"""Small race days for tests: Ana treats both lanes, Chidi recovery only; runners by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from tentqueue.simulation.dayfile import Day, day_of

DATA = Path(__file__).parent / "data"
JUDGE = Path(__file__).parents[3] / "shared" / "days"
"""The judge's folder, where one stands next to this checkout."""
NINE = 9 * 3600
RULES = {
    "pre_buffer_s": 900,
    "cooldown_s": 600,
    "linger_s": 180,
    "call_grace_s": 240,
    "recall_min_s": 120,
    "max_calls": 2,
    "standby_cap": 3,
    "overtime_s": 300,
    "tick_s": 30,
    "poll_s": 600,
}
TRUTH = {"work_s": 600, "responds": [60, 60], "leave_s": NINE + 7200, "announces": False}


def runner(name: str, joins: int, **changes: Any) -> dict[str, Any]:
    """A runner who joins so many seconds after nine; changes are seen or true."""
    seen: dict[str, Any] = {
        "join_s": NINE + joins,
        "service": "post",
        "ready_s": NINE + joins,
        "at_tent": False,
        "wave": "Half-1",
    }
    truth: dict[str, Any] = deepcopy(TRUTH)
    for key, value in changes.items():
        (truth if key in truth else seen)[key] = value
    return {"id": name, "seen": seen, "truth": truth}


def therapist(name: str, *skills: str, **changes: Any) -> dict[str, Any]:
    """A therapist from nine to noon."""
    end = NINE + 3 * 3600
    return {
        "id": name,
        "table": 1,
        "skills": list(skills or ("pre", "post")),
        "start_s": NINE,
        "end_s": end,
        "breaks": [],
    } | changes


def content(runners: list[dict[str, Any]], *therapists: dict[str, Any]) -> dict[str, Any]:
    """A day file's content; without therapists Ana and Chidi work."""
    staff = list(therapists) or [therapist("ana"), therapist("chidi", "post")]
    return {
        "format": "tentqueue-day/1",
        "day_id": "small",
        "public": {
            "event": {
                "title": "Small",
                "open_s": NINE,
                "close_s": NINE + 3 * 3600,
                "waves": [{"id": "Half-1", "race": "Half", "start_s": NINE + 5400}],
            },
            "services": {
                "pre": {"nominal_s": 540, "changeover_s": 120},
                "post": {"nominal_s": 780, "changeover_s": 120},
            },
            "rules": dict(RULES),
            "therapists": staff,
            "forecast": {"bin_s": 900, "pre": [0.0] * 96, "post": [0.0] * 96},
        },
        "arrivals": runners,
        "truth": {
            "therapists": {
                each["id"]: {"speed": 1.0, "on_s": each["start_s"], "off_s": each["end_s"]}
                for each in staff
            }
        },
    }


def small_day(runners: list[dict[str, Any]], *therapists: dict[str, Any]) -> Day:
    """The same as a day to play."""
    return day_of(content(runners, *therapists))


class Script:
    """A dispatcher that says what was written down for each instant, and hears everything."""

    def __init__(self, lines: dict[int, list[dict[str, Any]]]) -> None:
        self.lines = lines
        self.heard: list[dict[str, Any]] = []

    def __call__(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """The commands of this instant."""
        self.heard.append(deepcopy(message))
        return [] if "init" in message or message.get("end") else self.lines.get(message["t"], [])


def keys_in(value: Any) -> Iterator[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from keys_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys_in(each)


def recorded(name: str) -> Any:
    """A recording of `data`."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
