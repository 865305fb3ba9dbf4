"""For each command one story that ends in it, told over HTTP alone; shared by several tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.web.outside import EVENT, Outside

JOIN = {
    "lane": "recovery",
    "consent": True,
    "finished_at": "2027-04-25T11:30:00Z",
    "bib": "0042",
    "name": "Zoë",
    "word": "heron",
    "areas": ["knees"],
    "screening": "ok",
}


@dataclass(frozen=True)
class Story:
    """The command that a story ends in: where, what, who, and who else may."""

    path: str
    body: dict[str, Any] = field(default_factory=dict)
    who: str | None = "desk:Eve"


def _waiting(outside: Outside) -> dict[str, Any]:
    return outside.join()


def _called(outside: Outside) -> dict[str, Any]:
    outside.post("therapists/ana/available", who="therapist:ana")
    return outside.join()


def _treated(outside: Outside) -> dict[str, Any]:
    ticket = _called(outside)
    outside.post(f"tickets/{ticket['code']}/start", who="therapist:ana")
    return ticket


def _cleaning(outside: Outside) -> dict[str, Any]:
    ticket = _treated(outside)
    outside.post(f"tickets/{ticket['code']}/finish", who="therapist:ana")
    return ticket


def _own(step: str, **body: Any) -> Callable[[Outside], Story]:
    def story(outside: Outside) -> Story:
        ticket = _waiting(outside)
        return Story(f"/api/v1/tickets/{ticket['id']}/{step}", body, ticket["key"])

    return story


def _next_day(outside: Outside) -> Story:
    ticket = _cleaning(outside)
    body = {"consent": True, "appointment_at": "2027-04-26T10:04:00+00:00"}
    return Story(f"/api/v1/tickets/{ticket['id']}/nextday", body, ticket["key"])


def _at(
    scene: Callable[[Outside], dict[str, Any]], step: str, **body: Any
) -> Callable[[Outside], Story]:
    def story(outside: Outside) -> Story:
        return Story(f"{EVENT}/tickets/{scene(outside)['code']}/{step}", body, "therapist:ana")

    return story


def _ana(step: str, *, first: str | None = None, **body: Any) -> Callable[[Outside], Story]:
    def story(outside: Outside) -> Story:
        if first:
            outside.post(f"therapists/ana/{first}", who="therapist:ana")
        return Story(f"{EVENT}/therapists/ana/{step}", body, "therapist:ana")

    return story


def _roster(step: str, **body: Any) -> Callable[[Outside], Story]:
    return lambda outside: Story(f"{EVENT}/therapists/ana/{step}", body, "organiser:Max")


def _lane(step: str, lane: str) -> Callable[[Outside], Story]:
    return lambda outside: Story(f"{EVENT}/lanes/{lane}/{step}", {}, "organiser:Max")


def _here(outside: Outside) -> Story:
    ticket = _called(outside)
    return Story(f"/api/v1/tickets/{ticket['id']}/here", {}, ticket["key"])


def _paper(outside: Outside) -> Story:
    body = {
        "table": 2,
        "started_at": "2027-04-25T11:40:00+00:00",
        "finished_at": "2027-04-25T11:51:00+00:00",
    }
    return Story(f"{EVENT}/tickets/{_waiting(outside)['code']}/paper", body)


def _move(outside: Outside) -> Story:
    first, second = _waiting(outside), _waiting(outside)
    body = {"before": first["code"], "reason": "Runs the relay next"}
    return Story(f"{EVENT}/tickets/{second['code']}/move", body, "organiser:Max")


def _undo(outside: Outside) -> Story:
    _waiting(outside)
    return Story(f"{EVENT}/undo", {}, "desk:Eve")


def _made_up(outside: Outside) -> Story:
    outside.post("tickets", JOIN | {"bib": "7"})
    return Story(f"{EVENT}/made-up", {"reason": "a program at noon"}, "organiser:Max")


STORIES: dict[str, Callable[[Outside], Story]] = {
    "join": lambda outside: Story(f"{EVENT}/tickets", JOIN, None),
    "leave": _own("leave"),
    "delay": _own("delay"),
    "here": _here,
    "erase": _own("erase"),
    "nextday": _next_day,
    "screening": _own("screening", screening="ask", avoid=["feet"]),
    "available": _ana("available"),
    "break": _ana("break", first="available", minutes=15),
    "off": _ana("off", first="available"),
    "shift": _roster("shift", ends_at="2027-04-25T16:00:00Z"),
    "table": _roster("table", table=3),
    "start": _at(_called, "start"),
    "finish": _at(_treated, "finish"),
    "clean": _at(_cleaning, "clean"),
    "no-show": _at(_called, "no-show"),
    "refer": _at(_treated, "refer", category="skin"),
    "extend": _at(_treated, "extend", minutes=5),
    "hold": _at(_called, "hold", minutes=15),
    "recall": _at(_called, "recall"),
    "paper": _paper,
    "move": _move,
    "open": _lane("open", "warmup"),
    "close": _lane("close", "recovery"),
    "pause": _lane("pause", "recovery"),
    "undo": _undo,
    "made-up": _made_up,
    "announce": lambda outside: Story(
        f"{EVENT}/announce", {"text": "Water at table 2"}, "organiser:Max"
    ),
}
