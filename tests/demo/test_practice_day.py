"""The practice day: real finish times, and people who act over HTTP only, at human speed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from tentqueue.demo.crowd import Crowd
from tentqueue.demo.hands import FORGETFUL, FORGETS_AFTER, Hands, Pair
from tentqueue.demo.outside import Answer, stamp
from tentqueue.demo.story import SAMPLE, Guest, Manner, guests_of
from tentqueue.domain.model import LaneName
from tentqueue.domain.therapist import Role
from tentqueue.practice import practice_event, practice_finishes
from tentqueue.services.event_file import check_event, read_event, write_event
from tests.cast import ANA, NOON, mins

EVENT = practice_event()


class Ear:
    """An outside that hears what is asked, and answers as it was told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any, str | None]] = []
        self.answers: list[Answer] = []

    def press(self, path: str, body: Any = None, token: str | None = None) -> Answer:
        self.heard.append((path, body, token))
        number = len(self.heard)
        joined = {"id": f"id{number}", "code": f"R{number:03d}", "key": "KEY"}
        return self.answers.pop(0) if self.answers else Answer(201, joined)

    @property
    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [path for path, _, _ in self.heard]


def guest(**more: Any) -> Guest:
    """Mia, who finished at half past eleven."""
    return Guest("1001", "Mia B.", "Half/A", NOON - mins(30), **more)


def ticket(code: str = "R001", **more: Any) -> dict[str, Any]:
    """A ticket as the tent view shows it."""
    shown = {"code": code, "state": "waiting", "hold": None, "here": False, "lane": "recovery"}
    return shown | {"called_at": None, "respond_by": None, "minutes": 12} | more


def called(at: datetime, **more: Any) -> dict[str, Any]:
    """A ticket that was called at an instant."""
    return ticket(state="called", called_at=stamp(at), respond_by=stamp(at + mins(3)), **more)


def tent(*tickets: dict[str, Any], therapists: list[dict[str, Any]] | None = None) -> Any:
    """A tent view."""
    return {"tickets": list(tickets), "therapists": therapists or []}


def crowd_with(ear: Ear, mia: Guest) -> Crowd:
    """A crowd in which Mia has ticket R001 since noon."""
    crowd = Crowd(ear, "DESK", "ORGANISER")  # type: ignore[arg-type]
    crowd.join(mia, "recovery", NOON)
    ear.heard.clear()
    return crowd


def test_every_real_finisher_is_there_and_nothing_but_times() -> None:
    finishes = practice_finishes()
    assert Counter(f.wave for f in finishes) == {1: 7043, 2: 7138, 3: 7329}
    assert min(f.after_s for f in finishes) == 7960
    assert max(f.after_s for f in finishes) == 28519


def test_the_practice_event_is_without_fault_and_survives_being_written() -> None:
    text = write_event(EVENT)
    assert read_event(text, "again.toml") == EVENT
    assert check_event(text, "again.toml")[1] == []
    assert {t.role for t in EVENT.therapists} == set(Role)
    assert set(EVENT.lanes) == set(LaneName)


def test_the_day_is_the_same_each_time_and_has_every_kind_of_runner() -> None:
    guests = guests_of(EVENT, practice_finishes())
    assert guests == guests_of(EVENT, practice_finishes())
    assert len(guests) == -(-21510 // SAMPLE)
    comers = [g for g in guests if g.recovery_at or g.warmup_at]
    assert {g.manner for g in comers} == set(Manner)
    assert any(g.recovery_at and g.recovery_at < g.finished_at for g in comers), "held for the feed"
    assert any(g.unwell and g.recovery_at for g in comers), "a referral"
    assert any(not g.phone for g in comers), "some without a phone"
    assert any(g.nextday_at for g in guests)


def test_the_tent_is_neither_empty_nor_endless() -> None:
    guests = guests_of(EVENT, practice_finishes())
    assert 60 <= sum(g.warmup_at is not None for g in guests) <= 110
    assert 110 <= sum(g.recovery_at is not None for g in guests) <= 180


def test_with_a_phone_a_runner_joins_alone_and_else_at_the_desk() -> None:
    ear = Ear()
    crowd = Crowd(ear, "DESK", "ORGANISER")  # type: ignore[arg-type]
    crowd.join(guest(), "recovery", NOON)
    crowd.join(guest(phone=False), "recovery", NOON)
    assert [token for _, _, token in ear.heard] == [None, "DESK"]
    assert ear.heard[0][1]["finished_at"] == stamp(NOON - mins(30))


def test_before_the_finish_the_ticket_is_held_for_the_feed() -> None:
    ear = Ear()
    Crowd(ear, "D", "O").join(guest(), "recovery", NOON - mins(60))  # type: ignore[arg-type]
    assert ear.heard[0][1]["before_finish"] is True


def test_a_runner_for_whom_ten_minutes_no_longer_fit_takes_the_five_that_do() -> None:
    ear = Ear()
    offers = [{"lane": "warmup", "minutes": 5}, {"lane": "recovery", "minutes": 12}]
    ear.answers = [Answer(409, {"code": "too_late", "alternatives": offers})]
    Crowd(ear, "D", "O").join(guest(), "warmup", NOON)  # type: ignore[arg-type]
    assert [body.get("minutes") for _, body, _ in ear.heard] == [None, 5]


def test_who_is_called_walks_and_then_says_here_with_their_own_key() -> None:
    ear = Ear()
    crowd = crowd_with(ear, guest(walks_for=mins(1)))
    crowd.act(NOON + mins(5), tent(called(NOON + mins(5))))
    assert not crowd.stands_there("R001", NOON + mins(5))
    assert ear.heard == []
    crowd.act(NOON + mins(6), tent(called(NOON + mins(5))))
    assert crowd.stands_there("R001", NOON + mins(6))
    assert ear.heard == [("/api/v1/tickets/id1/here", {}, "KEY")]


def test_who_never_comes_is_never_there() -> None:
    ear = Ear()
    crowd = crowd_with(ear, guest(manner=Manner.NEVER_COMES))
    crowd.act(NOON + mins(20), tent(called(NOON + mins(5))))
    assert not crowd.stands_there("R001", NOON + mins(20))


def test_who_comes_late_misses_the_call_and_shows_up_all_the_same() -> None:
    ear = Ear()
    crowd = crowd_with(ear, guest(manner=Manner.COMES_LATE))
    crowd.act(NOON + mins(5), tent(called(NOON + mins(5))))
    crowd.act(NOON + mins(9), tent(ticket(state="held", hold="missed")))
    assert ear.heard == []
    crowd.act(NOON + mins(11), tent(ticket(state="held", hold="missed")))
    assert ear.paths == ["/api/v1/tickets/id1/here"]
    crowd.act(NOON + mins(13), tent(called(NOON + mins(13))))
    assert crowd.stands_there("R001", NOON + mins(13))


def test_who_needs_more_time_asks_once_and_comes_at_the_second_call() -> None:
    ear = Ear()
    crowd = crowd_with(ear, guest(manner=Manner.ASKS_FOR_TIME, walks_for=mins(1)))
    crowd.act(NOON + mins(5), tent(called(NOON + mins(5))))
    crowd.act(NOON + mins(15), tent(called(NOON + mins(15))))
    crowd.act(NOON + mins(16), tent(called(NOON + mins(15))))
    assert [p.rsplit("/", 1)[1] for p in ear.paths] == ["delay", "here"]


def test_who_runs_out_of_patience_leaves() -> None:
    ear = Ear()
    crowd = crowd_with(ear, guest(patience=mins(20)))
    crowd.act(NOON + mins(19), tent(ticket()))
    crowd.act(NOON + mins(21), tent(ticket()))
    assert ear.paths == ["/api/v1/tickets/id1/leave"]


def test_the_feed_tells_of_each_finisher_once_and_of_nobody_who_still_runs() -> None:
    ear = Ear()
    crowd = Crowd(ear, "DESK", "ORGANISER")  # type: ignore[arg-type]
    later = Guest("1002", "Noor C.", "Half/A", NOON + mins(30))
    crowd.expect([guest(), later], NOON)
    for minute in range(0, 40, 2):
        crowd.act(NOON + mins(minute), tent())
    batches = [[line["bib"] for line in body] for path, body, _ in ear.heard]
    assert batches == [["1001"], ["1002"]]


def ana(state: str, **more: Any) -> list[dict[str, Any]]:
    """Ana as the tent view shows her."""
    shown = {"id": "ana", "state": state, "ticket": None, "until": None, "leaving": False}
    return [shown | {"break_advised": False} | more]


def hands(ear: Ear, *, there: bool = True, ident: str = "ana") -> tuple[Hands, Pair]:
    """Ana's hands, on duty from noon for two hours."""
    from dataclasses import replace

    from tentqueue.domain.therapist import Shift

    therapist = replace(ANA, id=ident, shifts=(Shift(NOON, NOON + mins(120)),))
    pair = Pair(therapist, "ANA", 1.0, Random(1))
    return Hands(ear, [pair], lambda code, now: there), pair  # type: ignore[arg-type]


def test_a_therapist_comes_on_duty_with_the_shift_and_goes_home_at_its_end() -> None:
    ear = Ear()
    pair_of_hands, _ = hands(ear)
    pair_of_hands.act(NOON - mins(1), tent(therapists=ana("off")))
    assert ear.heard == []
    pair_of_hands.act(NOON, tent(therapists=ana("off")))
    pair_of_hands.act(NOON + mins(120), tent(therapists=ana("available")))
    assert ear.heard == [
        ("therapists/ana/available", {}, "ANA"),
        ("therapists/ana/off", {}, "ANA"),
    ]


def test_a_refused_press_is_not_repeated_at_once() -> None:
    ear = Ear()
    ear.answers = [Answer(409, {"code": "supervisor_needed"})] * 3
    pair_of_hands, _ = hands(ear)
    for seconds in (0, 10, 20, 50):
        pair_of_hands.act(NOON + timedelta(seconds=seconds), tent(therapists=ana("off")))
    assert len(ear.heard) == 2


def step(pair_of_hands: Hands, ear: Ear, state: str, minutes: float, **shown: Any) -> list[str]:
    """Look twice, now and after `minutes`; return what was pressed then."""
    now = NOON + mins(5)
    therapists = ana(state, ticket="R001", **shown)
    pair_of_hands.act(now, tent(called(NOON), therapists=therapists))
    ear.heard.clear()
    pair_of_hands.act(now + mins(minutes), tent(called(NOON), therapists=therapists))
    return ear.paths


def test_treatment_starts_when_the_runner_stands_there_and_takes_about_its_length() -> None:
    ear = Ear()
    assert step(hands(ear)[0], ear, "called", 1) == ["tickets/R001/start"]
    assert step(hands(ear)[0], ear, "in_treatment", 6) == []
    assert step(hands(ear)[0], ear, "in_treatment", 18) == ["tickets/R001/finish"]
    assert step(hands(ear)[0], ear, "changeover", 4) == ["tickets/R001/clean"]


def test_nobody_came_in_time_so_the_therapist_says_no_show() -> None:
    ear = Ear()
    assert step(hands(ear, there=False)[0], ear, "called", 1) == ["tickets/R001/no-show"]


def test_an_unwell_runner_is_referred_early() -> None:
    ear = Ear()
    pair_of_hands, _ = hands(ear)
    pair_of_hands.unwell = lambda code: True
    assert step(pair_of_hands, ear, "in_treatment", 4) == ["tickets/R001/refer"]


def test_one_finish_of_the_day_is_forgotten() -> None:
    ear = Ear()
    pair_of_hands, pair = hands(ear, ident=FORGETFUL)
    pair.begun = FORGETS_AFTER - 1
    shown = {"id": FORGETFUL}
    assert step(pair_of_hands, ear, "in_treatment", 40, **shown) == []


def test_breaks_are_taken_when_advised_and_end() -> None:
    ear = Ear()
    assert step(hands(ear)[0], ear, "available", 5, break_advised=True) == ["therapists/ana/break"]
    over = stamp(NOON + mins(15))
    assert step(hands(ear)[0], ear, "break", 5, until=over) == []
    assert step(hands(ear)[0], ear, "break", 11, until=over) == ["therapists/ana/available"]


@pytest.mark.parametrize("therapist", EVENT.therapists, ids=lambda t: t.id)
def test_every_therapist_of_the_practice_day_has_shifts_on_the_day(therapist: Any) -> None:
    day = datetime(2027, 4, 18, tzinfo=UTC).date()
    assert any(shift.starts_at.date() == day for shift in therapist.shifts)
