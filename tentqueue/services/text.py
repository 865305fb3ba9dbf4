"""What people type, made harmless: always text, never markup, never longer than a line can show."""

from __future__ import annotations

import re
import unicodedata

NAME_LONGEST = 24
"""Graphemes of a name, a bib or a word."""
_CODE_POINTS_A_GRAPHEME = 4
_JOINERS = {"Mn", "Me", "Mc", "Sk"}
_DROPPED = {"Cc", "Cf", "Cs", "Co"}
_SPACES = {"Zs", "Zl", "Zp"}

_LATIN = re.compile("[ -~¡-¬®-ʯ]*")
"""Letters that normalising leaves as they are: most names, and cheap to tell."""


class TooLong(ValueError):
    """More graphemes than the field has room for."""

    def __init__(self, longest: int) -> None:
        super().__init__(f"at most {longest} letters")
        self.longest = longest


def plain(text: str, longest: int = NAME_LONGEST) -> str:
    """Normalise to NFC, drop controls, direction overrides and zero-width characters, and join runs
    of white space; an empty result is the empty string.

    Raises: TooLong over `longest` graphemes.
    """
    given = text[: 16 * 1024]
    if not _LATIN.fullmatch(given):
        given = "".join(_kept(char) for char in unicodedata.normalize("NFC", given))
    tidy = " ".join(given.split())
    if len(tidy) > longest and (
        graphemes(tidy) > longest or len(tidy) > longest * _CODE_POINTS_A_GRAPHEME
    ):
        raise TooLong(longest)
    return tidy


def cut(text: str, longest: int) -> str:
    """As `plain`, but what is too long is cut between two letters."""
    tidy = plain(text[: longest * _CODE_POINTS_A_GRAPHEME], longest * _CODE_POINTS_A_GRAPHEME)
    if len(tidy) > longest and _LATIN.fullmatch(tidy[: longest + 1]):
        return tidy[:longest]
    while graphemes(tidy) > longest:
        tidy = tidy[:-1]
    return tidy


def graphemes(text: str) -> int:
    """Count what a reader sees as letters: marks and skin tones belong to the one before."""
    return sum(unicodedata.category(char) not in _JOINERS for char in text)


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category in _SPACES or char in "\t\n\r":
        return " "
    return "" if category in _DROPPED or _is_filler(char) else char


def _is_filler(char: str) -> bool:
    """Letters that show nothing: Hangul fillers, the braille blank and noncharacters."""
    return char in "\u115f\u1160\u3164\uffa0\u2800\u034f" or ord(char) & 0xFFFE == 0xFFFE
