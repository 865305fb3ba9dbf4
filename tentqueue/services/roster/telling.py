"""What a check found, in words: for the command line and the organiser's page alike."""

from __future__ import annotations

from tentqueue.domain.said import Said
from tentqueue.services.roster.check import Check
from tentqueue.services.roster.reading import Note

_NOTES: dict[Note, tuple[str, str]] = {
    Note.NO_WAVE: (
        "{count} row names a wave this event does not have; it is taken without.",
        "{count} rows name a wave this event does not have; they are taken without.",
    ),
    Note.CONTEST_UNKNOWN: (
        "{count} row names a contest this event does not have ({names}); it is taken without.",
        "{count} rows name contests this event does not have ({names}); they are taken without.",
    ),
    Note.FROM_CONTEST: (
        "{count} runner has no wave; the time counts from the contest's first start.",
        "{count} runners have no wave; their times count from the contest's first start.",
    ),
    Note.DISAGREE: (
        "{count} row's time of day and gun time are over 2 min apart; the time of day counts. "
        "Check the start times.",
        "{count} rows' times of day and gun times are over 2 min apart; the times of day count. "
        "Check the start times.",
    ),
}
_ERASED = (
    "{count} row is left out: erased at the runner's own wish.",
    "{count} rows are left out: erased at the runners' own wish.",
)


def noted(check: Check) -> list[Said]:
    """What is worth saying of many rows."""
    names = ", ".join(check.strangers)
    gone = [Said.counted(*_ERASED, check.erased)] if check.erased else []
    return gone + [
        Said.counted(*_NOTES[note], count, names=names)
        for note, count in check.notes.items()
        if count
    ]


def counted(check: Check) -> Said:
    """How many are new, changed, as before, and left out."""
    return Said(
        "{new} new, {changed} changed, {unchanged} as before, {wrong} left out",
        new=check.new,
        changed=check.changed,
        unchanged=check.unchanged,
        wrong=check.wrong,
    )
