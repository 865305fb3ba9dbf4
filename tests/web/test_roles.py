"""Every route says who may use it, and nobody else can."""

from __future__ import annotations

import pytest

from tentqueue.services.asker import Power
from tentqueue.web import api, event_setup, feed, lists, push, receipt
from tentqueue.web.asking import Route
from tentqueue.web.audience import Audience
from tentqueue.web.commands import COMMANDS
from tests.web.outside import Outside
from tests.web.stories import STORIES
from tests.web.test_commands import is_problem

DECLARED: dict[str, Audience] = (
    {route.path: route.who for route in COMMANDS}
    | {path: who for path, who, _ in api.READS.values()}
    | {api.FIND[0]: api.FIND[1], feed.PATH: feed.WHO, push.PATH: push.WHO}
    | {receipt.PATH: receipt.WHO}
    | dict.fromkeys((lists.FILES, lists.FILE, lists.CHECK, lists.TAKE), lists.WHO)
    | dict.fromkeys((event_setup.CHECK, event_setup.SAVE, event_setup.FILE), event_setup.WHO)
)
TOKENS = {power: f"{power}:ben" if power is Power.THERAPIST else f"{power}:Eve" for power in Power}


def test_every_route_of_the_api_declares_its_audience(outside: Outside) -> None:
    routes = {
        rule.rule for rule in outside.app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")
    }
    staff = {rule for rule in routes if rule.startswith("/api/v1/staff") or rule.endswith("/key")}
    assert routes - staff == set(DECLARED)
    assert all(audience.powers and audience.words for audience in DECLARED.values())


def test_reads_that_name_nobody_fail_here() -> None:
    assert all(who.powers <= set(Power) - {Power.SYSTEM} for who in DECLARED.values())


@pytest.mark.parametrize("route", COMMANDS, ids=lambda route: route.name)
def test_a_command_is_refused_to_everybody_else(outside: Outside, route: Route) -> None:
    story = STORIES[route.name](outside)
    version = outside.tent.version
    for power in set(Power) - {Power.SYSTEM, Power.RUNNER} - route.who.powers:
        is_problem(outside.post(story.path, story.body, TOKENS[power]), 403)
    if Power.RUNNER not in route.who.powers or route.who.own == "ticket":
        is_problem(outside.post(story.path, story.body), 401)
    is_problem(outside.post(story.path, story.body, "no-such-token"), 401)
    assert outside.tent.version == version


@pytest.mark.parametrize("name", ["leave", "delay", "here", "erase", "screening", "nextday"])
def test_a_runner_can_not_touch_anothers_ticket(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    other, version = outside.join(), outside.tent.version
    is_problem(outside.post(story.path, story.body, other["key"]), 403)
    assert outside.tent.version == version


@pytest.mark.parametrize("name", ["available", "break", "off"])
def test_a_therapist_speaks_only_for_themselves(outside: Outside, name: str) -> None:
    story = STORIES[name](outside)
    version = outside.tent.version
    is_problem(outside.post(story.path, story.body, "therapist:ben"), 403)
    assert outside.tent.version == version


@pytest.mark.parametrize("name", ["start", "finish", "no-show", "refer", "extend", "recall"])
@pytest.mark.parametrize("who", ["therapist:ben", "therapist:"])
def test_only_the_therapist_it_is_called_to_presses(outside: Outside, name: str, who: str) -> None:
    story = STORIES[name](outside)
    version = outside.tent.version
    problem = is_problem(outside.post(story.path, story.body, who), 409)
    assert problem["code"] == "called_to_another"
    assert outside.tent.version == version


def test_staff_views_are_for_staff(outside: Outside) -> None:
    for path in ("tent", "journal"):
        is_problem(outside.get(path), 401)
        is_problem(outside.get(path, "board:Hall"), 403)
    is_problem(outside.get("journal", "desk:Eve"), 403)


def test_a_ticket_opens_with_its_own_key_only(outside: Outside) -> None:
    mine, other = outside.join(), outside.join()
    path = f"/api/v1/tickets/{mine['id']}"
    is_problem(outside.get(path), 401)
    is_problem(outside.get(path, other["key"]), 403)
    assert outside.get(path, mine["key"]).json["code"] == mine["code"]
    assert "areas" not in outside.get(path, "desk:Eve").json


def test_a_runner_can_not_record_a_guardians_consent(outside: Outside) -> None:
    body = {"lane": "recovery", "consent": True, "age_group": "under_18", "guardian_consent": True}
    problem = is_problem(outside.post("tickets", body), 422)
    assert "guardian_consent" in problem["fields"]
    assert outside.post("tickets", body, "desk:Eve").status_code == 201
