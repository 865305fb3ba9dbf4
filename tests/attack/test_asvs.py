"""Each requirement of OWASP ASVS 5.0.0, levels 1 and 2, is answered by a test that is there or by
a reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
REASONABLE = 15
"""Letters a reason has at least."""
SECTIONS = {
    "V1.1": "22", "V1.2": "111112222", "V1.3": "11222222222", "V1.4": "222", "V1.5": "12",
    "V2.1": "122", "V2.2": "112", "V2.3": "1222", "V2.4": "2",
    "V3.2": "11", "V3.3": "1222", "V3.4": "112222", "V3.5": "11122", "V3.7": "22",
    "V4.1": "122", "V4.2": "2", "V4.3": "22", "V4.4": "1222",
    "V5.1": "2", "V5.2": "112", "V5.3": "11", "V5.4": "222",
    "V6.1": "122", "V6.2": "111111112222", "V6.3": "1122", "V6.4": "1122", "V6.5": "22222",
    "V6.6": "222", "V6.8": "2222",
    "V7.1": "222", "V7.2": "1111", "V7.3": "22", "V7.4": "11222", "V7.5": "22", "V7.6": "22",
    "V8.1": "12", "V8.2": "112", "V8.3": "1", "V8.4": "2",
    "V9.1": "111", "V9.2": "1222",
    "V10.1": "22", "V10.2": "22", "V10.3": "2222", "V10.4": "11111222222", "V10.5": "22222",
    "V10.6": "22", "V10.7": "222",
    "V11.1": "22", "V11.2": "222", "V11.3": "112", "V11.4": "1222", "V11.5": "2", "V11.6": "2",
    "V12.1": "122", "V12.2": "11", "V12.3": "2222",
    "V13.1": "2", "V13.2": "22222", "V13.3": "22", "V13.4": "12222",
    "V14.1": "22", "V14.2": "1222", "V14.3": "122",
    "V15.1": "122", "V15.2": "122", "V15.3": "1222222",
    "V16.1": "2", "V16.2": "22222", "V16.3": "2222", "V16.4": "222", "V16.5": "222",
    "V17.1": "2", "V17.2": "2222", "V17.3": "22",
}  # fmt: skip
"""The standard's sections: the level of their first, second, third requirement and so on. Those of
level 3 come last in each section and are left out."""


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    """The sheet."""
    text = (ROOT / "docs" / "asvs.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["answers"]
    return found


def test_every_requirement_of_levels_one_and_two_is_on_the_sheet(
    answers: dict[str, dict[str, Any]],
) -> None:
    asked = {
        f"{section}.{number}": int(level)
        for section, levels in SECTIONS.items()
        for number, level in enumerate(levels, 1)
    }
    assert len(asked) == 253
    assert {name: answer["level"] for name, answer in answers.items()} == asked


def test_every_requirement_has_one_answer(answers: dict[str, dict[str, Any]]) -> None:
    for name, answer in answers.items():
        assert len(answer["asks"]) > 5, name
        assert ("test" in answer) != ("reason" in answer), name
        assert set(answer) <= {"level", "asks", "test", "reason", "met"}, name
        if "reason" in answer:
            assert len(answer["reason"]) >= REASONABLE, name
        if "met" in answer:
            assert answer["met"] is False, name
            assert "reason" in answer, f"{name}: say what stands in its place"


def test_every_test_that_is_named_is_there(answers: dict[str, dict[str, Any]]) -> None:
    missing = []
    for name, answer in answers.items():
        path, _, test = answer.get("test", "::").partition("::")
        file = ROOT / path
        if test and not (file.is_file() and f"def {test}(" in file.read_text(encoding="utf-8")):
            missing.append(f"{name}: {answer['test']}")
    assert missing == []


def test_every_document_and_module_a_reason_names_is_there(
    answers: dict[str, dict[str, Any]],
) -> None:
    for name, answer in answers.items():
        for path in re.findall(
            r"\b(?:docs|tests|templates|deploy|static)/[\w./-]+\w", answer.get("reason", "")
        ):
            assert (ROOT / path).exists(), f"{name}: {path}"
