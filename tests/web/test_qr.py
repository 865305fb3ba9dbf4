"""QR codes: what a camera reads off them is the link, and only links of ours are drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tentqueue.paper.qr import QUIET_ZONE
from tentqueue.web.qr import svg_of
from tests.web.outside import Outside

PIXELS = 4
"""A module's side on the test's paper."""
TICKET = "abcdefghijklmnopqrstuvwxyz"


def painted(svg: bytes) -> NDArray[np.uint8]:
    """The picture as a printer would put it on paper: white, and every run of the path black."""
    text = svg.decode()
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', text)[0])
    paper = np.full((side, side), 255, np.uint8)
    path = text.rpartition(' d="')[2].partition('"')[0]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join("M{} {}h{}v1h-{}z".format(*run) for run in runs) == path
    for x, y, length, back in runs:
        assert length == back
        paper[int(y), int(x) : int(x) + int(length)] = 0
    return paper


def read(svg: bytes) -> zxingcpp.Barcode:
    """What a camera makes of it."""
    big = np.kron(painted(svg), np.ones((PIXELS, PIXELS), np.uint8))
    found = zxingcpp.read_barcodes(np.ascontiguousarray(big))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "link",
    [
        "http://192.168.1.20:8000/riverside-half",
        f"HTTPS://TENT.EXAMPLE.ORG/S/{TICKET.upper()}",
        "https://tent.example.org/riverside-half/signin#Zm9v-YmFy_QkFa",
        "x",
    ],
)
def test_a_camera_reads_the_link(link: str) -> None:
    assert read(svg_of(link)).text == link


@given(
    st.from_regex(r"https?://[a-z0-9.-]{1,60}(:[0-9]{2,5})?/[A-Za-z0-9/#_-]{0,80}", fullmatch=True)
)
@settings(max_examples=60, deadline=None)
def test_any_link_is_read_back(link: str) -> None:
    assert read(svg_of(link)).text == link


def test_the_code_keeps_its_quiet_zone_and_a_fixed_size_for_a_ticket() -> None:
    paper = painted(svg_of(f"HTTPS://TENT.EXAMPLE.ORG/S/{TICKET.upper()}"))
    assert (paper[:QUIET_ZONE] == 255).all()
    assert (paper[:, -QUIET_ZONE:] == 255).all()
    assert len(paper) - 2 * QUIET_ZONE == 29
    small_letters = painted(svg_of(f"https://tent.example.org/s/{TICKET}"))
    assert len(small_letters) - 2 * QUIET_ZONE == 33


def test_a_stain_on_the_paper_is_forgiven() -> None:
    link = f"HTTP://192.168.1.20:8000/S/{TICKET.upper()}"
    big = np.kron(painted(svg_of(link)), np.ones((PIXELS, PIXELS), np.uint8))
    middle = len(big) // 2
    big[middle : middle + 5 * PIXELS, middle : middle + 5 * PIXELS] = 0
    assert [code.text for code in zxingcpp.read_barcodes(big)] == [link]


def test_the_picture_of_a_ticket_opens_that_ticket_for_staff_and_gives_nobody_its_key(
    outside: Outside,
) -> None:
    joined = outside.join()
    link = read(outside.client.get(joined["qr"]).data).text
    assert joined["key"] not in link
    opened = outside.client.get(
        link.removeprefix("HTTP://127.0.0.1"), headers={"Authorization": "Bearer therapist:ana"}
    )
    assert opened.headers["Location"] == f"/riverside-half/tablet#{joined['code']}"


def test_the_poster_opens_the_join_page(outside: Outside) -> None:
    link = read(outside.client.get("/q/join/riverside-half.svg").data).text
    assert link == "http://127.0.0.1/riverside-half"
    assert outside.client.get("/riverside-half").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "a b"])
def test_a_picture_never_leads_where_the_host_header_says(outside: Outside, host: str) -> None:
    picture = outside.client.get("/q/join/riverside-half.svg", headers={"Host": host})
    assert picture.status_code == 400 or read(picture.data).text.startswith("http://127.0.0.1/")


@pytest.mark.parametrize(
    "path",
    [
        "/q/join/elsewhere.svg",
        f"/q/s/{TICKET}.svg",
        "/q/s/%3Cscript%3E.svg",
        "/q/s/.svg",
        "/q/signin/elsewhere/x.svg",
        "/q/https://evil.example.svg",
    ],
)
def test_nothing_foreign_is_drawn(outside: Outside, path: str) -> None:
    assert outside.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        TICKET,
        "a" * 25,
        "a" * 2000,
        "..%2f..%2fetc",
        "%00",
        "https:%2f%2fevil.example",
        "<script>alert(1)<%2fscript>",
    ],
)
def test_a_forged_or_foreign_ticket_is_not_one_of_ours_and_leads_nowhere(
    outside: Outside, given: str
) -> None:
    version = outside.tent.version
    page = outside.client.get(f"/s/{given}", headers={"Authorization": "Bearer therapist:ana"})
    assert page.status_code == 404
    assert "Location" not in page.headers
    assert "alert(1)" not in page.text
    assert outside.tent.version == version
