"""Booking the next day from the ticket of a treatment (rule 5)."""

from __future__ import annotations

from typing import Any

from tests.web.outside import Outside


def treated(outside: Outside, **more: Any) -> dict[str, Any]:
    """A runner whose treatment is over."""
    outside.post("therapists/ana/available", who="desk:Eve")
    ticket = outside.join(**more)
    for step in ("start", "finish"):
        assert outside.post(f"tickets/{ticket['code']}/{step}", who="desk:Eve").status_code == 200
    return ticket


def book(outside: Outside, ticket: dict[str, Any], who: str | None = None, **body: Any) -> Any:
    """Ask for an appointment with the ticket's key, or as `who`."""
    path = f"/api/v1/tickets/{ticket['id']}/nextday"
    return outside.post(path, {"consent": True} | body, who=who or ticket["key"])


def test_the_ticket_offers_free_times_and_books_one(outside: Outside) -> None:
    ticket = treated(outside)
    view = outside.get(f"/api/v1/tickets/{ticket['id']}", who=ticket["key"]).json
    wanted = view["appointments"][2]
    booked = book(outside, ticket, appointment_at=wanted)
    assert booked.status_code == 201
    assert booked.json["code"] == "N001"
    assert booked.json["hold_until"] == wanted
    assert booked.json["key"] == f"key-{booked.json['id']}"
    again = outside.get(f"/api/v1/tickets/{ticket['id']}", who=ticket["key"]).json
    assert wanted not in again["appointments"]


def test_bib_and_name_go_along(outside: Outside) -> None:
    booked = book(outside, treated(outside, bib="1204", name="Maya")).json
    staff = outside.get("tent", who="desk:Eve").json["tickets"]
    mine = next(ticket for ticket in staff if ticket["id"] == booked["id"])
    assert (mine["bib"], mine["name"]) == ("1204", "Maya")


def test_a_taken_time_is_refused_with_others(outside: Outside) -> None:
    first, second = treated(outside), treated(outside)
    wanted = book(outside, first).json["hold_until"]
    refused = book(outside, second, appointment_at=wanted)
    assert (refused.status_code, refused.json["code"]) == (409, "appointment_taken")
    assert len(refused.json["times"]) == 3
    assert wanted not in refused.json["times"]


def test_it_takes_consent_of_its_own(outside: Outside) -> None:
    refused = book(outside, treated(outside), consent=False)
    assert (refused.status_code, refused.json["code"]) == (422, "consent_needed")


def test_nobody_books_from_anothers_ticket(outside: Outside) -> None:
    ticket = treated(outside)
    assert book(outside, ticket, who="key-another").status_code == 403
    assert book(outside, ticket, who="therapist:ana").status_code == 403


def test_the_same_key_books_once(outside: Outside) -> None:
    ticket = treated(outside)
    path = f"/api/v1/tickets/{ticket['id']}/nextday"
    answers = [
        outside.post(path, {"consent": True}, who=ticket["key"], Idempotency_Key="once")
        for _ in range(2)
    ]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert len([t for t in outside.tent.open.values() if t.lane == "nextday"]) == 1
