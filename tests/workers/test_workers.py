"""Several workers are one tent: nobody is called twice, nothing is lost, one of them ticks."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.live_client import Screen
from tests.postgres import Cluster
from tests.workers.crew import Crew, Worker, until

pytestmark = pytest.mark.postgres
THERAPISTS = ("ana", "ben", "dora")
CLIENTS = 32


def leader(cluster: Cluster, crew: Crew) -> str:
    """The connection that holds the leader's lock."""
    database = crew.url.rpartition("/")[2]
    return cluster.sql(
        "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        f" WHERE l.locktype = 'advisory' AND l.granted AND d.datname = '{database}'"
    )


def history(worker: Worker) -> list[Any]:
    """Every entry of the journal."""
    entries: list[Any] = []
    while True:
        page = worker.get(f"journal?since={entries[-1]['number'] if entries else 0}")
        entries += page["entries"]
        if page["next"] is None:
            return entries


CALL_ENDS = {
    "CallMissed",
    "TreatmentStarted",
    "RunnerLeft",
    "RunnerReferred",
    "TicketHeld",
    "MoreTimeGiven",
    "RunnerNoShow",
}


def check(entries: list[Any]) -> None:
    """Numbers without a gap; nobody called while called; nobody treated twice or by two."""
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    called: set[str] = set()
    busy: dict[str, str] = {}
    started: set[str] = set()
    for event in (event for entry in entries for event in entry["events"]):
        code, kind = event.get("code"), event["type"]
        if kind == "RunnerCalled":
            assert code not in called, f"{code} was called while called"
            called.add(code)
        elif kind in CALL_ENDS:
            called.discard(code)
        if kind == "TreatmentStarted":
            assert event["therapist"] not in busy, f"{event['therapist']} treats two"
            assert code not in started, f"{code} is treated twice"
            busy[event["therapist"]] = code
            started.add(code)
        elif kind in ("TreatmentFinished", "RunnerReferred"):
            busy = {who: what for who, what in busy.items() if what != code}


def test_what_one_worker_takes_another_shows_at_once(crew: Crew) -> None:
    one, two = crew.start(), crew.start()
    screen = Screen(two.port).join({"event": "riverside-half", "view": "board"})
    assert screen.view()["next"] == []
    code = one.join().json()["code"]
    view = screen.view()
    while "next" not in view or code not in view["next"]:
        view = screen.view()
    assert two.get("tent")["tickets"][0]["code"] == code


def test_one_key_at_two_workers_is_one_ticket(crew: Crew) -> None:
    workers = [crew.start(), crew.start()]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: workers[n % 2].join(key="same"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(workers[0].get("tent")["tickets"]) == 1


def work(crew: Crew, seconds: float) -> Counter[int]:
    """Joins and treatments through every worker at once; what was answered, by status."""
    ends, answers = time.monotonic() + seconds, Counter[int]()

    def hand(number: int) -> None:
        dice = random.Random(number)
        while time.monotonic() < ends:
            worker = dice.choice(crew.workers)
            try:
                if number < 3 * len(THERAPISTS):
                    answers.update(steps(worker, THERAPISTS[number % len(THERAPISTS)]))
                else:
                    answers[worker.join(key=f"{number}-{dice.random()}").status_code] += 1
                    time.sleep(0.1)
            except requests.RequestException:
                answers[0] += 1
                time.sleep(0.1)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(hand, range(CLIENTS)))
    return answers


def steps(worker: Worker, therapist: str) -> list[int]:
    """Three tablets of one therapist press whatever is next."""
    who = f"therapist:{therapist}"
    mine = next(t for t in worker.get("tent", who)["therapists"] if t["id"] == therapist)
    done = []
    if mine["state"] == "off":
        done.append(worker.post(f"therapists/{therapist}/available", who=who).status_code)
    if mine["ticket"]:
        step = "finish" if mine["state"] == "in_treatment" else "start"
        done.append(worker.post(f"tickets/{mine['ticket']}/{step}", who=who).status_code)
    if mine["state"] == "changeover":
        done.append(worker.post(f"therapists/{therapist}/available", who=who).status_code)
    return done


def test_two_workers_never_call_one_runner_twice(crew: Crew) -> None:
    for _ in range(3):
        crew.start()
    answers = work(crew, float(os.environ.get("WORKERS_SECONDS", "8")))
    entries = history(crew.workers[0])
    check(entries)
    assert answers[201] > 50
    assert answers[500] == 0
    assert sum(e["type"] == "TreatmentStarted" for n in entries for e in n["events"]) > 5
    until(lambda: len({worker.get("board")["version"] for worker in crew.workers}) == 1)


def test_another_worker_ticks_when_the_leader_dies(crew: Crew, cluster: Cluster) -> None:
    crew.speed = 60.0
    crew.start()
    until(lambda: leader(cluster, crew))
    crew.start()
    first = leader(cluster, crew)
    crew.workers[0].kill()
    took = until(lambda: leader(cluster, crew) not in ("", first), 8)
    assert took < 5
    crew.workers[1].post("therapists/ana/available")
    code = crew.workers[1].join().json()["code"]
    until(lambda: recalled(crew.workers[1], code), 15)


def recalled(worker: Worker, code: str) -> bool:
    """Whether the clock has called somebody a second time, or given up on them."""
    kinds = {e["type"] for n in history(worker) for e in n["events"] if e.get("code") == code}
    return bool(kinds & {"RunnerRecalled", "CallMissed", "TicketHeld"})


def test_a_worker_killed_takes_nothing_acknowledged_along(crew: Crew) -> None:
    one, two = crew.start(), crew.start()
    codes = [one.join().json()["code"] for _ in range(10)]
    one.kill()
    assert two.join().json()["code"] not in codes
    # A command folds all that was written before it; whoever only looks may be a moment behind.
    assert {ticket["code"] for ticket in two.get("tent")["tickets"]} > set(codes)


def test_the_database_may_be_restarted_under_load(crew: Crew, cluster: Cluster) -> None:
    crew.start()
    crew.start()
    kept = [worker.join().json()["code"] for worker in crew.workers]
    cluster.stop()
    refused = crew.workers[0].join(key="later")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    cluster.start()
    until(lambda: crew.workers[0].join(key="later").status_code == 201, 10)
    until(lambda: crew.workers[1].join(key="now").status_code == 201, 10)
    codes = [ticket["code"] for ticket in crew.workers[1].get("tent")["tickets"]]
    assert set(kept) <= set(codes)
    assert len(codes) == len(set(codes)) == 4
    check(history(crew.workers[0]))
