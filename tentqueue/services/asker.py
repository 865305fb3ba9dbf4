"""Who asks: a role and a name for the log. Never decides what the role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Power(StrEnum):
    """Roles of rule 33, and the two that need no sign-in: runners and the tent's own clock.

    A `Role` of the domain is another thing: a therapist's, licensed or student.
    """

    RUNNER = "runner"
    BOARD = "board"
    KIOSK = "kiosk"
    DESK = "desk"
    THERAPIST = "therapist"
    ORGANISER = "organiser"
    SYSTEM = "system"


STAFF = frozenset({Power.DESK, Power.THERAPIST, Power.ORGANISER})


@dataclass(frozen=True)
class Asker:
    """Somebody who asks. `therapist` and `ticket` are ids, where the credential is bound to one."""

    power: Power
    name: str
    therapist: str | None = None
    ticket: str | None = None

    @property
    def label(self) -> str:
        """How the journal names the asker: role and staff name, never a runner's."""
        return (
            self.power
            if self.power in (Power.RUNNER, Power.SYSTEM)
            else f"{self.power}:{self.name}"
        )


CLOCK = Asker(Power.SYSTEM, "clock")
EVENT_FILE = Asker(Power.SYSTEM, "event file")
