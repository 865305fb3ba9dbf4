"""Who may call what: each route names its audience, and one that names none is not a route."""

from __future__ import annotations

from dataclasses import dataclass

from tentqueue.domain.said import Said
from tentqueue.services.asker import Asker, Power
from tentqueue.web.errors import Problem


@dataclass(frozen=True)
class Audience:
    """The powers that may call; `own` names what a runner or therapist must own for it."""

    words: Said
    powers: frozenset[Power]
    own: str | None = None

    def admit(self, asker: Asker) -> None:
        """Let `asker` pass. Raises: Problem 401 without a credential, else 403."""
        if asker.power in self.powers:
            return
        if asker.power is Power.RUNNER and asker.ticket is None:
            raise Problem(401, Said("Sign in first: this is for {whom}.", whom=self.words))
        raise Problem(403, Said("This is for {whom}.", whom=self.words))


def _for(words: Said, *powers: Power, own: str | None = None) -> Audience:
    return Audience(words, frozenset(powers), own)


ANYONE = _for(Said("anyone"), *(power for power in Power if power is not Power.SYSTEM))
NEWCOMERS = _for(
    Said("runners, kiosk, desk, therapists and organisers"),
    Power.RUNNER,
    Power.KIOSK,
    Power.DESK,
    Power.THERAPIST,
    Power.ORGANISER,
)
HOLDER = _for(
    Said("the ticket's own runner, desk and organisers"),
    Power.RUNNER,
    Power.DESK,
    Power.ORGANISER,
    own="ticket",
)
TICKET_READERS = _for(
    Said("the ticket's own runner and staff"),
    Power.RUNNER,
    Power.DESK,
    Power.THERAPIST,
    Power.ORGANISER,
    own="ticket",
)
STAFF = _for(Said("staff"), Power.DESK, Power.THERAPIST, Power.ORGANISER)
SIGNED_IN = _for(
    Said("whoever is signed in"),
    Power.DESK,
    Power.THERAPIST,
    Power.ORGANISER,
    Power.BOARD,
    Power.KIOSK,
)
THAT_THERAPIST = _for(
    Said("that therapist, desk and organisers"),
    Power.THERAPIST,
    Power.DESK,
    Power.ORGANISER,
    own="therapist",
)
AT_THE_TABLE = _for(
    Said("the therapist it is called to, desk and organisers"),
    Power.THERAPIST,
    Power.DESK,
    Power.ORGANISER,
)
PRINTERS = _for(Said("desk, kiosk and organisers"), Power.DESK, Power.KIOSK, Power.ORGANISER)
AT_THE_DESK = _for(Said("desk and organisers"), Power.DESK, Power.ORGANISER)
ORGANISERS = _for(Said("organisers"), Power.ORGANISER)
