"""The commands that play and plan: what they print, and one line for each error."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tentqueue import commands_plan
from tentqueue.commands_plan import plan_command
from tentqueue.commands_simulation import agent_command, simulate_command
from tentqueue.simulation.progress import Progress
from tentqueue.simulation.stdio import BadMessage, converse
from tests.event_file import BEGINNING
from tests.simulation.scenes import DATA, recorded

DAY = str(DATA / "recorded-day.json")
EVENT = (
    BEGINNING
    + """\
[lane.warmup]
opens = "07:30"
closes = "09:15"
[lane.recovery]
opens = "10:30"
closes = "14:30"
"""
)


def asked(command: Any, *words: str, stdin: str = "") -> Result:
    """Run a command as the shell would."""
    return CliRunner().invoke(command, list(words), input=stdin)


def test_simulate_prints_what_happened_and_writes_the_judges_log(tmp_path: Path) -> None:
    out = tmp_path / "log.json"
    said = asked(simulate_command, DAY, "--out", str(out))
    assert said.exit_code == 0, said.output
    assert "recovery started within 20 min" in said.output
    log = json.loads(out.read_text())
    assert log["format"] == "tentqueue-log/1"
    assert log["day_id"] == "recorded"
    assert not log["rejected"]
    assert any(entry.get("cmd") == "start" for entry in log["entries"])


def test_simulate_with_a_seed_plays_another_day_and_the_same_one_twice() -> None:
    plain = asked(simulate_command, DAY).output
    first, second = (asked(simulate_command, DAY, "--seed", "5").output for _ in range(2))
    assert first == second
    assert first != plain


@pytest.mark.parametrize(
    ("words", "why"),
    [(["nowhere.json"], "nowhere.json: No such file"), ([__file__], "not a JSON text")],
)
def test_a_bad_day_file_is_one_line(words: list[str], why: str) -> None:
    said = asked(simulate_command, *words)
    assert said.exit_code == 2
    assert why in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_the_agent_answers_each_line_with_one_line() -> None:
    day = recorded("recorded-day")
    opens = day["public"]["event"]["open_s"]
    lines = [
        {"t": opens, "init": day["public"]},
        {"t": opens, "events": [{"ev": "on", "therapist": day["public"]["therapists"][0]["id"]}]},
        {"t": opens + 30, "events": []},
        {"t": opens + 60, "end": True},
    ]
    said = asked(agent_command, "--stdio", stdin="".join(json.dumps(x) + "\n" for x in lines))
    assert said.exit_code == 0, said.output
    answers = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(answers) == 4
    assert all(isinstance(answer["cmds"], list) for answer in answers)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("hello", "line 1: not JSON"),
        ("[]", "line 1: must be an object"),
        ('{"t": "now"}', "line 1: must be an object with a whole number t"),
        ('{"t": 1}', "line 1: the first message must carry init"),
        ('{"t": 1, "init": {}}', "line 1: missing or wrong field"),
    ],
)
def test_the_agent_tells_a_bad_line_in_one_line(line: str, why: str) -> None:
    said = asked(agent_command, "--stdio", stdin=line + "\n")
    assert said.exit_code == 2
    assert why in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_an_answer_is_flushed_before_the_next_line_is_read() -> None:
    out, order = io.StringIO(), []

    def lines() -> Any:
        for number in (1, 2):
            order.append(out.getvalue().count("\n"))
            yield json.dumps({"t": number, "init": {}})

    converse(lambda message: [], lines(), out)
    assert order == [0, 1]
    with pytest.raises(BadMessage):
        converse(lambda message: [], ["nonsense"], out)


@pytest.fixture
def event_file(tmp_path: Path) -> Path:
    """The Riverside Half."""
    path = tmp_path / "event.toml"
    path.write_text(EVENT, encoding="utf-8")
    return path


def test_plan_prints_a_roster_and_writes_a_page_that_stands_alone(
    event_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands_plan, "confirm", lambda *args: [])
    out = tmp_path / "plan.html"
    said = asked(
        plan_command, str(event_file), "--days", "6", "--runners", "600", "--out", str(out)
    )
    assert said.exit_code == 0, said.output
    assert "therapist-hours" in said.output
    assert "07:30" in said.output
    page = out.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--out", "plan.pdf"], "must end in .html or .png"),
        (["--results", "nowhere.csv"], "nowhere.csv: No such file"),
        (
            ["--runners", "100", "--recovery-share", "0", "--warmup-share", "0"],
            "nobody is expected",
        ),
    ],
)
def test_plan_tells_what_is_wrong_in_one_line(event_file: Path, words: list[str], why: str) -> None:
    said = asked(plan_command, str(event_file), "--days", "2", *words)
    assert said.exit_code == 2
    assert why in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_progress_shows_on_a_terminal_and_stays_quiet_in_a_pipe() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    pipe, terminal = io.StringIO(), Terminal()
    for stream in (pipe, terminal):
        progress = Progress(10, "playing", stream)
        progress.to(5)
        progress.end()
    assert pipe.getvalue() == ""
    assert "50 %" in terminal.getvalue()
