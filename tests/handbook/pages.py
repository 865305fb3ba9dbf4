"""The handbook's pages as their authors wrote them: code blocks, links, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import markdown

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
FENCE = re.compile(r"^(?P<why>[^\n]*)\n```(?P<kind>[a-z]*)[^\n]*\n(?P<text>.*?)^```$", re.M | re.S)
EXCUSE = re.compile(r"<!-- not run: (.{15,}) -->")
_LINK = re.compile(r'<a [^>]*href="([^"]*)"|<img [^>]*src="([^"]*)"')
_ANCHOR = re.compile(r'<[a-z0-9]+ [^>]*\bid="([^"]*)"')


@dataclass(frozen=True)
class Block:
    """One fenced block: its page, its language, its text, and why it is not run."""

    page: Path
    kind: str
    text: str
    excuse: str | None


def name(page: Path) -> str:
    """A page's name within the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    for found in FENCE.finditer("\n" + page.read_text(encoding="utf-8")):
        excuse = EXCUSE.fullmatch(found["why"].strip())
        yield Block(page, found["kind"], found["text"], excuse and excuse[1])


@lru_cache
def html(page: Path) -> str:
    """A page as a browser gets it."""
    text = page.read_text(encoding="utf-8")
    return markdown.markdown(text, extensions=["tables", "fenced_code", "toc"])


def links(page: Path) -> list[str]:
    """Where a page leads, pictures included."""
    return [link or picture for link, picture in _LINK.findall(html(page))]


def anchors(page: Path) -> set[str]:
    """The places within a page that a link may name."""
    return set(_ANCHOR.findall(html(page)))
