"""Times as timing systems write them: how long a race took, and when somebody crossed the line.

Knows nothing of a day's start; who adds an elapsed time to what is `reading`'s business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tentqueue.domain.model import Instant
from tentqueue.domain.said import Said
from tentqueue.services.roster.listed import Outcome

LONGEST_RACE = timedelta(hours=200)
OUTCOMES: dict[str, Outcome] = {
    word: outcome
    for outcome, words in {
        Outcome.DNF: "dnf didnotfinish aufg aufgegeben abandon abd ab abandono nf dnc retired ret",
        Outcome.DNS: "dns didnotstart nichtgestartet nonpartant np nopresentado ns nosalio na",
        Outcome.DSQ: "dsq dq disq disqualified disqualifiziert disqualifie descalificado desc",
    }.items()
    for word in words.split()
}
NOTHING = frozenset({"", "-", "--", "---", "–", "00:00:00", "0:00:00", "00:00", "0:00", "0", "n/a"})
_DAYS = r"(?:(\d{1,2})\s*(?:d|days?|tage?|jours?|j|d[ií]as?)\.?,?\s*)?"
_FRACTION = r"(?:[.,](\d{1,6}))?"
_LONG = re.compile(_DAYS + r"(\d{1,3}):(\d{1,2}):(\d{1,2})" + _FRACTION + r"$")
_DOTTED = re.compile(_DAYS + r"(\d{1,3})\.(\d{2})\.(\d{2})(?:,(\d{1,6}))?$")
_SHORT = re.compile(r"(\d{1,3}):(\d{1,2})" + _FRACTION + r"$")
_SECONDS = r"(?:(\d{1,2})(?:[.,](\d{1,6}))?\s*(?:\"|''|”|″|s|sec|sek)?\.?)?$"
_MINUTES = re.compile(r"(\d{1,3})\s*(?:'|’|′|m|min|mn)\.?\s*" + _SECONDS)
_HOURS = re.compile(
    r"(\d{1,3})\s*(?:h|hrs?|std)\.?\s*(?:(\d{2})\s*(?:'|’|′|m|min|mn|:)?\.?\s*)?" + _SECONDS
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?$")
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.](?P<s>\d{2}))?(?:[.,](?P<f>\d{1,6}))?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?(?:\s*(?:uhr|h))?$"
)
_DATE = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{2,4})[ ,T]+")


class NotATime(ValueError):
    """A text that is no time; `sentence` says how to write it."""

    def __init__(self, sentence: Said) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def outcome_of(text: str) -> Outcome | None:
    """DNF, DNS or DSQ, in any case and four languages; None for anything else."""
    return OUTCOMES.get("".join(char for char in text.casefold() if char.isalpha()))


def elapsed(text: str) -> timedelta | None:
    """How long: `53:28` is 53 min 28 s, `1:02:03.4` and `1:02:03,4` an hour more; None for nothing.

    Raises: NotATime.
    """
    given = text.strip().lower()
    if given in NOTHING:
        return None
    for form in (_LONG, _DOTTED):
        if found := form.match(given):
            days, hours, minutes, seconds, fraction = found.groups()
            return _sum(_whole(days) * 24 + int(hours), int(minutes), int(seconds), fraction)
    if found := _SHORT.match(given):
        return _sum(0, int(found[1]), int(found[2]), found[3], longest_minutes=999)
    if _NUMBER.match(given):
        return _number(text, float(given.replace(",", ".")))
    if found := _MINUTES.match(given):
        return _sum(0, int(found[1]), _whole(found[2]), found[3], longest_minutes=999)
    if found := _HOURS.match(given):
        return _sum(int(found[1]), _whole(found[2]), _whole(found[3]), found[4])
    raise _no_time(text)


def _whole(digits: str | None) -> int:
    return int(digits or 0)


def _sum(
    hours: int, minutes: int, seconds: int, fraction: str | None, longest_minutes: int = 59
) -> timedelta:
    if seconds > 59 or minutes > longest_minutes:
        raise NotATime(Said("has over 59 minutes or seconds; write it as 1:02:03"))
    part = int((fraction or "0").ljust(6, "0"))
    took = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=part)
    if took > LONGEST_RACE:
        raise NotATime(Said("is longer than any race; write it as 1:02:03"))
    return took


def _number(text: str, value: float) -> timedelta:
    """A bare number: seconds, or a spreadsheet's part of a day; what may be either is refused."""
    if 0 < value < 3 and not value.is_integer():
        return timedelta(seconds=round(value * 86_400))
    if 60 <= value <= LONGEST_RACE.total_seconds():
        return timedelta(seconds=value)
    raise _no_time(text)


def _no_time(text: str) -> NotATime:
    return NotATime(Said("{text} is no time; write it as 1:02:03 or 53:28", text=repr(text[:24])))


@dataclass(frozen=True)
class Days:
    """The race's time zone and first day, for times of day."""

    zone: ZoneInfo
    day: date

    def midnight(self) -> Instant:
        """When the race's day begins."""
        return datetime.combine(self.day, time(), self.zone).astimezone(UTC)

    def of_day(self, text: str, not_before: Instant) -> Instant | None:
        """The instant a time of day means: the first such time that is not before the start, over
        midnight and through a change of the clocks; one with a date is taken at its word.

        Raises: NotATime.
        """
        given = text.strip().lower()
        if given in NOTHING:
            return None
        try:
            stamp = datetime.fromisoformat(text.strip())
        except ValueError:
            stamp = None
        if stamp is not None and len(given) > 10:
            return self._given(stamp, not_before)
        day, rest = self._date(given)
        at = _clock(text, rest)
        if day is not None:
            return self._given(datetime.combine(day, at), not_before)
        return self._next(at, not_before)

    def _given(self, stamp: datetime, not_before: Instant) -> Instant:
        try:
            if stamp.tzinfo is not None:
                return stamp.astimezone(UTC)
            early = stamp.replace(tzinfo=self.zone).astimezone(UTC)
            late = stamp.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        except (OverflowError, ValueError):
            raise NotATime(Said("is outside the calendar")) from None
        return early if early >= not_before else max(early, late)

    def _next(self, at: time, not_before: Instant) -> Instant:
        first = not_before.astimezone(self.zone).date()
        for day in (first, first + timedelta(days=1)):
            found = self._given(datetime.combine(day, at), not_before)
            if found >= not_before:
                return found
        return found

    def _date(self, given: str) -> tuple[date | None, str]:
        """The date before a time, in whichever order of day and month is nearest the race."""
        found = _DATE.match(given)
        if found is None:
            return None, given
        one, two, three = (int(part) for part in found.groups())
        year = three + 2000 if three < 100 else three
        orders = [(one, two, three)] if one > 31 else [(year, two, one), (year, one, two)]
        days = [day for order in orders if (day := _day(*order)) is not None]
        if not days:
            raise NotATime(Said("has a date that no calendar has; write it as 2027-04-25"))
        return min(days, key=lambda day: abs(day - self.day)), given[found.end() :]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str, given: str) -> time:
    found = _CLOCK.match(given)
    if found is None:
        raise NotATime(Said("{text} is no time of day; write it as 10:45:12", text=repr(text[:24])))
    hour, half = int(found["h"]), found["half"]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    part = int((found["f"] or "0").ljust(6, "0"))
    try:
        return time(hour, int(found["m"]), int(found["s"] or 0), part)
    except ValueError:
        raise NotATime(
            Said("{text} is no time of day; write it as 10:45:12", text=repr(text[:24]))
        ) from None
