"""The staff screens' server with marked texts: `python -m tests.screens.pseudo_server FOLDER`.

Dutch and French are replaced by English in other letters, so that a text nobody handed to the
translation stands out as the only plain one.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import re  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from babel.messages.catalog import Catalog  # noqa: E402
from babel.messages.pofile import write_po  # noqa: E402

from tentqueue import catalogues  # noqa: E402
from tests.messages import texts  # noqa: E402
from tests.screens import staff_server  # noqa: E402

LANGUAGES = ("nl", "fr")
GAP = re.compile(r"(\{\w+\}|%\(\w+\)s)")
MARKED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "аƀçđéƒĝĥíĵķļɱñóþǫřšťúṽŵẋýžĀßĆĎÉƑĜĤÍĴĶĻṀÑÓÞǪŘŠŤÚṼŴẊÝŽ",
)


def marked(text: str) -> str:
    """A text in other letters, its gaps as they were."""
    parts = GAP.split(text)
    return "".join(part if GAP.fullmatch(part) else part.translate(MARKED) for part in parts)


def write(folder: Path) -> Path:
    """Write the catalogues of the marked languages."""
    for language in LANGUAGES:
        catalogue = Catalog(language, fuzzy=False)
        for message in texts():
            if message.id:
                several = isinstance(message.id, tuple)
                words = tuple(map(marked, message.id)) if several else marked(str(message.id))
                catalogue.add(message.id, words)
        path = catalogues.path_of(folder, language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, catalogue)
    return folder


if __name__ == "__main__":
    place = Path(sys.argv[1])
    catalogues.SOURCE = write(place / "words")
    staff_server.main(place)
