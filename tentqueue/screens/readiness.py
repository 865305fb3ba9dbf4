"""What stands between an event and its day, each with what to do about it. Mends nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from tentqueue.domain.race_event import RaceEvent
from tentqueue.domain.said import Said
from tentqueue.domain.therapist import Role
from tentqueue.screens.sentence import LANES

BACKUP_WANTED_FROM = timedelta(days=2)
"""Before the day: a backup of an event that is still being set up says little."""
NOTHING = Said("")


class Urgency(IntEnum):
    """How soon something must be mended, the soonest first."""

    NOW = 0
    """The tent can't run like this, or what it knows is in danger."""
    BEFORE_THE_DAY = 1
    SOMETIME = 2


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` says what to do when it is not well."""

    what: str
    seen: Said
    advice: Said = NOTHING
    urgency: Urgency = Urgency.NOW
    mend: str = ""
    """The screen where it is mended, as `medical` of the set-up; "" for none."""
    event: str = ""
    """The slug of the event it is about; "" for the whole server."""
    command: str = ""
    """What is typed on the server to mend it; "" for nothing."""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.advice


def by_urgency(findings: Iterable[Finding]) -> list[Finding]:
    """What must be mended, the most urgent first; else in the order it was looked at."""
    return sorted((one for one in findings if not one.well), key=lambda one: one.urgency)


def look_at_event(
    event: RaceEvent, now: datetime, last_backup: datetime | None
) -> Iterator[Finding]:
    """What an event still lacks before its day; nothing is asked of one that is over."""
    today = now.astimezone(ZoneInfo(event.timezone)).date().isoformat()
    last = max((plan.closes_at for plan in event.lanes.values()), default=None)
    if last is not None and last < now and event.date < today:
        yield Finding("event", Said("{event} is over.", event=event.name), event=event.slug)
        return
    yield _medical(event)
    yield from _hands(event)
    yield _backup(event, now, last_backup)


def _medical(event: RaceEvent) -> Finding:
    if event.confirmed_by:
        seen = Said("{lead} has confirmed the medical rules.", lead=event.confirmed_by)
        return Finding("medical", seen, event=event.slug)
    return Finding(
        "medical",
        Said("Nobody has confirmed the medical rules."),
        Said("Let the event's medical lead read them and confirm them by name."),
        Urgency.NOW,
        "medical",
        event.slug,
    )


def _hands(event: RaceEvent) -> Iterator[Finding]:
    """Rule 4: a student treats only while somebody licensed is on duty."""
    hands = event.therapists
    empty = [name for name in event.lanes if not any(name in one.lanes for one in hands)]
    advice = Said("Add a therapist to it, or take the lane away.")
    for name in empty:
        seen = Said("No therapist works in {lane}.", lane=LANES[name])
        yield Finding("people", seen, advice, Urgency.BEFORE_THE_DAY, "people", event.slug)
    if hands and all(one.role is Role.STUDENT for one in hands):
        seen = Said("Every therapist is a student, and nobody could supervise them.")
        licensed = Said("Add a licensed therapist: students treat only beside one.")
        yield Finding("people", seen, licensed, Urgency.NOW, "people", event.slug)
    elif not empty:
        seen = Said.counted(
            "Each lane has its therapist, one in all.",
            "Each lane has its therapists, {count} in all.",
            len(hands),
        )
        yield Finding("people", seen, event=event.slug)


def _backup(event: RaceEvent, now: datetime, last: datetime | None) -> Finding:
    opens = min((plan.opens_at for plan in event.lanes.values()), default=now)
    if last is not None:
        at = f"{last.astimezone(ZoneInfo(event.timezone)):%Y-%m-%d %H:%M}"
        return Finding("backup", Said("The last backup is of {time}.", time=at), event=event.slug)
    if opens - now > BACKUP_WANTED_FROM:
        seen = Said("No backup yet; write one the evening before.")
        return Finding("backup", seen, event=event.slug)
    command = f"tentqueue backup {event.slug} /media/usb/{event.slug}.zip --every 60 --keep 5"
    return Finding(
        "backup",
        Said("No backup of this event was written yet."),
        Said("On the server, to a second disk:"),
        Urgency.BEFORE_THE_DAY,
        event=event.slug,
        command=command,
    )
