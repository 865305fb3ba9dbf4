"""The languages tentqueue speaks, by their own names. Holds no words of any of them."""

from __future__ import annotations

LANGUAGES = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "ja": "日本語",
    "zh": "简体中文",
    "ar": "العربية",
}
"""What runners read and the board says; the first is the one that every text is written in."""
STAFF_LANGUAGES = ("en", "es", "fr", "de")
"""What the tablet, the desk, the organiser's screen and the sign-in speak."""
MOST_ON_A_BOARD = 4
"""Languages of one event: each is said for every call, and a call must not wait for the last."""
