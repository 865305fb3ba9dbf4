"""One of four workers dies every few seconds, under 32 clients: the tent goes on, nobody is called
twice, and nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.workers.crew import Crew, Worker, until
from tests.workers.test_workers import CLIENTS, THERAPISTS, check, history, steps

pytestmark = pytest.mark.postgres
WORKERS = 4
SECONDS = float(os.environ.get("WORKERS_SECONDS", "8"))
KILL_EVERY_S = 5.0 if SECONDS > 60 else 3.0
SHORT_LINE = 60


class Soak:
    """What one run did: 32 clients, and somebody who kills."""

    def __init__(self, crew: Crew) -> None:
        self.crew, self.ends = crew, time.monotonic() + SECONDS
        self.answers: Counter[int] = Counter()
        self.codes: dict[str, str] = {}
        """The code that was acknowledged under each key."""
        self.kills = 0

    @property
    def over(self) -> bool:
        """Whether it has been long enough."""
        return time.monotonic() > self.ends

    def run(self) -> None:
        """Everybody at once."""
        killer = threading.Thread(target=self._kill)
        killer.start()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._hand, range(CLIENTS)))
        killer.join()

    def _kill(self) -> None:
        dice = random.Random(1)
        while not self.over:
            time.sleep(KILL_EVERY_S)
            self.crew.workers.pop(dice.randrange(len(self.crew.workers))).kill()
            self.kills += 1
            self.crew.start()

    def _hand(self, number: int) -> None:
        dice = random.Random(number)
        while not self.over:
            worker = dice.choice(self.crew.workers)
            try:
                if number < 3 * len(THERAPISTS):
                    self.answers.update(steps(worker, THERAPISTS[number % len(THERAPISTS)]))
                else:
                    self._join(worker, f"{number}-{dice.random()}")
            except (requests.RequestException, KeyError):
                self.answers[0] += 1
                time.sleep(0.1)

    def _join(self, worker: Worker, key: str) -> None:
        """Join under a key, again and again until somebody answers; then wait a little."""
        if sum(lane["waiting"] for lane in worker.get("board")["lanes"]) > SHORT_LINE:
            time.sleep(0.5)
            return
        while True:
            try:
                answer = random.choice(self.crew.workers).join(key=key)
            except requests.RequestException:
                self.answers[0] += 1
                time.sleep(0.1)
                continue
            self.answers[answer.status_code] += 1
            if answer.status_code == 201:
                self.codes[key] = answer.json()["code"]
            if answer.status_code < 500:
                time.sleep(0.2)
                return


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 300)
def test_one_of_four_dies_every_few_seconds_and_nobody_is_called_twice(crew: Crew) -> None:
    crew.tireless = True
    for _ in range(WORKERS):
        crew.start()
    soak = Soak(crew)
    soak.run()
    entries = history(crew.workers[0])
    check(entries)
    kinds = Counter(event["type"] for entry in entries for event in entry["events"])
    joined = [e["code"] for n in entries for e in n["events"] if e["type"] == "RunnerJoined"]
    print(f"{soak.kills} kills, {kinds['RunnerCalled']} calls, {dict(soak.answers)}")
    assert soak.kills >= 1
    assert kinds["RunnerCalled"] > (1000 if SECONDS >= 600 else 5)
    assert len(joined) == len(set(joined)), "no code is given twice"
    assert set(soak.codes.values()) <= set(joined), "what was acknowledged is in the journal"
    assert len(set(soak.codes.values())) == len(soak.codes), "each key has a ticket of its own"
    assert soak.answers[500] == 0
    until(lambda: len({worker.get("board")["version"] for worker in crew.workers}) == 1)
