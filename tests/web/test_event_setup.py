"""Setting an event up: by whom, with what answers, and never half."""

from __future__ import annotations

from typing import Any

import pytest

from tentqueue.services.event_file import read_event, write_event
from tentqueue.services.event_file.draft import check_draft, copied, draft_of
from tests.cast import race
from tests.web.outside import EVENT, Outside

ORGANISER = "organiser:Olga"
CHECK, SAVE = "/api/v1/setup/check", "/api/v1/setup"


def draft(**event: Any) -> dict[str, Any]:
    """Riverside Half as a draft, with another head."""
    made = draft_of(race())
    return made | {"event": made["event"] | event}


def test_page_and_file_say_the_same(outside: Outside) -> None:
    text = outside.get("file", ORGANISER)
    assert text.mimetype == "application/toml"
    assert read_event(text.text, "riverside.toml") == race()
    checked = outside.post(CHECK, {"event": "riverside-half", "toml": text.text}, ORGANISER).json
    assert checked["problems"] == []
    again = outside.post(
        CHECK, {"event": "riverside-half", "file": checked["file"]}, ORGANISER
    ).json
    assert read_event(again["toml"], "again.toml") == race()


def test_a_change_is_there_at_once_and_in_the_journal(outside: Outside) -> None:
    version = outside.tent.version
    body = {"event": "riverside-half", "file": draft(tables=9)}
    answer = outside.post(SAVE, body, ORGANISER)
    assert answer.json["version"] == version + 1
    assert outside.tent.event.tables == 9
    last = outside.get("journal", ORGANISER).json["entries"][-1]
    assert last["actor"].endswith("Olga")


def test_a_problem_names_its_field_and_nothing_changes(outside: Outside) -> None:
    version = outside.tent.version
    refused = outside.post(
        SAVE, {"event": "riverside-half", "file": draft(timezone="Europe/Nowhere")}, ORGANISER
    )
    assert refused.status_code == 422
    assert "time zone" in refused.json["fields"]["event.timezone"]
    assert outside.tent.version == version


def test_what_only_surprises_is_said_in_the_organisers_language(outside: Outside) -> None:
    file = draft()
    body = {"event": "riverside-half", "file": file | {"therapist": []}}
    german = {"Accept_Language": "de", "Tentqueue_Screen": "organiser"}
    found = outside.post(CHECK, body, ORGANISER, **german).json
    told = {one["what"] for one in found["warnings"]}
    assert told == {"in dieser Schlange arbeitet niemand"}
    english = outside.post(CHECK, body, ORGANISER).json["warnings"]
    assert {one["what"] for one in english} == {"no therapist works in this lane"}


def test_a_new_event_never_takes_anothers_address(outside: Outside) -> None:
    refused = outside.post(SAVE, {"file": draft()}, ORGANISER)
    assert refused.status_code == 422
    assert "another event" in refused.json["fields"]["event.slug"]


def test_an_address_on_posters_never_changes(outside: Outside) -> None:
    body = {"event": "riverside-half", "file": draft(slug="riverside-2")}
    refused = outside.post(SAVE, body, ORGANISER)
    assert "must stay riverside-half" in refused.json["fields"]["event.slug"]


def test_a_new_event_is_served_like_any_other(outside: Outside) -> None:
    made = outside.post(SAVE, {"file": draft(slug="autumn-ten", name="Autumn Ten")}, ORGANISER)
    assert made.json["slug"] == "autumn-ten"
    assert outside.get("/api/v1/events/autumn-ten").json["name"] == "Autumn Ten"


@pytest.mark.parametrize("who", ["desk:Eve", "therapist:ana", "board:tv", None])
def test_only_organisers_set_up(outside: Outside, who: str | None) -> None:
    body = {"event": "riverside-half", "file": draft()}
    for path in (CHECK, SAVE):
        assert outside.post(path, body, who).status_code in (401, 403)
    assert outside.get("file", who).status_code in (401, 403)
    assert outside.client.get("/riverside-half/setup").status_code == 303


@pytest.mark.parametrize(
    "given",
    [
        {"event": "x" * 61},
        {"file": []},
        {"toml": 7},
        {"toml": "not = [ toml"},
        {"file": {"event": {"slug": ["deep", {"er": {}}]}}},
        {"file": {"lane": {"warmup": "open"}, "contest": "Half", "therapist": [1, None]}},
        {"file": {"event": {"name": "=cmd()\u202e", "date": "9999-99-99"}}},
        {"file": {"\u0000": 1}},
    ],
)
def test_hostile_drafts_get_a_clear_answer(outside: Outside, given: dict[str, Any]) -> None:
    version = outside.tent.version
    for path in (CHECK, SAVE):
        answer = outside.post(path, given, ORGANISER)
        assert answer.status_code in (200, 400, 422), answer.text
        assert answer.status_code != 200 or answer.json["problems"]
    assert outside.tent.version == version


def test_next_years_copy_keeps_the_clock_and_moves_named_days() -> None:
    from datetime import date

    event = race()
    again = copied(event, "riverside-2028", date(2028, 4, 30))
    checked = check_draft(again)
    assert checked.problems == ()
    assert checked.event is not None
    assert [f"{w.starts_at:%H:%M}" for w in checked.event.waves] == [
        f"{w.starts_at:%H:%M}" for w in event.waves
    ]
    assert write_event(checked.event).count("2027") == 0


def test_the_file_route_is_found_under_its_event(outside: Outside) -> None:
    assert outside.client.get(f"{EVENT}/file").status_code == 401
