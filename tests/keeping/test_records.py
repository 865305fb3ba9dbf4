"""What organisers see and do about the records, and what runners are told and agree to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tentqueue.services.consent import PRESENT, RECORD, WORDINGS
from tests.keeping.laptop import SLUG
from tests.keeping.test_wipe import CANARIES, a_day, bytes_with, join_as_canary
from tests.web.inside import Inside

JOIN_PAGE = Path(__file__).parents[2] / "templates" / "join.html"


@pytest.fixture
def inside(tmp_path: Path, url: str) -> Iterator[Inside]:
    opened = Inside(tmp_path, database=url)
    yield opened
    opened.close()


def test_the_organiser_wipes_by_button_and_reads_the_proof(inside: Inside, tmp_path: Path) -> None:
    a_day(inside, tmp_path)
    organiser = inside.organiser()
    before = organiser.get(f"records?event={SLUG}").json
    assert (before["people"]["people"], before["people"]["consents"]) == (1, 2)
    assert before["wipe"] is None
    assert len(before["backups"]) == 1
    done = organiser.post("wipe", {"event": SLUG})
    assert done.status_code == 200, done.json
    assert done.json["wipe"]["why"] == "button"
    assert done.json["wipe"]["counts"]["left"] == 0
    assert not any(done.json["people"].values())
    assert done.json["backups"] == []
    assert bytes_with(tmp_path, CANARIES) == {}
    page = organiser.get(f"/{SLUG}/records")
    assert page.status_code == 200
    assert "Looked over and proven" in page.text
    journal = organiser.get(f"/api/v1/events/{SLUG}/journal").json["entries"]
    proof = [event for line in journal for event in line["events"] if "counts" in event]
    assert proof[0]["type"] == "WipeProven"
    assert proof[0]["counts"]["people"] == 1


def test_nobody_else_sees_the_page_of_the_records(inside: Inside) -> None:
    desk, _ = inside.signed_in("desk")
    assert desk.get(f"/{SLUG}/records").status_code == 303
    assert inside.browser().get(f"/{SLUG}/records").status_code == 303


def test_each_consent_says_when_by_whose_hand_and_to_which_words(inside: Inside) -> None:
    browser = inside.browser()
    ticket = join_as_canary(browser)
    consents = inside.house.storage.consents
    given = consents.of_ticket(SLUG, ticket["id"])
    assert given is not None
    assert (given.wording, given.given_by, given.withdrawn_at) == (PRESENT, "runner", None)
    assert given.given_at == round(inside.clock.now().timestamp() * 1e6)
    desk, _ = inside.signed_in("desk")
    inside.join(desk)
    browser.post(f"/api/v1/tickets/{ticket['id']}/erase")
    back = consents.of_ticket(SLUG, ticket["id"])
    assert back is not None
    assert back.withdrawn_at is not None
    assert len(consents.summary(SLUG)) == 2


def test_the_words_on_the_screen_are_those_of_the_present_version() -> None:
    page = JOIN_PAGE.read_text()
    for sentence in (*WORDINGS[PRESENT], RECORD):
        assert f'_("{sentence}")' in page, "changed words need a new version in consent.py"


def test_runners_are_told_what_is_kept_and_when_it_goes(inside: Inside) -> None:
    notice = inside.browser().get(f"/{SLUG}/privacy")
    assert notice.status_code == 200
    assert "72 hours after the last lane closes" in notice.text
    assert f"/{SLUG}/privacy" in inside.browser().get(f"/{SLUG}").text
