"""What clients were told and shown, against the journal: nothing told is lost (invariant 1), one
answer a key (2), views of durable versions that never go back (8), nothing of health or names
where it must not be (9), and refusals that change nothing and say why (10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from tentqueue.domain.model import TicketState
from tentqueue.domain.tent import Tent
from tentqueue.services.invariants.broken import Broken
from tentqueue.services.invariants.journal import Looked

HEALTH = frozenset({"areas", "avoid", "links", "screening", "referral", "category"})
"""Words of a view that tell of health."""
_SEEN_BY_ALL = ("board", "public")


@dataclass(frozen=True)
class Told:
    """An answer that reached a client, and the idempotency key it had asked with."""

    key: str | None
    status: int
    answer: Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """A view as `client` showed it. `audience`: board, public, holder, desk, therapist, organiser.
    `durable`: how far the journal was on the disk at that moment, if anyone knows."""

    client: str
    audience: str
    view: Mapping[str, Any]
    durable: int | None = None

    @property
    def version(self) -> int:
        """The version the view says it is of."""
        return int(self.view["version"])


def check_clients(
    looked: Looked,
    told: Iterable[Told] = (),
    shown: Iterable[Shown] = (),
    personal: Collection[str] = (),
) -> list[Broken]:
    """Find what clients saw that the journal does not bear out; `personal` are words that stand
    for names and bibs, which no public view may hold."""
    found = chain(_answers(looked, list(told)), _views(looked, list(shown), personal))
    return list(found)


def _answers(looked: Looked, told: list[Told]) -> Iterator[Broken]:
    first: dict[str, Told] = {}
    for each in told:
        done = 200 <= each.status < 300
        if done:
            yield from _durable(looked, each)
        if done and "id" in each.answer and "code" in each.answer:
            yield from _kept(looked.tent, each)
        if not done:
            yield from _refusal(looked, each)
        if each.key is None or each.answer.get("code") == "key_reused":
            continue
        if each.status == 201 and each.key not in looked.keys:
            yield Broken(1, "a join was acknowledged and is not in the journal")
        if each.status < 500:
            yield from _same(first.setdefault(each.key, each), each)


def _durable(looked: Looked, told: Told) -> Iterator[Broken]:
    """A yes rests on an entry, and the journal keeps the very answer that was given."""
    if told.answer.get("version", 0) > looked.tent.version:
        yield Broken(1, f"version {told.answer['version']} was answered and is lost")
    line = looked.keys.get(told.key or "")
    if line is None or line.answer is None:
        return
    kept: dict[str, Any] = msgspec.json.decode(line.answer)
    if any(told.answer.get(name) != value for name, value in kept.items()):
        yield Broken(2, "the journal keeps another answer than was given", line.entry.number)


def _kept(tent: Tent, told: Told) -> Iterator[Broken]:
    answer = told.answer
    code = tent.ids.get(answer["id"], "")
    ticket = tent.open.get(code) or tent.closed.get(code)
    if ticket is None:
        yield Broken(1, f"acknowledged ticket {answer['code']} is lost")
        return
    if (code, ticket.lane.value) != (answer["code"], answer.get("lane", ticket.lane.value)):
        yield Broken(1, f"ticket {answer['code']} was acknowledged and is {code} now")


def _refusal(looked: Looked, told: Told) -> Iterator[Broken]:
    if told.status >= 500:
        return
    if told.key in looked.keys and told.answer.get("code") != "key_reused":
        yield Broken(10, f"a command was refused with {told.status} and carried out")
    if not str(told.answer.get("detail", "")).strip() or not told.answer.get("code"):
        yield Broken(10, f"a refusal with {told.status} does not say why")


def _same(first: Told, again: Told) -> Iterator[Broken]:
    if first.status < 300 and (first.status, first.answer) != (again.status, again.answer):
        yield Broken(2, f"one key, two answers: {first.status} and {again.status}")


def _views(looked: Looked, shown: list[Shown], personal: Collection[str]) -> Iterator[Broken]:
    newest: dict[str, int] = {}
    for each in shown:
        if each.version < newest.get(each.client, 0):
            yield Broken(8, f"{each.client} went back to version {each.version}")
        newest[each.client] = max(each.version, newest.get(each.client, 0))
        if each.durable is not None and each.version > each.durable:
            yield Broken(8, f"version {each.version} was shown before it was durable")
        tent = looked.tents.get(each.version)
        if tent is not None:
            yield from _as_the_tent(each, tent)
        elif each.version > looked.tent.version:
            yield Broken(8, f"{each.client} shows version {each.version}, which never was")
        yield from _private(each, personal)


def _as_the_tent(shown: Shown, tent: Tent) -> Iterator[Broken]:
    if shown.audience == "board" and "calling" in shown.view:
        view = shown.view
        calling = {(c["code"], c["table"]) for c in view["calling"]}
        treated = {(c["code"], c["table"]) for c in view["in_treatment"]}
        if calling != _at(tent, TicketState.CALLED):
            yield Broken(8, f"{shown.client} calls others than the tent does", shown.version)
        if treated != _at(tent, TicketState.IN_TREATMENT):
            yield Broken(8, f"{shown.client} shows other treatments", shown.version)
        waiting = {lane["lane"]: lane["waiting"] for lane in view["lanes"]}
        if waiting != {name.value: len(tent.line(name)) for name in tent.lanes}:
            yield Broken(8, f"{shown.client} shows other lines", shown.version)
    elif "state" in shown.view and "code" in shown.view:
        code = shown.view["code"]
        ticket = tent.open.get(code) or tent.closed.get(code)
        if ticket is None or shown.view["state"] != _public(ticket.state.value, shown.audience):
            yield Broken(8, f"{shown.client} shows another state", shown.version)


def _at(tent: Tent, state: TicketState) -> set[tuple[str, int | None]]:
    return {(t.code, t.table) for t in tent.open.values() if t.state is state}


def _public(state: str, audience: str) -> str:
    return "left" if state == "referred" and audience in _SEEN_BY_ALL else state


def _private(shown: Shown, personal: Collection[str]) -> Iterator[Broken]:
    """Nothing of health, and on what all may see no name and no referral (rules 7, 23)."""
    if shown.audience not in ("holder", "therapist"):
        for word in sorted(HEALTH & set(_words(shown.view))):
            yield Broken(9, f"{shown.audience} sees {word}")
    if shown.audience in _SEEN_BY_ALL:
        said = {str(value) for value in _values(shown.view)}
        if "referred" in said:
            yield Broken(9, f"{shown.audience} sees a referral")
        for name in personal:
            if any(name in text for text in said):
                yield Broken(9, f"{shown.audience} sees a runner's name or bib")


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from _words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(inner)
    else:
        yield value
