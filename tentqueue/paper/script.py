"""Which face has which letter on a receipt, where a line breaks, which way it runs. Draws nothing.

A line with Arabic in it is one run in one face: only so are its letters joined and its numbers put
in their place, which Pillow leaves to HarfBuzz and FriBidi where it was built with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont
from PIL import ImageFont, features

from tentqueue.paper.looks import face

_EASTERN = ("ja", "zh")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_LETTER = re.compile(r"[^\W\d_]")
_HAN = "[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]"
_CLOSING = "[\u3001\u3002\uff0c\uff0e\uff01\uff1f\uff1a\uff1b\uff09\u300d\u3011\u30fc\u3063\u30c3]"
_TOKENS = re.compile(rf"{_HAN}{_CLOSING}*|[^\s\u2e80-\u9fff\uff00-\uffef]+{_CLOSING}*|\s+")
"""What stays on one line: a word, or an eastern letter with the signs that close it."""


@dataclass(frozen=True)
class Run:
    """Letters in one face, and how they are shaped."""

    words: str
    font: ImageFont.FreeTypeFont
    shaped: dict[str, Any]

    @property
    def width(self) -> float:
        """In dots."""
        return float(self.font.getlength(self.words, **self.shaped))


@dataclass(frozen=True)
class Hand:
    """Writes a language in the face `name`, or the next that has a letter, `size` dots high."""

    language: str
    name: str
    size: int

    @property
    def rise(self) -> int:
        """From the top of a line to its baseline."""
        return int(self.size * (1.15 if self.language == "ar" else 1))

    @property
    def line_height(self) -> int:
        """From line to line; Arabic reaches further down."""
        return int(self.size * (1.6 if self.language == "ar" else 1.25))

    def runs(self, line: str) -> list[Run]:
        """The line in pieces from left to right, each in a face that has its letters."""
        numbers = self.language == "ar" and not _LETTER.search(line)
        if numbers or _ARABIC.search(line):
            font = typeface("words-ar", self.size)
            return [Run(line, font, {"direction": "rtl", "language": "ar"})]
        pieces: list[tuple[str, str]] = []
        for letter in line:
            its = next((one for one in self.faces() if _has(one, letter)), self.name)
            if pieces and pieces[-1][1] == its:
                pieces[-1] = (pieces[-1][0] + letter, its)
            else:
                pieces.append((letter, its))
        return [Run(words, typeface(its, self.size), {}) for words, its in pieces]

    def width(self, line: str) -> float:
        """In dots."""
        return sum(run.width for run in self.runs(line))

    def lines(self, text: str, room: float) -> list[str]:
        """Break a text into as few lines as fit into `room` dots, as equally long as can be."""
        fewest, short, long = self._broken(text, room), 0, int(room)
        while long - short > 1:
            middle = (short + long) // 2
            fits = self._broken(text, middle)
            held = len(fits) <= len(fewest) and all(self.width(line) <= room for line in fits)
            short, long = (short, middle) if held else (middle, long)
        return self._broken(text, long)

    def _broken(self, text: str, room: float) -> list[str]:
        lines = [""]
        for token in _TOKENS.findall(" ".join(text.split())):
            longer = lines[-1] + token
            if lines[-1].strip() and self.width(longer.rstrip()) > room:
                lines.append(token.lstrip())
            else:
                lines[-1] = longer
        return [line.strip() for line in lines]

    def faces(self) -> Iterator[str]:
        """The faces to look for a letter in, the first that has it counts."""
        # The eastern faces have one weight; figures beside them must not be thinner.
        thin = self.language in _EASTERN and self.name == "words-400"
        name = "words-600" if thin else self.name
        yield from (name, f"{name}-ext")
        # Japanese and Chinese write many letters alike, but not the same.
        yield from (
            f"words-{one}" for one in sorted(_EASTERN, key=lambda one: one != self.language)
        )


def can_say(texts: Iterable[str], language: str) -> bool:
    """Whether the faces on this machine have every letter of the texts, and can join them."""
    return all(_can_say(text, Hand(language, "words-400", 1)) for text in texts)


def _can_say(text: str, hand: Hand) -> bool:
    if _ARABIC.search(text):
        return bool(features.check("raqm")) and all(_has("words-ar", letter) for letter in text)
    return all(any(_has(name, letter) for name in hand.faces()) for letter in text)


@cache
def typeface(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A face of `static/vendor/print` at a size in dots."""
    return ImageFont.truetype(str(face(name)), size)


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(TTFont(face(name)).getBestCmap())


def _has(name: str, letter: str) -> bool:
    return ord(letter) in _letters(name)
