"""Who asked to be erased stays erased: no list and no feed brings their line back (rule 31)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tentqueue.opening import rosters_of
from tentqueue.services.roster.check import Check, Choices, check
from tentqueue.services.roster.reading import Kind
from tentqueue.services.roster.taking import take
from tentqueue.services.roster.telling import noted
from tests.cast import race
from tests.keeping.laptop import SLUG
from tests.keeping.test_wipe import RUTH, bytes_with, join_as_canary
from tests.storage.conftest import of_a_file
from tests.web.inside import EVENT, Inside

BIB, NAME = "CANARYBIB", "Maya Canary"
STARTS = f"Bib,Name,Wave\n{BIB},{NAME},A\n8,Ben Ode,A\n"
RESULTS = f"Bib,Name,Gun Time\n{BIB},{NAME},1:20:00\n8,Ben Ode,1:25:00\n"


@pytest.fixture
def inside(tmp_path: Path, url: str) -> Iterator[Inside]:
    opened = Inside(tmp_path, database=url)
    yield opened
    opened.close()


def read(inside: Inside, folder: Path, text: str, kind: Kind) -> Check:
    """Look at a list."""
    file = folder / "list.csv"
    file.write_text(text)
    found = check(file, race(), Choices(kind), inside.house.storage.roster)
    file.unlink()
    return found


def brought(inside: Inside, folder: Path, text: str, kind: Kind) -> Check:
    """Take a list."""
    found = read(inside, folder, text, kind)
    take(found, inside.house.storage.roster, SLUG)
    found.close()
    return found


def erase(inside: Inside) -> dict[str, Any]:
    """Maya joins, and asks to be erased."""
    browser = inside.browser()
    ticket = join_as_canary(browser, bib=BIB.lower())
    answer = browser.post(f"/api/v1/tickets/{ticket['id']}/erase")
    assert answer.status_code == 200, answer.json
    inside.house.privacy.tick()
    return ticket


def test_no_list_brings_an_erased_runner_back_and_the_organiser_is_told(
    inside: Inside, tmp_path: Path
) -> None:
    first = brought(inside, tmp_path, STARTS, Kind.STARTS)
    assert (first.new, first.erased, noted(first)) == (2, 0, [])
    erase(inside)
    again = brought(inside, tmp_path, STARTS, Kind.STARTS)
    assert (again.new, again.unchanged, again.wrong, again.erased) == (0, 1, 0, 1)
    assert [str(s) for s in noted(again)] == ["1 row is left out: erased at the runner's own wish."]
    results = brought(inside, tmp_path, RESULTS, Kind.RESULTS)
    assert (results.changed, results.erased) == (1, 1)
    assert list(inside.house.storage.roster.find(SLUG, [BIB, "8"])) == ["8"]


def test_a_list_looked_at_before_the_erasure_and_taken_after_it_leaves_her_out(
    inside: Inside, tmp_path: Path
) -> None:
    found = read(inside, tmp_path, STARTS, Kind.STARTS)
    erase(inside)
    take(found, inside.house.storage.roster, SLUG)
    found.close()
    assert list(inside.house.storage.roster.find(SLUG, [BIB, "8"])) == ["8"]


def test_a_finish_feed_keeps_nothing_of_her(inside: Inside) -> None:
    erase(inside)
    batch = [{"bib": bib, "finished_at": "2027-04-25T11:40:00Z"} for bib in (BIB, "8")]
    organiser = inside.token("organiser")
    answer = inside.browser().post(f"{EVENT}/finishers", batch, **organiser)
    assert answer.status_code == 200, answer.json
    assert (answer.json["received"], answer.json["noted"], answer.json["refused"]) == (2, 1, [])
    assert list(inside.house.storage.roster.find(SLUG, [BIB, "8"])) == ["8"]


def test_a_program_beside_the_server_knows_the_marks_too(inside: Inside, tmp_path: Path) -> None:
    erase(inside)
    beside = rosters_of(inside.house.storage, inside.clock)
    found = read(inside, tmp_path, STARTS, Kind.STARTS)
    take(found, beside.table, SLUG)
    found.close()
    assert beside.table.count(SLUG).listed == 1


def test_another_event_and_another_bib_have_no_mark(inside: Inside) -> None:
    erase(inside)
    roster = inside.house.storage.roster
    assert roster.erased(SLUG, [BIB, "CANARYBI", "8"]) == {BIB}
    assert roster.erased("other-race", [BIB]) == frozenset()


@of_a_file
def test_the_mark_holds_no_byte_of_her_and_goes_with_the_wipe(
    inside: Inside, tmp_path: Path
) -> None:
    erase(inside)
    tag = inside.house.runners.tag(SLUG, BIB)
    mark = inside.house.storage.keys.erased_mark(SLUG, BIB)
    assert mark.hex() != tag
    assert bytes_with(tmp_path, (BIB, BIB.lower(), tag)) == {}
    assert any(mark in file.read_bytes() for file in tmp_path.glob("tent.db*"))
    wiped = inside.house.privacy.wipe(SLUG, RUTH, "button")
    assert (wiped.counts["erased"], wiped.counts["left"]) == (1, 0)
    assert not any(mark in file.read_bytes() for file in tmp_path.glob("tent.db*"))


def test_who_joins_again_is_served_and_found_by_a_feed(inside: Inside) -> None:
    erase(inside)
    browser = inside.browser()
    body = {"lane": "recovery", "consent": True, "bib": BIB, "before_finish": True}
    joined = browser.post(f"{EVENT}/tickets", body)
    assert joined.status_code == 201, joined.json
    batch = [{"bib": BIB, "finished_at": "2027-04-25T11:40:00Z"}]
    answer = inside.browser().post(f"{EVENT}/finishers", batch, **inside.token("organiser"))
    assert (answer.json["taken"], answer.json["noted"]) == (1, 0)
