"""The roster's rows: bib, name, wave and finish of day, apart from the journal and wiped with the
event; and what a finish feed was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from tentqueue.services.roster.listed import Listed, Outcome, RosterCount
from tentqueue.storage.connection import Reader
from tentqueue.storage.entries import micros
from tentqueue.storage.erased import MARKS, Mark, marks_of
from tentqueue.storage.schema import feed_answers, people, roster
from tentqueue.storage.statement import Row, Statement, Value
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

AT_ONCE = 200
"""Bibs looked up by one query."""
KEEP_FOR_S = 2 * 24 * 3600
"""How long a feed's answers are kept: a timing system repeats within minutes."""

_columns = [column.name for column in roster.c]
_insert = insert(roster)
_said = _insert.excluded.finished_at.is_not(None) | _insert.excluded.outcome.is_not(None)
_put = Statement(
    _insert.on_conflict_do_update(
        index_elements=["event", "bib"],
        # As `Listed.after` has it, in the database: a feed and an import may come together.
        set_={
            name: func.coalesce(_insert.excluded[name], roster.c[name])
            for name in ("name", "contest", "wave", "started_at")
        }
        | {
            name: case((_said, _insert.excluded[name]), else_=roster.c[name])
            for name in ("finished_at", "outcome")
        },
    ),
    columns=_columns,
)
_of_event = roster.c.event == bindparam("of_event")
_find = Statement(
    select(*roster.c)
    .where(_of_event)
    .where(roster.c.bib.in_([bindparam(f"bib{i}") for i in range(AT_ONCE)]))
)
_count = Statement(
    select(func.count(), func.count(roster.c.wave), func.count(roster.c.finished_at)).where(
        _of_event
    )
)
_forget = Statement(delete(roster).where(_of_event))
STRIKE = Statement(
    delete(roster)
    .where(_of_event)
    .where(
        roster.c.bib.in_(
            select(people.c.bib)
            .where(people.c.event == bindparam("of_event"))
            .where(people.c.ticket_id == bindparam("of_ticket"))
        )
    )
)
"""Takes the runner of one ticket off the roster."""
_keep_answer = Statement(
    insert(feed_answers).on_conflict_do_nothing(), columns=[c.name for c in feed_answers.c]
)
_answer = Statement(
    select(feed_answers.c.digest, feed_answers.c.answer)
    .where(feed_answers.c.event == bindparam("of_event"))
    .where(feed_answers.c.key == bindparam("with_key"))
)
_old_answers = Statement(delete(feed_answers).where(feed_answers.c.at < bindparam("before")))
UNANSWER = Statement(delete(feed_answers).where(feed_answers.c.event == bindparam("of_event")))
"""Forgets what a feed was answered: a refused line names its bib."""


class Roster:
    """Finds, keeps and counts lines of the roster."""

    def __init__(self, writer: Writer, reader: Reader, mark: Mark) -> None:
        self._writer, self._reader, self._mark = writer, reader, mark

    def find(self, event: str, bibs: Sequence[str]) -> dict[str, Listed]:
        """What is known of these bibs."""
        found: dict[str, Listed] = {}
        for some in _in_batches(bibs, AT_ONCE):
            names: dict[str, Value] = {
                f"bib{i}": some[i] if i < len(some) else None for i in range(AT_ONCE)
            }
            rows = self._reader.rows(_find, of_event=event, **names)
            found |= {row[1]: _listed(row) for row in rows}
        return found

    def erased(self, event: str, bibs: Sequence[str]) -> frozenset[str]:
        """Which of these bibs were erased at their runner's wish."""
        marks = marks_of(self._reader.rows(MARKS, of_event=event))
        return frozenset(bib for bib in bibs if marks and self._mark(event, bib) in marks)

    def put(self, event: str, lines: Sequence[Listed]) -> None:
        """Keeps or changes lines, durably: all of them, or none. Who was erased, also since the
        lines were read, is left out.

        Raises: JournalFull, JournalUnavailable.
        """
        rows = [_row(event, line) for line in lines]
        if rows:
            self._writer.submit(_putting(event, rows, self._mark)).wait()

    def count(self, event: str) -> RosterCount:
        """How much there is of an event."""
        return RosterCount(*self._reader.rows(_count, of_event=event)[0])

    def forget(self, event: str) -> None:
        """Drops an event's roster."""

        def forget(transaction: Transaction) -> None:
            transaction.run(_forget, of_event=event)

        self._writer.submit(forget).wait()


class FeedAnswers:
    """The answers to batches of finishes, by idempotency key, for two days."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer, self._reader = writer, reader

    def known(self, event: str, key: str) -> tuple[bytes, bytes] | None:
        """The digest of the request that used a key, and its answer."""
        row = self._reader.first(_answer, of_event=event, with_key=key)
        return (row[0], row[1]) if row else None

    def keep(self, event: str, key: str, digest: bytes, answer: bytes, now: datetime) -> None:
        """Keeps an answer, durably; the first under a key stays."""
        at = micros(now)

        def keep(transaction: Transaction) -> None:
            transaction.run(_old_answers, before=at - KEEP_FOR_S * 1_000_000)
            transaction.run(_keep_answer, event=event, key=key, digest=digest, answer=answer, at=at)

        self._writer.submit(keep).wait()


def _in_batches(bibs: Sequence[str], size: int) -> list[Sequence[str]]:
    return [bibs[at : at + size] for at in range(0, len(bibs), size)]


def _putting(event: str, rows: list[dict[str, Value]], mark: Mark) -> Callable[[Transaction], None]:
    def put(transaction: Transaction) -> None:
        marks = marks_of(transaction.rows(MARKS, of_event=event))
        for row in rows:
            if not marks or mark(event, str(row["bib"])) not in marks:
                transaction.run(_put, **row)

    return put


def _row(event: str, line: Listed) -> dict[str, Value]:
    return {
        "event": event,
        "bib": line.bib,
        "name": line.name,
        "contest": line.contest,
        "wave": line.wave,
        "started_at": None if line.started_at is None else micros(line.started_at),
        "finished_at": None if line.finished_at is None else micros(line.finished_at),
        "outcome": None if line.outcome is None else str(line.outcome),
    }


def _listed(row: Row) -> Listed:
    _, bib, name, contest, wave, started, finished, outcome = row
    return Listed(
        bib,
        name,
        contest,
        wave,
        _instant(started),
        _instant(finished),
        Outcome(outcome) if outcome else None,
    )


def _instant(at: Any) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at / 1_000_000, UTC)
