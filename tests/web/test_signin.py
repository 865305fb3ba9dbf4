"""Staff sign-in: badges, PINs, passphrases, locks; each call refuses everybody else."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from tentqueue.logs import begin_log
from tentqueue.services.asker import Power
from tentqueue.services.secret import digest
from tentqueue.sign_in_links import new_setup_link, setup_link
from tentqueue.storage.entries import micros
from tentqueue.web import audience
from tentqueue.web.pins import STRANGERS_TRIES, TRIES_A_DAY
from tentqueue.web.staff import ROUTES
from tests.web.inside import EVENT, PASSPHRASE, SLUG, STAFF, Browser, Inside
from tests.web.test_commands import is_problem
from tests.web.test_qr import read

BODIES: dict[str, Any] = {
    "badges": {"role": "desk", "event": SLUG},
    "badge-sheet": {"event": SLUG},
    "tokens": None,
    "token-end": {"event": SLUG, "token": "token-000000"},
    "records": None,
    "wipe": {"event": SLUG},
    "webhooks": None,
    "webhook": {"event": SLUG, "url": "https://example.org/hook"},
    "webhook-test": {"event": SLUG, "webhook": "0" * 16},
    "webhook-end": {"event": SLUG, "webhook": "0" * 16},
    "members": None,
    "revoke": {"staff": "desk-1", "event": SLUG},
    "lock": {},
    "unlock": {"pin": "000000"},
    "stay": {},
    "me": None,
}


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A server with the real sign-in."""
    server = Inside(tmp_path)
    yield server
    server.close()


def wrong(pin: str) -> str:
    """Another PIN than `pin`."""
    return f"{(int(pin) + 1) % 10**6:06d}"


def sign_in(browser: Browser, told: dict[str, Any], pin: str | None = None) -> Any:
    """Try a PIN for whoever was told one."""
    body = {"event": SLUG, "staff": told["staff"], "pin": pin or told["pin"]}
    return browser.post("signin", body)


def ask(browser: Browser, name: str) -> Any:
    """Make a request of the staff."""
    body = BODIES[name]
    return browser.get(f"{name}?event={SLUG}") if body is None else browser.post(name, body)


# Every route says who may.


def test_every_route_of_the_staff_declares_its_audience(inside: Inside) -> None:
    routes = {r.rule for r in inside.app.url_map.iter_rules() if r.rule.startswith(STAFF)}
    assert routes == {route.path for route in ROUTES}
    assert all(route.who.powers and route.who.words for route in ROUTES)
    open_to_all = {route.name for route in ROUTES if route.who is audience.ANYONE}
    assert open_to_all == {"enrol", "passphrase", "signin", "signout", "names"}


@pytest.mark.parametrize(
    "route", [c for c in ROUTES if c.who is not audience.ANYONE], ids=lambda c: c.name
)
def test_a_route_of_the_staff_is_refused_to_everybody_else(inside: Inside, route: Any) -> None:
    is_problem(ask(inside.browser(), route.name), 401)
    for power in (Power.DESK, Power.BOARD):
        if power not in route.who.powers:
            browser, _ = inside.signed_in(power)
            is_problem(ask(browser, route.name), 403)


def test_a_therapist_can_make_no_badge_for_an_organiser(inside: Inside) -> None:
    browser, _ = inside.signed_in("therapist", "ana")
    is_problem(browser.post("badges", {"role": "organiser", "event": SLUG}), 403)
    header = inside.token("therapist", "ana")
    is_problem(inside.browser().post("badges", BODIES["badges"], **header), 403)


# Badges.


def test_a_badge_signs_one_device_in_and_tells_its_pin_once(inside: Inside) -> None:
    organiser = inside.organiser()
    made = organiser.post("badges", {"role": "therapist", "therapist": "ana", "event": SLUG}).json
    path, _, code = made["path"].partition("#")
    assert path == f"/{SLUG}/signin"
    tablet = inside.browser()
    answer = tablet.post("enrol", {"code": code})
    told = answer.json
    assert (told["name"], told["role"], told["to"]) == ("Ana", "therapist", f"/{SLUG}/tablet")
    assert len(told["pin"]) == 6
    assert tablet.get("me").json["therapist"] == "ana"
    assert "pin" not in tablet.get("me").json
    assert tablet.post(f"{EVENT}/therapists/ana/available").status_code == 200
    is_problem(inside.browser().post("enrol", {"code": code}), 410)


def test_of_many_who_reach_for_a_badge_one_gets_it(inside: Inside) -> None:
    code, answers = inside.badge("desk"), []

    def reach() -> None:
        answers.append(inside.browser().post("enrol", {"code": code}).status_code)

    threads = [threading.Thread(target=reach) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 410, 410, 410, 410, 410]


def test_a_badge_is_good_for_ten_minutes(inside: Inside) -> None:
    code = inside.badge("desk")
    inside.clock.at += timedelta(minutes=10, seconds=1)
    is_problem(inside.browser().post("enrol", {"code": code}), 410)


def test_a_second_eve_gets_a_name_of_her_own(inside: Inside) -> None:
    for expected in ("Eve", "Eve 2"):
        answer = inside.browser().post("enrol", {"code": inside.badge("desk"), "name": "Eve"})
        assert answer.json["name"] == expected


def test_badges_of_the_practice_day_stand_side_by_side_in_one_browser(inside: Inside) -> None:
    browser = inside.browser()
    for role, therapist in (("organiser", None), ("therapist", "ana"), ("desk", None)):
        body = {"code": inside.badge(role, therapist, lasting=True)}
        assert browser.post("enrol", body).json["pin"] is None
    seen = {
        screen: browser.get("me", Tentqueue_Screen=screen).json["role"]
        for screen in ("tablet", "desk", "organiser")
    }
    assert seen == {"tablet": "therapist", "desk": "desk", "organiser": "organiser"}
    inside.idle += 3600
    assert browser.get(f"{EVENT}/tent").status_code == 200


def test_the_practice_days_badges_may_be_taken_in_the_same_moment(inside: Inside) -> None:
    tabs = [inside.browser() for _ in range(3)]
    together = inside.browser()
    for tab, role in zip(tabs, ("organiser", "desk", "board"), strict=True):
        tab.post("enrol", {"code": inside.badge(role, lasting=True)})
        together.set_cookie(f"staff-{role}", tab.cookie(f"staff-{role}"))
    roles = [
        together.get("me", Tentqueue_Screen=screen).json["role"] for screen in ("organiser", "desk")
    ]
    assert roles == ["organiser", "desk"]


def test_signing_out_ends_every_session_of_the_practice_day(inside: Inside) -> None:
    browser = inside.browser()
    for role in ("organiser", "desk"):
        browser.post("enrol", {"code": inside.badge(role, lasting=True)})
    kept = browser.cookie("staff-desk")
    browser.post("signout", {})
    is_problem(browser.get("me"), 401)
    stolen = inside.browser()
    stolen.set_cookie("staff-desk", kept)
    is_problem(stolen.get("me"), 401)


def test_a_badge_of_the_tent_ends_the_browsers_session_before(inside: Inside) -> None:
    organiser = inside.organiser()
    before = organiser.cookie("staff")
    organiser.post("enrol", {"code": inside.badge("desk")})
    stolen = inside.browser()
    stolen.set_cookie("staff", before)
    is_problem(stolen.get("me"), 401)
    assert organiser.get("me").json["role"] == "desk"


# PINs.


def test_a_pin_signs_in_again_under_a_new_session(inside: Inside) -> None:
    tablet, told = inside.signed_in("therapist", "ana")
    before = tablet.cookie("staff")
    assert sign_in(tablet, told).status_code == 200
    assert tablet.cookie("staff") != before
    stale = inside.browser()
    stale.set_cookie("staff", before)
    is_problem(stale.get("me"), 401)


def test_a_planted_session_id_is_never_taken_over(inside: Inside) -> None:
    tablet, told = inside.signed_in("desk")
    tablet.post("signout")
    tablet.set_cookie("staff", "planted-by-somebody-else")
    assert sign_in(tablet, told).status_code == 200
    assert "planted" not in tablet.cookie("staff")
    attacker = inside.browser()
    attacker.set_cookie("staff", "planted-by-somebody-else")
    is_problem(attacker.get("me"), 401)


def test_a_pin_is_worth_nothing_on_a_device_nobody_enrolled(inside: Inside) -> None:
    _, told = inside.signed_in("desk")
    stranger = inside.browser()
    assert is_problem(sign_in(stranger, told), 401)["code"] == "not_enrolled"
    is_problem(stranger.get(f"names?event={SLUG}"), 401)
    stranger.set_cookie(f"enrolled-{SLUG}", f"{told['staff']}.1.{'0' * 64}")
    assert is_problem(sign_in(stranger, told), 401)["code"] == "not_enrolled"


def test_guessing_stops_at_thirty_a_day_even_with_the_right_pin(inside: Inside) -> None:
    tablet, told = inside.signed_in("desk")
    for _ in range(TRIES_A_DAY):
        assert is_problem(sign_in(tablet, told, wrong(told["pin"])), 403)["code"] == "wrong_pin"
    refused = sign_in(tablet, told)
    assert is_problem(refused, 429)["code"] == "too_many_tries"
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600 + 1
    is_problem(tablet.post("unlock", {"pin": told["pin"]}), 429)
    inside.clock.at += timedelta(days=1)
    assert sign_in(tablet, told).status_code == 200


def test_thirty_are_thirty_when_guessed_all_at_once(inside: Inside) -> None:
    tablet, told = inside.signed_in("desk")
    mark, guess = tablet.cookie(f"enrolled-{SLUG}"), wrong(told["pin"])
    codes: list[int] = []

    def guesses() -> None:
        browser = inside.browser()
        browser.set_cookie(f"enrolled-{SLUG}", mark)
        codes.extend(sign_in(browser, told, guess).status_code for _ in range(9))

    threads = [threading.Thread(target=guesses) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (codes.count(403), codes.count(429)) == (30, 6)


def test_a_right_pin_between_wrong_ones_buys_no_more_guesses(inside: Inside) -> None:
    tablet, told = inside.signed_in("desk")
    for number in range(TRIES_A_DAY):
        sign_in(tablet, told, wrong(told["pin"]))
        if number == 10:
            assert sign_in(tablet, told).status_code == 200
    is_problem(sign_in(tablet, told), 429)


def test_a_new_badge_gives_a_locked_out_therapist_a_new_pin(inside: Inside) -> None:
    tablet, told = inside.signed_in("therapist", "ana")
    for _ in range(TRIES_A_DAY):
        sign_in(tablet, told, wrong(told["pin"]))
    _, anew = inside.signed_in("therapist", "ana")
    assert anew["staff"] == told["staff"]
    assert sign_in(tablet, anew).status_code == 200


def test_no_pin_is_kept_in_clear(inside: Inside) -> None:
    _, told = inside.signed_in("desk")
    member = inside.house.storage.staff.member(SLUG, told["staff"])
    assert member is not None
    assert member.pin_hash is not None
    assert member.pin_hash.startswith("$argon2id$")
    assert told["pin"] not in member.pin_hash


# Locks.


def test_an_untouched_screen_locks_after_five_minutes_and_keeps_its_place(inside: Inside) -> None:
    tablet, told = inside.signed_in("therapist", "ana")
    session = tablet.cookie("staff")
    inside.idle += 301
    problem = is_problem(tablet.post(f"{EVENT}/therapists/ana/available"), 401)
    assert problem["code"] == "locked"
    is_problem(tablet.get(f"{EVENT}/tent"), 401)
    is_problem(tablet.post("stay"), 401)
    is_problem(tablet.post("unlock", {"pin": wrong(told["pin"])}), 403)
    assert tablet.get("me").json["locked"]
    assert tablet.post("unlock", {"pin": told["pin"]}).status_code == 200
    assert tablet.cookie("staff") == session
    assert tablet.post(f"{EVENT}/therapists/ana/available").status_code == 200


def test_touches_keep_a_screen_open_but_what_a_page_fetches_by_itself_does_not(
    inside: Inside,
) -> None:
    touched, _ = inside.signed_in("desk")
    left, _ = inside.signed_in("desk")
    for _ in range(3):
        inside.idle += 120
        assert touched.post("stay").status_code == 200
        left.get(f"{EVENT}/tent")
    assert touched.get(f"{EVENT}/tent").status_code == 200
    assert is_problem(left.get(f"{EVENT}/tent"), 401)["code"] == "locked"


def test_a_locked_screen_is_locked_after_a_restart_too(inside: Inside, tmp_path: Path) -> None:
    tablet, told = inside.signed_in("desk")
    assert tablet.post("lock").status_code == 200
    again = Inside(tmp_path)
    browser = again.browser()
    browser.set_cookie("staff", tablet.cookie("staff"))
    assert is_problem(browser.get(f"{EVENT}/tent"), 401)["code"] == "locked"
    assert browser.post("unlock", {"pin": told["pin"]}).status_code == 200
    assert browser.get(f"{EVENT}/tent").status_code == 200
    again.close()


def test_after_signing_out_the_cookie_opens_nothing(inside: Inside) -> None:
    tablet, _ = inside.signed_in("desk")
    kept = tablet.cookie("staff")
    assert tablet.post("signout").status_code == 200
    assert tablet.cookie("staff") == ""
    tablet.set_cookie("staff", kept)
    is_problem(tablet.get("me"), 401)


# Organisers.


def test_a_stolen_tablet_is_out_at_once(inside: Inside) -> None:
    organiser = inside.organiser()
    stolen, told = inside.signed_in("therapist", "ana")
    listed = organiser.get(f"members?event={SLUG}").json["members"]
    assert [(m["name"], m["devices"], m["revoked"]) for m in listed] == [("Ana", 1, False)]
    assert listed[0]["last_seen"] is not None
    answer = organiser.post("revoke", {"event": SLUG, "staff": told["staff"]})
    assert answer.json["members"][0]["revoked"]
    is_problem(stolen.get(f"{EVENT}/tent"), 401)
    is_problem(stolen.get(f"names?event={SLUG}"), 401)
    is_problem(sign_in(stolen, told), 401)


def test_nobody_revokes_whom_nobody_knows(inside: Inside) -> None:
    answer = inside.organiser().post("revoke", {"event": SLUG, "staff": "nobody"})
    assert is_problem(answer, 404)["code"] == "unknown_staff"


def test_the_set_up_link_works_once_and_is_printed_until_somebody_used_it(inside: Inside) -> None:
    link = setup_link(inside.house) or ""
    path, _, code = link.partition("#")
    assert path == "/setup"
    browser = inside.browser()
    body = {"code": code, "passphrase": PASSPHRASE, "name": "Olu"}
    is_problem(browser.post("passphrase", body | {"passphrase": "fourteen chars"}), 422)
    told = browser.post("passphrase", body).json
    assert (told["name"], told["to"]) == ("Olu", f"/{SLUG}/organiser")
    other = body | {"passphrase": "somebody else's words"}
    is_problem(inside.browser().post("passphrase", other), 410)
    assert setup_link(inside.house) is None
    assert browser.get(f"{EVENT}/journal").status_code == 200


def test_a_set_up_whose_answer_was_lost_is_repeated_with_the_same_words(inside: Inside) -> None:
    code = (setup_link(inside.house) or "").partition("#")[2]
    body = {"code": code, "passphrase": PASSPHRASE, "name": "Olu"}
    inside.browser().post("passphrase", body)
    again = inside.browser()
    assert again.post("passphrase", body).json["role"] == "organiser"
    assert again.get(f"{EVENT}/journal").status_code == 200
    for _ in range(STRANGERS_TRIES):
        other = body | {"passphrase": "a guess of some length"}
        is_problem(inside.browser().post("passphrase", other), 410)
    is_problem(inside.browser().post("passphrase", body), 410)


def test_a_new_passphrase_ends_the_old_one_and_what_it_opened(inside: Inside) -> None:
    before = inside.organiser()
    code = new_setup_link(inside.house.storage, inside.clock.now()).partition("#")[2]
    assert before.get(f"{EVENT}/journal").status_code == 200, "until the link is used"
    fresh = "a herd of quick zebras"
    answer = inside.browser().post("passphrase", {"code": code, "passphrase": fresh})
    assert answer.status_code == 200
    is_problem(before.get(f"{EVENT}/journal"), 401)
    body = {"event": SLUG, "staff": "organiser"}
    is_problem(inside.browser().post("signin", body | {"pin": PASSPHRASE}), 403)
    assert inside.browser().post("signin", body | {"pin": fresh}).status_code == 200


def test_a_badge_is_drawn_in_the_answer_and_its_code_stands_in_no_address(inside: Inside) -> None:
    made = inside.organiser().post("badges", {"role": "desk", "event": SLUG}).json
    side, drawn = made["qr"]["side"], made["qr"]["path"]
    svg = f'<svg viewBox="0 0 {side} {side}"><path d="{drawn}"/></svg>'
    assert read(svg.encode()).text == made["url"]
    assert made["url"].partition("#")[0].endswith(f"/{SLUG}/signin")
    spots = {name for r in inside.app.url_map.iter_rules() for name in r.arguments}
    assert not spots & {"code", "badge", "key", "token", "pin"}


def test_organisers_see_and_end_the_tokens_of_programs(inside: Inside) -> None:
    organiser, program = inside.organiser(), inside.token("desk")
    assert inside.browser().get(f"{EVENT}/tent", **program).status_code == 200
    listed = organiser.get(f"tokens?event={SLUG}")
    (one,) = listed.json["tokens"]
    assert (one["role"], one["revoked"]) == ("desk", False)
    assert program["Authorization"].partition(" ")[2] not in listed.text
    ended = organiser.post("token-end", {"event": SLUG, "token": one["token"]})
    assert ended.json["tokens"][0]["revoked"]
    inside.idle += 0.6
    is_problem(inside.browser().get(f"{EVENT}/tent", **program), 401)
    unknown = organiser.post("token-end", {"event": SLUG, "token": "token-000000"})
    assert is_problem(unknown, 404)["code"] == "unknown_token"


def test_a_set_up_code_is_no_badge_and_a_badge_no_set_up_code(inside: Inside) -> None:
    code = (setup_link(inside.house) or "").partition("#")[2]
    is_problem(inside.browser().post("enrol", {"code": code}), 410)
    body = {"code": inside.badge("desk"), "passphrase": PASSPHRASE}
    is_problem(inside.browser().post("passphrase", body), 410)
    body = {"code": code, "passphrase": PASSPHRASE}
    assert inside.browser().post("passphrase", body).status_code == 200


def test_the_organiser_signs_in_anywhere_by_passphrase(inside: Inside) -> None:
    inside.organiser()
    browser = inside.browser()
    body = {"event": SLUG, "staff": "organiser", "pin": PASSPHRASE}
    is_problem(browser.post("signin", body | {"pin": "a herd of fast zebras"}), 403)
    assert browser.post("signin", body).json["role"] == "organiser"
    assert browser.get(f"{EVENT}/journal").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"role": "runner", "event": SLUG},
        {"role": "system", "event": SLUG},
        {"role": "therapist", "event": SLUG},
        {"role": "desk", "therapist": "ana", "event": SLUG},
        {"role": "desk"},
    ],
)
def test_a_badge_that_makes_no_sense_is_not_made(inside: Inside, body: dict[str, str]) -> None:
    problem = is_problem(inside.organiser().post("badges", body), 422)
    assert problem["fields"]


def test_a_badge_for_a_therapist_nobody_knows_is_not_made(inside: Inside) -> None:
    body = {"role": "therapist", "therapist": "nobody", "event": SLUG}
    is_problem(inside.organiser().post("badges", body), 404)


def test_a_revoked_session_of_another_process_is_out_within_a_second(inside: Inside) -> None:
    tablet, _ = inside.signed_in("desk")
    sid = digest(tablet.cookie("staff"))
    assert inside.house.storage.staff.revoke_session(sid, micros(inside.clock.now()))
    inside.idle += 0.6
    is_problem(tablet.get(f"{EVENT}/tent"), 401)


def test_on_a_runners_screen_a_signed_in_volunteer_is_a_runner(inside: Inside) -> None:
    phone, _ = inside.signed_in("organiser")
    body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:00Z"}
    joined = phone.post(f"{EVENT}/tickets", body, Tentqueue_Screen="join").json
    assert phone.cookie(f"ticket-{joined['id']}") == joined["key"]
    is_problem(phone.get(f"{EVENT}/tent", Tentqueue_Screen="ticket"), 401)


def test_strangers_guesses_do_not_lock_the_organiser_out_of_their_own_device(
    inside: Inside,
) -> None:
    organiser, stranger = inside.organiser(), inside.browser()
    guess = {"event": SLUG, "staff": "organiser", "pin": "a guess of some length"}
    for _ in range(STRANGERS_TRIES):
        is_problem(stranger.post("signin", guess), 403)
    for pin in (guess["pin"], PASSPHRASE):
        is_problem(stranger.post("signin", guess | {"pin": pin}), 429)
    organiser.post("lock")
    assert organiser.post("unlock", {"pin": PASSPHRASE}).status_code == 200
    organiser.post("signout")
    signed_in = organiser.post("signin", {"event": SLUG, "staff": "organiser", "pin": PASSPHRASE})
    assert signed_in.status_code == 200


def test_known_devices_and_strangers_together_have_thirty_guesses(inside: Inside) -> None:
    organiser, stranger = inside.organiser(), inside.browser()
    guess = {"event": SLUG, "staff": "organiser", "pin": "a guess of some length"}
    answers = [stranger.post("signin", guess).status_code for _ in range(STRANGERS_TRIES + 1)]
    answers += [organiser.post("signin", guess).status_code for _ in range(TRIES_A_DAY)]
    assert answers.count(403) == TRIES_A_DAY
    assert answers[-1] == 429


def test_who_signs_in_or_tries_to_is_logged_without_a_name_or_a_secret(
    inside: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    begin_log("info")
    organiser = inside.organiser()
    code = inside.badge("desk")
    desk = inside.browser()
    told = desk.post("enrol", {"code": code, "name": "CANARYNAME"}).json
    sign_in(desk, told, wrong(told["pin"]))
    sign_in(desk, told)
    organiser.post("revoke", {"event": SLUG, "staff": told["staff"]})
    said = capsys.readouterr().err
    structlog.reset_defaults()
    kinds = re.findall(r"event='(\w+)'", said)
    assert kinds == ["signed_in", "signed_in", "wrong_pin", "signed_in", "account_ended"]
    for secret in ("CANARYNAME", told["pin"], code, PASSPHRASE, desk.cookie("staff")):
        assert not secret or secret not in said


@pytest.mark.parametrize(
    "plain",
    [
        "massage tent 2027",
        "Riverside Half Queue",
        "olu's race password",
        "qwertyuiop123456",
        "passwordpassword",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
    ],
)
def test_a_passphrase_of_words_everybody_would_try_first_is_refused(
    inside: Inside, plain: str
) -> None:
    _, _, code = (setup_link(inside.house) or "").partition("#")
    body = {"code": code, "passphrase": plain, "name": "Olu"}
    refused = is_problem(inside.browser().post("passphrase", body), 422)
    assert "passphrase" in refused["fields"]
    # The link is still good.
    assert inside.browser().post("passphrase", body | {"passphrase": PASSPHRASE}).status_code == 200


def test_a_passphrase_may_have_words_of_the_place_among_others(inside: Inside) -> None:
    _, _, code = (setup_link(inside.house) or "").partition("#")
    body = {"code": code, "passphrase": "massage for hungry zebras", "name": "Olu"}
    assert inside.browser().post("passphrase", body).status_code == 200
