"""Every text is there in every language that must have it, with its gaps; refusals can be told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest
from babel.messages.catalog import Catalog, Message

from tentqueue.domain.languages import LANGUAGES
from tests.messages import catalogue, refusals, texts, wanted

OTHERS = list(LANGUAGES)[1:]
GAP = re.compile(r"\{\w+\}|%\(\w+\)s")
WHAT_TO_DO = "run `make messages`, then fill what is empty; docs/languages.md says how"


@pytest.fixture(scope="module")
def everything() -> Catalog:
    """All there is to translate now."""
    return texts()


def forms(message: Message | None) -> tuple[str, ...]:
    """The translation of a text, each plural form of it."""
    if message is None or not message.string:
        return ()
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def gaps(words: Iterable[str]) -> set[str]:
    """The gaps that any of some texts has."""
    return {gap for text in words for gap in GAP.findall(text)}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str, everything: Catalog) -> None:
    known = catalogue(language)
    missing = []
    for message in wanted(language, everything):
        found = known.get(message.id)
        if found is None or found.fuzzy or not forms(found) or not all(forms(found)):
            missing.append(f"{message.id!r} of {sorted({place for place, _ in message.locations})}")
    assert not missing, f"{language} lacks {len(missing)} texts; {WHAT_TO_DO}: {missing}"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_gaps_of_its_text(language: str, everything: Catalog) -> None:
    known = catalogue(language)
    wrong = []
    for message in wanted(language, everything):
        english = (message.id,) if isinstance(message.id, str) else message.id
        told = forms(known.get(message.id))
        # "One runner" needs no {count}; the form for many needs every gap. An empty text has none.
        if any(told) and (gaps(told) != gaps(english) or gaps(told[-1:]) != gaps(english)):
            wrong.append((message.id, told))
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_begins_and_ends_as_its_text(language: str, everything: Catalog) -> None:
    known = catalogue(language)
    for message in wanted(language, everything):
        english = message.id if isinstance(message.id, str) else message.id[0]
        for told in forms(known.get(message.id)):
            assert told[:1].isspace() == english[:1].isspace(), told
            assert told[-1:].isspace() == english[-1:].isspace(), told
            assert "!" not in told.replace("¡", ""), f"no exclamation marks: {told}"


def test_every_refusal_is_written_so_that_it_can_be_told_in_any_language() -> None:
    loose = [
        f"{path.name}, line {call.lineno}"
        for path, call in refusals()
        if call.args and not is_plain(call.args[0])
    ]
    assert loose == [], "write the sentence where it is raised, with {gaps} and facts by name"


def is_plain(node: ast.expr) -> bool:
    """Whether an argument is a text as it stands, or a `Said`."""
    name = getattr(getattr(node, "func", None), "id", "")
    return name == "Said" or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_each_sentence_a_refusal_has_can_be_found_for_translation(everything: Catalog) -> None:
    for path, call in refusals():
        if call.args and isinstance(call.args[0], ast.Constant):
            assert everything.get(call.args[0].value) is not None, path
