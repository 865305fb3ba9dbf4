"""A sentence that can be said in any language: English words with named gaps, and what fills them.

It is its own English text, so that programs, logs and tests read it as it stands. The border says
it in the reader's language; nothing here knows any other language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Find = Callable[[str, str, int], str]
"""Finds a translation: the words, those for many, and how many there are."""


class Said(str):
    """`Said("Walk to table {table} now.", table=3)`; gaps may hold sentences of their own."""

    __slots__ = ("gaps", "many", "number", "words")
    words: str
    many: str
    number: int
    gaps: dict[str, Any]

    def __new__(cls, words: str, **gaps: Any) -> Said:
        """Make the English text at once."""
        return cls._of(words, "", 1, gaps)

    @classmethod
    def counted(cls, one: str, many: str, count: int, **gaps: Any) -> Said:
        """A sentence whose words depend on a number, which fills the gap {count}."""
        return cls._of(one, many, count, {"count": count, **gaps})

    @classmethod
    def chain(cls, sentences: Iterable[Said]) -> Said:
        """Several said one after the other."""
        gaps = {f"part{number}": one for number, one in enumerate(sentences)}
        return cls._of("; ".join(f"{{{name}}}" for name in gaps), "", 1, gaps)

    @classmethod
    def _of(cls, words: str, many: str, count: int, gaps: dict[str, Any]) -> Said:
        english = many if many and count != 1 else words
        said = str.__new__(cls, english.format_map(gaps) if gaps else english)
        said.words, said.many, said.number, said.gaps = words, many, count, gaps
        return said

    def told(self, find: Find) -> str:
        """The sentence in the language `find` knows."""
        words = find(self.words, self.many, self.number)
        if not self.gaps:
            return words
        gaps = {k: v.told(find) if isinstance(v, Said) else v for k, v in self.gaps.items()}
        return words.format_map(gaps)
