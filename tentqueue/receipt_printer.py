"""Receipt printers on the tent's network, by python-escpos. Knows no tent and keeps nothing.

A print counts only when the printer took all of it; one that can answer must also have paper and
say that it worked through to the end.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tentqueue.services.printers import NotPrinted

if TYPE_CHECKING:
    from PIL import Image

PORT = 9100
PATIENCE_S = 5.0
"""For the connection and each piece that is sent."""
ANSWER_S = 1.0
"""Within which a printer says how it is; many never do."""
WORK_S = 12.0
"""For a receipt to come out, of a printer that says when it is done."""
_DONE = b"\x1dr\x01"
"""GS r 1: answered in its turn, behind the picture and the cut."""
_logger = logging.getLogger(__name__)


class NetworkPrinter:
    """One printer at `host` or `host:port`; each print is a connection of its own."""

    def __init__(self, address: str) -> None:
        self._host, _, port = address.partition(":")
        self._port = int(port or PORT)

    def put(self, picture: Image.Image) -> None:
        """Print a picture and cut the paper. Raises: NotPrinted."""
        from escpos.exceptions import Error
        from escpos.printer import Network

        printer = Network(self._host, port=self._port, timeout=PATIENCE_S)
        try:
            printer.open()
            self._print(printer, picture)
        except (Error, OSError) as why:
            _logger.warning("the receipt printer at %s failed: %s", self._host, why)
            raise NotPrinted from why
        finally:
            with suppress(Exception):
                printer.close()

    def _print(self, printer: Any, picture: Image.Image) -> None:
        answers = self._has_paper(printer)
        printer.image(picture, impl="bitImageRaster")
        printer.cut()
        if not answers:
            return
        printer.device.settimeout(WORK_S)
        printer._raw(_DONE)
        if not printer._read():
            raise NotPrinted

    def _has_paper(self, printer: Any) -> bool:
        """Whether the printer tells how it is. Raises: NotPrinted when it tells of no paper."""
        printer.device.settimeout(ANSWER_S)
        try:
            paper = printer.paper_status()
        except TimeoutError:
            return False
        finally:
            printer.device.settimeout(PATIENCE_S)
        if paper == 0:
            raise NotPrinted
        return True
