"""What may stand in the body of each command. Parsing only: nothing here knows the tent.

Unknown fields are refused, so that a misspelt one never passes silently.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from tentqueue.domain.model import (
    AgeGroup,
    Area,
    Gender,
    LaneName,
    ReferralCategory,
    RunnerClass,
    Screening,
)
from tentqueue.services.roster.columns import Meaning
from tentqueue.services.roster.reading import Kind

Line = Annotated[str, Meta(max_length=4096)]
"""Text as typed; the border tidies it and refuses more than 24 graphemes."""
Instant = Annotated[datetime, Meta(tz=True)]
Minutes = Annotated[int, Meta(ge=1, le=120)]
Code = Annotated[str, Meta(min_length=1, max_length=32)]
Areas = Annotated[tuple[Area, ...], Meta(max_length=len(Area))]


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all bodies."""


class Nothing(Body, frozen=True):
    """No fields."""


class Join(Body, frozen=True, kw_only=True):
    """A place in a lane. `consent` is the runner's own button (rule 8)."""

    lane: LaneName
    consent: bool
    bib: Line | None = None
    name: Line | None = None
    word: Line | None = None
    wave: Annotated[str, Meta(max_length=80)] | None = None
    minutes: Minutes | None = None
    finished_at: Instant | None = None
    before_finish: bool = False
    appointment_at: Instant | None = None
    screening: Screening = Screening.UNASKED
    areas: Areas = ()
    avoid: Areas = ()
    runner_class: RunnerClass = RunnerClass.NONE
    age_group: AgeGroup = AgeGroup.ADULT
    guardian_consent: bool = False
    prefers: Gender | None = None
    at_tent: bool = False
    paper: Code | None = None
    """A ticket printed before the day: its code, from staff, or the id in its picture."""
    joined_at: Instant | None = None
    """When the runner joined on the paper sheet; staff only (rule 28)."""


class NextDay(Body, frozen=True, kw_only=True):
    """An appointment booked from a treated runner's ticket (rule 5); unnamed, the soonest."""

    consent: bool
    appointment_at: Instant | None = None


class Screen(Body, frozen=True, kw_only=True):
    """How the six questions went: never the answers (rule 6). Without `avoid` it stays as it is."""

    screening: Screening
    avoid: Areas | None = None


class Start(Body, frozen=True):
    """Hands on."""

    guardian_present: bool = False


class Paper(Body, frozen=True, kw_only=True):
    """A line of the paper sheet typed in again (rule 28); `left_at` alone: gave the place up."""

    started_at: Instant | None = None
    finished_at: Instant | None = None
    left_at: Instant | None = None
    table: Annotated[int, Meta(ge=1, le=999)] | None = None


class Refer(Body, frozen=True):
    """To medical; only the category is kept (rule 7)."""

    category: ReferralCategory = ReferralCategory.OTHER


class Extend(Body, frozen=True):
    """More minutes at the table."""

    minutes: Annotated[int, Meta(ge=1, le=30)] = 5


class Hold(Body, frozen=True):
    """Set a ticket aside."""

    minutes: Annotated[int, Meta(ge=1, le=240)] = 15


class Break(Body, frozen=True):
    """A break; without minutes as long as the rules say."""

    minutes: Annotated[int, Meta(ge=1, le=120)] | None = None


class Shift(Body, frozen=True, kw_only=True):
    """Another start or end of a therapist's shift; what is left out stays."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None


class Table(Body, frozen=True, kw_only=True):
    """The table a therapist works at from now on."""

    table: Annotated[int, Meta(ge=1, le=999)]


class Move(Body, frozen=True, kw_only=True):
    """Before another ticket, or first; always with a reason (rule 15)."""

    reason: Line
    before: Code | None = None


class MadeUp(Body, frozen=True, kw_only=True):
    """Made-up tickets out of the line; with `dry_run` they are only counted. `pages_too`, which
    needs `since`: those without bib, answers or a sign of having come as well."""

    reason: Line = ""
    since: Instant | None = None
    until: Instant | None = None
    pages_too: bool = False
    dry_run: bool = False


class Undo(Body, frozen=True):
    """Take back an entry; without a number the asker's own last one."""

    number: Annotated[int, Meta(ge=1)] | None = None


class Announce(Body, frozen=True, kw_only=True):
    """A sentence for the board; an empty one clears it."""

    text: Line


class Setup(Body, frozen=True, kw_only=True):
    """An event as the set-up page holds it: the file's tables, or the text of a file. `event` is
    the slug of the one that is changed; without it a new one is made."""

    event: Annotated[str, Meta(max_length=60)] | None = None
    file: dict[str, Any] = {}
    toml: Annotated[str, Meta(max_length=200_000)] | None = None


class Find(Body, frozen=True, kw_only=True):
    """A ticket lost from its phone: the bib and the runner's own word (rule 24)."""

    bib: Line
    word: Line


class Print(Body, frozen=True):
    """A ticket for the network printer; `new` leaves no ticket in line when nothing comes out."""

    new: bool = False


class Push(Body, frozen=True, kw_only=True):
    """A browser's push subscription; the keys are base64url."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=1024)]
    p256dh: Annotated[str, Meta(min_length=1, max_length=120)]
    auth: Annotated[str, Meta(min_length=1, max_length=40)]


class RosterFile(Body, frozen=True, kw_only=True):
    """How an uploaded list is to be read: `columns` are numbers from 1 by meaning, 0 drops a
    guess; what is not named is guessed."""

    kind: Kind
    columns: dict[Meaning, Annotated[int, Meta(ge=0, le=500)]] = {}
    encoding: Literal["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-16-be"] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None


class Finisher(Body, frozen=True, kw_only=True):
    """One line of a live finish feed."""

    bib: Line
    finished_at: Instant


Finishers = Annotated[list[Finisher], Meta(max_length=1000)]
"""A batch of the feed."""
