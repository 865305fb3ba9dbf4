"""Names that are no names: what somebody types to see whether it runs, hides or breaks a line."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

NAMES = (
    "<evil-tag onx=1>",
    '"><img src=x onerror=a>',
    "'-alert(1)-'",
    "</script><evil-tag>",
    "{{7*7}}${7*7}",
    "javascript:alert(1)",
    "&lt;evil-tag&gt;",
    "\u202e\u2066gnirts\u2069\u202c",
    "a\u200b\u200d\ufeffb",
    "\x00\x1b[2J\x07bell",
    "line\r\nSet-Cookie: x=1",
    "=cmd|'/C calc'!A0",
    "+1+cmd()",
    "-2+3+cmd()",
    "@SUM(A1)",
    "\t=1+1",
    "\uff1d1+1",
    "%s%n{0}{name}",
    "../../etc/passwd",
    "'; DROP TABLE staff;--",
)
ENDLESS = ("x" * 10_240, "\U0001f469\u200d\U0001f52c" * 1200, "a" + "\u0301" * 10_240)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def is_tidy(text: str) -> bool:
    """Whether nothing in a text hides, turns it round or moves a cursor."""
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") for char in text)


class Tags(HTMLParser):
    """Collects what a browser would take for elements, and the texts between them."""

    def __init__(self) -> None:
        super().__init__()
        self.evil: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element nobody of ours wrote."""
        handlers = [name for name, _ in attrs if name.startswith("on")]
        links = [v for n, v in attrs if n in ("href", "src") and (v or "").startswith("javascript")]
        if tag == "evil-tag" or handlers or links:
            self.evil.append(f"{tag} {handlers} {links}")

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def evil_in(page: str) -> list[str]:
    """The elements in a page that came from a name."""
    tags = Tags()
    tags.feed(page)
    return tags.evil
