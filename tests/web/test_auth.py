"""Tokens, keys and cookies: who somebody is, and that nobody is taken for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tentqueue.services.asker import Power
from tentqueue.storage import Storage
from tentqueue.storage.entries import micros
from tentqueue.web.errors import Problem
from tests.web.inside import EVENT, SLUG, Browser, Inside


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A server with the real sign-in."""
    server = Inside(tmp_path)
    yield server
    server.close()


def hashed(header: dict[str, str]) -> bytes:
    """The digest of a token's header."""
    return sha256(header["Authorization"].removeprefix("Bearer ").encode()).digest()


def status(browser: Browser, path: str, **headers: str) -> int:
    """The status of a GET."""
    code: int = browser.get(path, **headers).status_code
    return code


def test_a_token_made_while_running_works_at_once(inside: Inside) -> None:
    program = inside.browser()
    assert status(program, f"{EVENT}/tent", Authorization="Bearer tq_unknown") == 401
    assert status(program, f"{EVENT}/tent", **inside.token("desk")) == 200


def test_a_token_made_by_another_process_works_at_once(inside: Inside) -> None:
    other = Storage.open(inside.house.settings.database_url)
    from tentqueue.staff_tokens import new_token

    made = new_token(other, inside.clock.now(), SLUG, "organiser")
    other.close()
    assert status(inside.browser(), f"{EVENT}/journal", Authorization=f"Bearer {made}") == 200


def test_a_revoked_token_stops_within_a_second_whoever_revoked_it(inside: Inside) -> None:
    program, header = inside.browser(), inside.token("desk")
    assert status(program, f"{EVENT}/tent", **header) == 200
    other = Storage.open(inside.house.settings.database_url)
    assert other.staff.revoke_token(hashed(header), micros(inside.clock.now()))
    other.close()
    inside.idle += 0.6
    assert status(program, f"{EVENT}/tent", **header) == 401


def test_another_events_token_is_refused(inside: Inside) -> None:
    answer = inside.browser().get(f"{EVENT}/tent", **inside.token("organiser", slug="hill-10k"))
    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")


def test_a_token_has_the_power_of_its_role_and_no_more(inside: Inside) -> None:
    program = inside.browser()
    assert status(program, f"{EVENT}/journal", **inside.token("desk")) == 403
    assert status(program, f"{EVENT}/tent", **inside.token("board")) == 403
    ben = inside.token("therapist", "ben")
    assert program.post(f"{EVENT}/therapists/ana/available", **ben).status_code == 403
    assert program.post(f"{EVENT}/therapists/ben/available", **ben).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer  ", "Basic b3A6b3A=", "tq_x", "bearer tq_x"])
def test_a_credential_that_is_not_good_is_refused_not_ignored(inside: Inside, header: str) -> None:
    browser, _ = inside.signed_in("desk")
    assert status(browser, f"{EVENT}/tent") == 200
    assert status(browser, f"{EVENT}/tent", Authorization=header) == 401


def test_no_token_is_kept_in_clear(inside: Inside) -> None:
    secret = inside.token("organiser")["Authorization"].removeprefix("Bearer ")
    folder = inside.house.storage.path.parent
    assert not any(secret.encode() in file.read_bytes() for file in folder.iterdir())


def test_a_join_sets_a_cookie_no_script_and_no_other_site_can_use(inside: Inside) -> None:
    phone = inside.browser()
    answer = phone.post(f"{EVENT}/tickets", _recovery())
    header = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("ticket-"))
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Secure" not in header
    ticket = f"/api/v1/tickets/{answer.json['id']}"
    assert phone.get(ticket).json["code"] == answer.json["code"]
    assert status(inside.browser(), ticket) == 401
    assert phone.post(f"{ticket}/leave").status_code == 200


def test_cookies_are_secure_where_the_public_address_is(tmp_path: Path) -> None:
    house = Inside(tmp_path, "https://tent.example.org")
    browser = house.browser()
    answer = browser.post("enrol", {"code": house.badge("desk")})
    joined = browser.post(f"{EVENT}/tickets", _recovery())
    cookies = answer.headers.getlist("Set-Cookie") + joined.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie for cookie in cookies)
    house.close()


def test_a_join_repeated_under_its_key_answers_the_same_runner_key(inside: Inside) -> None:
    phone = inside.browser()
    first = phone.post(f"{EVENT}/tickets", _recovery(), Idempotency_Key="one").json
    again = phone.post(f"{EVENT}/tickets", _recovery(), Idempotency_Key="one").json
    assert (first["id"], first["key"]) == (again["id"], again["key"])
    assert len(bytes.fromhex(first["key"])) == 20


def test_a_forged_key_or_anothers_opens_nothing(inside: Inside) -> None:
    mine, other = inside.join(inside.browser()), inside.join(inside.browser())
    ticket, stranger = f"/api/v1/tickets/{mine['id']}", inside.browser()
    forged = ["0" * 40, other["key"], mine["key"][:-1] + ("0" if mine["key"][-1] != "0" else "1")]
    for key in forged:
        assert status(stranger, ticket, Authorization=f"Bearer {key}") == 403
        assert stranger.post(f"{ticket}/leave", Authorization=f"Bearer {key}").status_code == 403
        assert stranger.post(f"{ticket}/key", {"key": key}).status_code == 403
        stranger.set_cookie(f"ticket-{mine['id']}", key)
        assert status(stranger, ticket) == 401
    assert inside.day.tent.ticket(mine["id"]).state not in ("left", "done")
    assert status(stranger, f"{EVENT}/tent", Authorization=f"Bearer {mine['key']}") == 401


def test_keys_of_another_installation_open_nothing(inside: Inside, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other, mine = Inside(elsewhere), inside.join(inside.browser())
    assert other.auth.runner_key(mine["id"]) != inside.auth.runner_key(mine["id"])
    other.close()


def test_another_phone_gets_the_cookie_for_the_key_of_its_link(inside: Inside) -> None:
    mine, phone = inside.join(inside.browser()), inside.browser()
    ticket = f"/api/v1/tickets/{mine['id']}"
    assert phone.post(f"{ticket}/key", {"key": mine["key"]}).status_code == 200
    assert phone.get(ticket).json["code"] == mine["code"]
    assert phone.post(f"{ticket}/here").status_code in (200, 409)


def test_a_sockets_power_comes_from_what_it_shows(inside: Inside) -> None:
    mine = inside.join(inside.browser())
    hello = {"event": SLUG, "view": "ticket", "ticket": mine["id"]}
    key = inside.auth.socket_asker(hello | {"key": mine["key"]}, {})
    assert inside.auth.runner_may(key, mine["id"])
    forged = inside.auth.socket_asker(hello | {"key": "0" * 40}, {})
    assert not inside.auth.runner_may(forged, mine["id"])
    cookie = {"HTTP_COOKIE": f"a=b; ticket-{mine['id']}={mine['key']}"}
    assert inside.auth.socket_asker(hello, cookie).ticket == mine["id"]
    assert inside.auth.socket_asker(hello, {}).ticket is None
    with pytest.raises(Problem, match="not one of ours"):
        inside.auth.socket_asker(hello | {"token": "tq_no"}, {})


def test_a_staff_sockets_credential_is_refused_once_revoked(inside: Inside) -> None:
    browser, told = inside.signed_in("therapist", "ana")
    hello = {"event": SLUG, "view": "tent"}
    environ = {"HTTP_COOKIE": f"staff={browser.cookie('staff')}"}
    asker = inside.auth.socket_asker(hello, environ)
    assert (asker.power, asker.name, asker.therapist) == (Power.THERAPIST, "Ana", "ana")
    inside.house.storage.staff.revoke_member(SLUG, told["staff"], micros(inside.clock.now()))
    inside.idle += 0.6
    assert inside.auth.socket_asker(hello, environ) != asker


def test_a_socket_is_no_touch_and_outlives_the_lock_but_opens_none(inside: Inside) -> None:
    browser, _ = inside.signed_in("therapist", "ana")
    hello = {"event": SLUG, "view": "tent"}
    environ = {"HTTP_COOKIE": f"staff={browser.cookie('staff')}"}
    asker = inside.auth.socket_asker(hello, environ)
    for _ in range(301):
        inside.idle += 1
        assert inside.auth.socket_asker(hello, environ) == asker
    answer = browser.post(f"{EVENT}/therapists/ana/available")
    assert (answer.status_code, answer.json["code"]) == (401, "locked")
    with pytest.raises(Problem, match="locked"):
        inside.auth.socket_asker(hello, {"HTTP_COOKIE": environ["HTTP_COOKIE"]})


def test_a_session_of_another_event_counts_for_nothing_here(inside: Inside) -> None:
    browser, _ = inside.signed_in("desk")
    asker = inside.auth.socket_asker(
        {"event": "hill-10k", "view": "tent"}, {"HTTP_COOKIE": f"staff={browser.cookie('staff')}"}
    )
    assert asker.power is Power.RUNNER


def test_nobody_stays_signed_in_longer_than_fourteen_hours(inside: Inside) -> None:
    browser, _ = inside.signed_in("desk")
    inside.clock.at += timedelta(hours=13, minutes=59)
    assert status(browser, f"{EVENT}/tent") == 200
    inside.clock.at += timedelta(minutes=2)
    assert status(browser, f"{EVENT}/tent") == 401


def test_another_sites_page_commands_nothing_with_the_staffs_cookie(inside: Inside) -> None:
    browser, _ = inside.signed_in("therapist", "ana")
    for headers in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = browser.post(f"{EVENT}/therapists/ana/available", **headers)
        assert (answer.status_code, answer.json["code"]) == (403, "foreign_origin")
        assert browser.post("lock", **headers).status_code == 403


def _recovery() -> dict[str, Any]:
    return {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}


def test_a_runners_key_has_160_bits_of_its_own(inside: Inside) -> None:
    keys = [inside.join(inside.browser())["key"] for _ in range(2)]
    assert [len(bytes.fromhex(key)) for key in keys] == [20, 20]
    assert keys[0] != keys[1]
