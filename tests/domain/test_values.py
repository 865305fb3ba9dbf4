"""What is asked, what happened and how things stand are values: nobody changes them later."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields
from types import ModuleType
from typing import Any

import pytest

from tentqueue.domain import (
    book_commands,
    book_events,
    capacity,
    command,
    commands,
    duty_commands,
    duty_events,
    estimate,
    event,
    events,
    model,
    race_event,
    rules,
    steering_commands,
    steering_events,
    tent,
    therapist,
)
from tentqueue.domain.errors import Refusal
from tentqueue.domain.planning import calling, facts, learning, moment, plan, ranges

ASKED = (command, commands, duty_commands, steering_commands, book_commands)
HAPPENED = (event, events, duty_events, steering_events, book_events)
MODULES = (*ASKED, *HAPPENED, model, therapist, race_event, rules, tent, estimate, capacity)
PLANNING = (calling, facts, learning, moment, plan, ranges)
PLAIN = {"Shelf", "Value", "Moment", "Table", "Forecast"}
"""A map that is replaced, a base of values, two that live for one decision, and one that is asked
about hundreds of tickets and works each out when it is."""


def classes(*modules: ModuleType) -> Iterator[type]:
    """What the modules define themselves, but for enums, refusals and helpers of one plan."""
    for module in modules:
        for name, kind in vars(module).items():
            if not inspect.isclass(kind) or kind.__module__ != module.__name__:
                continue
            if hasattr(kind, "__members__") or name in PLAIN or name.startswith("_"):
                continue
            yield kind


VALUES = [kind for kind in classes(*MODULES, *PLANNING) if not issubclass(kind, Refusal)]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_value_is_equal_by_its_parts_and_never_changes(kind: type) -> None:
    names = names_of(kind)
    made = made_of(kind, names)
    assert made == made_of(kind, names)
    for name in names:
        with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
            setattr(made, name, "something else")


def names_of(kind: Any) -> list[str]:
    """The parts of a dataclass or a named tuple of its own."""
    if issubclass(kind, tuple):
        return list(kind._fields)
    assert "__dataclass_fields__" in vars(kind), "a dataclass of its own"
    return [one.name for one in fields(kind)]


def made_of(kind: Any, names: list[str]) -> Any:
    """One of its kind, every part of it something."""
    if issubclass(kind, tuple):
        return kind(*["something" for _ in names])
    made = object.__new__(kind)
    for name in names:
        object.__setattr__(made, name, "something")
    return made


def test_the_hundreds_of_values_that_each_plan_makes_keep_no_dictionary() -> None:
    made = [kind for kind in classes(*PLANNING) if kind.__name__ in {k.__name__ for k in VALUES}]
    without = [kind.__name__ for kind in made if "__slots__" not in vars(kind)]
    assert without == []


def test_all_that_is_asked_and_happens_is_among_them() -> None:
    names = {kind.__name__ for kind in VALUES}
    assert {"JoinLane", "RunnerJoined", "Ticket", "Therapist", "Tent", "TicketFacts"} <= names
    assert len(VALUES) > 105
