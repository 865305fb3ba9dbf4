"""Colours can be read in a tent at six, at noon in the sun, and by every kind of eye."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from tentqueue import assets

SHEET = (assets.find("static") / "css" / "tokens.css").read_text("utf-8")
THEMES = ("day", "night", "sunlight")
LANES = ("warmup", "recovery", "nextday")

# Every pair of words and ground that components.css puts together.
WORDS_ON_GROUND = [
    ("text", "page"),
    ("text", "card"),
    ("text", "sunken"),
    ("text-quiet", "page"),
    ("text-quiet", "card"),
    ("text-quiet", "sunken"),
    ("on-main", "main"),
    ("page", "text"),
    ("call", "call-ground"),
    ("call-ground", "call"),
    ("call-text", "call-ground"),
    ("alarm", "alarm-ground"),
    ("alarm", "page"),
    ("alarm", "card"),
    *((f"{lane}-text", ground) for lane in LANES for ground in ("page", "card")),
    *(("on-lane", lane) for lane in LANES),
    *((lane, "on-lane") for lane in LANES),
]
# Edges of what can be pressed, and the parts of the ring, need 3:1 (WCAG 2.2, 1.4.11).
EDGES = [("edge", "page"), ("edge", "card"), ("text", "page"), ("focus", "page"), ("alarm", "card")]

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB.
EYES = {
    "full colour": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
RGB = tuple[float, float, float]


def raw_colours(theme: str) -> dict[str, str]:
    block = re.search(rf'\[data-theme="{theme}"\] \{{(.*?)\}}', SHEET, re.S)
    assert block, f"no theme {theme}"
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def meanings() -> dict[str, str]:
    block = re.search(r":root, \[data-theme\] \{(.*?)\}", SHEET, re.S)
    assert block
    return dict(re.findall(r"--([\w-]+): var\(--([\w-]+)\);", block[1]))


def linear(colour: str) -> RGB:
    def channel(start: int) -> float:
        value = int(colour[start : start + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return channel(1), channel(3), channel(5)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def of(theme: str, meaning: str) -> str:
    return raw_colours(theme)[meanings()[meaning]]


def lab(rgb: RGB) -> RGB:
    """CIE L*a*b* under D65 of linear RGB."""
    red, green, blue = (min(1.0, max(0.0, value)) for value in rgb)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, eyes: str) -> RGB:
    rgb = linear(colour)
    rows = EYES[eyes]
    mixed = [sum(weight * value for weight, value in zip(row, rgb, strict=True)) for row in rows]
    return lab((mixed[0], mixed[1], mixed[2]))


def difference(one: str, other: str, eyes: str) -> float:
    pairs = zip(seen(one, eyes), seen(other, eyes), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def pairs_in_themes() -> Iterator[tuple[str, str, str]]:
    for theme in THEMES:
        for words, ground in WORDS_ON_GROUND:
            yield theme, words, ground


@pytest.mark.parametrize(("theme", "words", "ground"), list(pairs_in_themes()))
def test_words_stand_out_from_their_ground_4_5_to_1_and_7_to_1_in_sunlight(
    theme: str, words: str, ground: str
) -> None:
    least = 7.0 if theme == "sunlight" else 4.5
    assert contrast(of(theme, words), of(theme, ground)) >= least


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_what_can_be_pressed_stand_out_3_to_1(theme: str) -> None:
    weak = [pair for pair in EDGES if contrast(of(theme, pair[0]), of(theme, pair[1])) < 3]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_lanes_and_a_call_look_different_to_every_kind_of_eye(theme: str, eyes: str) -> None:
    colours = {name: of(theme, name) for name in (*LANES, "call")}
    alike = {
        pair: round(difference(colours[pair[0]], colours[pair[1]], eyes), 1)
        for pair in itertools.combinations(colours, 2)
        # Ten just noticeable differences, side by side; across a field one wants twice that.
        if difference(colours[pair[0]], colours[pair[1]], eyes) < 20
    }
    assert alike == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_call_colour_is_brighter_than_any_lane(theme: str) -> None:
    call = luminance(of(theme, "call"))
    assert all(luminance(of(theme, lane)) < call for lane in LANES)


def test_every_theme_names_the_same_raw_colours() -> None:
    names = {theme: set(raw_colours(theme)) for theme in THEMES}
    assert names["day"] == names["night"] == names["sunlight"]
    assert set(meanings().values()) <= names["day"] | set(meanings())


def test_no_colour_is_written_outside_the_tokens() -> None:
    css = assets.find("static") / "css"
    loose = {
        f"{path.name}: {colour}"
        for path in css.rglob("*.css")
        if path.name != "tokens.css"
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text("utf-8"))
        if colour not in {"#0000", "#000"}  # Masks have no colour.
    }
    assert loose == set()


def test_hi_vis_is_used_for_a_call_and_nothing_else() -> None:
    css = assets.find("static") / "css"
    users = [
        line.strip()
        for path in css.rglob("*.css")
        if path.name != "tokens.css"
        for line in path.read_text("utf-8").splitlines()
        if "var(--call)" in line or "var(--flare)" in line
    ]
    assert users
    assert [line for line in users if "call" not in line.replace("var(--call", "")] == []
