"""Where the screens' templates, style sheets and scripts lie, and how they leave the house.

In a wheel they lie inside the package; in a checkout, beside it. `prepare` makes a release of the
static files: one style sheet per screen, everything compressed once, under a name that changes with
the bytes, so browsers may keep it for ever. Knows nothing of Flask, and never writes into the
source folders.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
LAYERS = ("reset", "tokens", "base", "layout", "components")
WAY_IN = frozenset({"join"})
"""Screens that show no tent and go without tent.css: their sheet crosses the worst network."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COMPRESSIBLE = frozenset({".css", ".js", ".svg", ".html", ".json", ".txt", ".webmanifest"})


@dataclass(frozen=True)
class Release:
    """A folder of static files ready to serve, and the build's id that its address carries."""

    folder: Path
    build: str

    @property
    def prefix(self) -> str:
        """The address the folder is served under, without its leading slash."""
        return f"static/{self.build}/"

    def url(self, path: str) -> str:
        """Return the address of a static file named as in the `static` folder."""
        return f"/{self.prefix}{path}"


def find(name: str) -> Path:
    """Return the folder `templates` or `static`, in the package or else beside it.

    Raises: FileNotFoundError when neither exists, which means a broken installation.
    """
    for parent in (PACKAGE, PACKAGE.parent):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"no {name} folder in {PACKAGE} or beside it; reinstall tentqueue")


def stylesheet(static: Path, screen: str) -> str:
    """Return one screen's whole style sheet: the layers in order, then the screen's own."""
    parts = [static / "css" / f"{layer}.css" for layer in LAYERS]
    if screen not in WAY_IN:
        parts.append(static / "css" / "tent.css")
    own = static / "css" / "screens" / f"{screen}.css"
    order = f"@layer {', '.join(LAYERS)}, screens;\n"
    whole = "\n".join(part.read_text("utf-8") for part in [*parts, own] if part.is_file())
    return order + COMMENT.sub("", whole)


def without_comments(script: str) -> str:
    """Return a script of ours without its comment lines and indents: a sixth less on the wire.

    Only lines that are nothing but a comment go; code is never looked into.
    """
    kept, inside = [], False
    for line in (line.strip() for line in script.splitlines()):
        inside = inside or line.startswith("/*")
        if line and not inside and not line.startswith("//"):
            kept.append(line)
        inside = inside and not line.endswith("*/")
    return "\n".join(kept) + "\n"


def build_id(static: Path, *also: Path) -> str:
    """Return twelve characters that change when any file of these folders changes."""
    # This module too: another way of preparing makes other bytes of the same files.
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for folder in (static, *also):
        for path in _files(folder):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def prepare(static: Path, cache: Path, *also: Path) -> Release:
    """Copy `static` into `cache` with a sheet per screen and a `.gz` beside each text file.

    The build changes with the folders `also`, too: what else an open page was made of.

    A release already there is used as it is. Takes some tenths of a second otherwise.
    """
    build = build_id(static, *also)
    folder = cache / build
    if folder.is_dir():
        return Release(folder, build)
    cache.mkdir(parents=True, exist_ok=True)
    # A name of its own: two processes that start at once must not work in one folder.
    half_made = Path(tempfile.mkdtemp(prefix=f"{build}.", dir=cache))
    half_made.chmod(0o755)
    shutil.copytree(static, half_made, dirs_exist_ok=True)
    for screen in screens(static):
        (half_made / "css" / f"{screen}.css").write_text(stylesheet(static, screen), "utf-8")
    for script in (half_made / "js").rglob("*.js"):
        script.write_text(without_comments(script.read_text("utf-8")), "utf-8")
    for path in _files(half_made):
        if path.suffix in COMPRESSIBLE:
            path.with_name(path.name + ".gz").write_bytes(
                gzip.compress(path.read_bytes(), 9, mtime=0)
            )
    # Renaming makes the release whole or absent, also when two workers start at once.
    try:
        half_made.rename(folder)
    except OSError:
        shutil.rmtree(half_made, ignore_errors=True)
    return Release(folder, build)


def screens(static: Path) -> list[str]:
    """Return the names of the screens that have a style sheet."""
    return sorted(path.stem for path in (static / "css" / "screens").glob("*.css"))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
