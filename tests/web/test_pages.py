"""Pages: who may open which, what a scanned ticket opens, and what every answer forbids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tentqueue.services.event_file.reading import RESERVED
from tentqueue.services.ledger import StorageBusy
from tests.web.outside import EVENT, JSON, Outside

OPEN = [
    "/",
    "/setup",
    "/riverside-half",
    "/riverside-half/",  # As a poster's address is typed by some.
    "/riverside-half/board",
    "/riverside-half/poster",
    "/riverside-half/signin",
]
STAFF = {
    "/riverside-half/tablet": {"therapist:ana", "desk:eve", "organiser:olga"},
    "/riverside-half/desk": {"desk:eve", "organiser:olga"},
    "/riverside-half/organiser": {"organiser:olga"},
    "/riverside-half/kiosk": {"kiosk:k", "desk:eve", "organiser:olga"},
}
EVERYONE = [None, "board:b", "kiosk:k", "desk:eve", "therapist:ana", "organiser:olga"]


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    """The server at noon."""
    return Outside(tmp_path)


def bearer(who: str | None) -> dict[str, str]:
    """Headers of somebody."""
    return {"Authorization": f"Bearer {who}"} if who else {}


def ticket(outside: Outside) -> dict[str, str]:
    """A runner's ticket, key included."""
    body = {"lane": "recovery", "consent": True}
    joined = outside.client.post(f"{EVENT}/tickets", json=body, headers=JSON)
    assert joined.status_code == 201, joined.data
    found: dict[str, str] = joined.get_json()
    return found


@pytest.mark.parametrize("path", OPEN)
def test_public_pages_are_for_everyone(outside: Outside, path: str) -> None:
    page = outside.client.get(path)
    assert page.status_code == 200
    assert "<h1" in page.text or 'id="' in page.text


@pytest.mark.parametrize("path", sorted(STAFF))
@pytest.mark.parametrize("who", EVERYONE)
def test_staff_screens_are_for_their_staff(outside: Outside, path: str, who: str | None) -> None:
    page = outside.client.get(path, headers=bearer(who))
    if who in STAFF[path]:
        assert page.status_code == 200
    else:
        assert page.status_code == 303
        assert page.headers["Location"].startswith("/riverside-half/signin?to=")


def test_a_scanned_ticket_opens_its_next_step_for_staff_and_nothing_for_others(
    outside: Outside,
) -> None:
    joined = ticket(outside)
    path = f"/s/{joined['id']}"
    stranger = outside.client.get(path)
    assert stranger.status_code == 200
    assert joined["code"] not in stranger.text
    ana = outside.client.get(path, headers=bearer("therapist:ana"))
    assert ana.headers["Location"] == f"/riverside-half/tablet#{joined['code']}"
    eve = outside.client.get(path, headers=bearer("desk:eve"))
    assert eve.headers["Location"] == f"/riverside-half/desk#{joined['code']}"


@pytest.mark.parametrize("path", ["/t/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/s/../../etc", "/nowhere"])
def test_a_foreign_or_altered_code_is_not_one_of_ours(outside: Outside, path: str) -> None:
    page = outside.client.get(path)
    assert page.status_code == 404
    assert "Location" not in page.headers


def test_pages_name_only_files_that_are_there(outside: Outside) -> None:
    for path in [*OPEN, *STAFF, "/api/docs", "/s/nobody"]:
        page = outside.client.get(path, headers=bearer("organiser:olga")).text
        for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
            assert outside.client.get(link).status_code == 200, f"{link} on {path}"


def test_no_event_can_be_named_as_a_path_of_our_own(outside: Outside) -> None:
    rules = (rule.rule.split("/")[1] for rule in outside.app.url_map.iter_rules())
    assert {part for part in rules if part and not part.startswith("<")} - {"S"} <= RESERVED


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/t/x/y", "/riverside-half/kitchen"])
def test_people_get_words_at_an_address_that_leads_nowhere(outside: Outside, path: str) -> None:
    page = outside.client.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "Nothing here" in page.text
    assert path.rsplit("/", 1)[1] not in page.text.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/api/v1/nothing"])
@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_programs_get_a_problem_there(outside: Outside, path: str, accept: str) -> None:
    answer = outside.client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_api_never_answers_with_a_page(outside: Outside) -> None:
    answer = outside.client.get("/api/v1/nothing", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize(("error", "status"), [(StorageBusy, 503), (ZeroDivisionError, 500)])
def test_a_server_that_can_not_says_so_in_words_and_tells_nothing_else(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int
) -> None:
    def fail(_: str) -> None:
        raise error("the secret of table 4")

    monkeypatch.setattr(outside.house.tents, "of", fail)
    page = outside.client.get("/riverside-half/board", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert "secret" not in page.text
    assert "<h1" in page.text


def test_a_ticket_presented_in_capitals_is_the_same_ticket(outside: Outside) -> None:
    joined = ticket(outside)
    page = outside.client.get(f"/S/{joined['id'].upper()}", headers=bearer("therapist:ana"))
    assert page.headers["Location"] == f"/riverside-half/tablet#{joined['code']}"


@pytest.mark.parametrize("host", ["evil.example", "localhost:1"])
def test_no_page_sends_people_where_the_host_header_says(outside: Outside, host: str) -> None:
    for path in ("/riverside-half/poster", "/riverside-half/board", "/riverside-half"):
        assert host not in outside.client.get(path, headers={"Host": host}).text
