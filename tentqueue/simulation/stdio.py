"""The blind way in: one JSON message a line on stdin, one reply a line on stdout."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from tentqueue.simulation.dayfile import Message
from tentqueue.simulation.log import Dispatcher


class BadMessage(Exception):
    """A line is no message of the protocol; the text names the line and what is wrong."""


def converse(dispatcher: Dispatcher, lines: Iterable[str], out: TextIO) -> None:
    """Answer each line, at once, until the day ends or nobody speaks. Raises: BadMessage."""
    begun = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        message = _message(number, line, begun)
        begun = True
        orders = _answer(dispatcher, message, number)
        out.write(json.dumps({"cmds": orders}, separators=(",", ":")) + "\n")
        out.flush()
        if message.get("end"):
            return


def _answer(dispatcher: Dispatcher, message: Message, number: int) -> list[Message]:
    try:
        return dispatcher(message)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        said = f"{type(wrong).__name__} {wrong}"
        raise BadMessage(f"line {number}: missing or wrong field ({said})") from wrong


def _message(number: int, line: str, begun: bool) -> Message:
    try:
        message = json.loads(line)
    except json.JSONDecodeError as broken:
        raise BadMessage(f"line {number}: not JSON ({broken.msg})") from broken
    if not isinstance(message, dict) or not isinstance(message.get("t"), int):
        raise BadMessage(f"line {number}: must be an object with a whole number t")
    if not begun and "init" not in message:
        raise BadMessage(f"line {number}: the first message must carry init")
    return message
