"""A sentence is its own English, and says itself in the language it is given."""

from __future__ import annotations

from tentqueue.domain.errors import AlreadyQueued
from tentqueue.domain.said import Said

GERMAN = {
    "Walk to table {table} now.": "Geh jetzt zu Tisch {table}.",
    "{lane} is {state}": "{lane} ist {state}",
    "closed": "zu",
    "{count} runner waits": "{count} Läufer wartet",
}


def german(one: str, many: str, number: int) -> str:
    """Find as gettext would; plurals by one German rule."""
    if many and number != 1:
        return {"{count} runners wait": "{count} Läufer warten"}.get(many, many)
    return GERMAN.get(one, one)


def test_a_sentence_is_its_own_english() -> None:
    said = Said("Walk to table {table} now.", table=4)
    assert said == "Walk to table 4 now."
    assert type(str(said)) is str


def test_a_sentence_is_told_in_another_language_with_its_gaps_filled() -> None:
    assert Said("Walk to table {table} now.", table=4).told(german) == "Geh jetzt zu Tisch 4."
    assert Said("Nobody knows {this}.", this="x").told(german) == "Nobody knows x."


def test_gaps_that_are_sentences_are_told_too() -> None:
    door = Said("{lane} is {state}", lane="Recovery", state=Said("closed"))
    assert door.told(german) == "Recovery ist zu"
    assert Said.chain([door, Said("closed")]).told(german) == "Recovery ist zu; zu"


def test_a_counted_sentence_follows_its_number() -> None:
    one, many = "{count} runner waits", "{count} runners wait"
    assert Said.counted(one, many, 1) == "1 runner waits"
    assert Said.counted(one, many, 2).told(german) == "2 Läufer warten"


def test_braces_of_a_sentence_without_gaps_are_left_alone() -> None:
    assert Said("Send {}").told(german) == "Send {}"


def test_a_refusals_facts_fill_its_sentence() -> None:
    refusal = AlreadyQueued("In line as {ticket}.", ticket="R041", lane="recovery")
    assert (str(refusal), refusal.sentence.words) == ("In line as R041.", "In line as {ticket}.")
