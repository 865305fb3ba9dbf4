"""Every route, called by everybody: each role, by cookie and by token, of this event and another,
with their own ticket and somebody else's. A route that stands in no table fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.attack.callers import ELSEWHERE, STAFF, Callers
from tests.attack.doors import ANYONE, DOORS, Door
from tests.web.inside import EVENT, SLUG, Inside

EVERYBODY = sorted(ANYONE)
TICKETED = ("own", "other")


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    inside = Inside(tmp_path_factory.mktemp("doors"))
    yield Callers(inside)
    inside.close()


def rule_of(callers: Callers, name: str) -> Rule:
    """The route of a door; the same route in capitals is the same."""
    endpoint = name.split(" ", maxsplit=1)[0]
    return next(r for r in callers.inside.app.url_map.iter_rules() if r.endpoint == endpoint)


def path_of(callers: Callers, rule: Rule, door: Door) -> str:
    """The route's address, about the first runner's ticket and about Ana."""
    by_code = rule.rule.startswith(EVENT.replace(SLUG, "<slug>"))
    ticket = callers.tickets["own"]["code" if by_code else "id"]
    known = {"slug": SLUG, "ticket": ticket, "therapist": "ana", "lane": "recovery"}
    parts = {name: {**known, **door.parts}[name] for name in rule.arguments}
    return str(callers.inside.app.url_map.bind("localhost").build(rule.endpoint, parts))


class Knock:
    """One door, knocked at by whoever comes."""

    def __init__(self, callers: Callers, name: str) -> None:
        self.door, self._callers = DOORS[name], callers
        rule = rule_of(callers, name)
        self._path = path_of(callers, rule, self.door)
        self._about = {"event": SLUG} if rule.rule.startswith("/api/v1/staff") else {}

    def by(self, client: FlaskClient, headers: dict[str, str] | None = None) -> int:
        """The status of the answer; a way to the sign-in page counts as 401."""
        if self.door.body is None:
            answer = client.get(self._path, query_string=self._about, headers=headers)
        else:
            given = {"Sec-Fetch-Site": "same-origin", **(headers or {})}
            answer = client.post(self._path, json=self.door.body, headers=given)
        to_the_door = answer.status_code == 303 and "/signin" in answer.headers["Location"]
        return 401 if to_the_door else answer.status_code

    def comes_in(self, status: int) -> bool:
        """Whether an answer means that the door was open."""
        assert status in self.door.fine or status in (401, 403), (self._path, status)
        return status in self.door.fine


def without_cookies(callers: Callers) -> FlaskClient:
    """A program."""
    return callers.inside.browser().client


def test_every_route_of_the_server_stands_in_the_table(callers: Callers) -> None:
    routes = {rule.endpoint for rule in callers.inside.app.url_map.iter_rules()}
    declared = {name.split(" ")[0] for name in DOORS}
    assert routes == declared, "say in tests/attack/doors.py who may call it"
    for name, door in DOORS.items():
        methods = rule_of(callers, name).methods or set()
        assert methods - {"OPTIONS", "HEAD"} == {"GET" if door.body is None else "POST"}, name


def test_a_route_that_nobody_thought_of_would_be_missed_here(tmp_path: Path) -> None:
    from tentqueue.app import create_app
    from tentqueue.settings import Settings

    app = create_app(Settings(database=f"sqlite:///{tmp_path / 'tent.db'}", ticks=False))
    app.add_url_rule("/kitchen", "kitchen", lambda: "soup")
    extra = {rule.endpoint for rule in app.url_map.iter_rules()} - {n.split(" ")[0] for n in DOORS}
    app.extensions["tentqueue"].close()
    assert extra == {"kitchen"}


@pytest.mark.parametrize("name", DOORS)
def test_a_door_opens_to_whom_it_should_and_to_nobody_else(callers: Callers, name: str) -> None:
    knock, day = Knock(callers, name), callers.inside.day
    before = day.tent.version
    came_in = {who for who in EVERYBODY if knock.comes_in(knock.by(callers.browser(who).client))}
    assert came_in == knock.door.who
    assert day.tent.version == before


@pytest.mark.parametrize("name", DOORS)
def test_a_token_opens_what_its_role_may_open(callers: Callers, name: str) -> None:
    knock = Knock(callers, name)
    about_a_ticket = "/tickets/<ticket>" in rule_of(callers, name).rule
    for who in EVERYBODY:
        status = knock.by(without_cookies(callers), callers.token(who))
        came_in = knock.comes_in(status)
        if who in TICKETED and not about_a_ticket:
            # A ticket's key is no credential here: it opens no more than nothing would.
            assert not came_in or "nobody" in knock.door.who, who
        elif not knock.door.cookies_only:
            assert came_in == (who in knock.door.who), (who, status)
        else:
            assert not came_in, (who, status)


@pytest.mark.parametrize("name", DOORS)
def test_staff_of_another_event_are_nobody_here(callers: Callers, name: str) -> None:
    knock = Knock(callers, name)
    for who in STAFF:
        open_to_all = "nobody" in knock.door.who
        assert knock.comes_in(knock.by(callers.stranger(who).client)) == open_to_all, who
        came_in = knock.comes_in(knock.by(without_cookies(callers), callers.token(who, ELSEWHERE)))
        assert open_to_all or not came_in, who


@pytest.mark.parametrize("name", DOORS)
def test_a_credential_that_is_not_ours_never_opens_more_than_none(
    callers: Callers, name: str
) -> None:
    knock = Knock(callers, name)
    for secret in ("tq_forged", "0" * 40, "x" * 4000, "\u00e9"):
        headers = {"Authorization": f"Bearer {secret}"}
        if knock.comes_in(knock.by(without_cookies(callers), headers)):
            assert "nobody" in knock.door.who


def test_only_the_owner_of_the_server_makes_a_new_event(callers: Callers) -> None:
    for who in EVERYBODY:
        for path in ("/api/v1/setup/check", "/api/v1/setup"):
            answer = callers.browser(who).post(path, {"file": {}})
            assert (answer.status_code in (200, 422)) == (who == "owner"), (who, path)


def test_metrics_are_read_on_this_machine_only(callers: Callers) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert without_cookies(callers).get("/metrics", environ_overrides=far).status_code == 403
    relayed = {"X-Forwarded-For": "203.0.113.9"}
    assert without_cookies(callers).get("/metrics", headers=relayed).status_code == 403


def test_a_therapist_of_one_event_is_not_the_therapist_of_that_name_in_another(
    callers: Callers,
) -> None:
    path = f"{EVENT}/therapists/ana/available"
    answer: Any = callers.stranger("ana").post(path)
    assert answer.status_code == 401
