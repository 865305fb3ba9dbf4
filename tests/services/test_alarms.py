"""Phones are woken for their own call, once each time, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tentqueue.domain import commands as do
from tentqueue.services.alarms import MOST_PER_TICKET, Alarms, Gone, Phone
from tests.cast import ANA, NOON, Scene

RACE = "riverside-half"


class Book:
    """Subscriptions in memory."""

    def __init__(self) -> None:
        self.phones: list[Phone] = []

    def of_ticket(self, event: str, ticket_id: str) -> Iterable[Phone]:
        return [phone for phone in self.phones if phone.ticket_id == ticket_id]

    def keep(self, event: str, phone: Phone) -> None:
        self.phones.append(phone)

    def drop(self, event: str, endpoint: str) -> None:
        self.phones = [phone for phone in self.phones if phone.endpoint != endpoint]


class Day:
    """A scene whose changes are told on."""

    def __init__(self) -> None:
        self.scene = Scene(at=NOON)
        self.heard: Any = None

    @property
    def tent(self) -> Any:
        return self.scene.tent

    def on_change(self, listener: Any) -> None:
        self.heard = listener

    def ask(self, *commands: Any) -> None:
        """Ask, and tell who listens."""
        for command in commands:
            self.scene.ask(command)
            self.heard(self.tent)

    def after(self, minutes: float) -> None:
        """Let time pass."""
        self.scene.after(minutes)
        self.heard(self.tent)


class Tent:
    """A race day, its phones, and what was sent to them."""

    def __init__(self) -> None:
        self.book, self.day, self.sent = Book(), Day(), []
        self.gone: set[str] = set()
        self.alarms = Alarms(
            self.book, self._send, lambda act: act(), lambda language, said: f"{language}: {said}"
        )
        self.alarms.watch(RACE, self.day)  # type: ignore[arg-type]

    def _send(self, phone: Phone, notice: dict[str, Any]) -> None:
        if phone.endpoint in self.gone:
            raise Gone
        self.sent.append((phone.endpoint, notice["title"], notice["body"]))

    def with_phone(self, name: str, endpoint: str = "") -> None:
        """`name` joins recovery, and wants to be woken."""
        if name not in self.day.tent.ids:
            self.day.scene.recovery(name)
        self.alarms.keep(RACE, Phone(name, endpoint or f"phone of {name}", "key", "secret", "de"))


def test_a_call_wakes_the_phone_of_its_runner_and_no_other() -> None:
    tent = Tent()
    tent.with_phone("Mia")
    tent.with_phone("Noor")
    tent.day.ask(do.BeAvailable(ANA.id))
    assert tent.sent == [("phone of Mia", "de: Your turn: R001", "de: Walk to table 1 now.")]


def test_a_second_call_wakes_again_and_nothing_in_between_does() -> None:
    tent = Tent()
    tent.with_phone("Mia")
    tent.day.ask(do.BeAvailable(ANA.id))
    tent.day.after(0.5)
    assert len(tent.sent) == 1
    tent.day.after(1.5)
    assert tent.day.tent.ticket("Mia").recalled
    assert len(tent.sent) == 2


def test_a_restarted_server_does_not_call_again() -> None:
    tent = Tent()
    tent.with_phone("Mia")
    tent.day.ask(do.BeAvailable(ANA.id))
    again = Alarms(tent.book, tent._send, lambda act: act(), lambda _, said: said)
    again.watch(RACE, tent.day)  # type: ignore[arg-type]
    tent.day.ask(do.Announce("Hot soup at the exit."))
    assert len(tent.sent) == 1


def test_a_phone_whose_subscription_ended_is_forgotten() -> None:
    tent = Tent()
    tent.with_phone("Mia")
    tent.gone.add("phone of Mia")
    tent.day.ask(do.BeAvailable(ANA.id))
    assert tent.book.phones == []


def test_a_phone_that_another_worker_keeps_is_woken_too() -> None:
    tent = Tent()
    other = Alarms(tent.book, tent._send, lambda act: act(), lambda _, said: said)
    tent.day.scene.recovery("Mia")
    other.keep(RACE, Phone("Mia", "phone of Mia", "key", "secret", "de"))
    tent.day.ask(do.BeAvailable(ANA.id))
    assert [phone for phone, _, _ in tent.sent] == ["phone of Mia"]


def test_a_ticket_wakes_a_few_phones_at_most() -> None:
    tent = Tent()
    for number in range(MOST_PER_TICKET + 3):
        tent.with_phone("Mia", f"phone {number}")
    assert [phone.endpoint for phone in tent.book.phones] == [f"phone {n}" for n in (3, 4, 5, 6)]
