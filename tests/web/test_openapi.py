"""The server answers as its OpenAPI document says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tentqueue.web import api, feed
from tentqueue.web.commands import COMMANDS
from tentqueue.web.openapi import document
from tests.web.inside import Inside
from tests.web.outside import Outside
from tests.web.stories import STORIES

PATHS = document()["paths"]


def check(answer: Any, path: str, method: str) -> None:
    """Check that an answer is one the document promises for this operation."""
    operation = PATHS[path][method]
    promised = operation["responses"].get(str(answer.status_code))
    assert promised is not None, f"{method} {path} must not answer {answer.status_code}"
    kind, about = next(iter(promised["content"].items()))
    assert answer.mimetype == kind
    schema = about["schema"] | {"components": document()["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(answer.json)


def documented(rule: str) -> str:
    """A route's path as the document writes it."""
    return (
        rule.replace("<any(warmup, recovery, nextday):lane>", "{lane}")
        .replace("<", "{")
        .replace(">", "}")
    )


@pytest.mark.parametrize("call", COMMANDS, ids=lambda call: call.name)
def test_a_command_answers_as_promised(outside: Outside, call: Any) -> None:
    story = STORIES[call.name](outside)
    path = documented(call.path)
    check(outside.post(story.path, story.body, "no-such-token"), path, "post")
    check(outside.post(story.path, {"zap": 1}, story.who), path, "post")
    check(outside.post(story.path, b"{", story.who), path, "post")
    check(outside.post(story.path, story.body, story.who), path, "post")
    check(outside.post(story.path, story.body, story.who), path, "post")


@pytest.mark.parametrize("name", list(api.READS))
def test_a_read_answers_as_promised(outside: Outside, name: str) -> None:
    outside.post("therapists/ana/available", who="therapist:ana")
    tickets = [outside.join(areas=["knees", "feet"], screening="ask", bib=str(n)) for n in range(4)]
    outside.post(f"tickets/{tickets[0]['code']}/start", who="therapist:ana")
    rule = api.READS[name][0]
    path = rule.replace("<slug>", "riverside-half").replace("<ticket>", tickets[2]["id"])
    for who in (
        None,
        "organiser:Max",
        "desk:Eve",
        "therapist:ana",
        tickets[2]["key"],
        "board:Hall",
    ):
        check(outside.get(path, who), documented(rule), "get")


def test_the_finish_feed_answers_as_promised(outside: Outside) -> None:
    path = documented(feed.PATH)
    good = [{"bib": "7", "finished_at": "2027-04-25T11:00:00Z"}]
    for body in (good, [{"bib": "7"}], {"bib": "7"}, good * 1001):
        check(outside.post("finishers", body, "organiser:Max"), path, "post")
    check(outside.post("finishers", good), path, "post")


def test_finding_a_ticket_answers_as_promised(outside: Outside) -> None:
    outside.join(bib="0042", word="Heron")
    path = documented(api.FIND[0])
    for body in ({"bib": "0042", "word": "heron"}, {"bib": "0042", "word": "swan"}, {"bib": "1"}):
        check(outside.post("tickets/find", body), path, "post")


def test_every_operation_says_what_it_is_and_who_may() -> None:
    operations = [one for methods in PATHS.values() for one in methods.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    assert all(one["summary"] and one["description"].startswith("For ") for one in operations)


def test_the_document_and_its_page_are_served(outside: Outside) -> None:
    assert outside.get("/api/openapi.json").json["openapi"] == "3.1.0"
    page = outside.get("/api/docs").get_data(as_text=True)
    assert all(documented(call.path).replace("{", "{") in page for call in COMMANDS)
    assert "<script" not in page
    assert "style=" not in page


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A house with the real sign-in."""
    house = Inside(tmp_path)
    yield house
    house.close()


def test_no_route_of_the_interface_is_left_out(inside: Inside) -> None:
    rules = [r for r in inside.app.url_map.iter_rules() if r.rule.startswith("/api/v1/")]
    served = {(method, documented(r.rule)) for r in rules for method in r.methods or ()}
    told = {(method.upper(), path) for path, methods in PATHS.items() for method in methods}
    assert {pair for pair in served if pair[0] in ("GET", "POST")} == told


def test_the_staffs_own_calls_answer_as_promised(inside: Inside) -> None:
    browser = inside.browser()
    for name, body in (("me", None), ("names", None), ("signout", {}), ("lock", {})):
        path = f"/api/v1/staff/{name}"
        answer = browser.get(name) if body is None else browser.post(name, body)
        check(answer, path, "get" if body is None else "post")
    for name in ("enrol", "signin", "unlock", "badges", "revoke", "wipe", "passphrase"):
        check(browser.post(name, {"zap": 1}), f"/api/v1/staff/{name}", "post")
