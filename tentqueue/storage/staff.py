"""The staff's accounts, sessions, tokens and badges.

Secrets are kept as digests only, made by the caller. Instants are microseconds UTC and handed in.
An empty event means the whole installation.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Table,
    bindparam,
    case,
    delete,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from tentqueue.services.accounts import Badge, Member, Session, Token
from tentqueue.storage.connection import Reader
from tentqueue.storage.schema import badges, sessions, staff, tokens
from tentqueue.storage.statement import Statement, Value
from tentqueue.storage.transaction import Transaction
from tentqueue.storage.writer import Writer

T = TypeVar("T")


def _put(table: Table) -> Statement:
    """Inserts a row or replaces the one with its primary key."""
    new = insert(table)
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.c]
    return Statement(
        new.on_conflict_do_update(
            index_elements=keys,
            set_={name: new.excluded[name] for name in names if name not in keys},
        ),
        columns=names,
    )


_now: BindParameter[int] = bindparam("now")
_member = (staff.c.event == bindparam("of_event"), staff.c.id == bindparam("of_id"))
_of_session = sessions.c.sid_hash == bindparam("of_sid")
_of_token = tokens.c.hash == bindparam("of_hash")
_of_badge = badges.c.code_hash == bindparam("of_code")

_puts = {
    Member: _put(staff),
    Session: _put(sessions),
    Token: _put(tokens),
    Badge: _put(badges),
}
_get_member = Statement(select(*staff.c).where(*_member))
_members = Statement(
    select(*staff.c).where(staff.c.event == bindparam("of_event")).order_by(staff.c.name)
)
_over = staff.c.locked_until <= _now
_take_try = Statement(
    update(staff)
    .where(*_member)
    .where(or_(staff.c.failures < bindparam("tries"), _over))
    .values(
        failures=case((_over, 1), else_=staff.c.failures + 1),
        locked_until=case(
            (or_(_over, staff.c.locked_until.is_(None)), bindparam("until", type_=BigInteger)),
            else_=staff.c.locked_until,
        ),
    )
)
_give_try_back = Statement(
    update(staff)
    .where(*_member)
    .where(staff.c.failures > 0)
    .values(
        failures=staff.c.failures - 1,
        locked_until=case((staff.c.failures > 1, staff.c.locked_until), else_=null()),
    )
)
_revoke_member = Statement(update(staff).where(*_member).values(revoked_at=_now))
_get_session = Statement(select(*sessions.c).where(_of_session))
_sessions = Statement(
    select(*sessions.c)
    .where(sessions.c.event == bindparam("of_event"))
    .where(sessions.c.revoked_at.is_(None))
    .order_by(sessions.c.created_at)
)
_touch_session = Statement(update(sessions).where(_of_session).values(seen_at=_now))
_revoke_session = Statement(update(sessions).where(_of_session).values(revoked_at=_now))
_revoke_sessions = Statement(
    update(sessions)
    .where(sessions.c.event == bindparam("of_event"))
    .where(sessions.c.staff == bindparam("of_id"))
    .where(sessions.c.revoked_at.is_(None))
    .values(revoked_at=_now)
)
_get_token = Statement(select(*tokens.c).where(_of_token))
_tokens = Statement(
    select(*tokens.c).where(tokens.c.event == bindparam("of_event")).order_by(tokens.c.created_at)
)
_revoke_token = Statement(update(tokens).where(_of_token).values(revoked_at=_now))
_get_badge = Statement(select(*badges.c).where(_of_badge))
_take_badge = Statement(
    update(badges)
    .where(_of_badge)
    .where(badges.c.used_at.is_(None))
    .where(badges.c.expires_at > bindparam("not_after"))
    .values(used_at=_now)
)
_forget_stale = (
    Statement(
        delete(sessions).where(
            or_(sessions.c.revoked_at.is_not(None), sessions.c.seen_at < bindparam("before"))
        )
    ),
    Statement(delete(badges).where(badges.c.expires_at < bindparam("before"))),
)
_withdraw_badges = Statement(
    delete(badges)
    .where(badges.c.event == bindparam("of_event"))
    .where(badges.c.used_at.is_(None))
    .where(func.substr(badges.c.code_hash, 1, bindparam("long")) == bindparam("mark"))
)


class Staff:
    """Looks up and changes who of the staff may do what. Every change waits until it is kept."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    def put(self, row: Member | Session | Token | Badge) -> None:
        """Keeps an account, session, token or badge, replacing the one of the same key."""
        names = row.__dataclass_fields__
        self._change(_puts[type(row)], **{name: getattr(row, name) for name in names})

    def member(self, event: str, member_id: str) -> Member | None:
        """One of the staff."""
        return self._one(Member, _get_member, of_event=event, of_id=member_id)

    def members(self, event: str) -> list[Member]:
        """All of an event's staff, by name, the revoked ones too."""
        return [Member(*row) for row in self._reader.rows(_members, of_event=event)]

    def take_try(self, event: str, member_id: str, tries: int, now: int, until: int) -> int | None:
        """Counts one try at a PIN before it is looked at, so that workers together allow no more
        than `tries`; gives the count, or None when there is none left. `until` is when the first
        of them is forgotten."""

        def take(transaction: Transaction) -> int | None:
            who: dict[str, Value] = {"of_event": event, "of_id": member_id}
            taken = transaction.run(_take_try, tries=tries, now=now, until=until, **who)
            if not taken.rowcount:
                return None
            return Member(*transaction.rows(_get_member, **who)[0]).failures

        return self._writer.submit(take).wait()

    def give_try_back(self, event: str, member_id: str) -> None:
        """The PIN was right: this try does not count."""
        self._change(_give_try_back, of_event=event, of_id=member_id)

    def revoke_member(self, event: str, member_id: str, at: int) -> None:
        """Ends an account and every session of it, at once."""

        def revoke(transaction: Transaction) -> None:
            for statement in (_revoke_member, _revoke_sessions):
                transaction.run(statement, of_event=event, of_id=member_id, now=at)

        self._writer.submit(revoke).wait()

    def session(self, sid_hash: bytes) -> Session | None:
        """A session, revoked or not."""
        return self._one(Session, _get_session, of_sid=sid_hash)

    def sessions(self, event: str) -> list[Session]:
        """Sessions of an event that are not revoked, the oldest first."""
        return [Session(*row) for row in self._reader.rows(_sessions, of_event=event)]

    def touch_session(self, sid_hash: bytes, at: int) -> None:
        """The session was used."""
        self._change(_touch_session, of_sid=sid_hash, now=at)

    def revoke_session(self, sid_hash: bytes, at: int) -> bool:
        """Ends a session; False if there is none."""
        return bool(self._change(_revoke_session, of_sid=sid_hash, now=at))

    def token(self, token_hash: bytes) -> Token | None:
        """A token, revoked or not; one made by another process is seen at once."""
        return self._one(Token, _get_token, of_hash=token_hash)

    def tokens(self, event: str) -> list[Token]:
        """An event's tokens, the oldest first."""
        return [Token(*row) for row in self._reader.rows(_tokens, of_event=event)]

    def revoke_token(self, token_hash: bytes, at: int) -> bool:
        """Ends a token; False if there is none."""
        return bool(self._change(_revoke_token, of_hash=token_hash, now=at))

    def take_badge(self, code_hash: bytes, at: int) -> Badge | None:
        """Uses a badge up; None if it is unknown, used or too old. Of two takers one gets it."""

        def take(transaction: Transaction) -> Badge | None:
            taken = transaction.run(_take_badge, of_code=code_hash, not_after=at, now=at)
            if not taken.rowcount:
                return None
            return Badge(*transaction.rows(_get_badge, of_code=code_hash)[0])

        return self._writer.submit(take).wait()

    def badge(self, code_hash: bytes) -> Badge | None:
        """A badge, used or not."""
        return self._one(Badge, _get_badge, of_code=code_hash)

    def withdraw_badges(self, event: str, mark: bytes) -> int:
        """Ends an event's unused badges whose digest begins with `mark`; says how many."""
        return self._change(_withdraw_badges, of_event=event, long=len(mark), mark=mark)

    def forget_stale(self, before: int) -> None:
        """Drops revoked sessions, those unused since `before`, and badges that ended before."""
        for statement in _forget_stale:
            self._change(statement, before=before)

    def _change(self, statement: Statement, **values: Value) -> int:
        def change(transaction: Transaction) -> int:
            return transaction.run(statement, **values).rowcount

        return self._writer.submit(change).wait()

    def _one(self, kind: type[T], statement: Statement, **values: Value) -> T | None:
        row = self._reader.first(statement, **values)
        return kind(*row) if row else None
