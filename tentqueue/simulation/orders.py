"""What a dispatcher may order in a played day. An illegal order is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from tentqueue.simulation.dayfile import Message
from tentqueue.simulation.people import Doing, Guest, Hand, Place
from tentqueue.simulation.world import World

OPEN = (Place.WAITING, Place.CALLED, Place.HERE, Place.GONE)
"""Places of an open ticket; whoever has silently gone still looks as if they waited."""


class Illegal(Exception):
    """The order breaks a rule of the day; the text says which."""


def obey(world: World, order: Message) -> None:
    """Carry out one order now. Raises: Illegal, and then nothing has changed."""
    carry_out = _ORDERS.get(str(order.get("cmd")))
    if carry_out is None:
        raise Illegal(f"t={world.now}: unknown command {order.get('cmd')!r}")
    carry_out(world, order)


def _need(world: World, order: Message, met: bool, why: str) -> None:
    if not met:
        who = order.get("ticket") or order.get("therapist")
        raise Illegal(f"t={world.now}: {order['cmd']} {who}: {why}")


def _guest(world: World, order: Message) -> Guest:
    guest = world.guests.get(str(order.get("ticket")))
    if guest is None or guest.place is Place.NOT_YET:
        raise Illegal(f"t={world.now}: {order['cmd']}: no ticket {order.get('ticket')} yet")
    return guest


def _range(world: World, order: Message) -> tuple[float, float, float]:
    told = order.get("q")
    numbers = isinstance(told, list) and all(isinstance(each, int | float) for each in told)
    good = numbers and len(told or ()) == 3 and sorted(told or ()) == told
    _need(world, order, good, "q must be [p10, p50, p90], ascending")
    early, likely, late = told or (0, 0, 0)
    return float(early), float(likely), float(late)


def _asked_now(world: World, order: Message) -> Guest:
    guest = _guest(world, order)
    asks = guest.place is Place.ASKING and guest.who.joins == world.now
    _need(world, order, asks, "a join is answered in its own second only")
    return guest


def _accept(world: World, order: Message) -> None:
    guest = _asked_now(world, order)
    told = None if order.get("q") is None else _range(world, order)
    guest.told, guest.chance = told, order.get("p_ok")
    guest.promised, guest.place = bool(order.get("promise", False)), Place.WAITING


def _refuse(world: World, order: Message) -> None:
    guest = _asked_now(world, order)
    guest.place, guest.refused_at, guest.chance = Place.REFUSED, world.now, order.get("p_ok")


def _quote(world: World, order: Message) -> None:
    guest = _guest(world, order)
    _need(world, order, guest.place in OPEN and not guest.known_gone, f"they are {guest.place}")
    guest.polls.append((_range(world, order), len(guest.calls)))


def _call(world: World, order: Message) -> None:
    guest, rules, now = _guest(world, order), world.rules, world.now
    gone = guest.closed_at is not None or guest.known_gone
    callable_now = guest.place in (Place.WAITING, Place.CALLED, Place.GONE) and not gone
    _need(world, order, callable_now, f"they are {guest.place}")
    _need(world, order, len(guest.calls) < rules["max_calls"], "called too often already")
    since = now - guest.calls[-1] if guest.calls else None
    rested = since is None or since >= rules["recall_min_s"]
    _need(world, order, rested, f"called {since} s ago")
    grace = rules["call_grace_s"]
    if since is None or since >= grace:
        crowd = sum(each.expected(now, grace) for each in world.guests.values())
        _need(world, order, crowd < rules["standby_cap"], "the standby area is full")
    _ring(world, guest)


def _ring(world: World, guest: Guest) -> None:
    near, number = guest.place is Place.WAITING and guest.lingers(world.now), len(guest.calls)
    guest.calls.append(world.now)
    if guest.place is Place.GONE:
        return
    guest.place = Place.CALLED
    answers = guest.who.answers
    after = 1 if near else answers[number] if number < len(answers) else None
    if after is not None:
        world.comes(guest, after)


def _hand(world: World, order: Message) -> Hand:
    hand = world.hands.get(str(order.get("therapist")))
    if hand is None:
        raise Illegal(f"t={world.now}: {order['cmd']}: no therapist {order.get('therapist')}")
    _need(world, order, hand.doing is Doing.IDLE, f"{hand.who.id} is {hand.doing}")
    return hand


def _start(world: World, order: Message) -> None:
    guest, now = _guest(world, order), world.now
    near = guest.place is Place.WAITING and guest.lingers(now)
    _need(world, order, guest.place is Place.HERE or near, f"not at the tent, {guest.place}")
    hand, due = _hand(world, order), guest.who.deadline
    _need(world, order, guest.service in hand.who.skills, f"{hand.who.id} has not the skill")
    _need(world, order, now >= guest.ready, "before they are ready")
    _need(world, order, due is None or now < due, "after their deadline")
    latest = hand.who.ends + world.rules["overtime_s"]
    in_shift = now + world.services[guest.service]["nominal_s"] <= latest
    _need(world, order, in_shift, f"{hand.who.id}'s shift ends too soon")
    world.treats(guest, hand)


def _break(world: World, order: Message) -> None:
    hand = _hand(world, order)
    due = bool(hand.breaks)
    if due:
        due = hand.breaks[0]["earliest_s"] <= world.now <= hand.breaks[0]["latest_s"]
    _need(world, order, due, "no break is due now")
    world.rests(hand)


def _close(world: World, order: Message) -> None:
    guest = _guest(world, order)
    still_open = guest.place in OPEN and guest.closed_at is None and not guest.known_gone
    _need(world, order, still_open, f"they are {guest.place}")
    guest.closed_at = world.now
    if guest.place is not Place.GONE:
        guest.place = Place.CLOSED


_ORDERS: dict[str, Callable[[World, Message], None]] = {
    "accept": _accept,
    "refuse": _refuse,
    "quote": _quote,
    "call": _call,
    "start": _start,
    "break": _break,
    "close": _close,
}
