"""The command line as scripts use it: exit codes, one line an error, no tracebacks."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
import requests

from tentqueue.cli import cli
from tentqueue.storage import Storage
from tests.services.test_event_file import RIVERSIDE


class Console:
    """A terminal in a folder of its own, with its own database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'tent.db'}"
        self.file = folder / "race.toml"
        self.file.write_text(RIVERSIDE)

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        environ = {k: v for k, v in os.environ.items() if not k.startswith("TENTQUEUE_")}
        return subprocess.run(
            [sys.executable, "-m", "tentqueue.cli", *words],
            cwd=self.folder,
            env=environ | {"TENTQUEUE_DATABASE": self.url} | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def told(self, status: int, *words: str, **variables: str) -> str:
        """Run, check the exit status and that an error is one line; return what was printed."""
        done = self.run(*words, **variables)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        if status:
            assert done.stderr.startswith("tentqueue: ")
            assert done.stderr.count("\n") == 1
        return (done.stdout if status == 0 else done.stderr).strip()


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Each command's words."""
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        inner = every_command(command, (*path, name)) if isinstance(command, click.Group) else []
        found += [(*path, name), *inner]
    return found


@pytest.mark.parametrize("words", every_command(cli), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    assert "Example" in (command.help or "")
    assert "tentqueue " in (command.help or "") or "--cmd" in (command.help or "")


def test_an_event_is_created_once_changed_and_shown_as_a_file(console: Console) -> None:
    assert console.told(0, "event", "create", "race.toml") == "riverside-half: created"
    assert console.told(0, "event", "create", "race.toml") == "riverside-half: unchanged"
    console.file.write_text(RIVERSIDE.replace("tables = 4", "tables = 5"))
    assert console.told(0, "event", "create", "race.toml") == "riverside-half: changed"
    assert console.told(0, "event", "list") == "riverside-half\t2027-04-25\tRiverside Half"
    (console.folder / "again.toml").write_text(console.told(0, "event", "show", "riverside-half"))
    assert console.told(0, "event", "create", "again.toml") == "riverside-half: unchanged"


def test_checking_a_file_changes_nothing(console: Console) -> None:
    assert "good" in console.told(0, "event", "check", "race.toml")
    assert not (console.folder / "tent.db").exists()


def test_a_bad_file_is_told_by_line_and_field_and_nothing_is_created(console: Console) -> None:
    console.file.write_text(RIVERSIDE.replace("tables = 4", "tabels = 4"))
    done = console.run("event", "create", "race.toml")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "tentqueue: race.toml, line 1, event.tables: is missing; write tables = 1, or up to 200",
        "tentqueue: race.toml, line 6, event.tabels: is not known here; did you mean tables?",
    ]
    assert console.told(0, "event", "list") == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe", "line 1, file: is not UTF-8"), (b"#" * 1_100_000, "larger than 1 MB")],
)
def test_a_file_that_is_no_text_is_refused(console: Console, content: bytes, words: str) -> None:
    console.file.write_bytes(content)
    assert words in console.told(2, "event", "check", "race.toml")


@pytest.mark.parametrize(
    ("status", "words", "told"),
    [
        (2, ["evnt"], "No such command"),
        (2, ["event", "create"], "Missing argument 'FILE.toml'"),
        (2, ["event", "create", "no.toml"], "no.toml: No such file"),
        (2, ["event", "create", "."], "directory"),
        (1, ["event", "show", "nowhere"], "there is no event 'nowhere'"),
        (2, ["token", "riverside-half"], "Missing option '--role'"),
        (2, ["token", "riverside-half", "--role", "boss"], "'boss' is not one of"),
        (2, ["token", "riverside-half", "--role", "therapist"], "--therapist"),
        (1, ["token", "nowhere", "--role", "desk"], "there is no event"),
        (1, ["event", "list", "--database", "mysql://x/y"], "are not supported; use sqlite"),
        (1, ["event", "list", "--database", "nonsense"], "not a database URL"),
        (1, ["event", "list", "--database", "sqlite:////proc/none/x.db"], "database:"),
        (2, ["serve", "--port", "70000"], "--port"),
        (2, ["serve", "--public-url", "tent"], "TENTQUEUE_PUBLIC_URL must start with http"),
        (2, ["demo", "--speed", "fast"], "--speed"),
        (2, ["demo", "--minutes", "0"], "--minutes"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_each_error_is_one_line_that_says_what_to_do(
    console: Console, status: int, words: list[str], told: str
) -> None:
    assert told in console.told(status, *words)


def test_a_bad_variable_is_named(console: Console) -> None:
    assert "TENTQUEUE_PORT must be a whole number" in console.told(2, "doctor", TENTQUEUE_PORT="x")


def test_a_token_is_shown_once_and_kept_as_a_digest_only(console: Console) -> None:
    console.told(0, "event", "create", "race.toml")
    token = console.told(0, "token", "riverside-half", "--role", "therapist", "--therapist", "Ana")
    storage = Storage.open(console.url)
    kept = storage.staff.token(sha256(token.encode()).digest())
    storage.close()
    assert kept is not None
    assert (kept.event, kept.role, kept.therapist) == ("riverside-half", "therapist", "ana")
    assert token.encode() not in (console.folder / "tent.db").read_bytes()
    unknown = console.told(1, "token", "riverside-half", "--role", "therapist", "--therapist", "X")
    assert "write one of ana" in unknown


def test_commands_write_while_another_process_has_the_database_open(console: Console) -> None:
    console.told(0, "event", "create", "race.toml")
    running = Storage.open(console.url)
    try:
        console.file.write_text(RIVERSIDE.replace("riverside-half", "hillside-half"))
        assert console.told(0, "event", "create", "race.toml") == "hillside-half: created"
        assert [e.slug for e in running.journal.list_events()] == [
            "riverside-half",
            "hillside-half",
        ]
    finally:
        running.close()


@pytest.fixture
def server(console: Console) -> Iterator[str]:
    """A running server; its address."""
    environ = os.environ | {"TENTQUEUE_DATABASE": console.url}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "tentqueue.cli", "serve", "--port", port],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert f"serves http://127.0.0.1:{port}" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(20) == 0, "SIGTERM ends the server gently"


def test_a_running_server_notices_new_events_changes_and_tokens(
    console: Console, server: str
) -> None:
    where = f"{server}/api/v1/events/riverside-half"
    assert requests.get(where, timeout=5).status_code == 404
    console.told(0, "event", "create", "race.toml")
    assert requests.get(where, timeout=5).json()["name"] == "Riverside Half"
    console.file.write_text(RIVERSIDE.replace("Riverside Half", "Riverside Run"))
    assert console.told(0, "event", "create", "race.toml") == "riverside-half: changed"
    told_at = time.monotonic()
    while requests.get(where, timeout=5).json()["name"] != "Riverside Run":
        assert time.monotonic() - told_at < 10
        time.sleep(0.2)
    token = console.told(0, "token", "riverside-half", "--role", "organiser")
    heads = {"Authorization": f"Bearer {token}"}
    closed = requests.post(f"{where}/lanes/recovery/open", json={}, headers=heads, timeout=5)
    assert closed.status_code == 200, closed.text
    assert console.told(0, "event", "create", "race.toml") == "riverside-half: unchanged"
    looked = console.run("doctor", "--port", str(urlsplit(server).port))
    assert "served by tentqueue" in looked.stdout


def test_a_taken_port_is_one_line(console: Console, server: str) -> None:
    port = str(urlsplit(server).port)
    for command in ("serve", "demo"):
        told = console.told(1, command, "--port", port)
        assert told.endswith(f"--port {port}: Address already in use; choose another with --port")


def test_the_doctor_finds_a_fresh_installation_well_and_makes_nothing(console: Console) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    told = console.told(0, "doctor", "--port", port)
    for word in ("python", "sqlite", "database", "disk", "clock", f"{port} is free"):
        assert word in told
    assert not (console.folder / "tent.db").exists()


def test_the_doctor_folds_every_journal_and_names_the_entry_that_is_broken(
    console: Console,
) -> None:
    console.told(0, "event", "create", "race.toml")
    looked = console.run("doctor", "--port", "47")
    assert "riverside-half: 1 entry, every invariant kept" in looked.stdout
    assert "DUE   medical" in looked.stdout, (
        "what the event lacks is told, and is no fault of the server"
    )
    connection = sqlite3.connect(console.folder / "tent.db")
    connection.execute("UPDATE journal SET number = 3")
    connection.commit()
    connection.close()
    done = console.run("doctor", "--port", "47")
    assert done.returncode == 1
    assert "invariant 5: entry 3 comes after entry 0 (entry 3)" in done.stdout
    assert "restore a backup" in done.stdout


def test_the_doctor_says_what_to_do_about_a_broken_database_and_a_taken_port(
    console: Console,
) -> None:
    (console.folder / "tent.db").write_bytes(b"not a database" * 100)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = console.run("doctor", "--port", str(other.getsockname()[1]))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "backup" in done.stdout
    assert "Choose another with --port" in done.stdout


def test_tokens_are_listed_by_name_and_ended_by_it(console: Console) -> None:
    console.told(0, "event", "create", str(console.file))
    secret = console.told(0, "token", "riverside-half", "--role", "desk")
    name, role, therapist, made, state = console.told(0, "tokens", "riverside-half").split("\t")
    assert (role, therapist, state) == ("desk", "-", "good")
    assert name.startswith("token-")
    assert made.endswith("+00:00")
    assert secret not in console.told(0, "tokens", "riverside-half")
    assert console.told(0, "tokens", "riverside-half", "--end", name).endswith("ended")
    assert "lists them" in console.told(1, "tokens", "riverside-half", "--end", "token-0")
    assert "no event" in console.told(1, "tokens", "elsewhere")


def test_a_forgotten_passphrase_is_chosen_anew_by_a_link(console: Console) -> None:
    console.told(0, "event", "create", str(console.file))
    link = console.told(0, "passphrase", "--public-url", "https://tent.example.org/")
    assert link.startswith("https://tent.example.org/setup#")
    code = urlsplit(link).fragment
    assert len(code) == 32
    assert code.encode() not in (console.folder / "tent.db").read_bytes()
