"""The day as numbers (rule 32), folded from the journal: never a name, a bib, or a code."""

from tentqueue.services.report.day import DayReport, day_report

__all__ = ["DayReport", "day_report"]
