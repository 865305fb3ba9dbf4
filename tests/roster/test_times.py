"""How long, and when: as timing systems write times."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tentqueue.services.roster.listed import Outcome
from tentqueue.services.roster.times import Days, NotATime, elapsed, outcome_of

LONDON = Days(ZoneInfo("Europe/London"), date(2027, 4, 25))
START = datetime(2027, 4, 25, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("53:28", 53 * 60 + 28),
        ("1:02:03", 3723),
        ("01:02:03.4", 3723.4),
        ("1:02:03,45", 3723.45),
        ("90:15", 90 * 60 + 15),
        ("1h02", 3720),
        ("1h02'03\"", 3723),
        ("1 h 02 min 03 s", 3723),
        ("53'28", 3208),
        ("53 min", 3180),
        ("1.02.03", 3723),
        ("1 day 01:02:03", 90123),
        ("25:10:11", 90611),
        ("3723.4", 3723.4),
        ("0,0371296296", 3208),
    ],
)
def test_how_long_a_race_took(text: str, seconds: float) -> None:
    assert elapsed(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "-", "--", "00:00:00", "0"])
def test_no_time_is_nothing(text: str) -> None:
    assert elapsed(text) is None


@pytest.mark.parametrize("text", ["53.28", "1:62:03", "12:61", "abc", "1:2:3:4", "300:00:00", "7"])
def test_what_may_be_two_times_or_none_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(NotATime, match="1:02:03"):
        elapsed(text)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("DNF", Outcome.DNF),
        ("d.n.s.", Outcome.DNS),
        ("DQ", Outcome.DSQ),
        ("aufg.", Outcome.DNF),
        ("Abandon", Outcome.DNF),
        ("Descalificado", Outcome.DSQ),
        ("1:02:03", None),
        ("Finished", None),
    ],
)
def test_who_did_not_finish(text: str, outcome: Outcome | None) -> None:
    assert outcome_of(text) is outcome


@pytest.mark.parametrize(
    "text",
    [
        "10:45:12",
        "10:45:12 AM",
        "10.45.12",
        "10:45:12 a.m.",
        "10:45:12 Uhr",
        "2027-04-25 10:45:12",
        "2027-04-25T09:45:12Z",
        "25.04.2027 10:45:12",
        "25/04/2027 10:45:12",
        "4/25/2027 10:45:12 AM",
        "2027/04/25 10:45:12",
    ],
)
def test_a_time_of_day_is_by_the_events_clock(text: str) -> None:
    assert LONDON.of_day(text, START) == datetime(2027, 4, 25, 9, 45, 12, tzinfo=UTC)


def test_a_day_and_month_that_may_be_swapped_are_those_near_the_race() -> None:
    march = Days(ZoneInfo("Europe/London"), date(2027, 3, 4))
    start = datetime(2027, 3, 4, 9, tzinfo=UTC)
    expected = datetime(2027, 3, 4, 10, 0, tzinfo=UTC)
    assert march.of_day("04/03/2027 10:00", start) == expected
    assert march.of_day("03/04/2027 10:00", start) == expected


def test_a_race_over_midnight_ends_the_next_day() -> None:
    evening = datetime(2027, 4, 25, 21, tzinfo=UTC)
    assert LONDON.of_day("01:15:00", evening) == datetime(2027, 4, 26, 0, 15, tzinfo=UTC)
    assert LONDON.of_day("12:05:00 am", evening) == datetime(2027, 4, 25, 23, 5, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_the_one_after_the_start() -> None:
    autumn = Days(ZoneInfo("Europe/London"), date(2027, 10, 31))
    before, between = (
        datetime(2027, 10, 31, hour, minute, tzinfo=UTC) for hour, minute in ((0, 10), (0, 50))
    )
    assert autumn.of_day("01:30", before) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert autumn.of_day("01:30", between) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_leap_of_the_clocks_makes_no_race_longer() -> None:
    spring = Days(ZoneInfo("Europe/London"), date(2027, 3, 28))
    start = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    assert spring.of_day("02:30", start) == start + timedelta(hours=1)


@pytest.mark.parametrize("text", ["25:00", "10:61", "13:00 pm x", "noon", "99/99/2027 10:00"])
def test_what_is_no_time_of_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(NotATime):
        LONDON.of_day(text, START)


@given(st.integers(1, 359_999), st.sampled_from(["{h}:{m:02}:{s:02}", "{h:02}:{m:02}:{s:02}.0"]))
def test_every_elapsed_time_comes_back_as_written(seconds: int, form: str) -> None:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    assert elapsed(form.format(h=hours, m=minutes, s=left)) == timedelta(seconds=seconds)


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_is_refused(text: str) -> None:
    for read in (elapsed, lambda given: LONDON.of_day(given, START)):
        found: object = None
        with suppress(NotATime):
            found = read(text)
        assert found is None or isinstance(found, timedelta | datetime)
