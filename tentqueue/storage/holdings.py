"""Every table that holds something of an event, in one place: what a backup takes along, and what
a wipe must forget (rule 31). A table that is not here fails the house's own test.

Never decides when: it only names tables and columns.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, Table

from tentqueue.storage import schema

TELLING = ("name", "bib", "phone", "mail", "birth", "word", "screening", "device", "ticket_id")
"""Parts of a column's name that say a person is behind it."""


@dataclass(frozen=True)
class Holding:
    """One table: the column that names its event, and what a backup and a wipe do with it.

    `wiped`: every row of the event goes. Else `kept_because` says why its rows may stay, or who
    makes them anonymous. `gone`: columns that older versions' backups have, and no table any more.
    """

    table: Table
    wiped: bool = False
    kept_because: str = ""
    event: str = "event"
    in_backup: bool = True
    gone: frozenset[str] = frozenset()

    @property
    def of_event(self) -> Column[str]:
        """The column that names the event."""
        column: Column[str] = self.table.c[self.event]
        return column


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        schema.events,
        kept_because="the wipe renames the therapists in it once the event is over",
        event="slug",
    ),
    Holding(
        schema.journal,
        kept_because="the wipe makes its rows anonymous, one by one",
        gone=frozenset({"status"}),
    ),
    Holding(schema.people, wiped=True, gone=frozenset({"screening", "key_sha256", "device"})),
    Holding(schema.consents, wiped=True),
    Holding(schema.alarms, wiped=True),
    Holding(schema.roster, wiped=True),
    Holding(schema.erased, wiped=True),
    Holding(schema.feed_answers, wiped=True),
    Holding(schema.staff, kept_because="the wipe drops all but organisers once the event is over"),
    Holding(schema.sessions, kept_because="as the staff's accounts"),
    Holding(schema.tokens, kept_because="digests; those bound to a therapist go with the staff"),
    Holding(schema.badges, kept_because="digests; they go with the staff"),
    Holding(
        schema.backups,
        kept_because="file names; the wipe drops each with its file",
        in_backup=False,
    ),
    Holding(
        schema.counts,
        kept_because="digests under the installation's secret, of no event, gone in twenty minutes",
        in_backup=False,
    ),
    Holding(schema.webhooks, kept_because="addresses of programs, none of people"),
)


def wiped_tables() -> tuple[Holding, ...]:
    """Tables whose rows of an event all go."""
    return tuple(holding for holding in HOLDINGS if holding.wiped)


def backed_up() -> tuple[Holding, ...]:
    """Tables that a backup takes along, those that others refer to first."""
    return tuple(holding for holding in HOLDINGS if holding.in_backup)
