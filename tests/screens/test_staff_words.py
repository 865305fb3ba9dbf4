"""Every sentence a staff script asks for stands on its page; a missing one would stop it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tentqueue import assets

JS = assets.find("static") / "js"
TEMPLATES = assets.find("templates")
SCREENS = ("tablet", "desk", "organiser")
ASKED = re.compile(r"say\(\s*(?:`([^`$]*)\$|[\"']([\w-]+)[\"'])")
CHOSEN = re.compile(r"say\([^()`]*\?\s*\"([\w-]+)\"\s*:\s*\"([\w-]+)\"")
KEPT = re.compile(r"""(?:text|counted)\("([\w-]+)",""")


def modules(entry: Path, seen: set[Path] | None = None) -> set[Path]:
    """A script and all it imports."""
    seen = seen if seen is not None else set()
    if entry in seen or not entry.exists() or "vendor" in entry.parts:
        return seen
    seen.add(entry)
    for name in re.findall(r"from \"(\.[^\"]+)\"", entry.read_text("utf-8")):
        modules((entry.parent / name).resolve(), seen)
    return seen


def texts(template: Path, seen: set[Path] | None = None) -> set[str]:
    """The names of the sentences a template and its components keep."""
    seen = seen if seen is not None else set()
    if template in seen:
        return set()
    seen.add(template)
    source = template.read_text("utf-8")
    kept = set(KEPT.findall(source))
    for name in re.findall(r"(?:from|extends) \"([\w/.]+)\"", source):
        kept |= texts(TEMPLATES / name, seen)
    return kept


@pytest.mark.parametrize("screen", SCREENS)
def test_each_sentence_a_script_asks_for_stands_on_its_page(screen: str) -> None:
    kept = texts(TEMPLATES / f"{screen}.html")
    missing = []
    for module in modules((JS / "screens" / f"{screen}.js").resolve()):
        source = module.read_text("utf-8")
        for prefix, name in ASKED.findall(source):
            known = name in kept if name else any(one.startswith(prefix) for one in kept)
            if not known:
                missing.append(f"{module.name}: {name or prefix + '…'}")
        for pair in CHOSEN.findall(source):
            missing += [f"{module.name}: {name}" for name in pair if name not in kept]
    assert missing == []


@pytest.mark.parametrize("screen", SCREENS)
def test_no_sentence_is_kept_twice_on_a_page(screen: str) -> None:
    names = KEPT.findall((TEMPLATES / f"{screen}.html").read_text("utf-8"))
    assert sorted(names) == sorted(set(names))
