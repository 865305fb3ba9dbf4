"""The shapes of the answers to the staff's own routes, for the OpenAPI document; no view is made
through them at run time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from tentqueue.web.tent_answers import Answer

Role = Literal["therapist", "desk", "organiser", "board", "kiosk"]


class Told(Answer, frozen=True, kw_only=True):
    """Whose screen this is now, and where it goes on."""

    staff: str
    name: str
    role: Role
    therapist: str | None
    event: str | None
    to: str


class Enrolled(Told, frozen=True, kw_only=True):
    """A device that belongs to the staff now; its PIN is told once."""

    pin: str | None


class Me(Told, frozen=True, kw_only=True):
    """Who sits at this screen."""

    locked: bool
    has_pin: bool


class Locked(Answer, frozen=True, kw_only=True):
    """Whether the screen wants the PIN."""

    locked: bool


class Named(Answer, frozen=True, kw_only=True):
    """Somebody whose PIN a device may ask for."""

    staff: str
    name: str
    role: Role


class Names(Answer, frozen=True, kw_only=True):
    """Everyone whose PIN this device may ask for."""

    names: list[Named]


class Drawn(Answer, frozen=True, kw_only=True):
    """A QR code as one SVG path of modules, and how many of them a side has."""

    side: int
    path: str


class BadgeMade(Answer, frozen=True, kw_only=True):
    """A badge good for one device and a short while."""

    path: str
    url: str
    qr: Drawn
    role: Role
    therapist: str | None
    expires_at: datetime


class SheetMade(Answer, frozen=True, kw_only=True):
    """A sheet of printed badges, and where it is drawn."""

    path: str
    badges: int
    expires_at: datetime


class Account(Answer, frozen=True, kw_only=True):
    """One account and its devices."""

    staff: str
    name: str
    role: Role
    therapist: str | None
    devices: int
    last_seen: datetime | None
    revoked: bool


class Accounts(Answer, frozen=True, kw_only=True):
    """Everyone with an account."""

    members: list[Account]


class Program(Answer, frozen=True, kw_only=True):
    """A program's token, by the name the journal has for it."""

    token: str
    role: Role
    therapist: str | None
    made_at: datetime
    revoked: bool


class Programs(Answer, frozen=True, kw_only=True):
    """Every token of the event."""

    tokens: list[Program]


class BackupMade(Answer, frozen=True, kw_only=True):
    """A file that holds the event, and when it was written."""

    path: str
    made_at: datetime


class Consent(Answer, frozen=True, kw_only=True):
    """How often a wording was agreed to, and by whom it was asked."""

    wording: str
    by: str
    given: int
    withdrawn: int


class Wiped(Answer, frozen=True, kw_only=True):
    """A wipe, and its proof."""

    at: datetime
    why: str
    staff_too: bool
    proven_at: datetime | None
    counts: dict[str, Any]


class Records(Answer, frozen=True, kw_only=True):
    """How it stands with an event's records."""

    event: str
    due_at: datetime | None
    hours: int
    open_tickets: int
    people: int
    backups: list[BackupMade]
    consents: list[Consent]
    wipe: Wiped | None


class LastTry(Answer, frozen=True, kw_only=True):
    """When something was last sent, and the status that came back; 0 when nobody answered."""

    at: datetime
    answered: int


class Webhook(Answer, frozen=True, kw_only=True):
    """An address, the last journal entry it has, how many it lacks, and how the last try went."""

    webhook: str
    url: str
    arrived: int
    behind: int
    failures: int
    retry_at: datetime | None
    last: LastTry | None
    ended: bool


class WebhookMade(Webhook, frozen=True, kw_only=True):
    """A new address, and the secret that signs what it gets, told once."""

    secret: str


class Webhooks(Answer, frozen=True, kw_only=True):
    """Every address of the event."""

    webhooks: list[Webhook]


class WebhookEnded(Answer, frozen=True, kw_only=True):
    """Which webhook is forgotten."""

    ended: str


class Done(Answer, frozen=True, kw_only=True):
    """Nothing to tell."""


class KeyTaken(Answer, frozen=True, kw_only=True):
    """The ticket whose cookie the browser has now."""

    id: str
    event: str


SHOWN: dict[str, tuple[Any, str]] = {
    "badges": (BadgeMade, "Make a badge that enrols one more device"),
    "badge-sheet": (SheetMade, "Make a sheet of printed badges"),
    "members": (Accounts, "Everyone with an account, and when they were last seen"),
    "revoke": (Accounts, "End an account and its sessions"),
    "tokens": (Programs, "The event's tokens for programs"),
    "token-end": (Programs, "End a program's token"),
    "records": (Records, "How it stands with the event's records"),
    "wipe": (Records, "Make the event's records anonymous now"),
    "webhooks": (Webhooks, "The event's webhooks, how far each has come and the last try"),
    "webhook": (WebhookMade, "Send the journal on to an address from now on"),
    "webhook-end": (WebhookEnded, "Send nothing more to an address, and forget it"),
    "webhook-test": (Webhook, "Send a message that tells of nothing"),
    "enrol": (Enrolled, "Make this browser one of the staff's, by a badge"),
    "passphrase": (Told, "Make the installation's organiser, by the one-time set-up link"),
    "signin": (Told, "Sign in by a name and its PIN, on an enrolled device"),
    "signout": (Done, "End the browser's session"),
    "names": (Names, "Whose PIN this device may ask for"),
    "lock": (Locked, "Ask for the PIN before anything else"),
    "unlock": (Locked, "Open the locked screen by the PIN"),
    "stay": (Locked, "Somebody touches the screen"),
    "me": (Me, "Who sits at this screen"),
}
"""What each route answers with, and what it is for."""
