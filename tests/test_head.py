"""Headers are read strictly: what two servers could read differently is refused."""

from __future__ import annotations

import pytest

from tentqueue.head import Head


def test_headers_are_found_in_any_case_and_kept_in_order() -> None:
    head = Head(b"Host: tent.example\r\nX-Note:  a b \r\nAccept: one\r\nAccept: two\r\n\r\n")
    assert head.get("HOST") == "tent.example"
    assert head.get("x-note") == "a b"
    assert head.get("Accept") == "one"
    assert [line.strip() for line in head.headers][-2:] == ["Accept: one", "Accept: two"]
    assert head.get("Cookie", "none") == "none"


@pytest.mark.parametrize(
    "block",
    [
        b"Host : tent.example\r\n\r\n",
        b"Host: tent.example\r\n folded\r\n\r\n",
        b"no colon\r\n\r\n",
        b": nameless\r\n\r\n",
        b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
        b"Host: a\r\nhost: b\r\n\r\n",
        b"X: a\rY: b\r\n\r\n",
        b"X: a\0b\r\n\r\n",
        b"N\xc3\xa4me: x\r\n\r\n",
    ],
)
def test_an_unclear_header_is_refused(block: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a header|given twice"):
        Head(block)


def test_a_chunked_body_has_no_length() -> None:
    head = Head(b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n")
    del head["content-length"]
    assert head.get("Content-Length") is None
    assert not any("Length" in line for line in head.headers)
