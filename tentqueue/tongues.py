"""The languages tentqueue speaks: each with its words, and how it writes numbers and dates.

Knows no request: in which of them somebody is spoken to, `web/language.py` chooses. The words lie
in `translations/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel import Locale, localedata
from babel.core import get_global
from babel.support import NullTranslations, Translations

from tentqueue.catalogues import SOURCE, prepare
from tentqueue.domain.languages import LANGUAGES
from tentqueue.domain.said import Said
from tentqueue.settings import CACHE

TAGS = {"zh": "zh-Hans"}
"""What a browser calls a language, where it is not our name for it."""
LATIN_DIGITS = {"ar": "-u-nu-latn"}
"""Codes, bibs and the numbers on the tables are written in these digits: times must match them."""

_REMEMBERED = 2_000
"""Sentences, of a hundred letters; a ticket has some hundred, by minutes and tables."""


@dataclass(frozen=True)
class Tongue:
    """One language and its words."""

    language: str
    words: NullTranslations
    _told: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def tell(self, sentence: str) -> str:
        """Say a sentence in this language; one nobody translated stays English."""
        said = sentence if isinstance(sentence, Said) else Said(sentence)
        return said.told(self._find)

    def tell_again(self, sentence: Said) -> str:
        """Say one of few sentences that thousands hear, from memory: those of tickets."""
        told = self._told.get(sentence)
        if told is None:
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
            told = self._told[sentence] = self.tell(sentence)
        return told

    def locale(self, zone: str = "") -> Locale:
        """How numbers and dates are written in it, as it is spoken where the race is."""
        return Locale.parse(formats(self.language, zone).partition("-u-")[0], sep="-")

    def _find(self, one: str, many: str, count: int) -> str:
        words = self.words
        return words.ungettext(one, many, count) if many else words.ugettext(one) if one else one


class Tongues:
    """Every language, from a folder of compiled catalogues."""

    def __init__(self, folder: Path) -> None:
        self._tongues = {
            language: Tongue(language, Translations.load(folder, [language]))
            for language in LANGUAGES
        }

    def of(self, language: str) -> Tongue:
        """The tongue of a language tentqueue speaks."""
        return self._tongues[language]


def speaking(language: str) -> Tongue:
    """A tongue outside of a server."""
    return Tongues(prepare(SOURCE, CACHE)).of(language)


def tag_of(language: str) -> str:
    """A language as HTML names it."""
    return TAGS.get(language, language)


@cache
def formats(language: str, zone: str = "") -> str:
    """How times and numbers are written: the language, as it is spoken where the race is.

    English at a race in London writes 14:05 and in Chicago 2:05 PM; Dutch writes 14:05 at both.
    """
    territory = get_global("zone_territories").get(zone, "")
    known = territory and localedata.exists(f"{language}_{territory}")
    tag = f"{tag_of(language)}-{territory}" if known else tag_of(language)
    return tag + LATIN_DIGITS.get(language, "")
