"""Receipts in letters that no printer has: Arabic, Japanese and Chinese as their readers write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import features

from tentqueue.paper import receipt as printed
from tentqueue.paper import script
from tentqueue.paper.receipt import DOTS, Receipt, draw
from tentqueue.paper.script import Hand, can_say
from tests.web.receipt_paper import FakePrinter
from tests.web.test_receipt import Desk

RECOVERY = {"ar": "استشفاء", "ja": "リカバリー", "zh": "恢复"}
CAN_JOIN = pytest.mark.skipif(
    not features.check("raqm"), reason="this Pillow was built without HarfBuzz and FriBidi"
)


@pytest.mark.parametrize("paper", [58, 80])
@pytest.mark.parametrize("language", ["ar", "ja", "zh", "de"])
@CAN_JOIN
def test_a_kiosk_prints_in_the_language_the_runner_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, paper: int
) -> None:
    written: list[Receipt] = []
    monkeypatch.setattr(
        printed, "draw", lambda receipt, wide: written.append(receipt) or draw(receipt, wide)
    )
    printer = FakePrinter()
    desk = Desk(tmp_path, printer.address, paper)
    path = f"/api/v1/tickets/{desk.join()['id']}/print"
    answer = desk.post(path, {"new": True}, "kiosk:door", Accept_Language=language)
    assert answer.status_code == 204
    (receipt,), (picture,) = written, printer.printed
    assert receipt.language == language
    assert receipt.lane == RECOVERY.get(language, "Erholung")
    assert np.array_equal(np.asarray(picture), np.asarray(draw(receipt, paper)))
    desk.close()
    printer.close()


def test_letters_no_face_has_are_told_in_english_rather_than_as_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert can_say(["Šumava", "東京マラソン", "上海半程马拉松"], "en")
    assert not can_say(["Riverside", "กรุงเทพ"], "en")
    # Without the two libraries Arabic would stand unjoined and back to front.
    monkeypatch.setattr(script.features, "check", lambda name: False)
    assert not can_say([RECOVERY["ar"]], "ar")
    assert can_say([RECOVERY["ja"]], "ja")


@CAN_JOIN
def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    hand = Hand("ar", "words-600", 40)
    apart = sum(hand.width(letter) for letter in RECOVERY["ar"])
    assert hand.width(RECOVERY["ar"]) < 0.9 * apart
    (run,) = hand.runs("12:41.")
    assert run.shaped["direction"] == "rtl"


def test_eastern_lines_break_between_letters_but_never_before_a_full_stop() -> None:
    hand = Hand("ja", "words-600", 30)
    text = "ボードをご覧ください。このコードでお呼びします。"
    for room in range(100, 500, 20):
        lines = hand.lines(text, room)
        assert "".join(lines) == text
        assert all(line[0] not in "。、ー" for line in lines)
        # A closing sign may hang out rather than begin a line.
        assert all(hand.width(line.rstrip("。、ー")) <= room for line in lines)


def test_lines_are_as_few_as_fit_and_about_as_long_as_each_other() -> None:
    hand = Hand("de", "words-400", 28)
    text = "Wahrscheinlich 13:10 bis 13:35. Gezogen um 12:41."
    lines = hand.lines(text, DOTS[80] - 8)
    widths = [hand.width(line) for line in lines]
    assert " ".join(lines) == text
    assert len(lines) == 2
    assert min(widths) > 0.6 * max(widths)


@pytest.mark.parametrize("language", ["ja", "zh"])
def test_a_language_writes_shared_letters_in_its_own_shapes(language: str) -> None:
    (run,) = Hand(language, "words-600", 40).runs("直")
    assert run.font.path.endswith(f"words-{language}.ttf")
