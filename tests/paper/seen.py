"""A PDF as eyes and cameras see it."""

from __future__ import annotations

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray


def words(pdf: bytes) -> list[str]:
    """The text of each sheet."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Each sheet's size in whole millimetres."""
    document = pypdfium2.PdfDocument(pdf)
    return [tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in document]  # type: ignore[misc]


def picture(pdf: bytes, sheet: int, dots_per_inch: int = 150) -> NDArray[np.uint8]:
    """One sheet as a printer would put it on paper, in grey."""
    page = pypdfium2.PdfDocument(pdf)[sheet]
    grey: NDArray[np.uint8] = page.render(scale=dots_per_inch / 72, grayscale=True).to_numpy()
    return np.ascontiguousarray(grey.reshape(grey.shape[:2]))


def links(pdf: bytes, sheet: int) -> list[str]:
    """What a camera reads on a sheet, from left to right and down."""
    found = zxingcpp.read_barcodes(picture(pdf, sheet))
    found.sort(key=lambda code: (code.position.top_left.y // 100, code.position.top_left.x))
    return [code.text for code in found]
