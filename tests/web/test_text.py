"""What people type becomes harmless text, or is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tentqueue.services.text import TooLong, graphemes, plain
from tests.web.outside import Outside


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zo\u00eb \t Ng\n", "Zo\u00eb Ng"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("\u202egnirts\u202c", "gnirts"),
        ("a\u200bb\u200d\ufeffc\u2060", "abc"),
        ("\x00\x1b[31mred", "[31mred"),
        ("\u2066evil\u2069", "evil"),
        ("\u3164\u115f\u2800", ""),
        ("<b>&amp;", "<b>&amp;"),
        ("=cmd()", "=cmd()"),
        ("\U000e0041tag", "tag"),
        ("\u0646\u0648\u0631", "\u0646\u0648\u0631"),
    ],
)
def test_controls_overrides_and_invisible_letters_are_dropped(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@pytest.mark.parametrize(
    "typed", ["x" * 25, "\U0001f600" * 2500, "e" + "\u0301" * 400, "\ufdfa" * 30]
)
def test_what_is_too_long_is_refused_whole(typed: str) -> None:
    with pytest.raises(TooLong):
        plain(typed)


def test_marks_and_skin_tones_belong_to_their_letter() -> None:
    assert graphemes("e\u0323\u0301") == 1
    assert graphemes("\U0001f44b\U0001f3fd") == 1
    assert plain("\u0e01\u0e33\u0e25\u0e31\u0e07" * 3)


@given(st.text(max_size=40))
def test_whatever_is_typed_comes_out_tidy_or_not_at_all(typed: str) -> None:
    try:
        kept = plain(typed)
    except TooLong:
        return
    assert graphemes(kept) <= 24
    assert kept == kept.strip()
    assert plain(kept) == kept
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") for char in kept)


def test_a_hostile_name_is_text_in_the_tent_and_nowhere_else(outside: Outside) -> None:
    joined = outside.join(bib="7", name="\u202e<img src=x>")
    assert "img" not in outside.get("board").get_data(as_text=True)
    row = next(
        t for t in outside.get("tent", "desk:Eve").json["tickets"] if t["id"] == joined["id"]
    )
    assert (row["bib"], row["name"]) == ("7", "<img src=x>")
    for who in ("therapist:ana", "therapist:ben"):
        assert "img" not in outside.get("tent", who).get_data(as_text=True)
    assert "img" not in outside.get("journal", "organiser:Max").get_data(as_text=True)
