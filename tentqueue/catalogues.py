"""The translations as the server reads them: compiled once from the catalogues that people write.

A release is compiled into the cache under a name that changes with the words, so a checkout and a
wheel both work without a step of their own. Never writes into the source folders.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent / "translations"
DOMAIN = "messages"


def path_of(folder: Path, language: str, ending: str) -> Path:
    """Where a language's catalogue lies, as gettext wants it."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def prepare(source: Path, cache: Path) -> Path:
    """Return a folder of compiled catalogues in `cache`; takes a second when words changed."""
    written = sorted(source.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for catalogue in written:
        digest.update(catalogue.relative_to(source).as_posix().encode())
        digest.update(catalogue.read_bytes())
    folder = cache / f"words-{digest.hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    half_made = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=cache))
    half_made.chmod(0o755)
    for catalogue in written:
        compile_one(catalogue, path_of(half_made, catalogue.parents[1].name, "mo"))
    # Renaming makes the release whole or absent, also when two workers start at once.
    try:
        half_made.rename(folder)
    except OSError:
        shutil.rmtree(half_made, ignore_errors=True)
    return folder


def compile_one(catalogue: Path, target: Path) -> None:
    """Compile one catalogue; texts marked fuzzy stay untranslated."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with catalogue.open("rb") as text, target.open("wb") as compiled:
        write_mo(compiled, read_po(text))
