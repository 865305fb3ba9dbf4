"""A crowd goes on a few at a time, and a press comes in between."""

from __future__ import annotations

import socket

import gevent
from gevent.socket import wait_read

from tentqueue.lobby import Lobby

AT_ONCE = 4


def test_a_press_is_served_before_the_crowd_is_through() -> None:
    lobby, went_on = Lobby(AT_ONCE), 0
    tablet, server = socket.socketpair()

    def come() -> None:
        nonlocal went_on
        lobby.enter()
        went_on += 1

    crowd = [gevent.spawn(come) for _ in range(200)]
    gevent.sleep(0)
    tablet.send(b"start")
    wait_read(server.fileno(), timeout=5)
    assert went_on <= 5 * AT_ONCE
    gevent.joinall(crowd, timeout=5, raise_error=True)
    assert went_on == len(crowd)
    tablet.close()
    server.close()


def test_who_came_first_goes_on_first() -> None:
    lobby, order = Lobby(AT_ONCE), list[int]()

    def come(number: int) -> None:
        lobby.enter()
        order.append(number)

    gevent.joinall([gevent.spawn(come, n) for n in range(40)], timeout=5, raise_error=True)
    assert order == sorted(order)
