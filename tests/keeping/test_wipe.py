"""After a wipe no byte tells who was here: not in the rows, the log, the backups or what the
server said (rule 31, invariant 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from tentqueue.domain import Tent, fold
from tentqueue.domain.keeping import ends_at, wipe_due_at
from tentqueue.domain.model import Ticket
from tentqueue.services.asker import Asker, Power
from tentqueue.storage.backup import write_backup
from tests.cast import race
from tests.invariants import check_history
from tests.keeping.laptop import SLUG
from tests.storage.conftest import of_a_file
from tests.web.inside import EVENT, Browser, Inside

RUTH = Asker(Power.ORGANISER, "Ruth")
CANARIES = ("CANARYNAME", "CANARYWORD", "CANARYBIB", "CANARYREASON")
STAFF_CANARY = "CANARYSTAFF"


@pytest.fixture
def inside(tmp_path: Path, url: str) -> Iterator[Inside]:
    opened = Inside(tmp_path, database=url)
    yield opened
    opened.close()


def bytes_with(folder: Path, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Which of the words stand in which files below a folder."""
    found: dict[str, list[str]] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            if here := [w for w in words if w.encode() in raw]:
                found[path.name] = here
    return found


def join_as_canary(browser: Browser, **more: Any) -> dict[str, Any]:
    """A runner who tells everything, each word of it easy to find again."""
    body = {
        "lane": "recovery",
        "consent": True,
        "finished_at": "2027-04-25T11:30:07Z",
        "name": "CANARYNAME",
        "bib": "CANARYBIB",
        "word": "CANARYWORD",
        "areas": ["knees"],
        **more,
    }
    answer = browser.post(f"{EVENT}/tickets", body, Idempotency_Key="once")
    assert answer.status_code == 201, answer.json
    joined: dict[str, Any] = answer.json
    return joined


def a_day(inside: Inside, folder: Path) -> dict[str, Any]:
    """A short day: two runners, one moved with words of the organiser's own, a desk, a backup."""
    first = join_as_canary(inside.browser())
    inside.join(inside.browser())
    organiser = inside.token("organiser")
    moved = inside.browser().post(
        f"{EVENT}/tickets/{first['code']}/move", {"reason": "CANARYREASON asked"}, **organiser
    )
    assert moved.status_code == 200, moved.json
    inside.signed_in("desk")
    file = folder / "riverside.zip"
    inside.house.storage.backups.note(SLUG, file, 1)
    write_backup(inside.house.storage.database, SLUG, file, made_at=1, keep=1)
    write_backup(inside.house.storage.database, SLUG, file, made_at=2, keep=1)
    return first


def check_journal(inside: Inside) -> None:
    """The journal is whole, and folds to the very tent that is in memory."""
    entries = list(inside.day.entries())
    start = Tent.unopened(SLUG)
    end = reduce(fold, entries, start)
    check_history(start, entries, end)
    assert dict(end.closed) == dict(inside.day.tent.closed)
    assert end.open == inside.day.tent.open
    assert end.therapists == inside.day.tent.therapists


@of_a_file
def test_records_go_at_their_hour_by_themselves_and_the_proof_says_how_many(
    inside: Inside, tmp_path: Path
) -> None:
    ticket = a_day(inside, tmp_path)
    assert bytes_with(tmp_path, CANARIES)
    due = wipe_due_at(race())
    end = ends_at(race())
    assert due is not None
    assert end is not None
    assert due - end == timedelta(hours=72)
    inside.clock.at = due - timedelta(seconds=1)
    inside.house.privacy.tick()
    assert inside.day.tent.wipe is None
    inside.clock.at = due
    inside.house.tents.tick()
    inside.house.privacy.tick()
    inside.house.privacy.tick()
    wipe = inside.day.tent.wipe
    assert wipe is not None
    assert wipe.proven_at is not None
    assert wipe.why == "hour"
    assert wipe.counts["people"] == 1
    assert wipe.counts["backups"] == 2
    assert wipe.counts["left"] == 0
    assert bytes_with(tmp_path, (*CANARIES, ticket["id"])) == {}
    check_journal(inside)


def test_the_wipe_by_hand_keeps_the_line_and_forgets_who_stands_in_it(
    inside: Inside, tmp_path: Path
) -> None:
    ticket = a_day(inside, tmp_path)
    before = inside.day.tent
    inside.house.privacy.wipe(SLUG, RUTH, "button")
    assert bytes_with(tmp_path, CANARIES) == {}
    assert list(inside.day.tent.open) == list(before.open)
    assert inside.day.tent.ticket(ticket["code"]).areas == before.ticket(ticket["code"]).areas
    bearer = {"Authorization": f"Bearer {ticket['key']}"}
    view = inside.browser().get(f"/api/v1/tickets/{ticket['id']}", **bearer)
    assert view.status_code == 200
    assert {t.name for t in inside.day.tent.therapists.values()} == {"Ana", "Ben", "Chidi", "Dora"}
    check_journal(inside)


def test_who_worked_is_forgotten_once_the_event_is_over(inside: Inside, tmp_path: Path) -> None:
    a_day(inside, tmp_path)
    inside.signed_in("therapist", "ana")
    due = wipe_due_at(race())
    assert due is not None
    inside.clock.at = due
    inside.house.privacy.tick()
    names = {t.name for t in inside.day.tent.therapists.values()}
    assert names == {f"Therapist {n}" for n in (1, 2, 3, 4)}
    assert bytes_with(tmp_path, ('"Ana"', '"ana"', '"Dora"', "organiser:")) == {}
    assert [m.role for m in inside.house.storage.staff.members(SLUG)] == []
    check_journal(inside)


def test_a_wipe_in_another_program_reaches_the_running_server(
    inside: Inside, tmp_path: Path
) -> None:
    a_day(inside, tmp_path)
    inside.house.privacy.tick()
    beside = Beside(inside)
    try:
        beside.privacy.wipe(SLUG, RUTH, "command")
    finally:
        beside.close()
    inside.house.tents.tick()
    inside.house.privacy.tick()
    assert inside.house.runners.names(SLUG) == {}
    assert all(t.bib_tag is None for t in inside.day.tent.open.values())
    assert bytes_with(tmp_path, CANARIES) == {}
    check_journal(inside)


class Beside:
    """The command line's own view of the same database."""

    def __init__(self, inside: Inside) -> None:
        from tentqueue.opening import tents_of
        from tentqueue.services.privacy import Privacy
        from tentqueue.storage import Storage
        from tentqueue.storage.vault import StorageVault

        self._storage = Storage.open(inside.house.settings.database_url)
        vault = StorageVault(self._storage)
        tents = tents_of(self._storage, inside.clock)
        self.privacy = Privacy(tents, vault, inside.clock, lambda slug: None)

    def close(self) -> None:
        """Let go."""
        self._storage.close()


def test_a_wipe_cut_short_goes_on_with_the_next_tick(
    inside: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_day(inside, tmp_path)
    vault = inside.house.privacy._vault
    with monkeypatch.context() as broken:
        broken.setattr(type(vault), "drop_backups", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            inside.house.privacy.wipe(SLUG, RUTH, "button")
    assert inside.day.tent.wipe is not None
    assert inside.day.tent.wipe.proven_at is None
    inside.house.privacy.tick()
    assert inside.day.tent.wipe.proven_at is not None
    assert bytes_with(tmp_path, CANARIES) == {}


def _power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_backup_on_a_disk_that_is_not_here_is_told_and_stays_noted(
    inside: Inside, tmp_path: Path
) -> None:
    a_day(inside, tmp_path)
    inside.house.storage.backups.note(SLUG, tmp_path / "pulled-out" / "b.zip", 1)
    wipe = inside.house.privacy.wipe(SLUG, RUTH, "button")
    assert wipe.counts["backups_not_reached"] == 1
    assert [path for path, _ in inside.house.storage.backups.of_event(SLUG)] == [
        str(tmp_path / "pulled-out" / "b.zip")
    ]


def test_a_file_that_is_not_our_backup_is_never_dropped(inside: Inside, tmp_path: Path) -> None:
    stranger = tmp_path / "thesis.zip"
    stranger.write_text("years of work")
    inside.house.storage.backups.note(SLUG, stranger, 1)
    inside.house.privacy.wipe(SLUG, RUTH, "button")
    assert stranger.read_text() == "years of work"


@of_a_file
def test_who_asks_to_be_erased_leaves_no_byte(inside: Inside, tmp_path: Path) -> None:
    browser = inside.browser()
    ticket = join_as_canary(browser, areas=["knees"])
    screened = browser.post(
        f"/api/v1/tickets/{ticket['id']}/screening", {"screening": "ask", "avoid": ["shins"]}
    )
    assert screened.status_code == 200, screened.json
    other = inside.join(inside.browser())
    tag = inside.house.runners.tag(SLUG, "CANARYBIB")
    assert bytes_with(tmp_path, (tag, '"shins"'))
    erased = browser.post(f"/api/v1/tickets/{ticket['id']}/erase")
    assert erased.status_code == 200, erased.json
    inside.house.privacy.tick()
    assert bytes_with(tmp_path, (*CANARIES, tag, '"shins"', '"knees"', "11:30:07")) == {}
    assert inside.day.tent.ticket(other["code"]).is_open
    check_journal(inside)


def test_zero_hours_means_at_the_close_of_the_last_lane() -> None:
    from dataclasses import replace

    event = race()
    at_once = replace(event, rules=replace(event.rules, data_kept_hours=0))
    assert wipe_due_at(at_once) == ends_at(event)


def test_every_field_of_a_ticket_was_thought_of() -> None:
    """A new field of the ticket: does it tell the runner? Then `anonymity.py` must blank it."""
    tells = {
        "id", "bib_tag", "prefers", "screening", "screened_at", "avoid", "runner_class",
        "age_group", "guardian_consent", "finished_at", "ready_at", "order", "therapist",
    }  # fmt: skip
    stays = {
        "code", "lane", "state", "joined_at", "minutes", "wave", "deadline_at", "areas", "at_tent",
        "hold", "hold_until", "calls", "misses", "called_at", "respond_by", "recalled_at",
        "here_at", "table", "delayed", "started_at", "planned_end_at", "ended_at", "referral",
        "reason", "promised_at", "promised", "chance", "taken_by",
    }  # fmt: skip
    assert {field.name for field in fields(Ticket)} == tells | stays
