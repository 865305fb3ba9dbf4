"""The handbook as a site and on paper: built strictly, whole without a network, one page on one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Playwright

from tests.handbook.pages import ROOT
from tests.screens.staff_pages import CHROMIUM, FLAGS

TAKEN = re.compile(r'<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//([^"/]+)')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages; any warning is an error."""
    where = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(
        [*command, "--config-file", ROOT / "deploy" / "mkdocs.yml", "--site-dir", where],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return where


def test_the_site_is_built_without_a_warning_and_takes_nothing_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        assert TAKEN.findall(page.read_text(encoding="utf-8")) == [], page.name


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that prints; without one the tests are skipped, but never in CI."""
    if not Path(CHROMIUM).exists() and os.environ.get("CI") != "true":
        pytest.skip("needs Chromium; set CHROMIUM to its path")
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


def printed(browser: Browser, page: Path, into: Path) -> pypdfium2.PdfDocument:
    """A page on paper."""
    shown = browser.new_page()
    shown.goto(page.as_uri())
    shown.pdf(path=into, prefer_css_page_size=True)
    shown.close()
    return pypdfium2.PdfDocument(into)


@pytest.mark.browser
def test_the_therapists_page_is_one_sheet(browser: Browser, site: Path, tmp_path: Path) -> None:
    paper = printed(browser, site / "therapist-card.html", tmp_path / "card.pdf")
    assert len(paper) == 1
    words = paper[0].get_textpage().get_text_range()
    assert "No deep work" in words
    assert "never speed" in words, "its last line"
    assert "Search" not in words, "the site's own buttons"


@pytest.mark.browser
def test_the_race_day_guide_prints_its_text_alone(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    paper = printed(browser, site / "race-day.html", tmp_path / "guide.pdf")
    assert 3 <= len(paper) <= 8
    words = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert "Race day, for organisers" in words
    assert "Previous" not in words
