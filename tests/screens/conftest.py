"""What the tests of the screens share."""

from __future__ import annotations

from tests.screens.runner_pages import phones
from tests.screens.staff_pages import staff_browser, staff_url, tent

__all__ = ["phones", "staff_browser", "staff_url", "tent"]
