"""Small cards, eight a sheet: a badge that signs one device in, a ticket handed out at the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tentqueue.paper.bib import LANES, Band, card, cuts, eighths
from tentqueue.paper.looks import SOFT
from tentqueue.paper.sheet import A4, Box, Sheets, Type

Card = TypeVar("Card")


@dataclass(frozen=True)
class StaffBadge:
    """A badge: for whom, what they are, where its code leads, and until when in words."""

    who: str
    what: str
    link: str
    until: str


@dataclass(frozen=True)
class PaperTicket:
    """A ticket nobody has yet: its code, its lane, and what its picture opens."""

    code: str
    lane: str
    link: str


def badges(sheets: Sheets, event: str, made: Sequence[StaffBadge]) -> None:
    """Draw badges, to be cut and handed out."""
    _each(sheets, made, lambda box, one: _badge(sheets, event, one, box))


def tickets(sheets: Sheets, event: str, made: Sequence[PaperTicket]) -> None:
    """Draw tickets, to be cut and kept at the desk."""
    _each(sheets, made, lambda box, one: _ticket(sheets, event, one, box))


def _each(sheets: Sheets, made: Sequence[Card], draw: Callable[[Box, Card], None]) -> None:
    for (place, box), one in zip(eighths(sheets, len(made)), made, strict=True):
        if place == 0:
            cuts(sheets, sheets.new(A4))
        draw(box, one)


def _badge(sheets: Sheets, event: str, one: StaffBadge, box: Box) -> None:
    below = card(sheets, box, Band("Staff", event), 11)
    words, code = _halves(sheets, below, one.link, 41)
    name = Type("bib-800", 13)
    sheets.say(one.who, (words.x, words.y + 16), sheets.fitting(one.who, name, words.w))
    sheets.say(one.what, (words.x, words.y + 23), Type("bib-600", 5.2))
    told = f"Signs one device in, once.\nGood until {one.until}."
    sheets.paragraph(told, Box(words.x, words.y + 33, words.w, 0), Type("words-600", 3.5))
    sheets.link(code, one.link)


def _ticket(sheets: Sheets, event: str, one: PaperTicket, box: Box) -> None:
    below = card(sheets, box, Band(LANES[one.lane], event, one.lane), 11)
    words, _ = _halves(sheets, below, one.link, 36)
    # As if all digits were eights: the codes of a sheet are of one size. A W is wider than an R.
    code = sheets.fitting(one.code[0] + "8" * (len(one.code) - 1), Type("bib-800", 30), words.w)
    sheets.say(one.code, (words.x - 0.6, words.y + 26.5), code)
    sheets.say("Bib", (words.x, words.y + 38.5), Type("words-400", 3.6, SOFT))
    sheets.line((words.x + 7, words.y + 38.8), (words.right, words.y + 38.8), SOFT, 0.25)
    told = "The desk scans it, then you are in line. Watch the board."
    kind = sheets.fitting(told, Type("words-600", 3.5), below.w - 18)
    sheets.say(told, (below.middle, below.bottom - 3.6), kind, "C")


def _halves(sheets: Sheets, below: Box, link: str, side: float) -> tuple[Box, Box]:
    """Words at the left, the code at the right; its quiet zone serves as the margin."""
    code = Box(below.right - side - 2, below.y + 2.5, side, side)
    sheets.code(link, code)
    left = below.x + 6
    return Box(left, below.y, code.x - left - 1, below.h), code
