"""Times as people write them at the race, in its time zone, and the instants they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LONGEST_NIGHT = timedelta(hours=18)
"""A lane or shift past midnight is never longer: what seems so has its times in the wrong order."""
LONGEST_STRETCH = timedelta(hours=48)
"""However its days are named."""

_CLOCK = re.compile(
    r"(?:(\d{4}-\d\d-\d\d)[ T])?"
    r"([01]?\d|2[0-3]|24(?=:00(?::00)?$)):([0-5]\d)(?::([0-5]\d))?$"
)
_SHORT = re.compile(r"((?:\d{4}-\d\d-\d\d[ T])?\d?\d:\d\d)\s*[-–]\s*(\d?\d:\d\d)$")
_APART = re.compile(r"\s*/\s*|\s+to\s+")


class NotATime(Exception):
    """A text that is no time here; its message says what to write."""


@dataclass(frozen=True)
class Calendar:
    """The race's day and time zone."""

    zone: ZoneInfo
    day: date

    def instant(self, value: object, day: date | None = None) -> datetime:
        """The instant that a time of the file means, on the race's day unless it names another.

        Raises: NotATime, also for a time that the clocks skip or have twice.
        """
        if isinstance(value, datetime):
            return self._given(value)
        if isinstance(value, time):
            return self._local(datetime.combine(day or self.day, value))
        if not isinstance(value, str):
            raise NotATime('must be a time such as "09:30"')
        found = _CLOCK.match(value.strip())
        if found is None:
            return self._stamp(value.strip())
        try:
            on = date.fromisoformat(found[1]) if found[1] else day or self.day
            days, hour = divmod(int(found[2]), 24)  # 24:00 is the end of the day.
            clock = time(hour, int(found[3]), int(found[4] or 0))
            return self._local(datetime.combine(on + days * DAY, clock))
        except ValueError:
            raise NotATime(f"{found[1]} is not a day of the calendar") from None
        except OverflowError:
            raise NotATime("is outside the calendar") from None

    def stretch(self, first: object, last: object, day: date | None = None) -> Stretch:
        """From one time to the next; past midnight when the second one is earlier.

        Raises: NotATime, also when it would last too long: 18 hours past midnight, 48 with days.
        """
        begin = self.instant(first, day)
        end = self.instant(last, self.local(begin).date())
        if end <= begin and _has_no_day(last):
            end = self.instant(last, self.local(begin).date() + DAY)
            if end - begin > LONGEST_NIGHT:
                raise NotATime("lasts over 18 hours; swap the two times, or name the day")
        if end <= begin:
            raise NotATime("ends before it begins; swap the two times")
        if end - begin > LONGEST_STRETCH:
            raise NotATime("lasts over 48 hours; name the right days")
        return Stretch(begin, end)

    def shift(self, value: object) -> Stretch:
        """A stretch written as `07:30-12:00`, with a day before it, or `FROM / TO` in full.

        Raises: NotATime.
        """
        if not isinstance(value, str) or len(value) > 100:
            raise NotATime('must be two times such as "07:30-12:00"')
        short = _SHORT.match(value.strip())
        pair = list(short.groups()) if short else _APART.split(value.strip())
        if len(pair) != 2:
            raise NotATime('must be two times such as "07:30-12:00"')
        return self.stretch(pair[0], pair[1])

    def local(self, at: datetime) -> datetime:
        """An instant on the race's clock."""
        return at.astimezone(self.zone)

    def _stamp(self, value: str) -> datetime:
        try:
            return self._given(datetime.fromisoformat(value))
        except (ValueError, OverflowError):
            raise NotATime('is not a time; write it as "09:30", or "2027-04-25 09:30"') from None

    def _given(self, value: datetime) -> datetime:
        return self._local(value) if value.tzinfo is None else value.astimezone(UTC)

    def _local(self, wall: datetime) -> datetime:
        """The instant of a wall clock's time, which must be there exactly once."""
        try:
            early = wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
            late = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        except OverflowError:
            raise NotATime("is outside the calendar") from None
        if early == late:
            return early
        shown = f"{wall:%H:%M}"
        if early.astimezone(self.zone).replace(tzinfo=None) != wall:
            raise NotATime(f"{shown} is skipped that night: the clocks go forward; choose another")
        stamps = " or ".join(self.local(at).isoformat(" ") for at in (early, late))
        raise NotATime(f"{shown} comes twice that night: the clocks go back; write {stamps}")


@dataclass(frozen=True)
class Stretch:
    """From an instant to a later one."""

    begin: datetime
    end: datetime


def _has_no_day(value: object) -> bool:
    return isinstance(value, time) or (
        isinstance(value, str) and re.match(r"\d{4}-", value.strip()) is None
    )
