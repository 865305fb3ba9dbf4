"""Who is behind a ticket: bib, name and word, kept apart from the journal and forgotten on demand.

Never decides anything about the line; the tent knows a bib only by its tag.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from tentqueue.services.secret import Secrets


class Known(Protocol):
    """What the people table knows of a ticket's runner."""

    @property
    def ticket_id(self) -> str: ...
    @property
    def bib(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def word_hash(self) -> str | None: ...


class PeopleTable(Protocol):
    """The people table, as storage offers it."""

    def get(self, event: str, ticket_id: str) -> Known | None: ...
    def of_event(self, event: str) -> Iterable[Known]: ...
    def put_row(self, event: str, runner: Runner) -> Any: ...
    def consent_row(self, event: str, ticket_id: str, given_by: str, wording: str) -> Any: ...
    def erase_row(self, event: str, ticket_id: str) -> Any: ...


@dataclass(frozen=True)
class Runner:
    """What a runner told about themselves; everything may be missing."""

    ticket_id: str
    bib: str | None = None
    bib_tag: bytes | None = None
    name: str | None = None
    word_hash: str | None = None


@dataclass(frozen=True)
class Told:
    """What was typed into a join: tidied, not yet hashed."""

    bib: str | None = None
    name: str | None = None
    word: str | None = None

    def __bool__(self) -> bool:
        return bool(self.bib or self.name or self.word)


class Runners:
    """Remembers, names, finds and forgets runners."""

    def __init__(self, table: PeopleTable, secrets: Secrets) -> None:
        self._table, self._secrets = table, secrets
        self._names: dict[str, dict[str, tuple[str | None, str | None]]] = {}
        self._when_forgotten: list[Callable[[], None]] = []

    def when_forgotten(self, tell: Callable[[], None]) -> None:
        """Tell of each erasure that is durable."""
        self._when_forgotten.append(tell)

    def tag(self, event: str, bib: str) -> str:
        """What the tent knows a bib by: 64 hexadecimal digits, worth nothing without the secret."""
        return self._secrets.bib_tag(event, bib.casefold()).hex()

    def writes(self, event: str, ticket_id: str, told: Told) -> tuple[Any, ...]:
        """Return what to keep with the join's journal entry; nothing told, nothing kept."""
        if not told:
            return ()
        tag = self._secrets.bib_tag(event, told.bib.casefold()) if told.bib else None
        word = self._word(event, ticket_id, told.word) if told.word else None
        row = Runner(ticket_id, told.bib, tag, told.name, word)
        return (self._table.put_row(event, row),)

    def consented(self, event: str, ticket_id: str, given_by: str, wording: str) -> tuple[Any, ...]:
        """Return what to keep of a consent with the join's journal entry: by whose hand it came,
        the runner's own or that of staff who asked them, and to which version of the words."""
        return (self._table.consent_row(event, ticket_id, given_by, wording),)

    def kept(self, event: str, ticket_id: str, told: Told) -> None:
        """Note a runner whose join is durable."""
        if event in self._names and (told.bib or told.name):
            self._names[event][ticket_id] = (told.bib, told.name)

    def forget(self, event: str, ticket_id: str) -> tuple[Any, ...]:
        """Return what to wipe together with the journal entry of an erasure."""
        return (self._table.erase_row(event, ticket_id),)

    def forgotten(self, event: str, ticket_id: str) -> None:
        """Drop a runner whose erasure is durable."""
        self._names.get(event, {}).pop(ticket_id, None)
        for tell in self._when_forgotten:
            tell()

    def drop(self, event: str) -> None:
        """Forget everyone in memory: the event was wiped."""
        self._names.pop(event, None)

    def names(self, event: str) -> dict[str, tuple[str | None, str | None]]:
        """Return bib and name by ticket id: for desk and organiser only."""
        if event not in self._names:
            rows = self._table.of_event(event)
            self._names[event] = {r.ticket_id: (r.bib, r.name) for r in rows if r.bib or r.name}
        return self._names[event]

    def knows_word(self, event: str, ticket_id: str, word: str) -> bool:
        """Whether `word` is the one told when this ticket was taken (rule 24)."""
        known = self._table.get(event, ticket_id)
        expected = known.word_hash if known and known.word_hash else ""
        return hmac.compare_digest(expected, self._word(event, ticket_id, word))

    def _word(self, event: str, ticket_id: str, word: str) -> str:
        # Keyed with the installation's secret: a stolen table alone can't be searched for words.
        return self._secrets.derive("word", event, ticket_id, word.casefold()).hex()
