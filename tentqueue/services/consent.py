"""The words people agree to before they join (rule 8), by version: a record names the version.

Changing a word on the screen needs a new version here; a test compares the two.
"""

from __future__ import annotations

# None is ever taken out: somebody may have agreed to it.
WORDINGS: dict[str, tuple[str, ...]] = {
    "1": (
        "I am 18 or over. I would like a light massage. I can stop at any time, without a reason.",
        "I am under 18. I would like a light massage, and my guardian will agree at the desk."
        " I can stop at any time, without a reason.",
        "Until the event is over, the tent keeps my place in line, whether I may be treated, and"
        " the areas I chose.",
    ),
}
RECORD = (
    "My therapist takes a short record home for the insurance: name, bib, treatment, date, areas,"
    " and whether I may be treated."
)
"""Said too where therapists keep such a record; the version then ends in `+record`."""

PRESENT = "1"
"""The version on the screens now."""


def wording(with_record: bool) -> str:
    """The version somebody who joins now agrees to."""
    return f"{PRESENT}+record" if with_record else PRESENT
