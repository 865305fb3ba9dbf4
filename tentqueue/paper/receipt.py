"""A ticket on the narrow paper of a receipt printer, as a picture of its dots. Knows no tent.

Drawn, not typed: printers' own letters lack most languages, and the code must be huge. Which face
has which letter, and where a line may break, is `paper/script.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw

from tentqueue.paper.qr import qr_of
from tentqueue.paper.script import Hand, typeface

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
    language: str = "en"

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that is words."""
        return (self.event, self.lane, self.say, self.when, self.kind)


def draw(receipt: Receipt, paper: int) -> Image.Image:
    """Draw a receipt for paper `paper` millimetres wide, black on white, as high as it gets."""
    strip = _Strip(DOTS[paper], receipt.language)
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

    def __init__(self, width: int, language: str) -> None:
        self._wide, self._language = width, language
        self._image = Image.new("1", (width, 2400), 1)
        self._pen = ImageDraw.Draw(self._image)
        self._y = _GAP

    def words(self, text: str, name: str, size: int) -> None:
        """Centred lines, broken where the language breaks them."""
        hand = Hand(self._language, name, size)
        for line in hand.lines(text, self._wide - 8):
            x = (self._wide - hand.width(line)) / 2
            for run in hand.runs(line):
                at = (x, self._y + hand.rise)
                self._pen.text(at, run.words, fill=0, font=run.font, anchor="ls", **run.shaped)
                x += run.width
            self._y += hand.line_height
        self._y += _GAP

    def across(self, text: str, name: str) -> None:
        """One word as large as the paper is wide."""
        size = int(100 * self._wide * 0.96 / typeface(name, 100).getlength(text))
        font = typeface(name, size)
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
        code = qr_of(link)
        dots = max(3, int(self._wide * 0.6) // code.side)
        x = (self._wide - code.side * dots) // 2
        for row, start, length in code.stretches:
            at = (x + start * dots, self._y + row * dots)
            self._pen.rectangle((*at, at[0] + length * dots - 1, at[1] + dots - 1), fill=0)
        self._y += code.side * dots

    def cut(self) -> Image.Image:
        """What was drawn."""
        return self._image.crop((0, 0, self._wide, self._y + _GAP))
