"""Storage trouble, bugs and strangers get plain words, and nothing is half done."""

from __future__ import annotations

import pytest

from tentqueue.services.ledger import StorageBusy, StorageFull
from tests.web.outside import Outside
from tests.web.test_commands import is_problem

BODY = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [(StorageFull("full"), 507, "storage_full"), (StorageBusy("locked"), 503, "busy")],
)
def test_storage_trouble_says_when_to_try_again(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, trouble: Exception, status: int, code: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise trouble

    monkeypatch.setattr(outside.day, "handle", refuse)
    answer = outside.post("tickets", BODY)
    assert is_problem(answer, status)["code"] == code
    assert int(answer.headers["Retry-After"]) >= 1
    assert outside.get("board").status_code == 200


def test_a_bug_tells_nothing_of_the_inside(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret-canary")

    monkeypatch.setattr(outside.day, "handle", broken)
    problem = is_problem(outside.post("tickets", BODY), 500)
    assert "canary" not in str(problem)


def test_refusals_carry_their_facts(outside: Outside) -> None:
    outside.join(bib="7")
    again = is_problem(outside.post("tickets", BODY | {"bib": "7"}), 409)
    assert (again["code"], again["ticket"]) == ("already_queued", "R001")
    closed = is_problem(
        outside.post("tickets", {"lane": "warmup", "consent": True, "wave": "A"}), 409
    )
    assert closed["alternatives"]
    outside.post("lanes/warmup/open", who="organiser:Max")
    late = is_problem(
        outside.post("tickets", {"lane": "warmup", "consent": True, "wave": "A"}), 409
    )
    assert late["code"] == "too_late"
    assert late["alternatives"][0]["lane"] == "recovery"


def test_consent_is_needed(outside: Outside) -> None:
    problem = is_problem(outside.post("tickets", BODY | {"consent": False}), 422)
    assert problem["code"] == "consent_needed"
    assert problem["fields"]


def test_all_wrong_fields_are_named_at_once(outside: Outside) -> None:
    body = {"lane": "spa", "consent": "yes", "minutes": 900, "wvae": "A"}
    assert set(is_problem(outside.post("tickets", body), 422)["fields"]) == set(body)


def test_metrics_are_for_this_machine(outside: Outside) -> None:
    assert "tentqueue_open_tickets" in outside.get("/metrics").get_data(as_text=True)
    assert (
        outside.client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403
    )
    assert (
        outside.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    )


def test_health_and_readiness(outside: Outside) -> None:
    assert outside.get("/healthz").get_data(as_text=True) == "ok\n"
    assert outside.get("/readyz").get_data(as_text=True) == "ready\n"
