"""What a worker remembers holds at every other: tries, budgets, locked screens, wipes, lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tentqueue.web.limits import Budgets
from tentqueue.web.pins import TRIES_A_DAY
from tentqueue.web.sessions import COOKIE
from tests.cast import mins
from tests.web.inside import EVENT, SLUG, Browser, Inside

pytestmark = pytest.mark.postgres


class Pair:
    """Two workers on one database, and hands on the time of both."""

    def __init__(self, folder: Path, url: str) -> None:
        self.one, self.two = (Inside(folder, database=url) for _ in range(2))
        for worker in (self.one, self.two):
            limits = worker.house.limits
            limits._seconds = limits._windows._seconds = lambda: 0.0

    def second_passes(self) -> None:
        """What each worker does every second, and what it has read goes stale."""
        for worker in (self.one, self.two):
            worker.idle += 1.0
            worker.house.tents.tick()
            worker.house.limits.exchange([SLUG])

    def at_two(self, browser: Browser) -> Browser:
        """The same browser, at the other worker."""
        other = self.two.browser()
        for cookie in browser.client._cookies.values():
            other.client.set_cookie(cookie.key, cookie.value)
        return other

    def close(self) -> None:
        """Shut both."""
        for worker in (self.one, self.two):
            worker.close()


@pytest.fixture
def pair(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    monkeypatch.setenv("TENTQUEUE_LISTS", str(tmp_path / "lists"))
    made = Pair(tmp_path, postgres_url)
    yield made
    made.close()


def test_thirty_wrong_pins_are_thirty_however_many_workers_are_asked(pair: Pair) -> None:
    device, told = pair.one.signed_in("desk")
    doors = [device, pair.at_two(device)]
    body = {"event": SLUG, "staff": told["staff"], "pin": "wrong!"}
    with ThreadPoolExecutor(2) as pool:
        asked = pool.map(lambda n: tries(doors[n], body, TRIES_A_DAY), range(2))
        answers = sum(asked, Counter[int]())
    assert answers == {403: TRIES_A_DAY, 429: TRIES_A_DAY}
    right = doors[1].post("signin", body | {"pin": told["pin"]})
    assert right.status_code == 429, "a right one is not even looked at then"


def tries(door: Browser, body: dict[str, Any], count: int) -> Counter[int]:
    """Guess so often; the answers by status."""
    return Counter(door.post("signin", body).status_code for _ in range(count))


def test_a_right_pin_is_no_wrong_try(pair: Pair) -> None:
    device, told = pair.one.signed_in("desk")
    body = {"event": SLUG, "staff": told["staff"], "pin": told["pin"]}
    assert tries(device, body, TRIES_A_DAY + 2) == {200: TRIES_A_DAY + 2}


def test_a_word_can_not_be_guessed_at_another_worker(pair: Pair) -> None:
    doors = [worker.browser() for worker in (pair.one, pair.two)]
    guess = {"bib": "1204", "word": "heron"}
    answers = [doors[n % 2].post(f"{EVENT}/tickets/find", guess).status_code for n in range(14)]
    most = pair.one.house.limits.budgets.finds_per_bib
    assert answers == [404] * most + [429] * (14 - most)


def test_a_phones_joins_are_counted_at_every_worker(pair: Pair) -> None:
    phone = pair.one.browser()
    phone.set_cookie("device", pair.one.house.context.devices.new())
    most = pair.one.house.limits.budgets.joins_per_device
    for _ in range(most):
        pair.one.join(phone)
    assert pair.at_two(phone).post(f"{EVENT}/tickets", joining()).status_code == 201, "not yet told"
    pair.second_passes()
    # Both have told now; one more at either tells what the other has.
    answers = [door.post(f"{EVENT}/tickets", joining()) for door in (phone, pair.at_two(phone))]
    pair.second_passes()
    assert answers[0].status_code == 429
    assert pair.at_two(phone).post(f"{EVENT}/tickets", joining()).status_code == 429


def joining() -> dict[str, Any]:
    """What a runner sends."""
    return {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}


def test_the_organiser_hears_of_a_flood_at_another_worker(pair: Pair) -> None:
    pair.one.house.limits.budgets = Budgets(joins_per_address=0)
    assert pair.one.browser().post(f"{EVENT}/tickets", joining()).status_code == 429
    assert not pair.two.house.limits.flooded(SLUG)
    pair.second_passes()
    assert pair.two.house.limits.flooded(SLUG)


def test_a_screen_locked_at_one_worker_is_locked_at_every_other(pair: Pair) -> None:
    device, told = pair.one.signed_in("desk")
    other = pair.at_two(device)
    tent = f"{EVENT}/tent"
    assert other.get(tent).status_code == 200
    assert device.post("lock").status_code == 200
    pair.second_passes()
    assert other.get(tent).status_code == 401
    assert device.post("unlock", {"pin": told["pin"]}).status_code == 200
    pair.second_passes()
    assert other.get(tent).status_code == 200


def test_a_screen_used_at_one_worker_does_not_lock_at_another(pair: Pair) -> None:
    device, _ = pair.one.signed_in("desk")
    other = pair.at_two(device)
    assert other.get(f"{EVENT}/tent").status_code == 200
    for _ in range(6):
        pair.one.idle = pair.two.idle = pair.one.idle + 70
        pair.one.clock.at = pair.two.clock.at = pair.one.clock.at + mins(70 / 60)
        assert device.post("stay").status_code == 200
    assert other.get(f"{EVENT}/tent").status_code == 200


def test_who_is_shut_out_at_one_worker_is_out_at_every_other(pair: Pair) -> None:
    organiser = pair.one.organiser()
    device, told = pair.one.signed_in("desk")
    other = pair.at_two(device)
    assert other.get(f"{EVENT}/tent").status_code == 200
    gone = organiser.post("revoke", {"event": SLUG, "staff": told["staff"]})
    assert gone.status_code == 200, gone.json
    pair.second_passes()
    assert other.get(f"{EVENT}/tent").status_code == 401
    assert other.cookie(COOKIE)


def test_a_badge_is_good_at_one_worker_only_once(pair: Pair) -> None:
    code = pair.one.badge("desk")
    doors = [worker.browser() for worker in (pair.one, pair.two)]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda door: door.post("enrol", {"code": code}).status_code, doors)
        assert sorted(answers) == [200, 410]


def test_what_one_worker_wipes_the_others_forget_too(pair: Pair) -> None:
    pair.one.browser().post(f"{EVENT}/tickets", joining() | {"name": "CANARY", "bib": "1204"})
    pair.second_passes()
    names = pair.two.house.runners.names
    pair.two.house.privacy.take_in()
    assert "CANARY" in str(names(SLUG))
    organiser = pair.one.organiser()
    assert organiser.post("wipe", {"event": SLUG}).status_code == 200
    pair.second_passes()
    pair.two.house.privacy.take_in()
    assert names(SLUG) == {}
    assert all(ticket.bib_tag is None for ticket in pair.two.day.tent.closed.values())


def test_a_list_uploaded_at_one_worker_is_taken_by_another(pair: Pair) -> None:
    organiser = pair.one.organiser()
    sent = organiser.client.post(
        f"{EVENT}/roster/files?kind=starts",
        data=b"bib,name\n7,Mia\n",
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "text/csv"},
    )
    assert sent.status_code == 201, sent.json
    found = pair.at_two(organiser).get(f"{EVENT}/roster/files/{sent.json['file']}")
    assert found.status_code == 200
    assert found.json["size"] == sent.json["size"]


def test_beside_the_workers_secret_nothing_need_be_written(pair: Pair, tmp_path: Path) -> None:
    pair.one.organiser()
    assert [path.name for path in tmp_path.iterdir()] == ["tent.keys"]
