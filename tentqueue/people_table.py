"""The people table as the services see it: rows that go along with a journal entry.

Never reads the journal, and never decides who is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable

from tentqueue.services.clock import Clock
from tentqueue.services.runners import Runner
from tentqueue.storage import EraseRunner, Person, PutConsent, PutPerson, Storage
from tentqueue.storage.entries import micros


class PeopleTable:
    """The people table as the services see it."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._people, self._clock = storage.people, clock
        self._mark = storage.keys.erased_mark

    def get(self, event: str, ticket_id: str) -> Person | None:
        """Who holds a ticket."""
        return self._people.get(event, ticket_id)

    def of_event(self, event: str) -> Iterable[Person]:
        """Everyone in the event."""
        return self._people.of_event(event)

    def put_row(self, event: str, runner: Runner) -> PutPerson:
        """What keeps a runner, with a journal entry."""
        return PutPerson(
            Person(
                event,
                runner.ticket_id,
                runner.bib,
                runner.bib_tag,
                runner.name,
                word_hash=runner.word_hash,
            )
        )

    def consent_row(self, event: str, ticket_id: str, given_by: str, wording: str) -> PutConsent:
        """What keeps a consent, with a journal entry."""
        return PutConsent(event, ticket_id, wording, micros(self._clock.now()), given_by)

    def erase_row(self, event: str, ticket_id: str) -> EraseRunner:
        """What forgets a runner, with a journal entry."""
        return EraseRunner(event, ticket_id, micros(self._clock.now()), self._mark)
