"""What a scanned ticket opens, and the tickets printed before the day, which nobody holds yet."""

from __future__ import annotations

from typing import NamedTuple

from tentqueue.domain.model import LaneName
from tentqueue.domain.paper import is_paper
from tentqueue.services.asker import STAFF, Asker, Power
from tentqueue.web.context import ID_LENGTH, Context
from tentqueue.web.errors import Invalid


class Blank(NamedTuple):
    """A printed ticket that nobody joined with: its event, code and lane."""

    slug: str
    code: str
    lane: LaneName


def blank_of(context: Context, ticket_id: str) -> Blank | None:
    """Find the printed ticket with this id in any event; None when it is no sheet's of ours."""
    if len(ticket_id) != ID_LENGTH:
        return None
    for slug in context.tents.slugs():
        code = context.paper.code_of(slug, ticket_id)
        if code is not None:
            return Blank(slug, code, _lane(code))
    return None


def printed_code(context: Context, slug: str, asker: Asker, given: str) -> str:
    """The code of the printed ticket that somebody joins with.

    Staff may type the code; anybody else must have scanned the picture, whose id can't be guessed.

    Raises: Invalid for anything that is on none of this event's sheets.
    """
    found = context.paper.code_of(slug, given.lower())
    if found is not None:
        return found
    code = given.upper()
    typed = code[:1] in {lane.letter for lane in LaneName} and code[1:].isdecimal()
    trusted = asker.power in STAFF or asker.power is Power.KIOSK
    if not (trusted and typed and code.isascii() and len(code) == 4 and is_paper(code)):
        raise Invalid({"paper": "is on none of this event's sheets; scan it, or leave it out"})
    return code


def _lane(code: str) -> LaneName:
    return next(lane for lane in LaneName if lane.letter == code[0])
