"""Tries a plan on whole days: the tent's own dispatch, calls and no-shows, in two processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context

from tentqueue.simulation.agent import Agent
from tentqueue.simulation.log import play
from tentqueue.simulation.people import Guest
from tentqueue.simulation.planned import Planned
from tentqueue.simulation.samples import Sample, whole_day
from tentqueue.simulation.scores import in_time, wait_of

PROCESSES = 2


@dataclass(frozen=True)
class Confirmed:
    """Shares in time of one whole day, percent, or None without such runners."""

    warmups: float | None
    recoveries: float | None


def confirm_day(plan: Planned, sample: Sample, need: Sequence[int], longest: float) -> Confirmed:
    """Play one day through the tent; `longest` is the promised wait in minutes."""
    played = play(whole_day(plan, sample, need), Agent())
    guests = [guest for guest in played.world.guests.values() if guest.who.reachable]
    return Confirmed(
        _share([in_time(guest) for guest in guests if guest.service == "pre"]),
        _share([_soon(guest, longest) for guest in guests if guest.service == "post"]),
    )


def _soon(guest: Guest, longest: float) -> bool:
    return in_time(guest) and wait_of(guest) <= longest


def _share(kept: list[bool]) -> float | None:
    return 100 * sum(kept) / len(kept) if kept else None


@dataclass(frozen=True)
class Trial:
    """What is tried: a plan's therapists by half-hour, on which days, for which promised wait."""

    plan: Planned
    samples: Sequence[Sample]
    need: Sequence[int]
    longest: float
    """Minutes."""


def confirm(
    trial: Trial,
    budget: float,
    follow: Callable[[int], None] = lambda done: None,
) -> list[Confirmed]:
    """Play the samples one after the other until `budget` seconds are over; two days at least."""
    began, waiting = time.monotonic(), list(trial.samples)
    found: list[Confirmed] = []
    running: set[Future[Confirmed]] = set()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        while waiting or running:
            in_budget = time.monotonic() - began < budget
            started = len(found) + len(running)
            while waiting and len(running) < PROCESSES and (in_budget or started < PROCESSES):
                day = (trial.plan, waiting.pop(0), trial.need, trial.longest)
                running.add(pool.submit(confirm_day, *day))
                started += 1
            if not running:
                break
            done, running = wait(running, return_when=FIRST_COMPLETED)
            found += [each.result() for each in done]
            follow(len(found))
    return found
