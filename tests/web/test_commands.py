"""Each command over HTTP: what it answers, once; and that bad input changes nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest

from tentqueue.web import answers
from tentqueue.web.asking import Route
from tentqueue.web.commands import COMMANDS
from tests.web.outside import Outside
from tests.web.stories import STORIES, Story

BY_NAME = {route.name: route for route in COMMANDS}
every_command = pytest.mark.parametrize("name", [route.name for route in COMMANDS])


def ask(outside: Outside, story: Story, body: Any = None, **headers: str) -> Any:
    """Send a story's command, with another body if one is given."""
    return outside.post(story.path, story.body if body is None else body, story.who, **headers)


def is_problem(answer: Any, *statuses: int) -> dict[str, Any]:
    """Check that an answer is problem+json with one of `statuses`; return it."""
    assert answer.status_code in statuses, (answer.status_code, answer.get_data(as_text=True)[:300])
    assert answer.mimetype == "application/problem+json"
    problem: dict[str, Any] = answer.json
    assert problem["status"] == answer.status_code
    assert set(problem) >= {"type", "title", "status", "detail", "code"}
    assert problem["detail"].endswith(".")
    return problem


def test_every_command_has_a_story() -> None:
    assert set(STORIES) == set(BY_NAME)


@every_command
def test_a_command_is_carried_out_and_answered_as_declared(outside: Outside, name: str) -> None:
    story, route = STORIES[name](outside), BY_NAME[name]
    before = outside.tent.version
    answer = ask(outside, story)
    assert answer.status_code == route.status, answer.json
    assert outside.tent.version == before + 1
    shown = msgspec.convert(answer.json, answers.SHOWN[route.shows], strict=True)
    assert shown.version == before + 1
    assert answer.headers["Cache-Control"] == "no-store"


@every_command
def test_the_same_key_gives_the_same_answer_and_one_effect(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    first = ask(outside, story, Idempotency_Key="tap-1")
    version = outside.tent.version
    outside.clock.at = outside.clock.at.replace(second=30)
    again = ask(outside, story, Idempotency_Key="tap-1")
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert outside.tent.version == version


@every_command
def test_another_body_under_the_same_key_is_a_conflict(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    ask(outside, story, Idempotency_Key="tap-1")
    version = outside.tent.version
    spaced = json.dumps(story.body, indent=3).encode() + b"\n"
    problem = is_problem(ask(outside, story, spaced, Idempotency_Key="tap-1"), 409)
    assert problem["code"] == "idempotency_key_reused"
    assert outside.tent.version == version


HOSTILE = [
    {"a": 1},
    [["x"]],
    -1,
    10**30,
    1.5,
    "\u202e<script>",
    "x" * 5000,
    "\x00",
    "\U0001f600" * 500,
]
LONG_TEXT = ("\U0001f600" * 500, "x" * 5000)
MALFORMED = [
    b"{",
    b'{"a":',
    b"\xff\xfe",
    b"[" * 9000,
    b'{"a":1}{"b":2}',
    b'{"x":"' + b"y" * 17_000 + b'"}',
    b'{"lane":"\\ud800"}',
    b"\xef\xbb\xbf{}",
    b"NaN",
]


def fits(body: dict[str, Any], kind: Any) -> bool:
    """Whether a body has the right shape."""
    try:
        msgspec.convert(body, kind)
    except msgspec.ValidationError:
        return False
    return True


def bad_bodies(route: Route, good: dict[str, Any]) -> list[bytes]:
    """Wrong, missing, oversized and hostile bodies of a command."""
    fields = msgspec.structs.fields(route.body)
    bad: list[Any] = [{**good, "zap": 1}, [good], "text", 7, None]
    bad += [{k: v for k, v in good.items() if k != f.name} for f in fields if f.required]
    for field in fields:
        swapped = [(value, {**good, field.name: value}) for value in HOSTILE]
        bad += [body for value, body in swapped if value in LONG_TEXT or not fits(body, route.body)]
    return MALFORMED + [json.dumps(body).encode() for body in bad]


@every_command
def test_bad_input_gets_a_clear_error_and_changes_nothing(outside: Outside, name: str) -> None:
    story, route = STORIES[name](outside), BY_NAME[name]
    before = outside.tent
    for body in bad_bodies(route, story.body):
        problem = is_problem(ask(outside, story, body), 400, 413, 422)
        if problem["status"] == 422:
            assert problem["fields"], problem
        assert outside.tent is before, body[:200]


@every_command
def test_other_kinds_of_body_are_refused(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    version = outside.tent.version
    for kind in (
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
    ):
        headers = {"Content-Type": kind, "Authorization": f"Bearer {story.who}"}
        if story.who is None:
            del headers["Authorization"]
        is_problem(outside.client.post(story.path, data=b"a=1", headers=headers), 415)
    assert outside.tent.version == version


@every_command
def test_a_foreign_page_can_not_ask(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    version = outside.tent.version
    for headers in (
        {"Sec_Fetch_Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        problem = is_problem(outside.post(story.path, story.body, None, **headers), 403)
        assert problem["code"] == "foreign_origin"
    assert outside.tent.version == version


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "caf\u00e9", "a\tb"])
def test_a_key_that_is_not_visible_ascii_is_refused(outside: Outside, key: str) -> None:
    story = STORIES["join"](outside)
    version = outside.tent.version
    problem = is_problem(ask(outside, story, Idempotency_Key=key), 400)
    assert problem["code"] == "bad_idempotency_key"
    assert outside.tent.version == version


@pytest.mark.parametrize("name", ["leave", "start", "available", "move"])
def test_what_is_not_there_is_a_404(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    parts = story.path.rsplit("/", 2)
    for nobody in ("W999", "x" * 26, "%00", "..%2f..", "\u202e", "a" * 3000):
        is_problem(
            outside.post(f"{parts[0]}/{nobody}/{parts[2]}", story.body, "organiser:Max"), 404
        )


def test_a_body_without_a_length_is_limited_too(outside: Outside) -> None:
    story = STORIES["join"](outside)

    answer = outside.client.post(
        story.path,
        input_stream=io.BytesIO(b" " * 40_000),
        headers={"Content-Type": "application/json"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    is_problem(answer, 413)


def test_a_wrong_method_names_the_right_one(outside: Outside) -> None:
    answer = outside.client.put(STORIES["join"](outside).path)
    is_problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_reading_changes_nothing(outside: Outside) -> None:
    ticket, version = outside.join(), outside.tent.version
    for path in ("", "board", "tent", "journal", f"/api/v1/tickets/{ticket['id']}"):
        assert outside.get(path, "organiser:Max").status_code == 200
    assert outside.tent.version == version
