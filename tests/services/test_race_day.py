"""The one door: durable before answered, once for each key, one winner of every race."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress

import pytest

from tentqueue.domain import Event, Tent
from tentqueue.domain import commands as do
from tentqueue.domain.errors import AlreadyQueued, Refusal
from tentqueue.domain.model import LaneName
from tentqueue.domain.race_event import RaceEvent, Wave
from tentqueue.services.answered import KeyReused, Receipt
from tentqueue.services.asker import Asker, Power
from tentqueue.services.ledger import Ledger, Line, LineTaken, StorageFull
from tentqueue.services.race_day import RaceDay
from tentqueue.storage import Storage
from tentqueue.storage.ledger import EventLedger
from tests.cast import NINE, mins, race
from tests.invariants import check_tent

MIA = Asker(Power.RUNNER, "runner")
EVE = Asker(Power.DESK, "Eve")


class StandingClock:
    """A clock that tests turn by hand."""

    def __init__(self) -> None:
        self.time = NINE

    def now(self) -> object:
        """The instant it was turned to."""
        return self.time


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A journal in a database of each kind."""
    storage = Storage.open(url)
    storage.journal.create_event("riverside-half", b"{}", 0)
    yield EventLedger(storage.journal, "riverside-half")
    storage.close()


class Disk:
    """A journal in memory that can be full, and that lets others write first."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.full = False
        self.rivals: list[Line] = []

    def append(self, line: Line, side: Sequence[object] = ()) -> Disk.Settled:
        if self.full:
            return Disk.Settled(StorageFull("no room"))
        if self.rivals:
            self.lines.append(self.rivals.pop())
        if line.entry.number != len(self.lines) + 1:
            return Disk.Settled(LineTaken())
        self.lines.append(line)
        return Disk.Settled(None)

    def tail(self, since: int) -> Iterator[Line]:
        return iter(self.lines[since:])

    def answered(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)

    def reopen(self) -> None:
        pass

    def baton(self) -> None:
        """It has one worker."""

    class Settled:
        """The fate of one line."""

        def __init__(self, problem: Exception | None) -> None:
            self.problem = problem

        def wait(self) -> None:
            if self.problem:
                raise self.problem


def open_day(disk: Ledger, event: RaceEvent | None = None) -> RaceDay:
    """Riverside Half on this disk."""
    day = RaceDay("riverside-half", disk, StandingClock())  # type: ignore[arg-type]
    day.handle(do.DefineEvent(event or race()), Asker(Power.SYSTEM, "event file"))
    return day


def join(name: str, bib: str | None = None, wave: str = "Half/A") -> do.JoinLane:
    """A warm-up for somebody."""
    return do.JoinLane(name, LaneName.WARMUP, True, wave=wave, bib_tag=bib)


def tomorrow() -> RaceEvent:
    """A race whose wave starts so late that a warm-up has room for everybody."""
    return race(waves=(Wave("Half/A", "Half", "A", NINE + mins(24 * 60)),))


def receipt(key: str, digest: bytes = b"body") -> Receipt:
    """A key, and an answer that tells which version it was given at."""

    def answer(tent: Tent, events: tuple[Event, ...]) -> bytes:
        return f"version {tent.version}".encode()

    return Receipt(key, digest, answer)


def test_a_key_that_comes_again_gets_the_first_answer_and_changes_nothing(ledger: Ledger) -> None:
    day = open_day(ledger)
    first = day.handle(join("mia", "12"), MIA, receipt("k1"))
    again = day.handle(join("other id", "12"), MIA, receipt("k1"))
    assert (again.answer, again.repeated) == (first.answer, True)
    assert len(day.tent.open) == 1


def test_a_key_with_another_body_is_refused(ledger: Ledger) -> None:
    day = open_day(ledger)
    day.handle(join("mia"), MIA, receipt("k1"))
    with pytest.raises(KeyReused):
        day.handle(join("mia"), MIA, receipt("k1", b"other"))


def test_after_a_restart_the_key_still_gets_the_first_answer(ledger: Ledger) -> None:
    first = open_day(ledger).handle(join("mia"), MIA, receipt("k1"))
    assert open_day(ledger).handle(join("mia"), MIA, receipt("k1")).answer == first.answer


def test_after_a_restart_the_tent_is_the_same(ledger: Ledger) -> None:
    day = open_day(ledger)
    day.handle(do.BeAvailable("ana"), EVE)
    day.handle(join("mia"), MIA)
    assert open_day(ledger).tent.open == day.tent.open


def test_a_refusal_changes_nothing_and_writes_nothing(ledger: Ledger) -> None:
    day = open_day(ledger)
    day.handle(join("mia", "12"), MIA)
    written = len(list(ledger.tail(0)))
    with pytest.raises(AlreadyQueued):
        day.handle(join("mia2", "12"), MIA)
    assert len(list(ledger.tail(0))) == written


def test_a_refusal_keeps_no_tent_until_somebody_looks_for_garbage(ledger: Ledger) -> None:
    day = open_day(ledger)
    day.handle(join("mia", "12"), MIA)
    gc.collect()
    gc.disable()
    try:
        with suppress(AlreadyQueued):
            day.handle(join("mia2", "12"), MIA)
        refused_of = weakref.ref(day.tent)
        day.handle(do.BeAvailable("ana"), EVE)
        assert refused_of() is None
    finally:
        gc.enable()


def test_on_a_full_disk_nothing_is_answered_shown_or_kept_and_it_heals() -> None:
    disk = Disk()
    day = open_day(disk)
    seen: list[Tent] = []
    day.on_change(seen.append)
    disk.full = True
    with pytest.raises(StorageFull):
        day.handle(join("mia"), MIA)
    assert not seen
    assert not day.tent.open
    disk.full = False
    assert day.handle(join("noor"), MIA).tent.ticket("noor").code == "W001"


def test_the_loser_of_a_race_folds_the_winners_entry_and_decides_again() -> None:
    disk = Disk()
    mine, theirs = open_day(disk), open_day(disk)
    mine.handle(do.BeAvailable("ana"), EVE)
    theirs.follow()
    winner = Disk()
    winner.lines = list(disk.lines)
    rival = RaceDay("riverside-half", winner, StandingClock())  # type: ignore[arg-type]
    rival.handle(join("noor"), MIA)
    disk.rivals = [winner.lines[-1]]
    outcome = theirs.handle(join("mia"), MIA)
    assert outcome.tent.ticket("noor").code == "W001"
    assert outcome.tent.ticket("mia").code == "W002"
    check_tent(outcome.tent)


def test_eight_therapists_at_once_never_get_one_runner_twice(ledger: Ledger) -> None:
    day = open_day(ledger, tomorrow())
    for name in ("ana", "ben", "chidi", "dora"):
        day.handle(do.BeAvailable(name), EVE)
    threads = [threading.Thread(target=_many, args=(day, n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_tent(day.tent)
    assert day.tent.ticket("3-9").code
    assert len({t.code for t in day.tent.open.values()}) == 80
    again = RaceDay("riverside-half", ledger, StandingClock())  # type: ignore[arg-type]
    assert again.tent.open == day.tent.open
    assert again.tent.therapists == day.tent.therapists


def _many(day: RaceDay, who: int) -> None:
    for number in range(10):
        day.handle(join(f"{who}-{number}"), MIA)
        for code in ("W001", "W002", "W003", "W004"):
            try:
                day.handle(do.StartTreatment(code), EVE)
            except Refusal:
                continue
