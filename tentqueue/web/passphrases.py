"""Which passphrases are refused though they are long: those made of the words that whoever stands
in the tent would try first. Never keeps one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OF_THE_PLACE = (
    "tentqueue tent queue massage recovery warmup race marathon half finish runner therapist "
    "organiser organizer admin administrator desk board"
)
_COMMON = (
    "passphrase password passwort secret welcome letmein login iloveyou qwertyuiop qwertz qwerty "
    "asdfghjkl azerty abcdefghij abcdef abc"
)
FIRST_TRIED = tuple(f"{_OF_THE_PLACE} {_COMMON}".split())
"""Words of the place, and what lists of common passwords begin with."""
LETTERS_LEFT = 5
"""So many different letters must be there besides those words."""
_WORD = re.compile(r"[^\W\d_]+")


def is_first_tried(passphrase: str, names: Iterable[str]) -> bool:
    """Whether next to nothing is left of a passphrase without its digits, the words above, and the
    words of `names`: the organiser's own and the events'."""
    words = {*FIRST_TRIED, *(w for name in names for w in _WORD.findall(name.casefold()))}
    left = "".join(_WORD.findall(passphrase.casefold()))
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2:
            left = left.replace(word, "")
    return len(set(left)) < LETTERS_LEFT
