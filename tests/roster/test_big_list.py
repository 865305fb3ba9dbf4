"""A list as large as any race has: taken whole, in memory that does not grow with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tentqueue.services.roster.source import LARGEST_FILE
from tests.test_cli import Console

ROWS = int(os.environ.get("LIST_ROWS", "20000"))
MOST_MB = 250
"""Resident at most; the file alone is 50 MB, its rows as objects some 500."""
COUNTED = """
from pathlib import Path
from tentqueue.cli import main
try:
    main()
finally:
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""
"""Not `ru_maxrss`: that one begins with what the test's own process held when it forked."""


def test_a_list_of_any_length_is_taken_without_trouble(tmp_path: Path) -> None:
    console, file = Console(tmp_path), tmp_path / "big.csv"
    console.told(0, "event", "create", "race.toml")
    with file.open("w", encoding="cp1252") as out:
        out.write("Startnr.;Nachname;Vorname;Jahrgang;Verein;Wettbewerb;Zeit (brutto)\n")
        for n in range(ROWS):
            out.write(
                f"{n:06d};Müller-Lüdenscheidt {n % 977};Jürgen {n % 31};19{n % 90 + 10};"
                f"Laufgemeinschaft Grün-Weiß Westend {n % 201};Half;{1 + n % 3}:{n % 60:02d}:07,4\n"
            )
    assert file.stat().st_size < LARGEST_FILE
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, "import", "riverside-half", "results", str(file)],
        env=os.environ | {"TENTQUEUE_DATABASE": console.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"{ROWS} new, 0 changed, 0 as before, 0 left out" in done.stdout
    assert int(done.stdout.split()[-1]) < MOST_MB
