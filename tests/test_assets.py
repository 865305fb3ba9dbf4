"""Static files as they leave the house: whole or not at all, named after their bytes."""

from __future__ import annotations

import threading
from pathlib import Path

from tentqueue import assets


def some_static(folder: Path) -> Path:
    """A static folder with enough in it that making a release takes a while."""
    static = folder / "static"
    (static / "css" / "screens").mkdir(parents=True)
    for layer in assets.LAYERS:
        (static / "css" / f"{layer}.css").write_text(f"@layer {layer} {{ }}\n")
    for number in range(60):
        (static / "css" / "screens" / f"s{number}.css").write_text("@layer screens { }\n" * 200)
    return static


def test_processes_that_start_at_once_never_leave_half_a_release(tmp_path: Path) -> None:
    static, cache = some_static(tmp_path), tmp_path / "cache"
    made: list[assets.Release] = []
    threads = [
        threading.Thread(target=lambda: made.append(assets.prepare(static, cache)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({release.folder for release in made}) == 1
    sheets = sorted(p.name for p in (made[0].folder / "css").glob("s*.css"))
    assert sheets == sorted(f"s{number}.css" for number in range(60))
    assert [p for p in cache.iterdir() if p != made[0].folder] == []


def test_a_changed_file_gets_a_new_address(tmp_path: Path) -> None:
    static = some_static(tmp_path)
    before = assets.prepare(static, tmp_path / "cache")
    (static / "css" / "tokens.css").write_text("@layer tokens { :root { } }\n")
    after = assets.prepare(static, tmp_path / "cache")
    assert before.url("css/s1.css") != after.url("css/s1.css")


def test_a_sheet_holds_the_layers_in_order_and_the_screens_own(tmp_path: Path) -> None:
    sheet = assets.stylesheet(some_static(tmp_path), "s1")
    assert sheet.startswith("@layer reset, tokens, base, layout, components, screens;")
    assert sheet.rstrip().endswith("@layer screens { }")


def test_scripts_leave_without_their_comments_and_with_all_their_code() -> None:
    script = """// A screen.
/** What it does.
 *  More of it. */
export const link = "https://example.org"; // stays
  /* one line */
  const twice = (n) => n * 2;
"""
    assert assets.without_comments(script) == (
        'export const link = "https://example.org"; // stays\nconst twice = (n) => n * 2;\n'
    )
