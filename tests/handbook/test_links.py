"""Every link of the handbook leads somewhere, and every page can be reached."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.handbook.pages import DOCS, PAGES, ROOT, anchors, links, name


def inside(leaf: Path) -> list[tuple[str, Path, str]]:
    """The links of a page to files of ours: as written, the file, the place in it."""
    found = []
    for link in links(leaf):
        parts = urlsplit(link)
        if not parts.scheme:
            target = (leaf.parent / unquote(parts.path)).resolve() if parts.path else leaf
            found.append((link, target, parts.fragment))
    return found


@pytest.mark.parametrize("leaf", PAGES, ids=name)
def test_links_within_the_handbook_lead_to_a_page_and_a_place_on_it(leaf: Path) -> None:
    for link, target, place in inside(leaf):
        assert target.is_file(), f"{link} is not there"
        assert target.is_relative_to(ROOT), link
        assert not place or place in anchors(target), f"{link}: no such place"


@pytest.mark.parametrize("leaf", PAGES, ids=name)
def test_links_to_elsewhere_are_whole_addresses_under_https(leaf: Path) -> None:
    for link in links(leaf):
        parts = urlsplit(link)
        assert not parts.scheme or (parts.scheme == "https" and "." in parts.netloc), link


def test_every_page_is_reached_from_the_readme_and_from_the_front_page() -> None:
    for start in (ROOT / "README.md", DOCS / "index.md"):
        reached, ahead = set[Path](), [start]
        while ahead:
            page = ahead.pop()
            if page in PAGES and page not in reached:
                reached.add(page)
                ahead += [target for _, target, _ in inside(page)]
        wanted = {page for page in PAGES if page.is_relative_to(DOCS)} - {DOCS / "index.md"}
        assert wanted <= reached, f"link to {sorted(map(name, wanted - reached))}"


def test_every_word_of_the_tent_leads_to_its_rule_and_its_screen() -> None:
    lines = [
        line
        for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| **")
    ]
    words = [line.split("**")[1] for line in lines]
    assert len(set(words)) == len(words) >= 23
    for line in lines:
        assert "(rules.md#rule-" in line, line
        assert "(screens.md#" in line, line


def test_every_rule_that_the_code_names_is_told() -> None:
    told = {
        int(place.removeprefix("rule-")) for place in anchors(DOCS / "rules.md") if "rule-" in place
    }
    assert told == set(range(1, 34))
