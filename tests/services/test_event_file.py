"""The event's file: what organisers write, what they are told, and that nothing is lost."""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tentqueue.domain.languages import LANGUAGES
from tentqueue.domain.model import Gender, LaneName
from tentqueue.domain.race_event import Expected, LanePlan, RaceEvent, Wave
from tentqueue.domain.rules import LANE_DEFAULTS, TentRules
from tentqueue.domain.therapist import PlannedBreak, Role, Shift, Therapist
from tentqueue.services.event_file import EventFileProblems, check_event, read_event, write_event
from tentqueue.services.event_file.reading import RESERVED
from tests.event_file import BEGINNING

RIVERSIDE = (
    BEGINNING
    + """\
[lane.warmup]
opens = "07:30"
closes = "09:15"
minutes = 10
[lane.recovery]
opens = "10:30"
closes = "15:00"
minutes = 12

[[therapist]]
name = "Ana"
role = "licensed"
lanes = ["warmup", "recovery"]
shifts = ["07:30-12:00", "12:30-15:00"]
"""
)
STUDENT = '[[therapist]]\nname = "Chidi"\nrole = "student"\nlanes = ["recovery"]\n'


def told(text: str) -> list[str]:
    """What an organiser is told about a file that can't be used."""
    with pytest.raises(EventFileProblems) as caught:
        read_event(text, "race.toml")
    return [str(problem) for problem in caught.value.problems]


def with_line(old: str, new: str) -> str:
    """The riverside file with one thing changed."""
    assert old in RIVERSIDE
    return RIVERSIDE.replace(old, new, 1)


def at(hour: int, minute: int = 0, day: int = 25) -> datetime:
    """An instant of London's race weekend, in UTC."""
    return datetime(2027, 4, day, hour, minute, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def test_the_file_of_the_interface_page_is_an_event() -> None:
    event = read_event(RIVERSIDE, "race.toml")
    assert event.waves == (Wave("Half/A", "Half", "A", at(9, 30), 21.1),)
    assert event.waves[0].starts_at.tzinfo is UTC
    assert event.lanes[LaneName.WARMUP].opens_at == at(7, 30)
    assert event.lanes[LaneName.RECOVERY].rules == LANE_DEFAULTS["recovery"]
    ana = event.therapists[0]
    assert (ana.id, ana.table, ana.role) == ("ana", 1, Role.LICENSED)
    assert ana.shifts == (Shift(at(7, 30), at(12)), Shift(at(12, 30), at(15)))


def test_a_lane_that_is_absent_is_not_offered() -> None:
    assert LaneName.NEXTDAY not in read_event(RIVERSIDE, "race.toml").lanes


def test_the_next_day_lane_opens_the_day_after() -> None:
    lane = '[lane.nextday]\nopens = "10:00"\ncloses = "16:00"\n'
    plan = read_event(RIVERSIDE + lane, "race.toml").lanes[LaneName.NEXTDAY]
    assert (plan.opens_at, plan.closes_at) == (at(10, day=26), at(16, day=26))


def test_rules_stand_under_rules_or_under_the_lane_where_one_thinks_of_them() -> None:
    text = with_line("minutes = 10\n", "minutes = 9\nwarmup_buffer_minutes = 20\n")
    event = read_event(text + "[rules]\nheat = true\n", "race.toml")
    assert event.lanes[LaneName.WARMUP].rules.minutes == 9
    assert (event.rules.warmup_buffer_minutes, event.rules.heat) == (20, True)


def test_a_rule_set_twice_differently_is_a_problem() -> None:
    text = with_line("minutes = 12\n", "cooldown_minutes = 5\n") + "[rules]\ncooldown_minutes = 6\n"
    assert told(text) == [
        "race.toml, line 22, lane.recovery.cooldown_minutes: "
        "is set twice, and differently; keep one of the two"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "place", "words"),
    [
        ('slug = "riverside-half"', 'slug = "Riverside Half!"', 2, "event.slug", "small letters"),
        ('slug = "riverside-half"', 'slug = "setup"', 2, "event.slug", "must not be setup"),
        ('slug = "riverside-half"', "", 1, "event.slug", "is missing; write slug"),
        ("Europe/London", "Europe/Lndon", 4, "event.timezone", "not a time zone"),
        ("2027-04-25", '"yesterday"', 5, "event.date", "day of the race"),
        ("tables = 4", 'tables = 4\nlanguages = ["en", "tlh"]', 7, "event.languages", "tlh is not"),
        ("tables = 4", 'tables = 4\nlanguages = ["en", "en"]', 7, "event.languages", "twice"),
        ("tables = 4", "tables = true", 6, "event.tables", "whole number from 1 to 200"),
        ("tables = 4", "tabels = 4", 6, "event.tabels", "did you mean tables?"),
        ('start = "09:30"', 'start = "25:30"', 13, "contest[1].wave[1].start", "not a time"),
        ('start = "09:30"', "start = 9.5", 13, "contest[1].wave[1].start", "such as"),
        ("minutes = 10", "minutes = 200", 18, "lane.warmup.minutes", "between 3 and 90 min"),
        ("minutes = 10", "minutes = 7.5", 18, "lane.warmup.minutes", "whole number"),
        ("[lane.warmup]", "[lane.warmpu]", 15, "lane.warmpu", "did you mean warmup?"),
        ('closes = "15:00"', 'closes = "08:00"', 21, "lane.recovery.closes", "over 18 hours"),
        ('closes = "15:00"', 'closes = "2027-04-28 08:00"', 21, "lane.recovery.closes", "48 hours"),
        ('"licensed"', '"boss"', 26, "therapist[1].role", "licensed, student"),
        ('["warmup", "recovery"]', '["sauna"]', 27, "therapist[1].lanes", "the lanes are"),
        ("12:30-15:00", "noon", 28, "therapist[1].shifts", "07:30-12:00"),
        ("12:30-15:00", "11:30-15:00", 28, "therapist[1].shifts", "overlap"),
        ('name = "Ana"', 'name = "A\\u202Ena"', 25, "therapist[1].name", "can't be seen"),
        ('name = "Ana"', f'name = "{"A" * 41}"', 25, "therapist[1].name", "too long"),
        ('name = "Ana"', "name = 7", 25, "therapist[1].name", "in quotes"),
    ],
)
def test_a_problem_names_line_and_field_and_says_what_to_do(
    old: str, new: str, line: int, place: str, words: str
) -> None:
    problems = told(with_line(old, new))
    assert any(p.startswith(f"race.toml, line {line}, {place}: ") and words in p for p in problems)


def test_several_problems_are_told_at_once_in_order_of_lines() -> None:
    text = with_line("tables = 4", "tables = 0").replace('"09:30"', '"9h30"')
    assert [p.split(",")[1] for p in told(text)] == [" line 6", " line 13"]


@pytest.mark.parametrize(
    "text",
    [
        "[event\n",
        "x = " + "[" * 1999,
        ("x = " + "[" * 900 + "\n") * 200,
        "a" + ".a" * 900 + " = 1\n",
        "x = {a.b.c.d.e.f.g.h.i.j.k = 1}",
        "\x00",
        "event = 3\ncontest = 4\nlane = 5\nrules = 6\ntherapist = 7\nexpected = 8\n",
        "[[event]]\n[contest]\n[[lane]]\n[therapist]\n",
        "[event]\ndate = 9999-12-31\n[lane.warmup]\nopens = 0001-01-01T00:00:00\ncloses = 1\n",
        "x" * 2_000_000,
        "# hello\n" * 200_000,
    ],
    ids=lambda text: repr(text[:16]),
)
def test_a_hostile_file_is_refused_in_words_and_at_once(text: str) -> None:
    began = time.perf_counter()
    problems = told(text)
    assert problems
    assert all(p.startswith("race.toml, line ") for p in problems)
    assert time.perf_counter() - began < 5


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_an_event_or_refused_in_words(text: str) -> None:
    for document in (text, RIVERSIDE + text, with_line('"riverside-half"', text)):
        problems: list[object] = []
        try:
            check_event(document, "race.toml")
        except EventFileProblems as refused:
            problems = [*refused.problems]
        assert all(str(p).startswith("race.toml, line ") for p in problems)


def test_a_shift_may_cross_midnight() -> None:
    text = with_line("12:30-15:00", "21:30-02:00")
    assert read_event(text, "race.toml").therapists[0].shifts[1] == Shift(at(21, 30), at(2, day=26))


def test_a_lane_may_be_open_from_midnight_to_midnight() -> None:
    text = with_line('opens = "07:30"', 'opens = "00:00"').replace("09:15", "23:59")
    lane = read_event(text, "race.toml").lanes[LaneName.WARMUP]
    assert (lane.opens_at, lane.closes_at) == (at(0, 0), at(23, 59))
    whole = read_event(text.replace("23:59", "24:00"), "race.toml").lanes[LaneName.WARMUP]
    assert whole.closes_at == at(0, 0, day=26)
    assert any("not a time" in p for p in told(text.replace("23:59", "24:01")))


def test_the_end_of_a_day_on_which_the_clocks_change_is_its_midnight() -> None:
    text = with_line("2027-04-25", "2027-10-31").replace('"15:00"', '"24:00"')
    closes = read_event(text, "race.toml").lanes[LaneName.RECOVERY].closes_at
    assert closes == datetime(2027, 11, 1, 0, 0, tzinfo=UTC)


def test_a_time_the_clocks_skip_is_explained() -> None:
    text = with_line("2027-04-25", "2027-03-28").replace('"07:30"\n', '"01:30"\n')
    assert any("01:30 is skipped that night" in p and "forward" in p for p in told(text))


def test_a_time_that_comes_twice_is_explained_and_an_offset_settles_it() -> None:
    twice = with_line("2027-04-25", "2027-10-31").replace('opens = "07:30"', 'opens = "01:30"')
    [problem] = [p for p in told(twice) if "comes twice" in p]
    assert "2027-10-31 01:30:00+01:00 or 2027-10-31 01:30:00+00:00" in problem
    settled = twice.replace('"01:30"', '"2027-10-31 01:30+01:00"')
    opens_at = read_event(settled, "race.toml").lanes[LaneName.WARMUP].opens_at
    assert opens_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_therapist_cant_work_in_a_lane_that_is_not_there() -> None:
    problems = told(with_line('["warmup", "recovery"]', '["nextday"]'))
    assert problems == [
        "race.toml, line 27, therapist[1].lanes: Ana works in nextday, which has no [lane.nextday]"
    ]


def test_a_warm_up_lane_needs_a_start_to_be_in_time_for() -> None:
    no_start = RIVERSIDE[: RIVERSIDE.index("[[contest]]")] + RIVERSIDE[RIVERSIDE.index("[lane") :]
    assert "needs a start" in told(no_start)[0]
    assert (
        "too late"
        in told(
            with_line('opens = "07:30"', 'opens = "09:15"').replace(
                'closes = "09:15"', 'closes = "09:45"'
            )
        )[0]
    )


def test_two_therapists_never_share_a_table_at_one_time() -> None:
    ben = '[[therapist]]\nname = "Ben"\nlanes = ["recovery"]\ntable = 1\nshifts = ["{}"]\n'
    ana_at_one = with_line('name = "Ana"', 'name = "Ana"\ntable = 1')
    assert any(
        "Ben works at table 1 too" in p for p in told(ana_at_one + ben.format("11:00-12:30"))
    )
    after = read_event(ana_at_one + ben.format("15:00-16:00"), "race.toml")
    assert [t.table for t in after.therapists] == [1, 1]


def test_more_therapists_than_tables_need_shifts_of_their_own() -> None:
    text = with_line("tables = 4", "tables = 1") + STUDENT
    assert "none of the 1 tables is free in Chidi's shifts" in told(text)[0]


def test_two_therapists_of_one_name_need_ids() -> None:
    assert "second time" in told(RIVERSIDE + STUDENT.replace("Chidi", "Ana"))[0]


NEXT_DAY = """
[lane.nextday]
opens = "09:00"
closes = "12:00"
[[therapist]]
name = "Dora"
lanes = ["nextday"]
shifts = ["{shift}"]
"""


def test_a_next_day_that_nobody_works_on_is_a_warning_with_the_day_to_write() -> None:
    race_day = RIVERSIDE + NEXT_DAY.format(shift="10:00-14:00")
    _, warnings = check_event(race_day, "race.toml")
    assert any("nobody can book; write 2027-04-26 09:00-12:00" in str(w) for w in warnings)
    day_after = RIVERSIDE + NEXT_DAY.format(shift="2027-04-26 09:00-12:00")
    _, warnings = check_event(day_after, "race.toml")
    assert not any("nobody can book" in str(w) for w in warnings)


def test_a_student_without_anyone_licensed_beside_them_is_a_warning() -> None:
    _, warnings = check_event(RIVERSIDE + STUDENT + 'shifts = ["15:00-16:00"]\n', "race.toml")
    assert any("nobody licensed is on duty beside Chidi" in str(w) for w in warnings)
    _, none = check_event(RIVERSIDE + STUDENT + 'shifts = ["11:00-13:00"]\n', "race.toml")
    assert none == []


def test_lines_are_right_behind_a_list_over_several_lines() -> None:
    text = with_line('["07:30-12:00", "12:30-15:00"]', '[\n "07:30-12:00", # ] early\n "12:30"\n]')
    assert told(text + "[rules]\nhaet = true\n")[-1].startswith("race.toml, line 33, rules.haet: ")


letters = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])
names = (
    st.text(letters, min_size=1, max_size=30)
    .map(lambda name: unicodedata.normalize("NFC", name).strip())
    .filter(lambda name: 0 < len(name) <= 40)
)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
zones = st.sampled_from(
    ["Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@st.composite
def events(draw: st.DrawFn) -> RaceEvent:
    """Any event that a file can describe."""
    zone, day = draw(zones), draw(days)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    offset = st.integers(-20 * 3600, 30 * 3600).map(lambda s: noon + timedelta(seconds=s))

    def stretch() -> tuple[datetime, datetime]:
        begin = draw(offset)
        return begin, begin + timedelta(seconds=draw(st.integers(1, 18 * 3600)))

    offered = draw(st.sets(st.sampled_from([LaneName.RECOVERY, LaneName.NEXTDAY]), min_size=1))
    lanes = {}
    for name in offered:
        minutes = draw(st.integers(31, 59) if name == "nextday" else st.integers(9, 19))
        base = LANE_DEFAULTS[name]
        rules = type(base)(
            minutes, base.short_minutes, base.max_minutes, draw(st.sampled_from([2, 2.5]))
        )
        lanes[name] = LanePlan(*stretch(), rules)
    ids = draw(st.lists(slugs, max_size=4, unique=True))
    contests = draw(st.lists(names, max_size=2))
    waves = [(c, w) for c in contests for w in draw(st.lists(names, min_size=1, max_size=2))]
    unique = {f"{c}/{w}": (c, w) for c, w in waves}
    far = st.sampled_from([None, 10.0, 21.1])
    return RaceEvent(
        draw(slugs.filter(lambda slug: slug not in RESERVED)),
        draw(names),
        zone,
        day.isoformat(),
        len(ids) + 1,
        tuple(Wave(i, c, w, draw(offset), draw(far)) for i, (c, w) in unique.items()),
        lanes,
        tuple(
            Therapist(
                ident,
                draw(names),
                draw(st.sampled_from(Role)),
                tuple(offered),
                table,
                shifts=(Shift(*stretch()),) if draw(st.booleans()) else (),
                breaks=(PlannedBreak(*stretch(), 12.5),) if draw(st.booleans()) else (),
                languages=tuple(draw(st.lists(names, max_size=2))),
                gender=draw(st.sampled_from([None, *Gender])),
            )
            for table, ident in enumerate(ids, 1)
        ),
        TentRules(heat=draw(st.booleans()), capacity_factor=draw(st.floats(0.3, 1.0))),
        Expected(draw(offset), 10, {LaneName.RECOVERY: (0.5, 3.0)})
        if draw(st.booleans())
        else None,
        tuple(draw(st.lists(st.sampled_from(list(LANGUAGES)), max_size=4, unique=True))),
        draw(st.sampled_from(["", "Dr. Maya Lee"])),
    )


@given(events())
@settings(max_examples=150, deadline=None)
def test_an_event_written_and_read_again_is_the_same_event(event: RaceEvent) -> None:
    assert read_event(write_event(event), "again.toml") == event
