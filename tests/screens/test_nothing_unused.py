"""Nothing on the screens is there for nobody: no style, script or macro that nothing uses."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = {path: path.read_text() for path in sorted((ROOT / "static" / "js").rglob("*.js"))}
TEMPLATES = {path: path.read_text() for path in sorted((ROOT / "templates").rglob("*.html"))}
SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "tentqueue").rglob("*.py")))
STYLES = "\n".join(
    re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    for path in sorted((ROOT / "static" / "css").rglob("*.css"))
)
IMPORT = re.compile(r'import \{([^}]*)\} from "([^"]+)"')
EXPORT = re.compile(r"^export (?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
MACROS = re.compile(r'from "[^"]+" import ([\w, ]+?) with context')
BUILT = re.compile(r"([\w-]+(?:--|__))(?=\{)")
"""The beginning of a class whose end is put in: `screen--{{ screen }}`, `chart__{lane}`."""


def words_of(*texts: str) -> set[str]:
    """Every word, hyphens and all."""
    return set(re.findall(r"[\w-]+", "\n".join(texts)))


def count(name: str, text: str) -> int:
    """How often a name stands in a text as a whole word."""
    return len(re.findall(rf"\b{name}\b", text))


def imports(path: Path) -> list[tuple[str, str, Path]]:
    """What a script imports: the name there, the name here, and the module."""
    found = []
    for names, where in IMPORT.findall(SCRIPTS[path]):
        for name in filter(None, (one.strip() for one in names.split(","))):
            there, _, here = name.partition(" as ")
            found.append((there, here or there, (path.parent / where).resolve()))
    return found


def test_every_class_of_the_style_sheets_is_given_to_something() -> None:
    everything = [*TEMPLATES.values(), *SCRIPTS.values(), SOURCE]
    words = words_of(*everything)
    begun = tuple(set(BUILT.findall("\n".join(everything))))
    plain = re.sub(r'url\([^)]*\)|"[^"]*"', "", STYLES)
    classes = set(re.findall(r"\.([a-zA-Z][\w-]*)", plain))
    assert [one for one in sorted(classes - words) if not one.startswith(begun)] == []


def test_every_property_of_the_style_sheets_is_read() -> None:
    defined = set(re.findall(r"(?<![\w-])(--[\w-]+)\s*:", STYLES))
    read = set(re.findall(r"var\((--[\w-]+)", STYLES + "\n".join(SCRIPTS.values())))
    assert sorted(defined - read) == []


def test_everything_a_script_exports_is_imported_by_another() -> None:
    taken = {(module, there) for path in SCRIPTS for there, _, module in imports(path)}
    given = {(path, name) for path, text in SCRIPTS.items() for name in EXPORT.findall(text)}
    assert sorted(given - taken) == []


def test_everything_a_script_imports_is_used_in_it() -> None:
    unused = [
        (path.name, here)
        for path, text in SCRIPTS.items()
        for _, here, _ in imports(path)
        if count(here, text) < 2
    ]
    assert unused == []


def test_every_macro_is_used_and_every_page_takes_only_those_it_uses() -> None:
    unused = []
    whole = "\n".join(TEMPLATES.values())
    for path, text in TEMPLATES.items():
        own = re.findall(r"macro (\w+)\(", text)
        unused += [(path.name, name) for name in own if count(name, whole) < 2]
        for names in MACROS.findall(text):
            taken = [name.strip() for name in names.split(",")]
            unused += [(path.name, name) for name in taken if count(name, text) < 2]
    assert unused == []
