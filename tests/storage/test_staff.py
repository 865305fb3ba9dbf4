"""Accounts, sessions, tokens and badges."""

from __future__ import annotations

import threading

from tentqueue.storage import Badge, Member, Session, Staff, Storage, Token

DORA = Member("riverside", "dora", "therapist", "Dora", therapist="Dora", pin_hash="argon2")


def test_tries_are_counted_before_and_a_right_one_is_given_back(storage: Storage) -> None:
    storage.staff.put(DORA)
    take, who = storage.staff.take_try, ("riverside", "dora")
    assert [take(*who, tries=3, now=5, until=99) for _ in range(4)] == [1, 2, 3, None]
    locked = storage.staff.member(*who)
    assert locked is not None
    assert (locked.failures, locked.locked_until) == (3, 99)
    storage.staff.give_try_back(*who)
    assert take(*who, tries=3, now=6, until=100) == 3
    for _ in range(3):
        storage.staff.give_try_back(*who)
    assert storage.staff.members("riverside") == [DORA]


def test_a_day_after_the_first_wrong_try_it_counts_from_one_again(storage: Storage) -> None:
    storage.staff.put(DORA)
    for _ in range(3):
        storage.staff.take_try("riverside", "dora", tries=3, now=5, until=99)
    assert storage.staff.take_try("riverside", "dora", tries=3, now=99, until=199) == 1
    fresh = storage.staff.member("riverside", "dora")
    assert fresh is not None
    assert fresh.locked_until == 199


def test_of_many_tries_at_once_by_two_programs_no_more_than_allowed_pass(
    storage: Storage, url: str
) -> None:
    storage.staff.put(DORA)
    other, passed = Storage.open(url), []

    def tries(staff: Staff) -> None:
        passed.extend(staff.take_try("riverside", "dora", 10, 5, 99) for _ in range(12))

    threads = [threading.Thread(target=tries, args=(s.staff,)) for s in (storage, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(count for count in passed if count) == list(range(1, 11))


def test_a_try_of_nobody_counts_nothing(storage: Storage) -> None:
    assert storage.staff.take_try("riverside", "nobody", tries=3, now=5, until=9) is None
    assert storage.staff.member("riverside", "nobody") is None


def test_revoking_an_account_ends_its_sessions_at_once(storage: Storage) -> None:
    storage.staff.put(DORA)
    for sid, staff in ((b"1", "dora"), (b"2", "dora"), (b"3", "chidi")):
        storage.staff.put(Session(sid, staff, "riverside", "therapist", None, 5, 5))
    storage.staff.revoke_member("riverside", "dora", at=9)
    assert [session.staff for session in storage.staff.sessions("riverside")] == ["chidi"]
    ended = storage.staff.session(b"1")
    assert ended is not None
    assert ended.revoked_at == 9
    revoked = storage.staff.member("riverside", "dora")
    assert revoked is not None
    assert revoked.revoked_at == 9


def test_a_session_is_touched_revoked_and_forgotten(storage: Storage) -> None:
    storage.staff.put(Session(b"1", "dora", "riverside", "therapist", None, 5, 5))
    storage.staff.touch_session(b"1", at=7)
    storage.staff.forget_stale(before=6)
    session = storage.staff.session(b"1")
    assert session is not None
    assert session.seen_at == 7
    assert storage.staff.revoke_session(b"1", at=8)
    assert not storage.staff.revoke_session(b"unknown", at=8)
    storage.staff.forget_stale(before=6)
    assert storage.staff.session(b"1") is None


def test_a_token_made_by_another_program_works_at_once(storage: Storage, url: str) -> None:
    other = Storage.open(url)
    other.staff.put(Token(b"h", "riverside", "organiser", None, 5))
    other.close()
    assert storage.staff.token(b"h") == Token(b"h", "riverside", "organiser", None, 5)
    assert storage.staff.revoke_token(b"h", at=6)
    assert [token.revoked_at for token in storage.staff.tokens("riverside")] == [6]
    assert storage.staff.token(b"other") is None


def test_a_badge_is_taken_once_however_many_reach_for_it(storage: Storage) -> None:
    storage.staff.put(Badge(b"code", "riverside", "therapist", "Ana", expires_at=100))
    taken: list[Badge | None] = []

    def reach() -> None:
        taken.append(storage.staff.take_badge(b"code", at=50))

    threads = [threading.Thread(target=reach) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [badge for badge in taken if badge is not None]
    assert winners == [Badge(b"code", "riverside", "therapist", "Ana", 100, used_at=50)]


def test_an_old_or_unknown_badge_opens_nothing(storage: Storage) -> None:
    storage.staff.put(Badge(b"code", "riverside", "therapist", None, expires_at=100))
    assert storage.staff.take_badge(b"code", at=100) is None
    assert storage.staff.take_badge(b"other", at=1) is None
