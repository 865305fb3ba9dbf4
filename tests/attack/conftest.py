"""What the tests of attacks share."""

from __future__ import annotations

from tests.screens.staff_pages import staff_browser, staff_url, tent

__all__ = ["staff_browser", "staff_url", "tent"]
