"""A ticket on the narrow paper of a receipt printer, as a picture of its dots. Knows no tent.

Drawn, not typed: printers' own letters lack most languages, and the code must be huge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from tentqueue.paper.code import code_of
from tentqueue.paper.looks import face

DOTS = {58: 384, 80: 576}
"""Printable dots across, by the paper's width in millimetres, at 8 dots a millimetre."""
_GAP = 12


@dataclass(frozen=True)
class Receipt:
    """What stands on it, from the top; `link` becomes the code to scan."""

    event: str
    lane: str
    code: str
    say: str
    when: str
    link: str
    kind: str

    @property
    def words(self) -> str:
        """Everything that is words."""
        return " ".join((self.event, self.lane, self.say, self.when, self.kind))


def can_say(words: str) -> bool:
    """Whether the faces on this machine have every letter of `words`."""
    return all(_has("words-400", letter) or _has("words-400-ext", letter) for letter in words)


def draw(receipt: Receipt, paper: int) -> Image.Image:
    """Draw a receipt for paper `paper` millimetres wide, black on white, as high as it gets."""
    strip = _Strip(DOTS[paper])
    strip.words(receipt.event, "words-600", 28)
    strip.rule()
    strip.words(receipt.lane, "bib-600", 46)
    strip.rule()
    strip.across(receipt.code, "bib-800")
    strip.words(receipt.say, "words-600", 30)
    strip.words(receipt.when, "words-400", 28)
    strip.scan(receipt.link)
    strip.words(receipt.kind, "words-400", 26)
    return strip.cut()


class _Strip:
    """Paper being drawn on from the top."""

    def __init__(self, width: int) -> None:
        self._wide = width
        self._image = Image.new("1", (width, 2400), 1)
        self._pen = ImageDraw.Draw(self._image)
        self._y = _GAP

    def words(self, text: str, name: str, size: int) -> None:
        """Centred lines, broken at spaces."""
        for line in self._lines(text, name, size):
            x = (self._wide - _width(line, name, size)) / 2
            for run, font in _runs(line, name, size):
                self._pen.text((x, self._y), run, fill=0, font=font)
                x += font.getlength(run)
            self._y += int(size * 1.25)
        self._y += _GAP

    def across(self, text: str, name: str) -> None:
        """One word as large as the paper is wide."""
        size = int(100 * self._wide * 0.96 / _width(text, name, 100))
        font = _font(name, size)
        left, top, right, bottom = font.getbbox(text)
        self._y += _GAP
        x = (self._wide - (right - left)) / 2 - left
        self._pen.text((x, self._y - top), text, fill=0, font=font)
        self._y += int(bottom - top) + 2 * _GAP

    def rule(self) -> None:
        """A line from edge to edge."""
        self._pen.rectangle((0, self._y, self._wide, self._y + 3), fill=0)
        self._y += 3 + _GAP

    def scan(self, link: str) -> None:
        """The code, its modules a whole number of dots."""
        code = code_of(link)
        dots = max(3, int(self._wide * 0.6) // code.side)
        x = (self._wide - code.side * dots) // 2
        for row, start, length in code.stretches:
            at = (x + start * dots, self._y + row * dots)
            self._pen.rectangle((*at, at[0] + length * dots - 1, at[1] + dots - 1), fill=0)
        self._y += code.side * dots

    def cut(self) -> Image.Image:
        """What was drawn."""
        return self._image.crop((0, 0, self._wide, self._y + _GAP))

    def _lines(self, text: str, name: str, size: int) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and _width(longer, name, size) > self._wide - 8:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def _runs(text: str, name: str, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """The text in pieces, each in the face that has its letters."""
    runs: list[tuple[str, str]] = []
    for letter in text:
        its = name if _has(name, letter) else f"{name}-ext"
        if runs and runs[-1][1] == its:
            runs[-1] = (runs[-1][0] + letter, its)
        else:
            runs.append((letter, its))
    return [(run, _font(its, size)) for run, its in runs]


def _width(text: str, name: str, size: int) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, name, size))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face(name)), size)


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(TTFont(face(name)).getBestCmap())


def _has(name: str, letter: str) -> bool:
    return ord(letter) in _letters(name)
