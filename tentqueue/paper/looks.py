"""The screens' faces, colours and marks, read from where the screens have them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from tentqueue import assets

FACES = ("bib-600", "bib-800", "words-400", "words-600")
INK = "#000000"
PAPER = "#ffffff"
SOFT = "#4a4a4a"
HAIR = "#b8b8b8"


def face(name: str) -> Path:
    """Where a face lies as TrueType."""
    return assets.find("static") / "vendor" / "print" / f"{name}.ttf"


@lru_cache(maxsize=1)
def _tokens() -> dict[str, str]:
    sheet = (assets.find("static") / "css" / "tokens.css").read_text("utf-8")
    sunlight = sheet.partition('[data-theme="sunlight"]')[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", sunlight))


def lane_colour(lane: str) -> str:
    """A lane's colour in the theme that is black on white."""
    return _tokens()[{"warmup": "amber", "recovery": "teal", "nextday": "violet"}[lane]]


@lru_cache(maxsize=16)
def mark(name: str) -> str:
    """The outline of a mark of the screens, as the path of an SVG in a box of 24."""
    page = (assets.find("templates") / "components" / "page.html").read_text("utf-8")
    found = re.search(rf'id="mark-{name}"[^>]*><path d="([^"]+)"', page)
    if found is None:
        raise KeyError(name)
    return found.group(1)
