"""What may stand in the body of the staff's own routes. Parsing only."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from tentqueue.web.bodies import Body, Line
from tentqueue.web.pins import LONGEST_PASSPHRASE, SHORTEST_PASSPHRASE

Slug = Annotated[str, Meta(min_length=1, max_length=80)]
Code = Annotated[str, Meta(min_length=16, max_length=128)]
Secret = Annotated[str, Meta(min_length=1, max_length=LONGEST_PASSPHRASE)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class About(Struct, frozen=True):
    """The one field that is read before it is known who asks."""

    event: str | None = None


class OfEvent(Body, frozen=True, kw_only=True):
    """A request about an event: the browser's own when it is not named."""

    event: Slug | None = None


class Badges(OfEvent, frozen=True, kw_only=True):
    """A badge for a role; a therapist's names the therapist."""

    role: Literal["therapist", "desk", "organiser", "board", "kiosk"]
    therapist: Name | None = None


class Revoke(OfEvent, frozen=True, kw_only=True):
    """Whose account ends."""

    staff: Name


class EndToken(OfEvent, frozen=True, kw_only=True):
    """Which program's token ends."""

    token: Name


class Enrol(Body, frozen=True, kw_only=True):
    """The code of a badge, and how a volunteer wants to be named."""

    code: Code
    name: Line | None = None


class Passphrase(Body, frozen=True, kw_only=True):
    """The organiser's first passphrase, by the set-up link's code."""

    code: Code
    passphrase: Annotated[str, Meta(min_length=SHORTEST_PASSPHRASE, max_length=LONGEST_PASSPHRASE)]
    name: Line = "Organiser"


class SignIn(Body, frozen=True, kw_only=True):
    """Who, by the id of the names or the name itself, and the PIN or passphrase."""

    event: Slug
    pin: Secret
    staff: Name | None = None
    name: Line | None = None


class Unlock(Body, frozen=True, kw_only=True):
    """The PIN or passphrase of whoever sits there."""

    pin: Secret


class Key(Body, frozen=True, kw_only=True):
    """A ticket's key, from the link it came with."""

    key: Secret


class Wipe(OfEvent, frozen=True, kw_only=True):
    """The wipe of the event's records; therapists' names too, before the end of the event."""

    staff_too: bool = False


class AddWebhook(OfEvent, frozen=True, kw_only=True):
    """An address the journal is sent on to."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]


class OneWebhook(OfEvent, frozen=True, kw_only=True):
    """Which webhook ends, or is sent a test."""

    webhook: Name
