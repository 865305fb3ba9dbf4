"""Coming again: one open ticket a bib, and a second treatment only later (rule 18)."""

from __future__ import annotations

import pytest

from tentqueue.domain import commands as do
from tentqueue.domain import errors
from tentqueue.domain.model import TicketState
from tests.cast import ANA, NOON, Scene, mins


def test_a_bib_has_one_active_ticket() -> None:
    scene = Scene()
    scene.warmup("Mia", bib_tag="12")
    with pytest.raises(errors.AlreadyQueued) as refusal:
        scene.recovery("Mia again", finished=None, bib_tag="12")
    assert refusal.value.facts["ticket"] == "W001"


def treated_mia() -> Scene:
    """Twelve minutes after noon Ana has treated Mia."""
    scene = Scene(at=NOON)
    scene.available(ANA)
    scene.recovery("Mia", bib_tag="mia")
    scene.ask(do.StartTreatment("Mia", "ana"))
    scene.now += mins(12)
    scene.ask(do.FinishTreatment("Mia", "ana"))
    return scene


def test_a_second_treatment_waits_an_hour_after_the_first() -> None:
    scene = treated_mia()
    with pytest.raises(errors.AgainTooSoon):
        scene.recovery("Mia again", bib_tag="mia")
    scene.after(60)
    assert scene.recovery("Mia later", bib_tag="mia").code == "R002"


def test_the_next_one_is_an_hour_after_the_end_and_not_before() -> None:
    scene = treated_mia()
    scene.now += mins(59.9)
    with pytest.raises(errors.AgainTooSoon) as refusal:
        scene.recovery("Mia again", bib_tag="mia")
    assert refusal.value.facts["again_at"] == (NOON + mins(72)).isoformat()
    scene.now += mins(0.1)
    assert scene.recovery("Mia again", bib_tag="mia").code == "R002"


def test_a_second_treatment_is_given_only_while_the_wait_is_short() -> None:
    scene = treated_mia()
    for name in ("Noor", "Ola", "Pia"):
        scene.recovery(name)
    scene.now += mins(60)
    with pytest.raises(errors.AgainTooSoon, match="first treatment") as refusal:
        scene.recovery("Mia again", bib_tag="mia")
    assert refusal.value.facts["wait_minutes"] > 15
    for name in ("Noor", "Ola", "Pia"):
        scene.ask(do.LeaveLine(name))
    assert scene.recovery("Mia again", bib_tag="mia").code == "R005"


def test_who_left_may_join_again_at_once() -> None:
    scene = Scene(at=NOON)
    scene.recovery("Mia", bib_tag="mia")
    scene.ask(do.LeaveLine("Mia"))
    assert scene.recovery("Mia again", bib_tag="mia").state is TicketState.WAITING
