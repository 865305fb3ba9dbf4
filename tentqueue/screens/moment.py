"""The tent at one instant as its tickets see it: who has which place, and what is new for whom.

Thousands may look at one `Moment`, and share a few dozen `News`. It decides nothing, and puts
nothing into words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tentqueue.domain.explaining import Passing, moved_since, moves_lately
from tentqueue.domain.model import Instant, LaneName, Moved, Ticket, TicketState
from tentqueue.domain.tent import Tent, minutes, seconds
from tentqueue.domain.waiting import ends_near_start
from tentqueue.screens.shape import AT_TABLE, told_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tentqueue.domain.estimate import Estimate, Forecast, Told
    from tentqueue.domain.planning.facts import TicketFacts


class News(NamedTuple):
    """All that can move in a ticket's view, besides its place, while the ticket stays the same."""

    told: Told | None = None
    close: bool = False
    start_soon: bool = False
    moved: Moved | None = None
    passed: str | None = None
    appointments: tuple[Instant, ...] | None = None
    """What a treated runner may book from this very ticket (rule 5)."""


class Shared:
    """News as all share them who wait, or are held for the same reason."""

    __slots__ = ("news", "words")

    def __init__(self, news: News) -> None:
        self.news = news
        self.words: dict[str, bytes] = {}
        """What is said of them, by language; kept by rooms."""


Seat = tuple["TicketFacts", int, Shared]
"""Somebody in line, the place, 1 is next, and the news."""


@dataclass(frozen=True)
class Moment:
    """The tent at one instant, as all of its tickets see it."""

    tent: Tent
    ask: Callable[[], Forecast]
    """Makes the forecast when somebody asks for it: of a runner at a table nobody does."""
    now: Instant
    crowd: bool = False
    """Whether so many look at it that it is worth while to work everybody's news out at once."""
    _shared: dict[tuple[News, str], Shared] = field(default_factory=dict)

    @cached_property
    def line(self) -> dict[str, Seat]:
        """Everybody who waits, for a crowd; nobody while the estimates are older than the tent."""
        line: dict[str, Seat] = {}
        if self.crowd and self.forecast.version >= self.tent.version:
            for lane in self.tent.lanes:
                self._line_up(lane, line)
        return line

    def _line_up(self, lane: LaneName, line: dict[str, Seat]) -> None:
        """Seat a lane's line; whoever would be told what the one before is told shares the news."""
        moved, last = self.moved[lane], self.passing.last.get(lane)
        moved_at = -inf if moved is None else seconds(moved.at)
        passed_until = -inf if last is None else seconds(last)
        first_places, soon = self.first_places, self.soon
        was: tuple[Told | None, bool, bool] = (None, False, False)
        shared = self.shared(News())
        for place, (known, told, likely) in enumerate(self.forecast.in_line(lane), 1):
            if known.joined <= passed_until or known.deadline != inf:
                ticket = self.tent.open[known.key]
                news = self.coming(ticket, place, self.forecast.of_ticket(ticket))
                line[known.key] = known, place, self.shared(news)
                continue
            told_so = told, place <= first_places or likely <= soon, known.joined < moved_at
            if told_so != was:
                was, (_, close, told_before) = told_so, told_so
                shared = self.shared(News(told, close, moved=moved if told_before else None))
            line[known.key] = known, place, shared

    def shared(self, news: News, hold: str = "") -> Shared:
        """The news as all share them who have the same, and are held for the same reason."""
        found = self._shared.get((news, hold))
        if found is None:
            found = self._shared[news, hold] = Shared(news)
        return found

    def coming(self, ticket: Ticket, place: int | None, known: Estimate | None) -> News:
        """Look at somebody who waits or is held."""
        return News(
            told_of(ticket, self.forecast) if known is None else known.told,
            # The heads-up is due: third in line or 10 minutes to go (rule 20).
            place is not None
            and (place <= self.first_places or (known is not None and known.likely <= self.soon)),
            ticket.deadline_at is not None and self.start_soon(ticket, known),
            moved_since(self.moved[ticket.lane], ticket),
            self.passing.reason(ticket),
        )

    def start_soon(self, ticket: Ticket, known: Estimate | None) -> bool:
        """Whether the runner should go from the table straight to the start (rule 3)."""
        if ticket.deadline_at is None:
            return False
        if ticket.state in AT_TABLE:
            return starts_soon(self.tent, ticket, self.now)
        ends_at = None if known is None else known.likely_at + ticket.treatment_for
        return ends_at is not None and ends_near_start(self.tent, ticket, ends_at)

    @cached_property
    def forecast(self) -> Forecast:
        """The estimates of everybody who waits."""
        return self.ask()

    @cached_property
    def passing(self) -> Passing:
        """Who is before others at a table."""
        return Passing(self.tent)

    @cached_property
    def moved(self) -> dict[LaneName, Moved | None]:
        """The last move of each lane's times, while it explains what those who knew it are told."""
        return moves_lately(self.tent, self.now)

    @cached_property
    def first_places(self) -> int:
        """Whoever is among so many in line gets the heads-up, too."""
        return self.tent.rules.headsup_places

    @cached_property
    def soon(self) -> float:
        """Whoever is likely called until then, in epoch seconds, gets the heads-up (rule 20)."""
        return seconds(self.now + minutes(self.tent.rules.headsup_minutes))


def starts_soon(tent: Tent, ticket: Ticket, now: Instant) -> bool:
    """Whether somebody at a table, or on the way there, should go straight to the start (rule 3):
    the therapist tells them too."""
    called = ticket.state is TicketState.CALLED
    ends_at = now + ticket.treatment_for if called else ticket.planned_end_at
    return ends_at is not None and ends_near_start(tent, ticket, ends_at)
