"""The installation's secret and what is derived from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tentqueue.storage import StorageError
from tentqueue.storage.keys import Keys, load_keys


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_keys(tmp_path / "tent.db")
    assert load_keys(tmp_path / "tent.db").derive("a") == first.derive("a")
    files = list(tmp_path.iterdir())
    assert [file.name for file in files] == ["tent.db.keys"]
    assert files[0].stat().st_mode & 0o777 == 0o600
    assert load_keys(tmp_path / "other.db").derive("a") != first.derive("a")


@pytest.mark.parametrize("text", ["", "abcd\n", "no hexadecimal\n"])
def test_a_damaged_secret_stops_the_start_instead_of_being_replaced(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "tent.db.keys").write_text(text)
    with pytest.raises(StorageError, match="damaged"):
        load_keys(tmp_path / "tent.db")


def test_no_key_stands_in_for_another() -> None:
    keys = Keys(b"s" * 32)
    made = {
        keys.bib_tag("riverside", "42").hex(),
        keys.bib_tag("riverside", "042").hex(),
        keys.bib_tag("hilltop", "42").hex(),
        keys.derive("runner", "42").hex(),
        keys.derive("a", "bc").hex(),
        keys.derive("ab", "c").hex(),
    }
    assert len(made) == 6
