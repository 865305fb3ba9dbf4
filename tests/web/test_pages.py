"""Pages: who may open which, what a scanned ticket opens, and what every answer forbids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from tentqueue.web.qr import QUIET_ZONE, svg_of
from tests.web.outside import EVENT, JSON, Outside

OPEN = ["/", "/riverside-half", "/riverside-half/board", "/riverside-half/poster"]
STAFF = {
    "/riverside-half/tablet": {"therapist:ana", "desk:eve", "organiser:olga"},
    "/riverside-half/desk": {"desk:eve", "organiser:olga"},
    "/riverside-half/organiser": {"organiser:olga"},
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


@pytest.mark.parametrize("path", [*OPEN, *STAFF, f"{EVENT}/board", "/healthz", "/nowhere"])
def test_every_answer_carries_the_strict_headers(outside: Outside, path: str) -> None:
    headers = outside.client.get(path, headers=bearer("organiser:olga")).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_pages_name_only_files_that_are_there(outside: Outside) -> None:
    for path in [*OPEN, *STAFF]:
        page = outside.client.get(path, headers=bearer("organiser:olga")).text
        for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
            assert outside.client.get(link).status_code == 200, f"{link} on {path}"


def test_static_files_are_kept_for_ever_under_the_builds_name(outside: Outside) -> None:
    page = outside.client.get("/").text
    link = re.findall(r'href="(/static/[^"]+\.css)"', page)[0]
    kept = outside.client.get(link, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in kept.headers["Cache-Control"]
    assert kept.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("text", ["http://192.168.1.20:8000/s/abcdefghijklmnopqrstuvwxyz", "x"])
def test_the_picture_is_the_code(text: str) -> None:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    drawn = [[False] * len(matrix) for _ in matrix]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg_of(text).decode()):
        for step in range(int(length)):
            drawn[int(y)][int(x) + step] = True
    assert drawn == matrix


def test_qr_pictures_need_a_ticket_or_an_event_of_ours(outside: Outside) -> None:
    joined = ticket(outside)
    assert outside.client.get(f"/q/s/{joined['id']}.svg").mimetype == "image/svg+xml"
    assert outside.client.get("/q/join/riverside-half.svg").status_code == 200
    assert outside.client.get("/q/join/elsewhere.svg").status_code == 404
    assert outside.client.get("/q/s/aaaaaaaaaaaaaaaaaaaaaaaaaa.svg").status_code == 404
