"""What is refused is written down, never so much that a stranger fills the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tentqueue.logs import MOST_LINES, SPAN_S, RefusalLog, begin_log
from tests.web.inside import EVENT, Inside


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """The log as a server writes it."""
    yield capsys
    structlog.reset_defaults()


def test_who_tries_the_locks_is_written_down_without_a_name_or_a_secret(
    written: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    begin_log("info")
    inside = Inside(tmp_path)
    desk, stranger = inside.browser(), inside.browser()
    desk.post("enrol", {"code": inside.badge("desk"), "name": "CANARYNAME"})
    written.readouterr()
    assert stranger.get(f"{EVENT}/tent").status_code == 401
    assert desk.get(f"{EVENT}/journal").status_code == 403
    assert stranger.get(f"{EVENT}/tent", Authorization="Bearer CANARYTOKEN").status_code == 401
    assert stranger.post(f"{EVENT}/tickets", {"CANARYFIELD": 1}).status_code == 422
    said = written.readouterr().err
    inside.close()
    lines = [line for line in said.splitlines() if "event='refused'" in line]
    assert [("api." in line or "commands." in line) for line in lines] == [True] * 4
    for code in ("sign_in_needed", "not_allowed", "invalid"):
        assert f"code='{code}'" in said
    assert "CANARY" not in said


def test_what_the_tent_refuses_is_the_days_work_and_not_written_down(
    written: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    begin_log("info")
    inside = Inside(tmp_path)
    runner = inside.browser()
    body = {"lane": "recovery", "consent": True, "bib": "7"}
    assert runner.post(f"{EVENT}/tickets", body).status_code == 201
    assert runner.post(f"{EVENT}/tickets", body).status_code == 409
    inside.close()
    assert "refused" not in written.readouterr().err


def test_of_many_alike_only_the_number_is_written_down(
    written: pytest.CaptureFixture[str],
) -> None:
    begin_log("info")
    seconds = [0.0]
    log = RefusalLog(lambda: seconds[0])
    for _ in range(5000):
        log.note("not_allowed", route="api.tent")
    assert written.readouterr().err.count("event='refused'") == MOST_LINES
    seconds[0] = SPAN_S
    log.note("not_allowed", route="api.tent")
    said = written.readouterr().err
    assert f"event='refused_more' code='not_allowed' count={5000 - MOST_LINES}" in said
    assert said.count("event='refused'") == 1
