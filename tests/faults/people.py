"""Everybody of a race day before one server that is killed again and again: runners, therapists, a
desk and an organiser, who press what they see, ask again under the same key what was left without
an answer, and write down all they were told and shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, NamedTuple

import requests

from tentqueue.services.invariants import Shown, Told
from tests.workers.crew import EVENT

THERAPISTS = ("ana", "ben", "chidi", "dora")
MOST_WAITING = 40
_PATIENCE_S = 30.0


class Gone(Exception):
    """The server is not there any more."""


class Wish(NamedTuple):
    """A command, and who asks for it."""

    path: str
    body: Any
    who: str


@dataclass
class Book:
    """What one client noted of its whole day, over all the server's lives."""

    told: list[Told] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    wishes: dict[str, Wish] = field(default_factory=dict)
    open: str | None = None
    """The key that was left without an answer."""


class Person:
    """One client: presses, looks, and keeps a book."""

    def __init__(self, name: str, press: Callable[[Person], None]) -> None:
        self.name, self.book, self.chance = name, Book(), Random(name)
        self._press, self._numbers = press, count()
        self.mine: list[str] = []
        """Tickets taken here."""
        self._url, self._line = "", requests.Session()

    def live(self, url: str, stop: threading.Event, again: list[str]) -> None:
        """Ask again what is open and what is named, then go on until the server is gone."""
        self._url, self._line = url, requests.Session()
        try:
            for key in filter(None, [self.book.open, *again]):
                self._ask(key)
            while not stop.is_set():
                self._press(self)
        except Gone:
            return
        finally:
            self._line.close()

    def ask(self, path: str, body: Any = None, who: str = "") -> dict[str, Any]:
        """Ask for a command under a fresh key; the answer, a refusal too."""
        key = f"{self.name}-{next(self._numbers)}"
        self.book.wishes[key] = Wish(path, body or {}, who)
        return self._ask(key)

    def _ask(self, key: str) -> dict[str, Any]:
        self.book.open, wish = key, self.book.wishes[key]
        headers = {"Idempotency-Key": key}
        answer = self._send("POST", wish.path, wish.who, json=wish.body, headers=headers)
        told: dict[str, Any] = answer.json()
        # Each life has a port of its own.
        told.pop("url", None)
        self.book.told.append(Told(key, answer.status_code, told))
        if answer.status_code < 500:
            self.book.open = None
        return told

    def look(self, path: str, audience: str, who: str = "") -> dict[str, Any]:
        """Fetch a view, and note it."""
        view: dict[str, Any] = self._send("GET", path, who).json()
        if "version" in view:
            self.book.shown.append(Shown(self.name, audience, view))
        return view

    def _send(self, method: str, path: str, who: str, **more: Any) -> requests.Response:
        headers = more.pop("headers", {}) | ({"Authorization": f"Bearer {who}"} if who else {})
        where = self._url + (path if path.startswith("/") else f"{EVENT}/{path}")
        try:
            return self._line.request(method, where, headers=headers, timeout=_PATIENCE_S, **more)
        except requests.RequestException:
            raise Gone from None


def runner(person: Person) -> None:
    """Join, look, and now and then give a sign or the place up."""
    board = person.look("board", "board")
    if sum(lane["waiting"] for lane in board["lanes"]) < MOST_WAITING:
        _join(person)
    if not person.mine:
        return
    ticket = person.chance.choice(person.mine[-6:])
    own, key = f"/api/v1/tickets/{ticket}", f"key-{ticket}"
    person.look(own, "holder", key)
    step = person.chance.choice(["here", "delay", "leave", "screening", "", ""])
    body = {"screening": person.chance.choice(["ok", "ask"])} if step == "screening" else {}
    if step:
        person.ask(f"{own}/{step}", body, key)


def _join(person: Person) -> None:
    bib = f"{person.name[-1]}{len(person.mine)}"
    body: dict[str, Any] = {"lane": "recovery", "consent": True, "bib": bib}
    if person.chance.random() < 0.3:
        body["before_finish"] = True
    else:
        body |= {"finished_at": "2027-04-25T11:30:00Z", "screening": "ok", "at_tent": True}
    joined = person.ask("tickets", body)
    if "id" in joined:
        person.mine.append(joined["id"])


def therapist(person: Person) -> None:
    """Press the next step of a table, sometimes another; a break now and then."""
    who = f"therapist:{person.name}"
    tent = person.look("tent", "therapist", who)
    here = next(each for each in tent["therapists"] if each["id"] == person.name)
    table, ticket = f"therapists/{person.name}", f"tickets/{here['ticket']}"
    presses = {
        "called": [f"{ticket}/start"] * 8 + [f"{ticket}/no-show", f"{ticket}/recall"],
        "in_treatment": [f"{ticket}/finish"] * 6 + [f"{ticket}/extend", f"{ticket}/refer"],
        "changeover": [f"{ticket}/clean"],
        "available": [f"{table}/break"],
    }
    press = person.chance.choice(presses.get(here["state"], [f"{table}/available"]))
    person.ask(press, {}, who)
    if person.chance.random() < 0.1:
        person.ask("undo", {}, who)


def desk(person: Person) -> None:
    """Set aside, call again, write up, take back."""
    who = "desk:Eve"
    board = person.look("board", "board")
    codes = [*board["next"], *(each["code"] for each in board["calling"])]
    if codes and person.chance.random() < 0.7:
        code = person.chance.choice(codes)
        path, body = person.chance.choice(
            [
                (f"tickets/{code}/hold", {"minutes": 1}),
                (f"tickets/{code}/recall", {}),
                (f"tickets/{code}/paper", {"left_at": "2027-04-25T12:00:00Z"}),
                (f"therapists/{person.chance.choice(THERAPISTS)}/available", {}),
            ]
        )
        person.ask(path, body, who)
    else:
        person.ask("undo", {}, who)


def organiser(person: Person) -> None:
    """Move, announce, shut and open the lane, and hand finishes in."""
    who = "organiser:Max"
    board, chance = person.look("board", "board"), person.chance
    runners = [f"{chance.choice('012')}{chance.randint(0, 30)}" for _ in range(4)]
    finishes = [{"bib": bib, "finished_at": "2027-04-25T11:40:00Z"} for bib in runners]
    presses: list[tuple[str, Any]] = [
        ("finishers", finishes),
        ("finishers", finishes),
        ("announce", {"text": chance.choice(["", "Drink.", "Rain at noon."])}),
        ("lanes/recovery/pause", {}),
        ("undo", {}),
    ]
    if board["next"]:
        code = chance.choice(board["next"])
        presses.append((f"tickets/{code}/move", {"reason": "train to catch"}))
    press = chance.choice(presses)
    person.ask(*press, who)
    if press[0].startswith("lanes"):
        person.ask("lanes/recovery/open", {}, who)


def everybody() -> list[Person]:
    """Three runners' phones, four therapists, the desk and the organiser."""
    runners = [Person(f"phone-{number}", runner) for number in range(3)]
    tables = [Person(name, therapist) for name in THERAPISTS]
    return [*runners, *tables, Person("desk", desk), Person("organiser", organiser)]
