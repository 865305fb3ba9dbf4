"""Every number an organiser may set: what it is, its bounds, how a bad one is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tentqueue.domain.languages import LANGUAGES, MOST_ON_A_BOARD, STAFF_LANGUAGES
from tentqueue.domain.rules import (
    LANE_DEFAULTS,
    MEDICAL,
    LaneRules,
    TentRules,
    problem_with,
    specs,
)

ROOT = Path(__file__).parents[2]
HANDBOOK = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def line_of(name: str) -> list[str]:
    """The cells of a rule's line in the handbook."""
    lines = [line for line in HANDBOOK.splitlines() if line.startswith(f"| `{name}` |")]
    assert lines, f"{name} is not in docs/reference.md: run `make reference`"
    (line,) = lines
    return [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.mark.parametrize("name", specs(TentRules))
def test_a_rule_of_the_tent_is_what_the_handbook_says(name: str) -> None:
    said, usual = specs(TentRules)[name].metadata, getattr(TentRules(), name)
    cells = line_of(name)
    assert cells[4] == said["unit"]
    assert cells[6].startswith(f"[{said['rule']}](rules.md#rule-{said['rule']})")
    assert cells[6].endswith("medical") == (said["rule"] in MEDICAL)
    if said["unit"] == "yes/no":
        assert cells[1] == str(usual).lower()
        return
    assert [float(cell) for cell in cells[1:4]] == [usual, said["low"], said["high"]]
    assert said["low"] <= usual <= said["high"]


@pytest.mark.parametrize("name", specs(LaneRules))
def test_a_rule_of_a_lane_is_what_the_handbook_says(name: str) -> None:
    said = specs(LaneRules)[name].metadata
    cells = line_of(name)
    usual = [getattr(rules, name) for rules in LANE_DEFAULTS.values()]
    assert [float(cell) for cell in cells[1:6]] == [*usual, said["low"], said["high"]]
    assert cells[6] == said["unit"]


def test_a_lane_that_says_nothing_is_like_recovery() -> None:
    assert LANE_DEFAULTS["recovery"] == LaneRules()


def test_the_medical_lead_confirms_cool_down_screening_consent_and_breaks() -> None:
    assert sorted(MEDICAL) == [4, 6, 8, 11]
    assert {spec.metadata["rule"] for spec in specs(TentRules).values()} >= {4, 6, 11}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("heat", True, None),
        ("heat", 1, "must be true or false"),
        ("cooldown_minutes", 0, None),
        ("cooldown_minutes", 60, None),
        ("cooldown_minutes", 61, "must be between 0 and 60 min"),
        ("cooldown_minutes", -1, "must be between 0 and 60 min"),
        ("cooldown_minutes", 10.5, "must be a whole number of min"),
        ("cooldown_minutes", True, "must be a whole number of min"),
        ("cooldown_minutes", "10", "must be a whole number of min"),
        ("capacity_factor", 1, None),
        ("capacity_factor", 0.3, None),
        ("capacity_factor", 0.29, "must be between 0.3 and 1 share"),
        ("capacity_factor", False, "must be a number of share"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_bounds(
    name: str, value: object, problem: str | None
) -> None:
    assert problem_with(specs(TentRules)[name], value) == problem


def test_on_a_hot_day_the_longer_cool_down_counts() -> None:
    assert TentRules().cooldown_for == timedelta(minutes=10)
    assert TentRules(heat=True).cooldown_for == timedelta(minutes=20)


def test_staff_have_some_of_the_runners_languages_and_a_board_four_at_most() -> None:
    assert next(iter(LANGUAGES)) == STAFF_LANGUAGES[0] == "en", "what every text is written in"
    assert set(STAFF_LANGUAGES) <= set(LANGUAGES)
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)
    assert MOST_ON_A_BOARD == 4
