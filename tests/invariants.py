"""The package's checker of invariants as assertions, for all tests that make histories."""

from __future__ import annotations

from collections.abc import Sequence

from tentqueue.domain import Tent
from tentqueue.domain.tent import Entry
from tentqueue.services import invariants
from tentqueue.services.invariants.journal import Looked, same_tent
from tentqueue.services.ledger import Line


def check_tent(tent: Tent) -> None:
    """One tent: at most one runner a therapist and table, both sides agreeing."""
    assert not [str(broken) for broken in invariants.check_tent(tent)]


def check_lines(lines: Sequence[Line], slug: str = "riverside-half") -> Looked:
    """A journal, every invariant of it; every version's tent is kept."""
    looked = invariants.check_journal(slug, lines, range(len(lines) + 1))
    assert not [str(broken) for broken in looked.broken]
    return looked


def check_history(start: Tent, entries: Sequence[Entry], end: Tent) -> None:
    """A history: every invariant of the journal, and its fold is the tent."""
    looked = check_lines([Line(entry) for entry in entries], start.event.slug)
    assert same_tent(looked.tent, end)
