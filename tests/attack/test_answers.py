"""Every answer of every route, good or refused, forbids the browser what we never do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tentqueue.app import create_app
from tentqueue.settings import Settings
from tentqueue.web.headers import FIXED, ONLY_HTTPS, POLICY
from tests.attack.callers import Callers
from tests.attack.doors import DOORS
from tests.attack.test_doors import path_of, rule_of
from tests.web.inside import EVENT, Inside

FOR_ALL = {
    "pages.home", "pages.setup", "pages.join", "pages.board", "pages.poster", "pages.signin",
    "keeping.privacy", "home_screen.icon", "home_screen.offline", "openapi.docs",
    "openapi.openapi", "health.healthz", "health.readyz", "health.numbers", "qr.join",
    "qr.presented", "home_screen.manifest",
}  # fmt: skip
"""What holds nobody's data: it may be kept for a while, and pages are not even so."""
OWN = {
    "pages.ticket": {
        "Content-Security-Policy": POLICY.replace(
            "trusted-types 'none'", "trusted-types worker; worker-src 'self'"
        )
    }
}
"""The one page that a script stays behind for, to show the ticket without a network."""


@pytest.fixture(scope="module")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    inside = Inside(tmp_path_factory.mktemp("answers"))
    yield Callers(inside)
    inside.close()


def answers(callers: Callers, name: str) -> Iterator[Any]:
    """The route's answers: to who may, to a stranger, and to the wrong method."""
    door = DOORS[name]
    path = path_of(callers, rule_of(callers, name), door)
    for who in (sorted(door.who)[0], "nobody"):
        client = callers.browser(who).client
        if door.body is None:
            yield client.get(path, query_string={"event": "riverside-half"})
        else:
            yield client.post(path, json=door.body, headers={"Sec-Fetch-Site": "same-origin"})
            yield client.post(path, data=b"\xff", content_type="text/plain")
    for method in ("PUT", "OPTIONS", "TRACE", "HEAD"):
        yield client.open(path, method=method)


@pytest.mark.parametrize("name", DOORS)
def test_every_answer_carries_every_header_and_says_what_it_is(callers: Callers, name: str) -> None:
    for answer in answers(callers, name):
        method = answer.request.method
        own = OWN.get(name, {}) if answer.status_code == 200 and method != "OPTIONS" else {}
        for header, value in (FIXED | own).items():
            assert answer.headers[header] == value, (method, header)
        if answer.status_code == 200 and method in ("GET", "POST") and name not in FOR_ALL:
            assert answer.headers["Cache-Control"] == "no-store"
        if answer.data:
            kind = answer.headers["Content-Type"]
            assert not kind.startswith("text/") or "charset=utf-8" in kind or "0.0.4" in kind, kind
        assert "Server" not in answer.headers
        names = [header.lower() for header, _ in answer.headers]
        assert not [name for name in names if name.startswith("access-control-")]


def test_methods_nobody_declared_are_refused(callers: Callers) -> None:
    client = callers.browser("owner").client
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        for path in ("/", EVENT, f"{EVENT}/undo", "/api/v1/staff/me"):
            assert client.open(path, method=method).status_code == 405, (method, path)


def test_who_is_found_by_https_is_found_by_nothing_else(tmp_path: Path) -> None:
    for url, wanted in (("https://tent.example.org", ONLY_HTTPS), ("http://10.0.0.2:8000", {})):
        database = f"sqlite:///{tmp_path / 'tent.db'}"
        app = create_app(Settings(database=database, ticks=False, public_url=url))
        for path in ("/", "/nowhere", "/healthz"):
            given = app.test_client().get(path).headers
            said = {name: given[name] for name in ONLY_HTTPS if name in given}
            assert said == wanted
        app.extensions["tentqueue"].close()


def test_cookies_are_for_this_server_and_never_for_scripts(tmp_path: Path) -> None:
    inside = Inside(tmp_path, public_url="https://tent.example.org")
    browser = inside.browser()
    page = browser.client.get("/riverside-half", base_url="https://tent.example.org")
    enrolled = browser.post("enrol", {"code": inside.badge("desk")})
    joined = inside.browser().client.post(
        f"{EVENT}/tickets",
        json={"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    cookies = [c for a in (page, enrolled, joined) for c in a.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0].removeprefix("__Host-").split("-")[0] for cookie in cookies}
    assert names == {"device", "staff", "enrolled", "ticket"}
    assert all(cookie.startswith("__Host-") for cookie in cookies)
    for cookie in cookies:
        parts = {part.strip().partition("=")[0].lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite", "secure", "path"} <= parts, cookie
        assert "Path=/;" in f"{cookie};"
        assert "domain" not in parts
        assert len(cookie) < 4096
    inside.close()


def test_under_https_a_cookie_without_its_prefix_was_planted_and_opens_nothing(
    tmp_path: Path,
) -> None:
    inside = Inside(tmp_path, public_url="https://tent.example.org")
    browser, thief = inside.browser(), inside.browser()
    home: dict[str, Any] = {"base_url": "https://tent.example.org"}
    same = {"Sec-Fetch-Site": "same-origin"}
    badge = {"code": inside.badge("desk")}
    browser.client.post("/api/v1/staff/enrol", json=badge, headers=same, **home)
    kept = browser.client.get_cookie("__Host-staff", domain="tent.example.org")
    assert kept is not None
    assert browser.client.get(f"{EVENT}/tent", **home).status_code == 200
    thief.client.set_cookie("staff", kept.value, domain="tent.example.org")
    assert thief.client.get(f"{EVENT}/tent", **home).status_code == 401
    thief.client.set_cookie("__Host-staff", kept.value, domain="tent.example.org")
    assert thief.client.get(f"{EVENT}/tent", **home).status_code == 200
    inside.close()


def test_a_fault_of_ours_tells_a_stranger_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = Inside(tmp_path)

    def broken(day: Any) -> Any:
        raise RuntimeError("the password is CANARY")

    monkeypatch.setattr(inside.house.context.views, "board", broken)
    answer = inside.browser().get(f"{EVENT}/board")
    assert answer.status_code == 500
    assert "CANARY" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    inside.close()
