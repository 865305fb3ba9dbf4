"""Who may call which route: the second opinion, written by hand beside what the code declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Who = frozenset[str]


def _who(*names: str) -> Who:
    return frozenset(names)


RUNNERS = _who("nobody", "own", "other")
SCREENS = _who("board", "kiosk")
DESK, ORGANISER = _who("desk"), _who("organiser", "owner")
"""`organiser` is of this event, `owner` of the whole server."""
TABLES = _who("ana", "ben")
STAFF = DESK | TABLES | ORGANISER
ANYONE = RUNNERS | SCREENS | STAFF
AT_THE_DESK = DESK | ORGANISER
HOLDER = _who("own") | AT_THE_DESK


@dataclass(frozen=True)
class Door:
    """One route: who comes in, and what they are told who do, without anything being changed."""

    who: Who
    fine: Who | frozenset[int] = frozenset({200})
    body: Mapping[str, Any] | None = None
    cookies_only: bool = False
    parts: Mapping[str, str] = field(default_factory=dict)


_WRONG = {"no_such_field": 1}
_NAMED = {"event": "riverside-half", "no_such_field": 1}


def _page(who: Who = ANYONE, **more: Any) -> Door:
    return Door(who, **more)


def _command(who: Who, **more: Any) -> Door:
    """A command with a field nobody knows: who may call is told so, and nothing happens."""
    return Door(who, frozenset({422}), **{"body": _WRONG, **more})


def _of_staff(who: Who, **more: Any) -> Door:
    return _command(who, body=_NAMED, **more)


DOORS: dict[str, Door] = {
    "pages.home": _page(),
    "pages.setup": _page(),
    "pages.join": _page(),
    "pages.board": _page(),
    "pages.poster": _page(),
    "pages.signin": _page(),
    "pages.ticket": _page(),
    "pages.presented": _page(fine=frozenset({200, 302})),
    "pages.kiosk": _page(_who("kiosk") | AT_THE_DESK),
    "pages.staff": _page(ORGANISER, parts={"screen": "organiser"}),
    "pages.staff desk": _page(AT_THE_DESK, parts={"screen": "desk"}),
    "pages.staff tablet": _page(STAFF, parts={"screen": "tablet"}),
    "keeping.privacy": _page(),
    "keeping.records": _page(ORGANISER),
    "lists.page": _page(ORGANISER),
    "access.page": _page(ORGANISER),
    "hooks.page": _page(ORGANISER),
    "doctor.page": _page(ORGANISER),
    "event_setup.page": _page(_who("owner")),
    "event_setup.change": _page(ORGANISER),
    "home_screen.manifest": _page(),
    "home_screen.icon": _page(fine=frozenset({302})),
    "home_screen.offline": _page(),
    "openapi.docs": _page(),
    "openapi.openapi": _page(),
    "health.healthz": _page(),
    "health.readyz": _page(),
    "health.numbers": _page(),
    "qr.join": _page(),
    "qr.presented": _page(),
    "report.page": _page(ORGANISER),
    "report.printed": _page(ORGANISER),
    "report.numbers": _page(ORGANISER, parts={"table": "no-such-table"}, fine=frozenset({404})),
    # The sheet is named and not there: who may print is told so.
    "papers.sheets": _page(ORGANISER, parts={"kind": "badges"}, fine=frozenset({404})),
    "record.record": _page(TABLES, fine=frozenset({404})),
    "api.event": _page(),
    "api.board": _page(),
    "api.tent": _page(STAFF),
    "api.journal": _page(ORGANISER),
    "api.ticket": _page(_who("own") | STAFF),
    "api.find": _command(ANYONE),
    "event_setup.file": _page(ORGANISER),
    "event_setup.check": Door(ORGANISER, body={"event": "riverside-half", "file": {}}),
    "event_setup.save": Door(
        ORGANISER, frozenset({422}), body={"event": "riverside-half", "file": {}}
    ),
    "feed.finishers": _command(ORGANISER),
    "lists.upload": _command(ORGANISER),
    "lists.state": _page(ORGANISER, parts={"file": "none"}, fine=frozenset({404})),
    "lists.check": _command(ORGANISER, parts={"file": "none"}),
    "lists.take": _command(ORGANISER, parts={"file": "none"}),
    "push.push": Door(HOLDER, frozenset({404, 422}), body=_WRONG),
    "receipt.receipt": _command(_who("kiosk") | AT_THE_DESK),
    "commands.join": _command(ANYONE - {"board"}),
    "commands.leave": _command(HOLDER),
    "commands.delay": _command(HOLDER),
    "commands.here": _command(HOLDER),
    "commands.erase": _command(HOLDER),
    "commands.nextday": _command(HOLDER),
    "commands.screening": _command(_who("own") | STAFF),
    "commands.available": _command(_who("ana") | AT_THE_DESK),
    "commands.break": _command(_who("ana") | AT_THE_DESK),
    "commands.off": _command(_who("ana") | AT_THE_DESK),
    "commands.shift": _command(ORGANISER),
    "commands.table": _command(ORGANISER),
    "commands.start": _command(STAFF),
    "commands.finish": _command(STAFF),
    "commands.clean": _command(STAFF),
    "commands.no-show": _command(STAFF),
    "commands.refer": _command(STAFF),
    "commands.extend": _command(STAFF),
    "commands.hold": _command(STAFF),
    "commands.recall": _command(STAFF),
    "commands.paper": _command(AT_THE_DESK),
    "commands.move": _command(ORGANISER),
    "commands.open": _command(ORGANISER),
    "commands.close": _command(ORGANISER),
    "commands.pause": _command(ORGANISER),
    "commands.made-up": _command(ORGANISER),
    "commands.undo": _command(STAFF),
    "commands.announce": _command(ORGANISER),
    "staff.badges": _of_staff(ORGANISER),
    "staff.badge-sheet": _of_staff(ORGANISER),
    "staff.members": _page(ORGANISER),
    "staff.revoke": _of_staff(ORGANISER),
    "staff.tokens": _page(ORGANISER),
    "staff.token-end": _of_staff(ORGANISER),
    "staff.records": _page(ORGANISER),
    "staff.wipe": _of_staff(ORGANISER),
    "staff.webhooks": _page(ORGANISER),
    "staff.webhook": _of_staff(ORGANISER),
    "staff.webhook-end": _of_staff(ORGANISER),
    "staff.webhook-test": _of_staff(ORGANISER),
    "staff.enrol": _of_staff(ANYONE),
    "staff.passphrase": _of_staff(ANYONE),
    "staff.signin": _of_staff(ANYONE),
    "staff.signout": _of_staff(ANYONE),
    # Whose PINs there are is told to enrolled devices only, and enrolling leaves a cookie.
    "staff.names": _page(STAFF - {"owner"}, cookies_only=True),
    "staff.lock": _of_staff(SCREENS | STAFF, cookies_only=True),
    "staff.unlock": _of_staff(SCREENS | STAFF, cookies_only=True),
    "staff.stay": _of_staff(SCREENS | STAFF, cookies_only=True),
    "staff.me": _page(SCREENS | STAFF, cookies_only=True),
    "staff.key": _command(ANYONE),
}
"""By endpoint, or endpoint and screen where one route has several doors."""
