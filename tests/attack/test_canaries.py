"""What a runner tells is found where it must be, and nowhere else: not in public views, logs,
numbers, webhooks or reports, and after the wipe in no file at all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tentqueue.domain.keeping import wipe_due_at
from tentqueue.services.asker import Asker, Power
from tests.attack.canary import AROUND, HEALTH, STAFF, TOLD, TYPED, CanaryDay, files_with, words_in
from tests.cast import mins, race
from tests.keeping.receiver import Receiver
from tests.keeping.test_webhooks import hooked, hooks_of
from tests.paper import seen
from tests.web.inside import EVENT, SLUG, Browser

OLU = Asker(Power.ORGANISER, "CANARYOWNER")
RUNNERS = (*TYPED, *AROUND, *HEALTH)


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[CanaryDay]:
    opened = CanaryDay(tmp_path)
    yield opened
    opened.close()


PUBLIC = (
    "/", f"/{SLUG}", f"/{SLUG}/board", f"/{SLUG}/poster", f"/{SLUG}/privacy", f"/{SLUG}/signin",
    EVENT, f"{EVENT}/board", "/api/openapi.json", "/api/docs", "/metrics", "/healthz", "/readyz",
    "/t/TICKET", "/s/TICKET", "/t/TICKET/app.webmanifest", f"/q/join/{SLUG}.svg", "/q/s/TICKET.svg",
    f"{EVENT}/tent", f"{EVENT}/journal", f"/{SLUG}/report", "/api/v1/tickets/TICKET",
)  # fmt: skip
VIEWS = (f"{EVENT}/board", f"{EVENT}/tent", f"{EVENT}/journal", "/api/v1/tickets/TICKET")
"""What could tell somebody's areas; pages offer all there are to whoever joins."""


def test_strangers_see_no_canary_anywhere(canary: CanaryDay) -> None:
    stranger = canary.browser()
    for path in PUBLIC:
        answer = stranger.get(path.replace("TICKET", canary.ticket["id"]))
        theirs = HEALTH if path in VIEWS else ()
        assert words_in(answer.text, (*TYPED, *AROUND, *STAFF, *theirs)) == [], path


def test_the_canaries_are_really_there(canary: CanaryDay) -> None:
    tent = canary.desk.get(f"{EVENT}/tent").text
    assert words_in(tent, (*TYPED, *AROUND, *HEALTH)) == ["CANARYNAME", "CANARYBIB", *_listed()]
    own = canary.phone.get(f"/api/v1/tickets/{canary.ticket['id']}").text
    assert words_in(own, HEALTH) == list(HEALTH)
    files = files_with(canary.folder, (*TYPED, *AROUND, *HEALTH, *STAFF))
    found = {word for words in files.values() for word in words}
    # The word is kept as a keyed digest only.
    assert found == {*TYPED, *AROUND, *HEALTH, *STAFF} - {"CANARYWORD"}


def _listed() -> list[str]:
    return ["CANARYLISTED", "CANARYBIB2"]


def test_health_goes_to_the_runner_and_the_therapist_it_is_called_to(canary: CanaryDay) -> None:
    ana, _ = canary.signed_in("therapist", "ana")
    ben, _ = canary.signed_in("therapist", "ben")
    assert ana.post(f"{EVENT}/therapists/ana/available").status_code == 200
    calling = canary.desk.get(f"{EVENT}/tent").json
    called = next(t["ticket"] for t in calling["therapists"] if t["id"] == "ana")
    if called != canary.ticket["code"]:
        for step in ("start", "finish", "clean"):
            assert ana.post(f"{EVENT}/tickets/{called}/{step}").status_code == 200
            canary.clock.at += mins(5)
    own, path = ana.get(f"{EVENT}/tent").text, f"/api/v1/tickets/{canary.ticket['id']}"
    assert words_in(own, HEALTH) == list(HEALTH)
    for other in (ben, canary.desk, canary.owner):
        assert words_in(other.get(f"{EVENT}/tent").text, HEALTH) == []
        assert words_in(other.get(path).text, HEALTH) == []
        assert "CANARYWORD" not in other.get(f"{EVENT}/tent").text
    assert words_in(own, TYPED) == [], "therapists know codes, not people"


def test_the_journal_organisers_read_names_no_runner(canary: CanaryDay) -> None:
    journal = canary.owner.get(f"{EVENT}/journal").text
    assert words_in(journal, (*TYPED, *HEALTH, "CANARYLISTED", "CANARYBIB2", "CANARYKEY")) == []
    assert canary.ticket["id"] not in journal


def test_webhooks_and_reports_tell_of_nobody(canary: CanaryDay) -> None:
    receiver = Receiver()
    hook = hooked(canary, receiver)
    canary.house.storage.hooks.put(type(hook)(hook.id, hook.event, hook.url, hook.secret, 0))
    hooks_of(canary, receiver).tick()
    receiver.server.shutdown()
    receiver.server.server_close()
    assert len(receiver.got) >= 2
    sent = json.dumps(receiver.told())
    assert words_in(sent, (*RUNNERS, *STAFF, canary.ticket["id"])) == []
    report = canary.owner.get(f"/{SLUG}/report").text
    tables = {part.split(".csv")[0] for part in report.split(f"/{SLUG}/report/")[1:]}
    texts = [canary.owner.get(f"/{SLUG}/report/{table}.csv").text for table in tables]
    texts += seen.words(canary.owner.get(f"/{SLUG}/report.pdf").data)
    for text in (report, *texts):
        assert words_in(text, (*TYPED, *AROUND, *STAFF)) == []


def test_after_an_erasure_no_byte_of_the_runner_is_left(canary: CanaryDay) -> None:
    erased = canary.phone.post(f"/api/v1/tickets/{canary.ticket['id']}/erase")
    assert erased.status_code == 200, erased.json
    canary.house.privacy.tick()
    theirs = ("CANARYNAME", "CANARYWORD", "CANARYENDPOINT", "CANARYKEY", *HEALTH, "11:30:07")
    assert files_with(canary.folder, theirs) == {}
    # The other runner's bib begins with the same letters; theirs is still in line.
    for path in canary.folder.glob("tent.db*"):
        assert not re.search(rb"CANARYBIB(?!2)", path.read_bytes()), path


def test_after_the_wipe_no_byte_of_anybody_is_left(canary: CanaryDay) -> None:
    canary.backed_up()
    due = wipe_due_at(race())
    assert due is not None
    assert files_with(canary.folder, RUNNERS)
    canary.clock.at = due
    canary.house.tents.tick()
    canary.house.privacy.tick()
    canary.house.privacy.tick()
    assert canary.day.tent.wipe is not None
    assert canary.day.tent.wipe.counts["left"] == 0
    gone = (*TYPED, *AROUND, "CANARYDESK", "11:30:07", canary.ticket["id"])
    assert files_with(canary.folder, gone) == {}


def test_the_log_at_its_most_talkative_names_nobody(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.keeping.server", str(tmp_path)]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        ticket = _asked(url, f"{EVENT}/tickets", JOIN | TOLD)
        own = f"/api/v1/tickets/{ticket['id']}"
        _asked(url, f"{own}/screening", {"screening": "ask", "avoid": ["shins"]}, ticket["key"])
        _asked(url, f"{EVENT}/tickets/find", {"bib": "CANARYBIB", "word": "CANARYWORD"})
        _asked(url, f"{EVENT}/tickets", JOIN | {"name": ["CANARYNAME"], "CANARYKEY": 1})
        _asked(url, "/api/v1/staff/enrol", {"code": "CANARYCODE-CANARYCODE"})
        _asked(url, f"{own}/leave?CANARYKEY={ticket['key']}", {}, ticket["key"])
        server.terminate()
        server.wait(10)
    said = (tmp_path / "server.log").read_text()
    assert said.count("answer") >= 6
    secret = ("CANARYCODE", ticket["key"], ticket["id"], "knees", "shins")
    assert words_in(said, (*RUNNERS, *secret)) == []


JOIN = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}


def _asked(url: str, path: str, body: object, key: str = "") -> dict[str, str]:
    asked = urllib.request.Request(url + path, json.dumps(body).encode())
    asked.add_header("Content-Type", "application/json")
    if key:
        asked.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            told: dict[str, str] = json.loads(answer.read())
            return told
    except urllib.error.HTTPError as refused:
        return {"refused": refused.read().decode()}


def test_a_browser_of_nobodys_carries_no_canary(canary: CanaryDay) -> None:
    stranger: Browser = canary.browser()
    stranger.get(f"/{SLUG}")
    for browser in (stranger, canary.phone, canary.desk):
        for name in ("device", "staff", f"ticket-{canary.ticket['id']}", f"enrolled-{SLUG}"):
            assert words_in(browser.cookie(name), (*RUNNERS, *STAFF)) == []
