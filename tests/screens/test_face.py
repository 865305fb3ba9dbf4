"""What of an event stands in the pages: when that changes, open pages come back as new ones."""

from __future__ import annotations

from dataclasses import replace

from tentqueue.domain.model import LaneName
from tentqueue.screens.face import face
from tests.cast import ANA, race


def test_what_pages_show_of_an_event_changes_its_face() -> None:
    event = race()
    one_lane = {LaneName.RECOVERY: event.lanes[LaneName.RECOVERY]}
    others = (
        replace(event, name="Riverside Half and 10 km"),
        replace(event, timezone="Europe/Paris"),
        replace(event, languages=("en", "es")),
        replace(event, lanes=one_lane),
        replace(event, rules=replace(event.rules, treatment_record=True)),
    )
    assert len({face(event), *map(face, others)}) == 1 + len(others)


def test_what_views_tell_brings_no_page_back() -> None:
    event = race()
    assert face(replace(event, therapists=(ANA,), confirmed_by="Dr Maya Lee")) == face(event)
    assert face(race()) == face(event), "two workers see one face"
