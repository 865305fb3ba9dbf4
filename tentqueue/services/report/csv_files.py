"""The report's tables as CSV, for a spreadsheet: no cell of theirs is ever a formula."""

from __future__ import annotations

import csv
from io import StringIO

from tentqueue.services.report.tables import Cell, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Spreadsheets in East Asian languages take the wide signs for the narrow ones."""


def csv_of(table: Table) -> str:
    """Write a table; an empty cell is nothing to tell, numbers have a decimal point."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([_harmless(head) for head in table.heads])
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return lines.getvalue()


def _harmless(cell: Cell) -> str:
    """Quote what a spreadsheet would take for a formula: a contest may be called =cmd()."""
    if cell is None:
        return ""
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_FORMULA) else text
