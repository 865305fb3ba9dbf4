"""Workers that meet at one line write in turns, and nobody waits for ever."""

from __future__ import annotations

import threading
import time

import pytest

from tentqueue.services.ledger import StorageBusy
from tentqueue.services.rounds import Rounds


class Stick:
    """A baton of threads; it notes who has it."""

    def __init__(self) -> None:
        self._lock, self.taken = threading.Lock(), 0

    def take(self) -> None:
        self._lock.acquire()
        self.taken += 1

    def pass_on(self) -> None:
        self._lock.release()


def test_who_is_alone_needs_no_baton() -> None:
    stick = Stick()
    with Rounds(stick, lambda: None).turn():
        pass
    assert stick.taken == 0


def test_two_workers_never_decide_at_once_and_each_command_has_its_turn() -> None:
    stick, inside, met, done = Stick(), [0, 0], list[bool](), list[int]()
    workers = [Rounds(stick, lambda: None) for _ in range(2)]

    def command(number: int) -> None:
        worker = workers[number % 2]
        worker.others_wrote()
        with worker.turn():
            inside[number % 2] += 1
            time.sleep(0.002)
            met.append(all(inside))
            inside[number % 2] -= 1
        done.append(number)

    threads = [threading.Thread(target=command, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(done) == list(range(40))
    assert not any(met)
    assert stick.taken < 40, "what comes meanwhile has one round"


def test_a_round_that_can_not_catch_up_stops_nobody_else() -> None:
    failing = [True]

    def catch_up() -> None:
        if failing.pop(0) if failing else False:
            raise StorageBusy("gone")

    rounds = Rounds(Stick(), catch_up)
    rounds.others_wrote()
    with pytest.raises(StorageBusy), rounds.turn():
        raise AssertionError("it never began")
    with rounds.turn():
        pass


def test_when_others_fall_silent_the_baton_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    stick = Stick()
    rounds = Rounds(stick, lambda: None)
    rounds.others_wrote()
    later = time.monotonic() + 60
    monkeypatch.setattr("tentqueue.services.rounds.time.monotonic", lambda: later)
    with rounds.turn():
        pass
    assert stick.taken == 0
