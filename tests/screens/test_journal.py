"""The log tells every event in words, and nothing personal to programs."""

from __future__ import annotations

import json

from tentqueue.domain import commands as do
from tentqueue.domain import events as ev
from tentqueue.domain.model import Area, ReferralCategory, Screening
from tentqueue.screens import sentence
from tentqueue.screens.journal import journal_line
from tests.cast import ANA, NOON, Scene

BASES = {ev.Event, ev.OfTicket, ev.OfTherapist}


def test_every_event_has_a_sentence() -> None:
    kinds = {k for k in vars(ev).values() if isinstance(k, type) and issubclass(k, ev.Event)}
    assert kinds - BASES == set(sentence._TELL)


def test_no_personal_datum_is_in_the_log() -> None:
    scene = Scene()
    scene.at(NOON)
    scene.available(ANA)
    scene.recovery(
        "zoe",
        areas=(Area.KNEES,),
        avoid=(Area.FEET,),
        screening=Screening.ASK,
        bib_tag="canary",
    )
    scene.ask(do.ScreenRunner("R001", Screening.ASK, (Area.FEET,)))
    scene.ask(do.ReferRunner("R001", "ana", ReferralCategory.SKIN))
    shown = json.dumps([journal_line(scene.tent, entry) for entry in scene.entries])
    assert "R001" in shown
    secrets = ("canary", "knees", "feet", "skin", '"ask"', "zoe", "screening")
    assert [secret for secret in secrets if secret in shown] == []


def test_the_log_gives_the_reason_of_a_jump() -> None:
    scene = Scene()
    scene.at(NOON)
    scene.recovery("zoe")
    scene.recovery("yan")
    scene.ask(do.MoveTicket("R002", reason="Runs the relay next", before="R001"))
    line = journal_line(scene.tent, scene.entries[-1])
    assert line["reason"] == "Runs the relay next"
    assert line["text"].startswith("R002 moved before R001")
