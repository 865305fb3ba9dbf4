"""The organiser counts made-up tickets, takes them out in one go, and takes that back."""

from __future__ import annotations

from typing import Any

import pytest

from tentqueue.domain.taking import TakenBy
from tentqueue.web.device import COOKIE
from tests.web.outside import EVENT, Outside

JOIN = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
MAX = "organiser:Max"


@pytest.fixture
def crowded(outside: Outside) -> Outside:
    """Thirty tickets of a program, five of phones that opened the page, one of the desk."""
    for _ in range(30):
        assert outside.post("tickets", JOIN).status_code == 201
    for _ in range(5):
        outside.client.set_cookie(COOKIE, outside.house.context.devices.new())
        assert outside.post("tickets", JOIN).status_code == 201
    outside.client.delete_cookie(COOKIE)
    outside.join()
    return outside


def removal(outside: Outside, **body: Any) -> Any:
    """What the organiser is told."""
    answer = outside.post("made-up", body, who=MAX)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_each_ticket_knows_by_what_hand_it_was_taken(crowded: Outside) -> None:
    hands = [ticket.taken_by for ticket in crowded.tent.open.values()]
    assert hands == [*[TakenBy.PROGRAM] * 30, *[TakenBy.PAGE] * 5, TakenBy.STAFF]


def test_counting_changes_nothing_and_says_when_they_were_taken(crowded: Outside) -> None:
    before = crowded.tent
    found = removal(crowded, dry_run=True)
    assert (found["found"], found["kept"]) == (30, 6)
    assert found["first_at"] == found["last_at"] == "2027-04-25T12:00:00+00:00"
    since = "2027-04-25T12:01:00Z"
    assert removal(crowded, dry_run=True, since=since)["found"] == 0
    assert crowded.tent is before


def test_all_of_them_go_and_come_back_with_one_undo(crowded: Outside) -> None:
    before = dict(crowded.tent.open)
    gone = removal(crowded, reason="A program at noon")
    assert (gone["found"], gone["kept"]) == (30, 6)
    (line,) = crowded.get(f"journal?since={gone['version'] - 1}", who=MAX).json["entries"]
    assert line["text"] == "30 made-up tickets were taken out of the line"
    assert line["reason"] == "A program at noon"
    assert line["actor"] == MAX
    assert crowded.post("undo", {"number": gone["version"]}, who=MAX).status_code == 200
    assert dict(crowded.tent.open) == before


def test_who_is_taken_out_by_mistake_is_sent_to_the_desk(crowded: Outside) -> None:
    ticket = crowded.post("tickets", JOIN).json
    removal(crowded, reason="A program at noon")
    seen = crowded.get(f"/api/v1/tickets/{ticket['id']}", who=ticket["key"]).json
    assert seen["state"] == "expired"
    assert "desk" in seen["message"]


def test_tickets_taken_on_the_page_need_a_beginning(crowded: Outside) -> None:
    refused = crowded.post("made-up", {"reason": "x", "pages_too": True}, who=MAX)
    assert refused.status_code == 422
    assert "since" in refused.json["fields"]
    noon = "2027-04-25T12:00:00Z"
    assert removal(crowded, dry_run=True, pages_too=True, since=noon)["found"] == 35


def test_only_organisers_take_made_up_tickets_out(crowded: Outside) -> None:
    for who in ("desk:Eve", "therapist:ana", None):
        assert crowded.post(f"{EVENT}/made-up", {"reason": "x"}, who=who).status_code in (401, 403)
    assert len(crowded.tent.open) == 36
