"""Lists uploaded by organisers, HTTP in and out: read beside, taken beside, gone afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gevent
import pytest

from tentqueue.services.roster import source
from tests.cast import NOON, mins
from tests.roster import files
from tests.roster.files import SystemFile
from tests.web.outside import EVENT, Outside
from tests.web.test_commands import is_problem

FILES = f"{EVENT}/roster/files"
MAX = {"Authorization": "Bearer organiser:Max"}


def upload(outside: Outside, raw: bytes, kind: str = "starts", who: Any = None) -> Any:
    """Send a file."""
    path = f"{FILES}?kind={kind}"
    return outside.client.post(path, data=raw, headers=who or MAX, content_type="text/csv")


def settled(outside: Outside, state: dict[str, Any]) -> dict[str, Any]:
    """Ask until the work beside is done."""
    for _ in range(200):
        if state["step"] not in ("reading", "taking"):
            return state
        gevent.sleep(0.02)
        state = outside.get(f"{FILES}/{state['file']}", "organiser:Max").json
    raise AssertionError(f"still {state['step']}")


def asked(outside: Outside, state: dict[str, Any], step: str, **more: Any) -> dict[str, Any]:
    """Have a list checked or taken, to the end."""
    body = {"kind": state["kind"]} | more
    answer = outside.post(f"{FILES}/{state['file']}/{step}", body, "organiser:Max")
    assert answer.status_code == 200, answer.json
    return settled(outside, answer.json)


def test_a_start_list_is_looked_at_then_taken(outside: Outside) -> None:
    file = files.RACE_RESULT_STARTS
    kept = upload(outside, file.text.encode(file.encoding)).json
    assert kept["step"] == "kept"
    read = asked(outside, kept, "check")
    nothing = {"changed": 0, "unchanged": 0, "wrong": 0, "erased": 0}
    assert read["counts"] == {"rows": 3, "new": 3} | nothing
    means = {column["header"]: column["meaning"] for column in read["columns"]}
    assert (means["Startnr."], means["Verein"], means["E-Mail"]) == ("bib", "", "")
    assert read["samples"][0]["name"] == "Jürgen Müller"
    assert "Kinderlauf" in read["notes"][0]
    assert outside.house.storage.roster.count("riverside-half").listed == 0
    taken = asked(outside, kept, "take")
    assert (taken["step"], taken["counts"]["new"]) == ("taken", 3)
    assert outside.house.storage.roster.count("riverside-half").listed == 3


def test_taking_results_makes_those_who_wait_for_them_callable(outside: Outside) -> None:
    joined = outside.join(bib="101", before_finish=True, finished_at=None)
    finish = (NOON - mins(5)).isoformat()
    kept = upload(outside, f"bib,finish\n101,{finish}\n".encode(), "results").json
    taken = asked(outside, kept, "take")
    assert taken["released"] == 1
    assert outside.tent.ticket(joined["id"]).hold == "cooldown"


def test_a_guess_can_be_changed(outside: Outside) -> None:
    kept = upload(outside, b"chip,wer,nr\nX1,Ana,12\n").json
    read = asked(outside, kept, "check", columns={"bib": 3, "name": 2, "chip": 0})
    assert [(one["bib"], one["name"]) for one in read["samples"]] == [("12", "Ana")]
    assert [column["meaning"] for column in read["columns"]] == ["", "name", "bib"]


def test_without_a_bib_the_columns_are_there_to_choose_from(outside: Outside) -> None:
    kept = upload(outside, b"place,who\n1,Ana\n").json
    failed = asked(outside, kept, "check")
    assert failed["step"] == "failed"
    assert "Say which it is" in failed["sentence"]
    assert [column["header"] for column in failed["columns"]] == ["place", "who"]
    assert asked(outside, kept, "check", columns={"bib": 1})["counts"]["new"] == 1


def test_no_file_of_a_list_stays_once_it_is_taken_or_an_hour_old(
    outside: Outside, tmp_path: Path
) -> None:
    folder = tmp_path / "tent.db.lists"
    taken = asked(outside, upload(outside, b"bib\n1\n").json, "take")
    assert taken["step"] == "taken"
    assert not list(folder.glob("*.csv"))
    upload(outside, b"bib\n2\n")
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())
    outside.clock.at += mins(61)
    outside.house.lists.tidy()
    assert not list(folder.iterdir())


def test_a_wipe_deletes_the_lists_too(outside: Outside, tmp_path: Path) -> None:
    upload(outside, b"bib\n1\n")
    outside.house.lists.drop("riverside-half")
    assert not list((tmp_path / "tent.db.lists").iterdir())


def test_only_organisers_upload_and_no_byte_of_others_is_kept(
    outside: Outside, tmp_path: Path
) -> None:
    is_problem(upload(outside, b"bib\n1\n", who={"Authorization": "Bearer desk:Eve"}), 403)
    is_problem(upload(outside, b"bib\n1\n", who={"Accept": "*/*"}), 401)
    is_problem(upload(outside, b"bib\n1\n", kind="people"), 422)
    is_problem(outside.client.post(f"{FILES}?kind=starts", data="x", headers=MAX), 415)
    assert not (tmp_path / "tent.db.lists").exists()


def test_a_file_over_the_limit_is_refused_by_its_size_and_by_its_bytes(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    huge = {"CONTENT_LENGTH": str(source.LARGEST_FILE + 1), "CONTENT_TYPE": "text/csv"}
    path = f"{FILES}?kind=starts"
    problem = is_problem(outside.client.post(path, headers=MAX, environ_overrides=huge), 413)
    assert "50 MB" in problem["detail"]
    monkeypatch.setattr("tentqueue.services.roster.lists.LARGEST_FILE", 10)
    is_problem(upload(outside, b"bib\n1\n2\n3\n4\n5\n"), 413)
    assert not list((tmp_path / "tent.db.lists").glob("*"))


def test_a_list_nobody_knows_is_not_there(outside: Outside) -> None:
    for name in ("0" * 32, "..%2fx", "x"):
        is_problem(outside.get(f"{FILES}/{name}", "organiser:Max"), 404)


def test_the_page_is_the_organisers(outside: Outside) -> None:
    page = outside.get("/riverside-half/roster", "organiser:Max")
    assert "Start list and results" in page.get_data(as_text=True)
    assert outside.get("/riverside-half/roster").status_code == 303


@pytest.mark.parametrize("file", files.ALL, ids=lambda file: file.name)
def test_every_systems_file_goes_through(outside: Outside, file: SystemFile) -> None:
    kept = upload(outside, file.text.encode(file.encoding), file.kind).json
    assert asked(outside, kept, "check")["step"] == "read"
