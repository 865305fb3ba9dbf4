"""What every answer forbids the browser, page or not, good or bad."""

from __future__ import annotations

import re

import pytest

from tests.web.outside import EVENT, Outside

PAGES = [
    "/",
    "/riverside-half",
    "/riverside-half/board",
    "/riverside-half/poster",
    "/riverside-half/signin",
    "/setup",
    "/riverside-half/tablet",
    "/riverside-half/desk",
    "/riverside-half/organiser",
]
ANSWERS = [
    EVENT,
    f"{EVENT}/board",
    f"{EVENT}/tent",
    f"{EVENT}/journal",
    "/api/openapi.json",
    "/api/docs",
    "/q/join/riverside-half.svg",
    "/healthz",
    "/readyz",
    "/metrics",
    "/nowhere",
    "/api/v1/nothing",
    "/riverside-half/kitchen",
    "/s/nobody",
]
NONE_ALLOWED = ("default-src", "base-uri", "frame-ancestors", "trusted-types")
OURS_ALLOWED = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
ORGANISER = {"Authorization": "Bearer organiser:olga", "Accept": "text/html,*/*;q=0.8"}


def policy_of(headers: dict[str, str]) -> dict[str, str]:
    """The content security policy, by directive."""
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS])
def test_every_answer_runs_nothing_but_our_own_files(outside: Outside, path: str) -> None:
    headers = dict(outside.client.get(path, headers=ORGANISER).headers)
    policy = policy_of(headers)
    assert {policy[name] for name in NONE_ALLOWED} == {"'none'"}
    assert {policy[name] for name in OURS_ALLOWED} == {"'self'"}
    assert policy["require-trusted-types-for"] == "'script'"
    assert set(policy.values()) <= {"'none'", "'self'", "'script'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_refused_commands_are_guarded_as_well(outside: Outside) -> None:
    for answer in (
        outside.post("undo", b"{"),
        outside.post("undo", {}, Origin="https://evil.example"),
        outside.client.put("/riverside-half"),
        outside.client.post(f"{EVENT}/tickets", data=b"x" * 5_000_000),
    ):
        assert answer.status_code >= 400
        assert policy_of(dict(answer.headers))["default-src"] == "'none'"


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_kept_by_no_cache(outside: Outside, path: str) -> None:
    assert outside.client.get(path, headers=ORGANISER).headers["Cache-Control"] == "no-store"


def test_what_a_runner_reads_is_kept_by_no_cache(outside: Outside) -> None:
    joined = outside.join()
    key = {"Authorization": f"Bearer {joined['key']}"}
    for path in (f"/t/{joined['id']}", f"/api/v1/tickets/{joined['id']}", f"/s/{joined['id']}"):
        assert outside.client.get(path, headers=key).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(outside: Outside, path: str) -> None:
    page = outside.client.get(path, headers=ORGANISER).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r'(?:src|srcset|action)="(?:https?:)?//', page)


def test_static_files_are_kept_for_ever_under_the_builds_name(outside: Outside) -> None:
    page = outside.client.get("/").text
    link = re.findall(r'href="(/static/[^"]+\.css)"', page)[0]
    kept = outside.client.get(link, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["Content-Encoding"] == "gzip"
    assert kept.headers["X-Content-Type-Options"] == "nosniff"


def test_reading_changes_nothing(outside: Outside) -> None:
    joined, version = outside.join(), outside.tent.version
    for path in [*PAGES, *ANSWERS, f"/t/{joined['id']}", f"/s/{joined['id']}"]:
        outside.client.get(path, headers=ORGANISER)
        outside.client.head(path, headers=ORGANISER)
    assert outside.tent.version == version
