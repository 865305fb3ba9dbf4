"""Which wave of the event a row means, from what its file calls the contest and the wave."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tentqueue.domain.model import Instant
from tentqueue.domain.race_event import RaceEvent, Wave

_WORD = re.compile(r"[a-z]+|\d+(?:[.,]\d+)?")


class Contests:
    """The event's contests and waves, found by the names files give them."""

    def __init__(self, event: RaceEvent) -> None:
        self._waves = event.waves
        self._names = list(dict.fromkeys(wave.contest for wave in event.waves))
        self.contest = lru_cache(maxsize=4096)(self._contest)
        self.wave = lru_cache(maxsize=4096)(self._wave)
        self.wave_called = lru_cache(maxsize=4096)(self._called)

    def start_of(self, contest: str | None) -> Instant | None:
        """When a contest's gun goes: with its first wave; without a name, the only contest's."""
        if contest is None and len(self._names) == 1:
            contest = self._names[0]
        starts = [wave.starts_at for wave in self._waves if wave.contest == contest]
        return min(starts, default=None)

    def first_start(self) -> Instant | None:
        """When the first gun of all goes."""
        return min((wave.starts_at for wave in self._waves), default=None)

    def wave_named(self, wave_id: str | None) -> Wave | None:
        """The wave with an id."""
        return next((wave for wave in self._waves if wave.id == wave_id), None)

    def _contest(self, text: str) -> str | None:
        """The contest a text names: by its name, or by all its words, where only one has them."""
        given = _words(text)
        exact = [name for name in self._names if _words(name) == given]
        if exact or not given:
            return exact[0] if exact else None
        inside = [name for name in self._names if _words(name) and _words(name) <= given]
        return inside[0] if len(inside) == 1 else None

    def _called(self, *texts: str) -> Wave | None:
        """The only wave whose id or name is one of these texts, in whichever order of words."""
        given = [words for text in texts if (words := _words(text))]
        found = [w for w in self._waves if _words(w.name) in given or _words(w.id) in given]
        return found[0] if len(found) == 1 else None

    def _wave(self, contest: str | None, text: str) -> Wave | None:
        """The wave a text names within a contest, or in the event where only one is called so."""
        given = _words(text)
        known = [wave for wave in self._waves if contest in (None, wave.contest)]
        if not given:
            return known[0] if len(known) == 1 else None
        exact = [w for w in known if given in (_words(w.name), _words(w.id))]
        inside = exact or [w for w in known if _words(w.name) and _words(w.name) <= given]
        return inside[0] if len(inside) == 1 else None


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text[:80]).casefold()
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(word.replace(",", ".") for word in _WORD.findall(bare))
