"""A race day on which every personal field holds a canary: a word that occurs nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tentqueue.app import create_app
from tentqueue.services.roster.listed import Listed
from tentqueue.settings import Settings
from tentqueue.storage.backup import write_backup
from tests.cast import NOON, race
from tests.test_web_push import Browser as PushBrowser
from tests.web.inside import EVENT, SLUG, Browser, Inside
from tests.web.outside import Hands

ENDPOINT = "https://fcm.googleapis.com/fcm/send/CANARYENDPOINT"
TOLD = {
    "name": "CANARYNAME",
    "bib": "CANARYBIB",
    "word": "CANARYWORD",
    "areas": ["knees"],
    "screening": "ask",
}
LATER = "2027-04-25T11:31:00Z"
TYPED = ("CANARYNAME", "CANARYBIB", "CANARYWORD")
"""What a runner typed."""
AROUND = ("CANARYENDPOINT", "CANARYLISTED", "CANARYBIB2", "CANARYREASON", "CANARYKEY")
"""What came with them: the push address, the start list's line, a reason, a request's key."""
HEALTH = ('"knees"', '"shins"')
"""Areas of the body, as JSON writes them: the names of areas stand in every translation."""
STAFF = ("CANARYDESK", "CANARYOWNER")


class CanaryDay(Inside):
    """The server of that day: it pushes, and one runner has told it everything."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.idle = folder, Hands(NOON), 0.0
        settings = Settings(
            database=f"sqlite:///{folder / 'tent.db'}",
            ticks=False,
            push_contact="mailto:CANARYCONTACT@example.org",
        )
        self.app = create_app(settings, self.clock, auth=None)
        self.house = self.app.extensions["tentqueue"]
        self.day = self.house.define(race())
        self._hold_seconds(self.clock)
        self.owner = self._named_owner()
        self.desk = self._named_desk()
        self.phone = self.browser()
        self.ticket = self._everything_told()

    def _named_owner(self) -> Browser:
        from tentqueue.sign_in_links import setup_link
        from tests.web.inside import PASSPHRASE

        browser, code = self.browser(), (setup_link(self.house) or "").partition("#")[2]
        body = {"code": code, "passphrase": PASSPHRASE, "name": "CANARYOWNER"}
        assert browser.post("passphrase", body).status_code == 200
        return browser

    def _named_desk(self) -> Browser:
        browser = self.browser()
        body = {"code": self.badge("desk"), "name": "CANARYDESK"}
        assert browser.post("enrol", body).status_code == 200
        return browser

    def _everything_told(self) -> dict[str, Any]:
        listed = Listed("CANARYBIB2", name="CANARYLISTED", wave="Half/B")
        self.house.rosters.note(SLUG, [listed])
        body = {"lane": "recovery", "consent": True, "finished_at": "2027-04-25T11:30:07Z"}
        joined = self.phone.post(f"{EVENT}/tickets", body | TOLD, Idempotency_Key="CANARYKEY")
        assert joined.status_code == 201, joined.json
        ticket: dict[str, Any] = joined.json
        own = f"/api/v1/tickets/{ticket['id']}"
        phone = PushBrowser().phone
        push = {"endpoint": ENDPOINT, "p256dh": phone.p256dh, "auth": phone.auth}
        assert self.phone.post(f"{own}/push", push).status_code == 204
        screen = {"screening": "ask", "avoid": ["shins"]}
        assert self.phone.post(f"{own}/screening", screen).status_code == 200
        second = self.desk.post(
            f"{EVENT}/tickets", body | {"bib": "CANARYBIB2", "finished_at": LATER}
        )
        assert second.status_code == 201, second.json
        moved = {"before": ticket["code"], "reason": "CANARYREASON"}
        path = f"{EVENT}/tickets/{second.json['code']}/move"
        assert self.owner.post(path, moved).status_code == 200
        return ticket

    def backed_up(self) -> Path:
        """A backup of the day as it stands."""
        file = self.folder / "riverside.zip"
        self.house.storage.backups.note(SLUG, file, 1)
        write_backup(self.house.storage.database, SLUG, file, made_at=1, keep=1)
        return file


def files_with(folder: Path, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Which words stand in which files: database, write-ahead log, backups, whatever lies there."""
    found = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        if here := [word for word in words if word.encode() in raw]:
            found[path.name] = here
    return found


def words_in(text: str, words: tuple[str, ...]) -> list[str]:
    """The canaries that got out."""
    return [word for word in words if word in text]
