"""Runners' screens and the board in every language, in a real browser: nothing is cut, nothing
overflows, the right way round, and as accessible as in English."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tentqueue.domain.languages import LANGUAGES
from tests.screens.runner_pages import Phones
from tests.screens.staff_pages import violations

TV = {"width": 1920, "height": 1080}
CUT = """() => {
  const found = [];
  const shown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const say = (why, node) =>
    found.push(`${why}: ${node.className || node.tagName} "${node.textContent.trim()}"`);
  if (document.documentElement.scrollWidth > innerWidth + 1) say("page too wide", document.body);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !node || !shown(node)) continue;
    if (node.closest(".for-ears, .skip, .event-name, .board__event")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      if (box.left < -1 || box.right > innerWidth + 1) say("off the screen", node);
      const holder = node.closest(
        "button, a, label, summary, dialog, .chip, .bib__card, .newest__to, .lane, .calls," +
          ".join__words, .call__go",
      );
      if (!holder) continue;
      const around = holder.getBoundingClientRect();
      const beside = box.left < around.left - 1 || box.right > around.right + 1;
      const slack = box.height * 0.3;
      const above = box.top < around.top - slack || box.bottom > around.bottom + slack;
      if (beside || above) say("sticks out", node);
    }
    const style = getComputedStyle(node);
    if (style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1) say("cut", node);
  }
  return [...new Set(found)];
}"""


def cut(page: Page, where: str) -> list[str]:
    """What is cut or sticks out on a page that has come to rest."""
    page.wait_for_timeout(300)
    return [f"{where}: {found}" for found in page.evaluate(CUT)]


def step(page: Page, name: str) -> None:
    """Wait for a step of the way in."""
    expect(page.locator(f'[data-step="{name}"]')).to_be_visible()


def in_language(phones: Phones, path: str, language: str) -> Page:
    """Open a page on a phone that speaks a language."""
    page = phones.open(path, locale=language)
    expect(page.locator("html")).to_have_attribute(
        "lang", "zh-Hans" if language == "zh" else language
    )
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_on_the_way_in(phones: Phones, language: str) -> None:
    page = in_language(phones, f"/{phones.tent.slug}", language)
    page.locator('#door-recovery[data-what]:not([data-what=""])').wait_for()
    found = cut(page, "doors")
    page.click(".tongues summary")
    found += cut(page, "languages")
    page.click(".tongues summary")
    page.click("#door-recovery")
    found += cut(page, "questions")
    page.click("[data-question=skin]")
    page.click("#questions-go")
    step(page, "sore")
    found += cut(page, "sore")
    page.click("#sore-go")
    step(page, "consent")
    page.click("#bib-box summary")
    page.click("#age-box summary")
    found += cut(page, "consent")
    page.go_back()
    page.go_back()
    page.click("[data-question=breath]")
    page.click("#questions-go")
    step(page, "refer")
    found += cut(page, "refer")
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_on_a_ticket(phones: Phones, language: str) -> None:
    tent = phones.tent
    waiting = tent.join(areas=["knees", "feet"])
    page = in_language(phones, f"/t/{waiting['id']}#{waiting['key']}", language)
    expect(page.locator("#advice")).not_to_be_empty()
    page.click(".mine__more summary")
    found = cut(page, "waiting")
    page.click("#show-qr")
    found += cut(page, "qr")
    page.click(".qr__close")
    page.click("#leave")
    found += cut(page, "sure")
    page.locator("#sure-leave button").last.click()
    tent.on_duty("ana")
    expect(page.locator("#call")).to_be_visible()
    page.wait_for_timeout(300)
    found += cut(page, "call")
    tent.post(f"tickets/{waiting['code']}/start")
    expect(page.locator("#call")).to_be_hidden()
    found += cut(page, "treatment")
    tent.post(f"tickets/{waiting['code']}/finish")
    expect(page.locator("#after")).to_be_visible()
    found += cut(page, "aftercare")
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_on_the_small_pages(phones: Phones, language: str) -> None:
    ticket = phones.tent.join()
    found = []
    for path in ("/", "/nowhere/else", f"/s/{ticket['id']}", f"/{phones.tent.slug}/privacy"):
        found += cut(in_language(phones, path, language), path)
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_on_the_board(phones: Phones, language: str) -> None:
    calm = board(phones, language)
    found = cut(calm, "calm")
    phones.tent.on_duty("ana", "ben")
    for _ in range(6):
        phones.tent.join()
    expect(calm.locator("#newest")).to_have_attribute("data-state", "called")
    calm.locator(".lane__next .code").first.wait_for()
    found += cut(calm, "called")
    assert found == []


def board(phones: Phones, language: str) -> Page:
    """A board whose browser speaks a language; the event names none of its own."""
    page = in_language(phones, f"/{phones.tent.slug}/board", language)
    page.set_viewport_size(TV)
    page.locator("html:not(.is-stale) #board[data-lanes]").wait_for()
    page.click("#sound-off")
    return page


@pytest.mark.parametrize("language", ["ar", "ja"])
def test_another_script_is_as_accessible(phones: Phones, language: str) -> None:
    page = in_language(phones, f"/{phones.tent.slug}", language)
    page.locator('#door-recovery[data-what]:not([data-what=""])').wait_for()
    found = violations(page)
    page.click("#door-recovery")
    page.wait_for_timeout(300)
    found += violations(page)
    page.click("#questions-go")
    page.wait_for_timeout(300)
    found += violations(page)
    ticket = phones.tent.join()
    found += violations(opened(in_language(phones, ticket_path(ticket), language)))
    found += violations(board(phones, language))
    assert found == []


def ticket_path(ticket: dict[str, Any]) -> str:
    """The link that carries the key."""
    return f"/t/{ticket['id']}#{ticket['key']}"


def opened(page: Page) -> Page:
    """A ticket page that shows its ticket."""
    page.locator("#known").wait_for()
    return page


def test_arabic_runs_from_right_to_left(phones: Phones) -> None:
    page = in_language(phones, f"/{phones.tent.slug}", "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    name = page.locator("#door-recovery .door__name").bounding_box()
    arrow = page.locator("#door-recovery .door__arrow").bounding_box()
    assert name is not None
    assert arrow is not None
    assert arrow["x"] < name["x"]


def test_a_tap_on_a_language_changes_the_page_and_is_remembered(phones: Phones) -> None:
    page = phones.join()
    page.click(".tongues summary")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page).to_have_url(f"{phones.tent.url}/{phones.tent.slug}")
    page.goto(f"{phones.tent.url}/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_refusal_speaks_the_runners_language(phones: Phones) -> None:
    page = in_language(phones, f"/{phones.tent.slug}", "es")
    page.click("#to-find")
    page.fill("#find-bib", "77")
    page.fill("#find-word", "azul")
    page.click("#find-go")
    expect(page.locator("#find-go-problem")).to_contain_text("Ningún ticket tiene este dorsal")
